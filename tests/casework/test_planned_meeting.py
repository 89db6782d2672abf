"""Meetings are planned, moved, cancelled and held: who may, what cannot be right, and who is asked when nobody said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dhr_app.casework.day import what_needs_you
from dhr_app.casework.meeting import MeetingEntry, hold_meeting
from dhr_app.casework.planned_checks import PlannedEntry, warning
from dhr_app.casework.planned_meeting import cancel_meeting, move_meeting, plan_gathering, plan_meeting, took_place
from dhr_app.casework.planned_page import meetings_list, planned_page, to_record
from dhr_app.database.models import Meeting, PlannedMeeting
from dhr_app.workflows import reminders as r
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Over, Stale
from dhr_app.workflows.planned_meetings import Stand
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.calendars import gathering, meeting_entry, planned
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work, with somebody of every role on it."""
    return county.review(Stage.PANEL, seats=True)


def soon(case: Case, days: int = 14) -> date:
    return case.today + timedelta(days=days)


def only(case: Case) -> PlannedMeeting:
    (row,) = case.rows(PlannedMeeting)
    return row


def faults(entry: PlannedEntry, county: County, at: datetime) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        plan_gathering(replace(entry, kind="steering_group"), by=county.coordinator, at=at)
    return dict(wrong.value.fields)


def test_a_planned_meeting_keeps_london_s_hours_in_winter_and_in_summer(case: Case) -> None:
    planned(case, date(2026, 7, 1))
    planned(case, date(2026, 12, 1))
    began = sorted(row.starts_at for row in case.rows(PlannedMeeting))
    assert began == [datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 12, 1, 10, tzinfo=UTC)]


def test_it_is_moved_and_cancelled_each_time_with_a_higher_number_and_a_sentence(case: Case) -> None:
    planned_id = planned(case, soon(case))
    coordinator = case.county.coordinator
    same, later = meeting_entry(soon(case)), meeting_entry(soon(case, 21))
    move_meeting(planned_id, same, only(case).version, by=coordinator, at=case.wait(minutes=1))
    assert only(case).sequence == 0
    move_meeting(planned_id, later, only(case).version, by=coordinator, at=case.wait(minutes=1))
    assert (only(case).sequence, only(case).changed_at) == (1, case.at)
    cancel_meeting(planned_id, by=coordinator, at=case.wait(minutes=1))
    assert (only(case).sequence, only(case).cancelled_at) == (2, case.at)
    assert case.happened("meeting_") == ["meeting_planned", "meeting_moved", "meeting_cancelled"]
    for again in (
        lambda: cancel_meeting(planned_id, by=coordinator, at=case.at),
        lambda: move_meeting(planned_id, later, only(case).version, by=coordinator, at=case.at),
    ):
        with pytest.raises(Over, match="was cancelled"):
            again()


def test_two_who_move_it_at_once_are_told(case: Case) -> None:
    planned_id, version = planned(case, soon(case)), only(case).version
    by = case.county.coordinator
    move_meeting(planned_id, meeting_entry(soon(case, 20)), version, by=by, at=case.wait(minutes=1))
    with pytest.raises(Stale):
        move_meeting(planned_id, meeting_entry(soon(case, 22)), version, by=by, at=case.wait(minutes=1))


def test_a_planned_meeting_becomes_the_record_of_it(case: Case) -> None:
    planned_id = planned(case, soon(case))
    case.wait(days=15)
    shown = to_record(case.reference, planned_id, by=case.county.coordinator, at=case.at)
    assert (shown.entry.kind, shown.entry.on, shown.may_hold) == ("panel", only(case).starts_at.date(), True)
    entry = MeetingEntry("panel", shown.entry.on, (case.county.agency("Police"),))
    held_id = hold_meeting(case.reference, entry, planned=planned_id, by=case.county.coordinator, at=case.at)
    assert (only(case).meeting_id, only(case).held_at) == (held_id, case.at)
    assert planned_page(planned_id, by=case.county.coordinator, at=case.at).stand is Stand.HELD
    with pytest.raises(Over, match="was held"):
        hold_meeting(case.reference, entry, planned=planned_id, by=case.county.coordinator, at=case.at)
    assert len(case.rows(Meeting)) == 1


