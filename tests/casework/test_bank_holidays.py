"""A bank holiday proclaimed at short notice: what it moves, at once and everywhere, and what it leaves alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import select

from dhr_app.casework import bank_holidays, information_request, working_days
from dhr_app.casework.bank_holidays import HolidayEntry
from dhr_app.casework.bank_holidays_page import finding, holidays_page
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.nightly import wrong_next_dates
from dhr_app.casework.request_checks import RequestEntry
from dhr_app.casework.steering_report import report_for
from dhr_app.casework.trail_proof import broken_places
from dhr_app.casework.workings import workings
from dhr_app.database.models import Deadline, DutyOwed, Event, ExtraHoliday, Review, Standing
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import StoppedClock
from tests.reviews import Case, County

FRIDAY = date(2026, 1, 23)  # a working day a week after the agencies were asked
PROBATION = "Probation Service, Barsetshire"
EXTRA = HolidayEntry(FRIDAY, "Day of thanksgiving", "The Gazette, 19 January 2026")


@pytest.fixture
def case(county: County) -> Case:
    """A review at scoping whose probation service was asked: ten working days from then lies after that Friday."""
    case = county.review(Stage.SCOPING)
    case.ask("Probation")
    return case


def days(case: Case) -> Calendar:
    with case.county.house.reading() as session:
        return working_days.working_days(session, case.county.house)


def add(case: Case, entry: HolidayEntry = EXTRA) -> int:
    by = case.county.coordinator
    mark = bank_holidays.look_at_adding(entry, by=by, at=case.at).mark
    return bank_holidays.add_holiday(entry, mark, by=by, at=case.wait(minutes=1))


def take_back(case: Case, holiday_id: UUID) -> int:
    by = case.county.coordinator
    _, change = bank_holidays.look_at_taking_back(holiday_id, by=by, at=case.at)
    return bank_holidays.take_back_holiday(holiday_id, change.mark, by=by, at=case.wait(minutes=1))


def added(case: Case) -> list[ExtraHoliday]:
    with case.county.house.reading() as session:
        return list(session.scalars(select(ExtraHoliday).order_by(ExtraHoliday.day, ExtraHoliday.added_at)))


def scoping_due(case: Case) -> date | None:
    (found,) = [
        one.due_on
        for one in workings(case.county.house, case.reference, at=case.at)
        if one.key == "scoping_return_due" and one.agency == PROBATION
    ]
    return found


class TestWhatMoves:
    def test_ten_working_days_are_one_day_more_on_every_page_and_in_the_columns(self, case: Case) -> None:
        before = scoping_due(case)
        assert before is not None
        assert before > FRIDAY
        first = {row.id: row.first_due_on for row in case.rows(Deadline)}
        shown = bank_holidays.look_at_adding(EXTRA, by=case.county.coordinator, at=case.at)
        mine = [one for one in shown.moved if (one.reference, one.agency) == (case.reference, PROBATION)]
        after = days(case).add_working_days(before, 1)
        assert [(one.what, one.agency, one.was, one.now) for one in mine] == [
            ("Scoping return", PROBATION, before, after)
        ]
        assert scoping_due(case) == before, "looking changes nothing"
        assert add(case) == len(shown.moved)
        assert scoping_due(case) == after
        assert {row.id: row.first_due_on for row in case.rows(Deadline)} == first, "what was first given is kept"
        assert list(wrong_next_dates(case.county.house)) == []

    def test_the_next_date_and_the_standing_are_written_with_the_holiday_and_what_stood_before_stays(
        self, case: Case
    ) -> None:
        was = case.row.next_on
        stood = [row for row in case.rows(Standing) if row.replaced_at is None]
        assert was == scoping_due(case)
        add(case)
        assert case.row.next_on == scoping_due(case) != was
        (now,) = [row for row in case.rows(Standing) if row.replaced_at is None]
        assert (now.next_on, now.recorded_at) == (case.row.next_on, case.at)
        (before,) = [row for row in case.rows(Standing) if row.id == stood[0].id]
        assert (before.next_on, before.replaced_at) == (was, case.at)

    def test_a_duty_to_tell_moves_with_it_and_one_that_was_met_does_not(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.tell("home_office")
        open_before = {row.id: row.due_on for row in case.rows(DutyOwed) if row.settled_by_id is None}
        met_before = {row.id: row.due_on for row in case.rows(DutyOwed) if row.settled_by_id is not None}
        assert open_before
        assert met_before
        holiday = max(open_before.values()) - timedelta(days=1)
        while not days(case).is_working_day(holiday):
            holiday -= timedelta(days=1)
        add(case, replace(EXTRA, day=holiday))
        by_days = days(case)
        for row in case.rows(DutyOwed):
            if row.id in met_before:
                assert row.due_on == met_before[row.id]
            else:
                assert row.due_on == by_days.add_working_days(row.since, 5) > open_before[row.id]
        assert list(wrong_next_dates(county.house)) == []

    def test_the_last_day_to_answer_a_request_moves(self, case: Case) -> None:
        entry = RequestEntry(
            kind="freedom_of_information",
            asked_on=case.today,
            reviews=case.reference,
            asker="A reporter",
            wanted="Minutes",
        )
        information_request.receive(entry, calendar=days(case), by=case.county.coordinator, at=case.wait(minutes=1))
        shown = bank_holidays.look_at_adding(EXTRA, by=case.county.coordinator, at=case.at)
        (one,) = [each for each in shown.moved if each.reference == "Request 1"]
        assert one.now == days(case).add_working_days(one.was, 1)

    def test_the_mornings_mails_keep_it_too(self, case: Case) -> None:
        due = scoping_due(case)
        assert due is not None
        add(case)
        case.wait(days=(due - case.today).days)
        lines = [
            line for section in what_needs_you(by=case.county.coordinator, at=case.at).sections
            for line in section.lines
            if (line.reference, line.what) == (case.reference, f"Scoping return of {PROBATION}")
        ]  # fmt: skip
        assert [(line.due_on, line.days_late) for line in lines] == [(scoping_due(case), 0)]

    def test_a_report_of_a_past_day_stays_as_it_was(self, case: Case) -> None:
        asked = case.today
        case.wait(days=1)
        by = case.county.coordinator
        before = report_for(asked, by=by, at=case.wait(minutes=1))
        add(case)
        assert report_for(asked, by=by, at=case.wait(minutes=1)) == before

    def test_another_process_counts_by_it_at_once_and_one_statement_is_asked_for_it(self, case: Case) -> None:
        house = case.county.house
        with house.reading() as session:
            first = working_days.working_days(session)
        add(case)
        asked: list[str] = []

        def note(_: object, __: object, statement: str, *rest: object) -> None:
            asked.append(statement)

        sa_event.listen(house.database.engine, "before_cursor_execute", note)
        try:
            with house.reading() as session:
                now = working_days.working_days(session)
                assert working_days.working_days(session) is now
        finally:
            sa_event.remove(house.database.engine, "before_cursor_execute", note)
        assert len([each for each in asked if "extra_holiday" in each]) == 1
        assert (first.is_working_day(FRIDAY), now.is_working_day(FRIDAY)) == (True, False)
        assert now.version == f"{first.version}+2026-01-23"

    def test_the_trail_tells_it_by_days_and_counts_and_proves(self, case: Case) -> None:
        moved = add(case)
        with case.county.house.reading() as session:
            (told,) = session.scalars(select(Event).where(Event.kind == "bank_holiday_added").order_by(Event.id))
            assert told.details == {"until": "2026-01-23", "number": moved}
        assert case.events()[-1].kind == "dates_counted_again"
        assert not broken_places(case.county.house, deep=True)


class TestTakingBack:
    def test_what_was_moved_goes_back_and_the_row_stays_with_who_took_it_back(self, case: Case) -> None:
        before, next_on = scoping_due(case), case.row.next_on
        moved = add(case)
        (row,) = added(case)
        assert take_back(case, row.id) == moved
        assert (scoping_due(case), case.row.next_on) == (before, next_on)
        (row,) = added(case)
        assert (row.taken_back_at, row.taken_back_by_name) == (case.at, case.county.coordinator.name)
        with pytest.raises(OutOfReach):
            bank_holidays.look_at_taking_back(row.id, by=case.county.coordinator, at=case.at)
        add(case)
        assert [each.taken_back_at is None for each in added(case)] == [False, True]

    def test_a_day_that_has_come_stays(self, case: Case) -> None:
        add(case)
        (row,) = added(case)
        case.wait(days=(FRIDAY - case.today).days)
        with pytest.raises(Invalid) as refusal:
            bank_holidays.look_at_taking_back(row.id, by=case.county.coordinator, at=case.at)
        assert "is not still to come" in refusal.value.fields["day"]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (None, "Give the day."),
            (date(2026, 1, 24), "24 January 2026 is a Saturday: no working day is lost."),
            (date(2026, 4, 3), "3 April 2026 is a bank holiday already."),
            (date(2026, 1, 2), "2 January 2026 is not still to come."),
            (date(2040, 1, 3), "Bank holidays are known until 31 December 2032: 3 January 2040 lies outside."),
        ],
    )
    def test_a_day_that_cannot_be_one(self, case: Case, day: date | None, words: str) -> None:
        with pytest.raises(Invalid) as refusal:
            bank_holidays.look_at_adding(replace(EXTRA, day=day), by=case.county.coordinator, at=case.at)
        assert refusal.value.fields["day"].startswith(words)

    def test_one_that_was_added_already(self, case: Case) -> None:
        add(case)
        with pytest.raises(Invalid) as refusal:
            add(case)
        assert refusal.value.fields == {"day": "23 January 2026 is a bank holiday already."}

    def test_without_a_name_or_where_it_was_proclaimed(self, case: Case) -> None:
        with pytest.raises(Invalid) as refusal:
            add(case, HolidayEntry(FRIDAY))
        assert set(refusal.value.fields) == {"name", "source"}

    def test_nothing_is_saved_that_was_not_looked_at(self, case: Case) -> None:
        by = case.county.coordinator
        mark = bank_holidays.look_at_adding(EXTRA, by=by, at=case.at).mark
        case.ask("Fire and Rescue")
        with pytest.raises(Invalid) as refusal:
            bank_holidays.add_holiday(EXTRA, mark, by=by, at=case.wait(minutes=1))
        assert refusal.value.fields == {"moved": bank_holidays.LOOK_AGAIN}
        assert (added(case), days(case).is_working_day(FRIDAY)) == ([], True)

    def test_only_a_coordinator_adds_and_an_administrator_sees(self, case: Case) -> None:
        administrator = case.county.who(Role.ADMINISTRATOR)
        assert not holidays_page(by=administrator, at=case.at).may_change
        with pytest.raises(NotAllowed):
            bank_holidays.add_holiday(EXTRA, "", by=administrator, at=case.wait(minutes=1))
        with pytest.raises(NotAllowed):
            bank_holidays.look_at_adding(EXTRA, by=administrator, at=case.at)
        with pytest.raises(NotAllowed):
            holidays_page(by=case.county.chair, at=case.at)

    def test_a_review_that_its_reader_must_not_see_is_counted_and_not_named(self, case: Case) -> None:
        by = replace(case.county.coordinator, conflicts=frozenset({case.row.id}))
        shown = bank_holidays.look_at_adding(EXTRA, by=by, at=case.at)
        assert case.reference not in {one.reference for one in shown.moved}
        assert shown.hidden


def test_the_page_says_which_list_how_far_and_what_was_added(case: Case) -> None:
    moved = add(case)
    page = holidays_page(by=case.county.coordinator, at=case.at)
    assert (page.version, page.last, page.horizon) == ("holidays 0.109", date(2032, 12, 31), "far")
    assert page.coming[0] == (FRIDAY, "Day of thanksgiving")
    (line,) = page.added
    assert (line.day, line.moved, line.added_by, line.still_to_come) == (
        FRIDAY, moved, case.county.coordinator.name, True
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "good", "words"),
    [(date(2031, 6, 1), True, "until 31 December 2032."), (date(2032, 6, 1), True, "in less than a year"),
     (date(2033, 1, 1), False, "no date can be counted")],
)  # fmt: skip
def test_the_check_says_how_far_the_list_reaches(county: County, today: date, good: bool, words: str) -> None:
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    found = finding(replace(county.house, clock=StoppedClock(noon)))
    assert found[0] is good
    assert words in found[1]


def test_nobody_goes_by_the_list_alone() -> None:
    """Whatever counts working days asks for those in force; the list itself is read where it is shown or joined."""
    of_the_list = {"working_days.py", "bank_holidays.py", "bank_holidays_page.py", "demo/__init__.py"}
    root = Path(bank_holidays.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if re.search(r"(rule_book|book)\.calendar\b", path.read_text("utf-8"))
    }
    assert found - of_the_list == {"demo/request_steps.py", "docs/deadlines.py"}


def test_the_row_names_the_review_nowhere(case: Case) -> None:
    assert "review_id" not in ExtraHoliday.__table__.columns
    assert Review.__table__ not in {key.column.table for key in ExtraHoliday.__table__.foreign_keys}
