"""A canary is typed into every box on the way of a review: of those that were sealed none can be read anywhere."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from dhr_app.casework import reminding
from dhr_app.casework.house import House
from dhr_app.workflows.roles import Role
from tests import documents
from tests.factories import PASSWORD, StoppedClock, make_account
from tests.signing import begun
from tests.stories import listening, planning
from tests.stories.canaries import (
    CanaryVisitor,
    canary,
    dump,
    found_in_the_tables,
    readable,
    sealed_attributes,
)
from tests.stories.coordinating import Office, day_boxes
from tests.stories.test_every_row import BEGAN, notify, the_side_paths, the_whole_way, to_its_panel
from tests.stories.visitor import Visitor

# What no word fits into. A day that is nowhere else is typed where the story can; keys are made by the program.
DAYS = {"involved_person.born_on", "involved_person.died_on", "date_to_avoid.day"}
DAYS_OF_THE_STORY = {"notification.found_on", "notification.aware_on", "terms.period_from", "terms.period_to"}
IN_CLEAR_TOO = {"kept_words.words"}  # they stand in the text that they were kept in
AUTHENTICATOR = {"authenticator.secret"}  # of no review: opened by signing in alone
BEFORE = {"family_member.contact_details"}  # where it stood before it was kept apart: no page fills it any more
KEYS = {"draft.file_key", "draft.panel_file_key", "evidence.file_key"}  # made by the program


def what_else_can_be_written_down(office: Office) -> None:
    """A witness, a day to avoid, a draft and a piece of evidence: what no step of the way asks for."""
    reference = notify(office)
    to_its_panel(office, reference)
    page = office.somebody().open(f"/reviews/{reference}/kept-apart/new")
    page.send({"kind": "child", "about": "nobody", "words": "The school was told in March."})
    page.was_taken()
    page = office.visitor(office.app.test_client()).open("/sign-in")
    page.send({"email": make_account(office.house, Role.STEERING_MEMBER)[1], "password": PASSWORD})
    page.open("/emergency").send(
        {"reference": reference, "reason": "court_today", "words": "The court asks where he lives."}
    )
    page.was_taken()
    page = office.somebody().open(f"/reviews/{reference}/people/new")
    born = {"born_on-day": "19", "born_on-month": "7", "born_on-year": "1913"}
    died = {"died_on-day": "23", "died_on-month": "11", "died_on-year": "1987"}
    page.send({"part": "witness", "full_name": "Keturah Stubbs", "notes": "Kept the shop.", **born, **died})
    page.was_taken()
    part = listening.welcome(office, reference, "Judith Stukely", "Mother")
    page.open(f"{part.removesuffix('/part')}/days/new")
    page.send({"day-day": "14", "day-month": "8", "day-year": "1909", "every_year": "every_year", "why": "A birthday"})
    page.was_taken()
    hand_in(page, f"/reviews/{reference}/drafts/new", "overview_report", readers="panel", note="Chapter 4 is new.")
    hand_in(page, f"/reviews/{reference}/drafts/new", "other", readers="panel", title="Terms as agreed")
    planning.recommend(office, reference, "1", "Ask who else lives there.", office.agencies[:1], scope="local")
    planning.act_on_each(office, reference)
    links = page.open(f"/reviews/{reference}/plan").links("/actions/")
    report = next(link for link in links if link.endswith("/report"))
    hand_in(page, f"{report}/progress", "file", text="Half of the staff are trained.")
    keep_words(page, reference)
    requests_and_incidents(office, page, reference)
    page.open(f"/reviews/{reference}/conflicts/new").send({"email": f"{canary()}@barsetshire.example"})
    page.was_taken()
    page.open(f"/reviews/{reference}/declare").send({"answer": "none"})


def requests_and_incidents(office: Office, page: Visitor, reference: str) -> None:
    """Somebody asked for what is held about them and was given it; a letter went astray."""
    page.open(f"/requests/new?review={reference}")
    page.send({
        "kind": "subject_access", **day_boxes("asked_on", office.today), "asker": "Judith Stukely",
        "wanted": "Her letters",
    })  # fmt: skip
    page.was_taken()
    page.open(f"{page.path}/answer")
    page.send({
        "decision": "full", **day_boxes("decided_on", office.today), **day_boxes("given_on", office.today),
        "means": "by_hand", "given": "Two letters", "given_to": "Judith Stukely",
    })  # fmt: skip
    page.was_taken()
    page.open(f"/incidents/new?review={reference}")
    page.send({
        "kind": "wrong_person", **day_boxes("aware_on", office.today), "aware_time": "0:01",
        "what_happened": "A letter was opened by a neighbour.",
    })  # fmt: skip
    page.was_taken()
    page.open(f"{page.path}/answer")
    page.send({"lessons": ["training"], "learnt": "Read the address twice."})
    page.was_taken()


def keep_words(page: Visitor, reference: str) -> None:
    """A text names the witness: it is asked about, and kept for a reason of one’s own."""
    page.open(f"/reviews/{reference}/plan/recommendations/new")
    page.send({"number": "2", "text": "Keturah Stubbs trains them.", "scope": "local", "origin": "overview"})
    assert (page.status, "‘Keturah Stubbs’ stands in it" in page.errors()[0]) == (422, True)
    page.send({"protected-stay-0": "yes", "protected-why-0": "other", "protected-note-0": "She wishes it."})
    page.was_taken()


def hand_in(page: Visitor, link: str, box: str, **values: str) -> None:
    """Send a Word file whose text and name are canaries, as a browser does."""
    data = documents.word(f"The draft says {canary()}.")
    page.open(link).send({**values, box: [(io.BytesIO(data), f"{canary()}.docx")]})
    page.was_taken()


@pytest.mark.slow
@pytest.mark.both_engines
def test_no_canary_that_was_sealed_can_be_read_anywhere(
    app: Flask, house: House, clock: StoppedClock, capfd: pytest.CaptureFixture[str]
) -> None:
    in_passing: list[str] = []
    office = Office(app, house, clock, visitor=lambda client: CanaryVisitor(client, seen_in_passing=in_passing))
    office.on(BEGAN)
    office.open_up(independent_chairs=2)
    for story in (the_whole_way, the_side_paths, what_else_can_be_written_down):
        story(office)
    reminding.remind(house, office.today, dry_run=False, at=clock.now())
    person, _ = make_account(house, Role.COORDINATOR)
    secret_of_the_app = begun(person, at=clock.now())
    found = found_in_the_tables(house)
    out, err = capfd.readouterr()

    every = {attribute.logical for _, attribute in sealed_attributes()}
    reached = {name for name, words in found.sealed.items() if words}
    assert every - reached == DAYS | DAYS_OF_THE_STORY | IN_CLEAR_TOO | BEFORE | KEYS | AUTHENTICATOR, (
        "a sealed column that no page was seen to fill"
    )
    secret = found.secret.union({secret_of_the_app}, *(found.opened[name] for name in DAYS | KEYS))
    assert len(secret) > 200
    in_clear = set().union(*found.clear.values())
    instance, dumps = (
        house.settings.instance,
        {"main": dump(house.database.engine), "keystore": dump(house.database.keystore.engine)},
    )
    assert list(readable(in_clear, instance, **dumps)), "what is kept in clear is found: so the search works"
    passing = "\n".join(in_passing)
    assert list(readable(secret, instance, out=out, err=err, passing=passing, **dumps)) == []
