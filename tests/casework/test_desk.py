"""The desk of a chair or author: their reviews only, where each stands, and what they themselves can do next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dhr_app.casework.desk import SELDOM, OnDesk, desk
from dhr_app.casework.desk_dates import NextDate
from dhr_app.casework.desk_tasks import ASKED_OF, OF_OTHERS
from dhr_app.casework.paper_gaps import OF_PAPERS, SENT_BACK
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import MAIN_LINE, Stage
from dhr_app.workflows.tasks import TASKS
from tests import drafts, papers
from tests.agreements import put_on_file
from tests.queries import asked_by
from tests.reviews import Case, County

CHAIR, AUTHOR = Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR


def desk_of(case: Case, by: Person) -> tuple[OnDesk, ...]:
    return desk(by=by, at=case.at + timedelta(minutes=5))


def conditions(one: OnDesk) -> list[str]:
    return [task.reason.condition for task in one.asked]


def tasks(one: OnDesk) -> list[str]:
    return [task.sentence for task in one.asked]


def test_only_the_reviews_that_one_sits_on_are_there(county: County) -> None:
    county.review(Stage.PANEL)
    case = county.review(Stage.PANEL)
    assert desk_of(case, county.who(CHAIR)) == ()
    case.seat(CHAIR)
    assert [one.reference for one in desk_of(case, county.who(CHAIR))] == [case.reference]
    assert desk_of(case, county.who(AUTHOR)) == ()


def test_a_chair_is_asked_for_what_a_chair_can_do_and_told_how_much_waits_for_others(county: County) -> None:
    case = county.review(Stage.PANEL)
    for role in (CHAIR, AUTHOR):
        case.seat(role)
    (chairs,) = desk_of(case, county.who(CHAIR))
    (authors,) = desk_of(case, county.who(AUTHOR))
    assert (chairs.stage, chairs.onward) == (Stage.PANEL, "Begin the chair’s report")
    assert "terms_agreed" in conditions(chairs)
    assert "terms_agreed" in conditions(authors)
    assert "specialist_on_panel" in conditions(chairs)
    assert "specialist_on_panel" not in conditions(authors)
    assert "chair_appointed" not in conditions(chairs)  # theirs is the panel; who chairs it the coordinator enters
    assert chairs.others < authors.others


def test_a_draft_can_be_handed_in_from_the_commissioning_on_and_is_counted(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.seat(CHAIR)
    assert desk_of(case, county.who(CHAIR)) == ()  # a seat that is given early opens with the commission
    case.to(Stage.PANEL)
    drafts.hand_in(case, county.who(CHAIR))
    (one,) = desk_of(case, county.who(CHAIR))
    assert one.may_hand_in
    assert one.newest is not None
    assert (one.newest.count, one.newest.name, one.newest.readers) == (1, "overview report, draft 1", ())


def test_the_last_draft_says_who_downloaded_it_to_the_chair_and_not_to_the_author(county: County) -> None:
    case, chair = county.review(Stage.PANEL, seats=True), county.who(CHAIR)
    drafts.hand_in(case, chair)
    drafts.read(case, 1, county.coordinator)
    drafts.hand_in(case, chair)
    for by in (county.coordinator, chair):
        drafts.read(case, 2, by)
    (chairs,), (authors,) = desk_of(case, chair), desk_of(case, county.who(AUTHOR))
    assert chairs.newest is not None
    assert (chairs.newest.name, chairs.newest.count) == ("overview report, draft 2", 2)
    assert [one.name for one in chairs.newest.readers] == [county.coordinator.name]
    assert (chairs.told_who_read, authors.told_who_read) == (True, False)


def next_date(case: Case, by: Person) -> NextDate:
    (one,) = desk_of(case, by)
    assert one.next_date is not None
    return one.next_date


def test_the_chair_s_own_next_date_is_late_once_it_has_passed(county: County) -> None:
    case = county.review(Stage.CHAIR_REPORT)
    for role in (CHAIR, AUTHOR):
        case.seat(role)
    case.tell("home_office", "family", "notifier", "agencies")
    chair = county.who(CHAIR)
    now = next_date(case, chair)
    assert (now.what, now.mine, now.owner, now.passed, now.late) == ("Overview report", True, "", False, False)
    case.wait(days=2000)
    assert next_date(case, chair).late
    authors = next_date(case, county.who(AUTHOR))
    assert (authors.mine, authors.owner, authors.late) == (False, "the chair", True)


def test_what_others_owe_is_never_called_late_on_a_chair_s_desk_and_says_whose_it_is(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    case.wait(days=2000)
    case.seat(CHAIR)
    chair = county.who(CHAIR)
    found = next_date(case, chair)
    assert (found.mine, found.owner, found.passed, found.late) == (False, "the partnership", True, False)


def test_nothing_is_late_while_a_review_is_on_hold(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.seat(CHAIR)
    chair = county.who(CHAIR)
    case.take("pause")
    case.wait(days=2000)
    (one,) = desk_of(case, chair)
    assert one.on_hold_since is not None
    assert one.next_date is not None
    assert (one.next_date.passed, one.next_date.late, one.next_date.owner) == (False, False, "")


def test_reviews_that_ask_nothing_of_one_come_last_whatever_their_date(county: County) -> None:
    cleared = county.review(Stage.PUBLICATION)
    panel = county.review(Stage.PANEL, at=cleared.at)
    for case in (cleared, panel):
        case.seat(AUTHOR)
    panel.tell("home_office", "family", "notifier", "agencies")
    found = desk_of(panel, county.who(AUTHOR))
    assert [(one.reference, bool(one.asked)) for one in found] == [
        (panel.reference, True),
        (cleared.reference, False),
    ]
    first, second = (one.next_date for one in found)
    assert first is not None
    assert second is not None
    assert first.on > second.on


def test_what_is_asked_is_said_as_a_task_and_what_waits_for_agreement_is_not_asked(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.seat(CHAIR)
    chair = county.who(CHAIR)
    (before,) = desk_of(case, chair)
    assert "Give a specialist domestic abuse service a seat on the review panel" in tasks(before)
    case.state("specialist_on_panel", "could_not_be_done")
    (after,) = desk_of(case, chair)
    assert "specialist_on_panel" not in conditions(after)
    assert [(one.reason.condition, one.awaits) for one in after.waiting] == [
        ("specialist_on_panel", "the steering group chair’s acceptance")
    ]
    assert after.others == before.others + 1


def test_of_the_papers_only_what_is_missing_is_asked_and_of_each_only_what_they_may_do(county: County) -> None:
    case = county.review(Stage.CHAIR_REPORT)
    for role in (CHAIR, AUTHOR):
        case.seat(role)

    def asked(role: Role) -> list[str]:
        (one,) = desk_of(case, county.who(role))
        return [task.sentence for task in one.asked if task.reason.condition == "final_papers_on_file"]

    assert asked(CHAIR) == ["Put on file: overview report, executive summary, action plan"]
    put_on_file(case, "overview_report", "action_plan")
    assert asked(AUTHOR) == ["Put on file: executive summary"]
    assert asked(CHAIR) == [
        "Put on file: executive summary",
        "Mark as final: overview report, action plan",
        "Record that the review panel agreed: overview report, action plan",
    ]
    put_on_file(case, "executive_summary")
    papers.mark_final(case)
    assert asked(CHAIR) == ["Record that the review panel agreed: overview report, executive summary, action plan"]
    assert asked(AUTHOR) == []
    papers.agree(case)
    assert asked(CHAIR) == []


def test_after_the_home_office_asked_for_the_report_again_a_new_version_alone_is_asked(county: County) -> None:
    case = county.review(Stage.HOME_OFFICE_QA)
    case.seat(CHAIR)
    chair = county.who(CHAIR)
    case.take("send_back")
    wanted = f"Put a new version on file. {SENT_BACK}"
    (one,) = desk_of(case, chair)
    assert [task.sentence for task in one.asked if task.reason.mend == "report"] == [wanted]
    put_on_file(case, "overview_report")
    (one,) = desk_of(case, chair)
    assert [task.sentence for task in one.asked if task.reason.mend == "report"] == [
        "Mark as final: overview report", "Record that the review panel agreed: overview report",
    ]  # fmt: skip


def test_whatever_may_be_asked_of_somebody_is_worded_as_a_task() -> None:
    put_right_here = {
        need.name
        for move in MOVES.values()
        if set(move.targets) & set(MAIN_LINE) and move.name not in SELDOM
        for need in move.needs
        if need.mend in ASKED_OF and need.name not in OF_OTHERS | OF_PAPERS
    }
    assert put_right_here - set(TASKS) == {"family_view_recorded", "resubmission_letter_on_file"}


def test_it_asks_the_database_no_more_for_three_reviews_than_for_one(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.seat(CHAIR)
    once = asked_by(county.house, lambda: desk_of(case, county.who(CHAIR)))
    for stage in (Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA):
        county.review(stage).seat(CHAIR)
    case.wait(days=20)
    assert len(desk_of(case, county.who(CHAIR))) == 3
    assert asked_by(county.house, lambda: desk_of(case, county.who(CHAIR))) == once


@pytest.mark.parametrize("role", sorted(set(Role) - {CHAIR, AUTHOR}))
def test_nobody_else_has_one(county: County, role: Role) -> None:
    with pytest.raises(NotAllowed):
        desk(by=county.who(role), at=county.review(Stage.PANEL).at)
