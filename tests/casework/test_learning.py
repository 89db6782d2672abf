"""The briefings of a review: issued, corrected, taken off, and the date they meet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework.learning import (
    BriefingEntry,
    correct_briefing,
    issue_briefing,
    learning_page,
    may_issue_briefing,
    open_briefing,
    remove_briefing,
)
from dhr_app.database.models import Briefing, Deadline
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County


def said(case: Case, **changes: Any) -> BriefingEntry:
    return BriefingEntry(**{"issued_on": case.today, "sent_to": ("agencies",), "kept": "Folder Curlew", **changes})


def issue(case: Case, *, by: Person | None = None, **changes: Any) -> UUID:
    return issue_briefing(case.reference, said(case, **changes), by=by or case.county.coordinator, at=case.wait(days=1))


def correct(case: Case, briefing_id: UUID, version: int = 1, *, by: Person | None = None, **changes: Any) -> None:
    entry = said(case, **changes)
    at = case.wait(minutes=1)
    correct_briefing(case.reference, briefing_id, entry, version, by=by or case.county.coordinator, at=at)


def remove(case: Case, briefing_id: UUID) -> None:
    remove_briefing(case.reference, briefing_id, by=case.county.coordinator, at=case.wait(minutes=1))


def met_on(case: Case) -> date | None:
    (row,) = [row for row in case.rows(Deadline) if row.rule == "briefing_due"]
    return row.met_on


def test_a_briefing_is_issued_and_meets_its_date(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    on = case.today
    briefing_id = issue(case, sent_to=("practitioners", "public"))
    (line,) = learning_page(case.reference, by=county.chair, at=case.at).briefings
    assert (line.id, line.issued_on, line.sent_to) == (briefing_id, on, ("practitioners", "public"))
    assert case.facts().ending.briefings == 1
    assert met_on(case) == on
    assert case.happened()[-1] == Happened.BRIEFING_ISSUED


def test_where_it_is_kept_is_sealed_and_opened_for_whoever_corrects_it(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    briefing_id = issue(case)
    assert b"Folder Curlew" not in bytes(case.rows(Briefing)[0].kept_ct)
    shown = open_briefing(case.reference, briefing_id, by=county.coordinator, at=case.at)
    assert (shown.version, shown.entry.kept) == (1, "Folder Curlew")


def test_a_corrected_day_is_the_day_its_date_was_met(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    case.wait(days=5)
    briefing_id = issue(case)
    right = case.today - timedelta(days=3)
    correct(case, briefing_id, issued_on=right)
    assert (met_on(case), case.happened()[-1]) == (right, Happened.BRIEFING_CHANGED)


def test_one_that_was_entered_by_mistake_is_taken_off_and_its_date_waited_for_again(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    first, second = issue(case), issue(case)
    remove(case, first)
    assert met_on(case) == case.today - timedelta(days=1)
    remove(case, second)
    assert (met_on(case), case.facts().ending.briefings) == (None, 0)
    assert case.happened()[-1] == Happened.BRIEFING_REMOVED


def test_on_a_closed_review_nobody_waits_again_for_a_briefing_that_was_taken_off(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    briefing_id = issue(case)
    case.to(Stage.CLOSED)
    remove(case, briefing_id)
    (row,) = [row for row in case.rows(Deadline) if row.rule == "briefing_due"]
    assert (row.met_on, row.ended_on) == (None, case.today)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"issued_on": None}, {"issued_on": "Give the day on which it was issued."}),
        ({"issued_on": date(2031, 5, 1)}, {"issued_on": "1 May 2031 has not come yet: check the day."}),
        ({"issued_on": date(2010, 5, 1)},
         {"issued_on": "There were no reviews before 13 April 2011: check the year."}),
        ({"sent_to": ()}, {"sent_to": "Say to whom it was sent."}),
        ({"sent_to": ("everybody",)}, {"sent_to": "Choose from the list."}),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    county: County, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    case = county.review(Stage.SEMINAR)
    with pytest.raises(Invalid) as refusal:
        issue(case, **changes)
    assert refusal.value.fields == fields
    briefing_id = issue(case)
    with pytest.raises(Invalid):
        correct(case, briefing_id, **changes)
    assert len(case.rows(Briefing)) == 1


def test_whoever_saves_second_is_told_both_texts(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    briefing_id = issue(case)
    correct(case, briefing_id, kept="On the portal")
    with pytest.raises(Stale) as stale:
        correct(case, briefing_id, 1, kept="In a drawer")
    assert (stale.value.theirs, stale.value.yours) == ({"kept": "On the portal"}, {"kept": "In a drawer"})


@pytest.mark.parametrize("stage", [Stage.SCOPING, Stage.PUBLICATION, Stage.WITHDRAWN])
def test_nothing_is_passed_on_before_the_report_is_settled_or_from_a_review_that_was_withdrawn(
    county: County, stage: Stage
) -> None:
    case = county.review(stage)
    with pytest.raises(NotYet):
        issue(case)
    with pytest.raises(NotYet):
        may_issue_briefing(case.reference, by=county.coordinator, at=case.at)
    page = learning_page(case.reference, by=county.coordinator, at=case.at)
    assert (page.too_early, page.may_change) == (True, False)


def test_only_the_coordinator_enters_it_and_the_panel_reads_it(county: County) -> None:
    case = county.review(Stage.SEMINAR, seats=True)
    briefing_id = issue(case)
    for role in (Role.STEERING_MEMBER, Role.PANEL_MEMBER):
        who = county.who(role)
        assert len(learning_page(case.reference, by=who, at=case.at).briefings) == 1
        with pytest.raises(NotAllowed):
            issue(case, by=who)
        with pytest.raises(NotAllowed):
            correct(case, briefing_id, by=who)
        with pytest.raises(NotAllowed):
            open_briefing(case.reference, briefing_id, by=who, at=case.at)
        with pytest.raises(NotAllowed):
            may_issue_briefing(case.reference, by=who, at=case.at)
    with pytest.raises(OutOfReach):
        learning_page(case.reference, by=county.who(Role.AGENCY_CONTRIBUTOR), at=case.at)


def test_a_briefing_of_another_review_is_out_of_reach(county: County) -> None:
    briefing_id = issue(county.review(Stage.SEMINAR))
    other = county.review(Stage.CLOSED)
    for unknown in (briefing_id, uuid4()):
        with pytest.raises(OutOfReach):
            open_briefing(other.reference, unknown, by=county.coordinator, at=other.at)
        with pytest.raises(OutOfReach):
            correct(other, unknown)
        with pytest.raises(OutOfReach):
            remove(other, unknown)