def test_a_meeting_of_another_review_is_no_way_to_record_one(case: Case, county: County) -> None:
    other = county.review(Stage.PANEL)
    other.at = max(other.at, case.at)
    theirs = planned(other, soon(other))
    entry = MeetingEntry("panel", case.today, (case.county.agency("Police"),))
    with pytest.raises(OutOfReach):
        hold_meeting(case.reference, entry, planned=theirs, by=county.coordinator, at=case.at)
    assert case.rows(Meeting) == []


def test_the_chair_of_a_review_plans_meetings_of_its_panel_and_no_others(case: Case) -> None:
    chair = case.county.who(Role.INDEPENDENT_CHAIR)
    planned_id = planned(case, soon(case), by=chair)
    move_meeting(planned_id, meeting_entry(soon(case, 15)), only(case).version, by=chair, at=case.wait(minutes=1))
    with pytest.raises(NotAllowed, match="meetings of its panel"):
        planned(case, soon(case), "approving_body", by=chair)
    of_body = planned(case, soon(case), "approving_body")
    with pytest.raises(NotAllowed, match="meetings of its panel"):
        cancel_meeting(of_body, by=chair, at=case.at)
    with pytest.raises(NotAllowed):
        plan_gathering(meeting_entry(soon(case), "steering_group"), by=chair, at=case.at)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.COORDINATOR, Role.INDEPENDENT_CHAIR)])
def test_nobody_else_plans_moves_or_cancels_one(case: Case, role: Role) -> None:
    planned_id = planned(case, soon(case))
    somebody = case.county.who(role)
    for attempt in (
        lambda: plan_meeting(case.reference, meeting_entry(soon(case)), by=somebody, at=case.at),
        lambda: move_meeting(planned_id, meeting_entry(soon(case, 9)), only(case).version, by=somebody, at=case.at),
        lambda: cancel_meeting(planned_id, by=somebody, at=case.at),
    ):
        with pytest.raises((NotAllowed, OutOfReach)):
            attempt()
    assert (only(case).sequence, only(case).cancelled_at) == (0, None)


def test_whoever_stands_on_the_block_list_knows_of_no_meeting_and_settles_none(case: Case) -> None:
    planned_id = planned(case, soon(case))
    barred = replace(case.county.coordinator, conflicts=frozenset({case.row.id}))
    assert meetings_list(by=barred, at=case.at).ahead == ()
    for attempt in (
        lambda: planned_page(planned_id, by=barred, at=case.at),
        lambda: cancel_meeting(planned_id, by=barred, at=case.at),
    ):
        with pytest.raises(OutOfReach):
            attempt()


def test_each_sees_the_meetings_that_they_may_know_of(case: Case) -> None:
    county = case.county
    planned(case, soon(case))
    gathering(county, soon(case), at=case.at)
    gathering(county, soon(case, 15), "learning_event", at=case.at)
    seen = {
        role: {one.name for one in meetings_list(by=county.who(role), at=case.at).ahead}
        for role in Role
        if role not in (Role.AUDITOR, Role.ADMINISTRATOR)
    }
    everything = {"Review panel meeting", "Steering group meeting", "Learning event"}
    on_the_panel = {"Review panel meeting", "Learning event"}
    assert seen == {
        Role.COORDINATOR: everything,
        Role.STEERING_CHAIR: everything,
        Role.STEERING_DEPUTY: everything,
        Role.STEERING_MEMBER: {"Steering group meeting", "Learning event"},
        Role.INDEPENDENT_CHAIR: on_the_panel,
        Role.REPORT_AUTHOR: on_the_panel,
        Role.PANEL_MEMBER: on_the_panel,
        Role.AGENCY_CONTRIBUTOR: {"Learning event"},
    }
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            meetings_list(by=county.who(role), at=case.at)


def test_a_review_that_is_not_commissioned_has_no_meetings_to_plan(county: County) -> None:
    early = county.review(Stage.SCOPING)
    with pytest.raises(NotYet):
        planned(early, soon(early))


