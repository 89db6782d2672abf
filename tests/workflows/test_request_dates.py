"""Until when requests are to be answered, as the Acts count, and the 72 hours of a breach."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dhr_app.workflows.calendar import Calendar, CalendarEnds
from dhr_app.workflows.request_dates import (
    FOI,
    SUBJECT_ACCESS,
    State,
    answer_due,
    hours_left,
    months_after,
    notify_by,
    state_of,
)

# Good Friday, Easter Monday and both bank holidays of May 2026, as England and Wales have them, and Christmas.
HOLIDAYS = frozenset(
    {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 12, 25), date(2026, 12, 28)}
)
CALENDAR = Calendar(HOLIDAYS, date(2026, 1, 1), date(2026, 12, 31), "test")


def day(kind: str, asked_on: date, **said: object) -> date | None:
    return answer_due(kind, asked_on, calendar=CALENDAR, **said).on  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 6, 1), date(2026, 6, 29)),  # a Monday: the day of receipt is not counted
        (date(2026, 6, 6), date(2026, 7, 3)),  # a Saturday, as if it had come on the Friday or the Sunday
        (date(2026, 6, 7), date(2026, 7, 3)),
        (date(2026, 4, 2), date(2026, 5, 5)),  # Good Friday, Easter Monday and 4 May lie between
    ],
)
def test_freedom_of_information_is_due_on_the_twentieth_working_day_after_receipt(received: date, due: date) -> None:
    assert day(FOI, received) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 6, 10), date(2026, 7, 10)),
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February, the last of a shorter month, is a Saturday
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 3, 3), date(2026, 4, 7)),  # Good Friday, a weekend, Easter Monday
        (date(2026, 11, 25), date(2026, 12, 29)),  # over Christmas
    ],
)
def test_subject_access_is_due_on_the_same_day_of_the_next_month_or_the_working_day_after(
    received: date, due: date
) -> None:
    assert day(SUBJECT_ACCESS, received) == due


def test_the_clock_of_subject_access_stands_until_who_asks_is_confirmed_and_then_begins() -> None:
    asked = {"identity_asked_on": date(2026, 6, 11)}
    assert day(SUBJECT_ACCESS, date(2026, 6, 10), **asked) is None
    due = answer_due(
        SUBJECT_ACCESS, date(2026, 6, 10), identity_confirmed_on=date(2026, 6, 22), calendar=CALENDAR,
        identity_asked_on=date(2026, 6, 11),
    )  # fmt: skip
    assert due.on == date(2026, 7, 22)
    assert due.working == ("One month from 22 June 2026, on which who asked was confirmed (UK GDPR Art. 12(3)).",)


def test_it_can_be_put_off_by_two_months_counted_from_the_same_day() -> None:
    assert day(SUBJECT_ACCESS, date(2026, 5, 31), extended_months=1) == date(2026, 7, 31)
    assert day(SUBJECT_ACCESS, date(2026, 5, 30), extended_months=2) == date(2026, 8, 31)  # 30 August is a Sunday


def test_the_others_are_due_when_whoever_asked_says() -> None:
    assert day("coroner", date(2026, 6, 1), given=date(2026, 6, 6)) == date(2026, 6, 6)
    assert answer_due("police", date(2026, 6, 1), calendar=CALENDAR).working == ("Whoever asked gave no day.",)


def test_a_day_beyond_the_list_of_bank_holidays_is_not_guessed() -> None:
    with pytest.raises(CalendarEnds):
        day(FOI, date(2026, 12, 20))


def test_a_month_keeps_to_the_end_of_a_leap_february() -> None:
    assert months_after(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 15), 2) == date(2027, 2, 15)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 6, 30), State.OVERDUE),
        (date(2026, 6, 29), State.DUE_SOON),
        (date(2026, 6, 22), State.DUE_SOON),
        (date(2026, 6, 21), State.OPEN),
    ],
)
def test_how_a_request_stands(today: date, state: State) -> None:
    due = answer_due(FOI, date(2026, 6, 1), calendar=CALENDAR)
    assert state_of(due, decided=False, waits_for_identity=False, today=today) is state
    assert state_of(due, decided=True, waits_for_identity=False, today=today) is State.DECIDED


def test_the_72_hours_are_hours_and_not_days() -> None:
    aware = datetime(2026, 3, 27, 16, 30, tzinfo=UTC)  # the clocks go forward on the Sunday between
    assert notify_by(aware) == datetime(2026, 3, 30, 16, 30, tzinfo=UTC)
    assert hours_left(aware, aware) == 72
    assert hours_left(aware, aware + timedelta(hours=71, minutes=30)) == 0
    assert hours_left(aware, aware + timedelta(hours=72, minutes=1)) == -1
