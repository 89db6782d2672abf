"""A review through every row of the table over HTTP: each step refused first where something must be true before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.casework.rule_book import pinned
from dhr_app.database.models import Event, MoveMade, Review, RuleSetUsed
from dhr_app.database.verify import verify
from dhr_app.workflows.events import Happened
from dhr_app.workflows.lifecycle import MOVES, needs
from dhr_app.workflows.roles import Role
from tests.factories import StoppedClock
from tests.stories import agreeing, finishing, listening, seating
from tests.stories.coordinating import Office, day_boxes
from tests.stories.visitor import Visitor

BEGAN = date(2021, 3, 2)
OTHER_BODY = "Barsetshire Safeguarding Adults Board"


@pytest.fixture
def office(app: Flask, house: House, clock: StoppedClock) -> Office:
    """The office with three independent chairs to call on, on a day that leaves years for what is to come."""
    office = Office(app, house, clock)
    office.on(BEGAN)
    office.open_up(independent_chairs=2)
    return office


def notify(office: Office, rule_set: str = "dhr-2016", *, victims: int = 1) -> str:
    """Record a notified death, and return the reference the page gives."""
    page = office.somebody().open("/reviews/new")
    for _ in range(victims - 1):
        page.send(button="Add another")
    page.send(
        {
            "rule_set": rule_set,
            "lead_partnership_id": page.option("lead_partnership_id"),
            "notifier_kind": "police",
            **day_boxes("aware_on", office.today),
            **{f"victims-{number}-full_name": f"Victim Number {number}" for number in range(victims)},
        },
        button="Record the death",
    )
    page.was_taken()
    return page.path.split("/")[2]


def to_its_panel(office: Office, reference: str) -> None:
    """Scoping and the decision to review."""
    office.take_on(reference, "begin_scoping")
    office.days_later(10)
    office.take_on(reference, "commission")
    office.tell(reference, "home_office", "agencies", "notifier")
    office.tell(reference, "family")


# --- The main line, with everything that happens beside it ------------------------------------------------------------


def the_whole_way(office: Office) -> None:
    """Two people died; a sister takes part; an agency never answers; the Home Office returns the report twice."""
    reference = notify(office, victims=2)
    office.take_on(reference, "begin_scoping")
    office.make(
        reference, "defer", awaited=["inquest"], **day_boxes("review_by", office.today + timedelta(days=40))
    )  # fmt: skip
    office.days_later(35)
    office.take_on(reference, "commission")
    office.tell(reference, "home_office", "agencies", "notifier")
    sister = listening.welcome(office, reference, "Grace Wilmslow", "Sister")
    office.tell(reference, "family")

    office.silent = office.agencies[2:]
    excuse_the_missing_seat(office, reference)
    office.take_on(reference, "begin_report")
    replace_the_chair(office, reference)
    hold_and_extend(office, reference)

    agreeing.hold_jointly(office, reference, OTHER_BODY)
    listening.comment(office, sister, "She was a nurse for thirty years, and it says nothing of that.")
    office.get_ready(reference, "submit_to_home_office")
    a_new_version_voids_what_was_agreed(office, reference)
    office.take_on(reference, "submit_to_home_office")
    for _ in range(2):
        be_sent_back_and_submit_again(office, reference)
    office.days_later(60)
    office.take_on(reference, "clear")
    office.days_later(9)
    office.take_on(reference, "publish")
    office.make(reference, "take_down")
    office.days_later(30)
    office.take_on(reference, "publish_again")
    office.days_later(90)
    office.take_on(reference, "close")
    office.make(reference, "reopen", target="seminar")
    office.take_on(reference, "correct_stage", target="closed")
    assert "Closed" in office.stage_shown(reference)
    what_happened_can_be_read(office, reference, sister)


def what_happened_can_be_read(office: Office, reference: str, sister: str) -> None:
    """The pages of the review say what was on the way."""
    page = office.somebody()
    assert "No reply" in page.open(f"/reviews/{reference}/imrs").text
    assert "Lapsed" in page.open(f"/reviews/{reference}/accuracy").text
    assert "Submission 3" in page.open(f"/reviews/{reference}/home-office").text
    assert OTHER_BODY in page.open(f"/reviews/{reference}/approval").text
    assert "taken down" in page.open(f"/reviews/{reference}/publication").text
    family = page.open(sister).text
    assert "She was a nurse for thirty years" in family
    assert "It is changed, as she asked." in family


def excuse_the_missing_seat(office: Office, reference: str) -> None:
    """Nobody excuses themselves: who says that it could not be done is not who accepts that."""
    office.be_refused(reference, "begin_report")
    link = f"/reviews/{reference}/conditions/specialist_on_panel"
    office.could_not(link, by=Role.STEERING_CHAIR)
    said = accept(office, link, by=Role.STEERING_CHAIR)
    assert said == (403, "You recorded this yourself: somebody else must accept it.")
    settling(office, link, "withdraw", by=Role.STEERING_CHAIR).send({"sure": "y"}).was_taken()
    office.could_not(link)
    assert accept(office, link, by=Role.COORDINATOR)[0] == 403
    assert f"/reviews/{reference}/panel" in office.be_refused(reference, "begin_report")
    settling(office, link, "accept", by=Role.STEERING_CHAIR).send({"sure": "y"}).was_taken()
    seats = office.somebody().open(f"/reviews/{reference}/panel").text
    assert "No agency has a seat yet." in seats


def settling(office: Office, link: str, way: str, *, by: Role) -> Visitor:
    """The page that settles what was stated last."""
    page = office.somebody(by).open(link)
    offered = page.page.select_one(f"a[href$='/{way}']")
    assert offered is not None
    return page.open(str(offered["href"]))


def accept(office: Office, link: str, *, by: Role) -> tuple[int, str]:
    """Accept what was stated last, offered or not: what the server says, and why."""
    page = settling(office, link, "withdraw", by=by)
    token = page.page.select_one("main input[name=csrf_token]")
    assert token is not None
    where = page.path.replace("/withdraw", "/accept")
    answer = page.client.post(where, data={"csrf_token": str(token["value"]), "sure": "y"})
    page.see(answer.status_code, where, answer.text)
    sentence = page.page.select_one("main p")
    return answer.status_code, sentence.get_text(strip=True) if sentence else ""


def replace_the_chair(office: Office, reference: str) -> None:
    """The chair is gone, and with them their seat; the next one has declared their independence."""
    office.days_later(30)
    office.take_on(reference, "replace_chair")
    text = office.somebody().open(f"/reviews/{reference}/panel").text
    assert text.count("Reaches this review") == 1
    assert "Ended" in text


def hold_and_extend(office: Office, reference: str) -> None:
    """On hold for the inquest, resumed, and the report’s date extended."""
    office.days_later(10)
    office.be_refused(reference, "keep_hold")
    office.get_ready(reference, "pause")
    office.make(
        reference, "pause", reason_code="inquest", who_was_asked="coroner", clocks=["overview_report_due"],
        **day_boxes("review_by", office.today + timedelta(days=80)),
    )  # fmt: skip
    office.days_later(70)
    office.make(
        reference, "keep_hold", reason_code="inquest", who_was_asked="coroner",
        **day_boxes("review_by", office.today + timedelta(days=90)),
    )  # fmt: skip
    office.days_later(60)
    office.take_on(reference, "resume", ended_by="The inquest concluded; the panel meets next month.")
    office.get_ready(reference, "extend")
    page = office.somebody().open(f"/reviews/{reference}/moves/extend")
    label = next(one for one in page.page.select("label") if "verview report" in one.get_text())
    office.make(
        reference, "extend", deadline_id=page.box("deadline_id", label.get_text(strip=True)), reason_code="inquest",
        **day_boxes("new_date", office.today + timedelta(days=500)),
    )  # fmt: skip


def a_new_version_voids_what_was_agreed(office: Office, reference: str) -> None:
    """Everything was agreed and signed; one more version of the report, and it is agreed and signed again."""
    finishing.put_on_file(office, reference, "overview_report", changes="Paragraph 4, as the agency asked")
    finishing.mark(office, reference)
    missing = office.be_refused(reference, "submit_to_home_office")
    assert {link.rpartition("/")[2] for link in missing} >= {"approval", "anonymity_checked"}
    page = office.somebody().open(f"/reviews/{reference}/approval")
    assert "VOID" in page.text
    assert f"Void since {office.today.day} " in page.text


def be_sent_back_and_submit_again(office: Office, reference: str) -> None:
    """A letter asks for changes; the agency whose passages change checks them again, and everybody agrees anew."""
    office.days_later(80)
    office.take_on(reference, "send_back")
    office.tell(reference, "panel")
    office.tell(reference, "family")
    office.days_later(20)
    finishing.put_on_file(
        office, reference, "overview_report", changes="Section 2.3, as the letter asks", passages_of=office.agencies[0]
    )
    finishing.mark(office, reference)
    missing = office.be_refused(reference, "submit_to_home_office")
    assert {link.rpartition("/")[2] for link in missing} >= {"accuracy", "approval", "family"}
    office.take_on(reference, "submit_to_home_office")


# --- The side paths ---------------------------------------------------------------------------------------------------


def the_side_paths(office: Office) -> None:
    """Reviews that are not held, directed, withheld, handed over, withdrawn, entered by mistake, or brought in."""
    mistaken = notify(office)
    office.take_on(mistaken, "void")

    directed = notify(office)
    office.take_on(directed, "begin_scoping")
    office.days_later(10)
    office.take_on(directed, "decide_not_to_review")
    office.days_later(60)
    office.make(directed, "reconsider")
    office.take_on(directed, "decide_not_to_review")
    office.take_on(directed, "direct")
    office.take_on(directed, "withdraw")
    assert "Withdrawn" in office.stage_shown(directed)

    brought_in = notify(office)
    as_at = day_boxes("as_at", office.today - timedelta(days=100))
    office.take_on(brought_in, "bring_in", target="publication", **as_at)
    listening.welcome(office, brought_in, "Judith Stukely", "Mother")
    office.take_on(brought_in, "withhold")
    office.days_later(20)
    office.take_on(brought_in, "transfer")
    assert "Transferred" in office.stage_shown(brought_in)


# --- The other rule sets ----------------------------------------------------------------------------------------------


def a_local_review(office: Office) -> None:
    """No Home Office, no publication: from the chair’s report to the learning."""
    reference = notify(office, "local-review")
    office.take_on(reference, "begin_scoping")
    office.days_later(10)
    office.take_on(reference, "commission")
    office.days_later(60)
    office.take_on(reference, "begin_report")
    seats = office.somebody().open(f"/reviews/{reference}/panel").text
    assert seating.NO_SPECIALIST not in seats
    office.days_later(90)
    office.take_on(reference, "finish_local")
    office.days_later(90)
    office.take_on(reference, "close")


def a_contribution(office: Office) -> None:
    """IMRs and actions for a review that another partnership holds."""
    reference = notify(office, "contribution")
    office.take_on(reference, "begin_contribution")
    office.days_later(90)
    office.take_on(reference, "close_contribution")


Story = Callable[[Office], None]
LOCAL = {"begin_scoping", "commission", "begin_report", "finish_local", "close"}
ROWS: dict[Story, set[str]] = {
    the_whole_way: {
        "begin_scoping", "defer", "commission", "begin_report", "replace_chair", "pause", "keep_hold", "resume",
        "extend", "submit_to_home_office", "send_back", "clear", "publish", "take_down", "publish_again", "close",
        "reopen", "correct_stage",
    },
    the_side_paths: {
        "void", "begin_scoping", "decide_not_to_review", "reconsider", "direct", "withdraw", "bring_in", "withhold",
        "transfer",
    },
    a_local_review: LOCAL,
    a_contribution: {"begin_contribution", "close_contribution"},
}  # fmt: skip


@pytest.mark.parametrize(
    "story",
    [pytest.param(each, marks=pytest.mark.slow) if each in (the_whole_way, a_local_review) else each for each in ROWS],
    ids=lambda story: story.__name__,
)
def test_a_review_is_taken_through_its_rows_each_refused_first(office: Office, story: Story) -> None:
    story(office)
    made, refused = made_and_refused(office.house)
    assert {name for _, name, _ in made} == ROWS[story]
    tried_too_early = Counter(refused)
    for step in made:
        reference, name, has_conditions = step
        if has_conditions:
            assert tried_too_early[reference, name] >= made.count(step), f"{name} was made without a refusal"
    assert len(refused) == office.refusals
    with office.house.reading() as session:
        assert verify(session) == []


def test_the_stories_together_take_every_row_of_the_table() -> None:
    assert set().union(*ROWS.values()) == set(MOVES)


def made_and_refused(house: House) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str]]]:
    """Every move made, with whether its rule set puts conditions before it; and every move that was refused."""
    with house.reading() as session:
        rows = session.execute(
            select(Review.reference, MoveMade.name, RuleSetUsed.content)
            .join(MoveMade, MoveMade.review_id == Review.id)
            .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
            .order_by(Review.reference, MoveMade.seq)
        )
        made = [(reference, name, bool(needs(MOVES[name], pinned(content)))) for reference, name, content in rows]
        events = session.execute(
            select(Review.reference, Event.details)
            .join(Event, Event.review_id == Review.id)
            .where(Event.kind == Happened.REFUSED)
            .order_by(Event.id)
        )
        refused = [(reference, str(details["what"]).removeprefix("move.")) for reference, details in events]
    return made, [one for one in refused if one[1] in MOVES]
