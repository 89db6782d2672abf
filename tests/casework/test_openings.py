"""Who has opened a review: counted by day and person from the trail, for those who watch over it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework import evidence, files
from dhr_app.casework import openings as module
from dhr_app.casework.family import open_family
from dhr_app.casework.openings import Opening, openings
from dhr_app.casework.people import PersonEntry, correct_person, open_people
from dhr_app.casework.trail_page import TrailFilters, TrailLine, trail_page
from dhr_app.database.audit import record
from dhr_app.database.many_opened import MANY
from dhr_app.database.models import Event, Evidence
from dhr_app.workflows.errors import NotAllowed, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.trail_sorts import Sort
from tests import drafts, reporting
from tests.documents import pdf
from tests.planning import act, recommend
from tests.queries import asked_by
from tests.reviews import Case, County


def look_at_people(case: Case, *, times: int = 1, role: Role = Role.COORDINATOR) -> None:
    for _ in range(times):
        open_people(case.reference, by=case.county.who(role), at=case.wait(minutes=1))


def seen(case: Case, **asked: object) -> tuple[Opening, ...]:
    return openings(case.reference, by=case.county.who(Role.AUDITOR), at=case.at, **asked).openings  # type: ignore[arg-type]


def test_each_person_stands_there_once_a_day_for_what_they_opened_together(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.wait(days=1)
    look_at_people(case, times=3)
    look_at_people(case, role=Role.STEERING_CHAIR)
    open_family(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    found = {(one.by, one.what): one.times for one in seen(case) if one.on == case.today}
    assert found == {
        (county.coordinator.name, "Names and other identities"): 3,
        (county.coordinator.name, "The family’s records"): 1,
        (county.chair.name, "Names and other identities"): 1,
    }


def test_the_latest_day_comes_first_and_a_page_ends_with_a_whole_day(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DAYS", 2)
    case = county.review(Stage.SCOPING)
    for _ in range(4):
        case.wait(days=1)
        look_at_people(case)
        look_at_people(case, role=Role.STEERING_CHAIR)
    page = openings(case.reference, by=county.coordinator, at=case.at)
    assert [one.on for one in page.openings] == sorted((one.on for one in page.openings), reverse=True)
    assert len({one.on for one in page.openings}) == 2
    assert len(page.openings) == 4
    older = seen(case, until=page.older)
    assert older[0].on == page.older
    assert older[0].on < page.openings[-1].on


def test_looking_at_the_list_opens_nothing(county: County) -> None:
    case = county.review(Stage.SCOPING)
    before = len(case.rows(Event))
    seen(case)
    assert len(case.rows(Event)) == before


def test_it_is_for_those_who_watch_over_a_review(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    for role in (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.AUDITOR):
        openings(case.reference, by=county.who(role), at=case.at)
    for role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.STEERING_MEMBER):
        with pytest.raises(NotAllowed):
            openings(case.reference, by=county.who(role), at=case.at)
    with pytest.raises(OutOfReach):
        openings(case.reference, by=county.who(Role.INDEPENDENT_CHAIR, 2), at=case.at)


# --- Files that were sent, and what was shown in a step ---------------------------------------------------------------

TITLE, FILENAME = "Letter to Mrs Grantly", "grantly.docx"


def test_a_draft_that_was_sent_stands_there_by_its_label_with_who_took_it_and_their_post(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    chair, member = county.who(Role.INDEPENDENT_CHAIR), county.who(Role.PANEL_MEMBER)
    drafts.hand_in(case, chair, name=FILENAME, shared=True)
    drafts.hand_in(case, chair, kind="other", title=TITLE, name=FILENAME)
    case.wait(days=1)
    for _ in range(2):
        drafts.read(case, 1, member)
    drafts.read(case, 1, county.coordinator, "other")
    found = {(one.by, one.role, one.what): one.times for one in seen(case) if one.on == case.today}
    assert found == {
        (member.name, "Review panel member", "The file of draft 1: overview report"): 2,
        (county.coordinator.name, "Coordinator", "The file of draft 1: other document 1"): 1,
    }
    agency = next(one.agency for one in seen(case) if one.by == member.name)
    assert agency
    assert [agency] == [line.agency for line in trail_of(case) if line.by == member.name][:1]
    assert not [one for one in seen(case) if TITLE in one.what or "grantly" in one.what.casefold()]


def test_evidence_that_was_sent_stands_there_by_its_action(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    action = act(case, recommend(case, "4"))
    reporter = reporting.contributor(case)
    reporting.report(case, action, file=files.arrived("grantly.pdf", pdf()))
    (row,) = case.rows(Evidence)
    evidence.take_out(case.reference, row.id, by=county.coordinator, at=case.wait(days=1))
    evidence.take_out_own(row.id, by=reporter, at=case.wait(minutes=1))
    today = [one for one in seen(case) if one.on == case.today]
    assert {one.by for one in today} == {county.coordinator.name, reporter.name}
    (what,) = {one.what for one in today}
    assert what.startswith("The file of evidence for action 4")


def test_what_a_refused_save_was_shown_stands_there_and_what_a_save_opened_does_not(county: County) -> None:
    case = county.review(Stage.SCOPING)
    (victim,) = open_people(case.reference, by=county.coordinator, at=case.wait(days=1)).people
    for entry in (PersonEntry(part="victim", address="1 The Close"), PersonEntry(part="victim", address="2 The Close")):
        with suppress(Stale):  # the second was filled in from what the first has changed since
            correct_person(
                case.reference, victim.id, entry, version=victim.version, by=county.coordinator, at=case.wait(minutes=1)
            )
    today = [(one.what, one.times) for one in seen(case) if one.on == case.today]
    assert today == [
        ("Names and other identities (in a step that was not carried out)", 1),
        ("Names and other identities", 1),
    ]


def test_an_entry_of_a_class_that_has_no_words_any_more_is_still_shown(county: County) -> None:
    case = county.review(Stage.SCOPING)
    with county.house.database.transaction(by=county.coordinator, at=case.wait(days=1)) as session:
        record(session, "opened", review_id=case.row.id, happened_on=case.today, details={"classes": ["of_long_ago"]})
    assert [one.what for one in seen(case) if one.on == case.today] == ["of_long_ago"]


def test_it_asks_as_much_of_the_database_however_much_was_opened(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    drafts.hand_in(case, county.coordinator, shared=True)
    asked = []
    for times in (1, 6):
        for number in range(times):
            look_at_people(case, role=Role.COORDINATOR if number % 2 else Role.STEERING_CHAIR)
            drafts.read(case, 1, county.who(Role.PANEL_MEMBER))
        asked.append(asked_by(county.house, lambda: seen(case)))
    assert asked[0] == asked[1]


def test_whoever_takes_out_the_drafts_of_more_than_ten_reviews_within_an_hour_is_written_down(county: County) -> None:
    reader = county.coordinator
    cases = [county.review(Stage.PANEL, seats=True) for _ in range(MANY + 1)]
    for case in cases:
        drafts.hand_in(case, reader)
    at = max(case.at for case in cases) + timedelta(days=3000)  # long after whatever was done in the county before
    alarms = select(Event).where(Event.kind == Happened.MANY_REVIEWS_OPENED.value, Event.recorded_at > at)
    for number, case in enumerate(cases):
        case.at = at
        drafts.read(case, 1, reader)
        with county.house.reading() as session:
            found = session.scalars(alarms).all()
        assert [one.details for one in found] == ([{"reviews": MANY + 1}] if number == MANY else [])
    assert [one.recorded_by_id for one in found] == [reader.id]


def trail_of(case: Case) -> tuple[TrailLine, ...]:
    found = TrailFilters(review=case.reference, sort=Sort.OPENED)
    return trail_page(found, by=case.county.who(Role.AUDITOR), at=case.at).lines