def test_what_cannot_be_right_is_said_beside_its_box(bare_county: County) -> None:
    at = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)
    right = meeting_entry(date(2026, 7, 1))
    assert set(faults(PlannedEntry(), bare_county, at)) == {"on", "begins", "ends", "format"}
    assert "has passed" in faults(replace(right, on=date(2026, 6, 2)), bare_county, at)["on"]
    assert "two years" in faults(replace(right, on=date(2062, 7, 1)), bare_county, at)["on"]
    assert "must end after" in faults(replace(right, ends="9:00"), bare_county, at)["ends"]
    assert "must end after" in faults(replace(right, ends="10:00"), bare_county, at)["ends"]
    assert "twenty-four hours" in faults(replace(right, begins="ten"), bare_county, at)["begins"]
    today = replace(right, on=date(2026, 6, 3), begins="9:00", ends="11:00")
    assert "has passed" in faults(today, bare_county, at)["begins"]


def test_on_the_days_on_which_the_clocks_change_an_hour_is_missing_and_another_comes_twice(bare_county: County) -> None:
    at = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)
    spring, autumn = date(2027, 3, 28), date(2026, 10, 25)
    missing = faults(meeting_entry(spring, begins="1:30", ends="4:00"), bare_county, at)
    assert missing == {
        "begins": "This time does not exist: on 28 March 2027 the clocks go forward from 1am to 2am. Choose another."
    }
    twice = faults(meeting_entry(autumn, begins="0:30", ends="1:30"), bare_county, at)
    assert twice == {
        "ends": "This time comes twice: on 25 October 2026 the clocks go back from 2am to 1am. Choose another."
    }
    for day, begins in ((spring, "2:00"), (autumn, "2:00"), (autumn, "0:59")):
        gathering(bare_county, day, at=at, begins=begins, ends="4:00")


def test_a_bank_holiday_and_a_weekend_are_warned_of_and_not_refused(bare_county: County) -> None:
    at = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)
    calendar = bare_county.house.rule_book.calendar
    holiday, saturday, working = date(2026, 8, 31), date(2026, 8, 29), date(2026, 8, 28)
    assert warning(meeting_entry(holiday), calendar) == "31 August 2026 is a bank holiday: check that people can come."
    assert warning(meeting_entry(saturday), calendar) == "29 August 2026 is a Saturday: check that people can come."
    assert warning(meeting_entry(working), calendar) == ""
    gathering(bare_county, holiday, at=at)


def test_the_coordinator_is_asked_about_a_meeting_of_which_nobody_said_whether_it_was_held(case: Case) -> None:
    county = case.county
    planned_id = planned(case, soon(case, 1))
    ours = gathering(county, soon(case, 1), at=case.at)

    def asked() -> list[tuple[str, str]]:
        found = what_needs_you(by=county.coordinator, at=case.at)
        return sorted((line.reference, line.path) for line in found.under(r.LATE) if "say whether" in line.when)

    case.wait(days=1)
    assert asked() == []
    case.wait(days=1)
    assert asked() == sorted([(case.reference, f"/meetings/{planned_id}"), ("Partnership", f"/meetings/{ours}")])
    took_place(ours, by=county.coordinator, at=case.at)
    entry = MeetingEntry("panel", case.today, (county.agency("Police"),))
    hold_meeting(case.reference, entry, planned=planned_id, by=county.coordinator, at=case.at)
    assert asked() == []


def test_a_gathering_was_held_only_once_it_began_and_a_review_s_meeting_only_by_its_record(case: Case) -> None:
    ours, theirs = gathering(case.county, soon(case), at=case.at), planned(case, soon(case))
    with pytest.raises(Over, match="has not begun"):
        took_place(ours, by=case.county.coordinator, at=case.at)
    case.wait(days=15)
    with pytest.raises(Over, match="whoever came"):
        took_place(theirs, by=case.county.coordinator, at=case.at)


def test_the_day_shows_the_meetings_of_the_week_and_no_later_ones(case: Case) -> None:
    planned(case, soon(case, 6))
    planned(case, soon(case, 7), "debrief")
    found = what_needs_you(by=case.county.coordinator, at=case.at)
    assert [(one.reference, one.name) for one in found.meetings] == [(case.reference, "Review panel meeting")]


def test_a_meeting_of_a_closed_review_is_nobody_s_task_and_can_still_be_cancelled(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    planned_id = planned(case, soon(case, 300), "debrief")
    case.to(Stage.CLOSED)
    case.wait(days=400)
    found = what_needs_you(by=county.coordinator, at=case.at)
    assert not [line for line in found.under(r.LATE) if line.path == f"/meetings/{planned_id}"]
    cancel_meeting(planned_id, by=county.coordinator, at=case.at)
    assert only(case).cancelled_at == case.at
