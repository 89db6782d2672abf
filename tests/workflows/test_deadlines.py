from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dhr_app.workflows.calendar import CalendarEnds
from dhr_app.workflows.deadlines import (
    Due,
    Extension,
    Pause,
    Roll,
    Unit,
    check_extension,
    days_late,
    due,
    would_be,
)
from dhr_app.workflows.errors import Invalid
from tests.workflows.walker import CALENDAR, HORIZON, SIX_MONTHS, walk

TWO_MONTHS = replace(SIX_MONTHS, quantity=2)
ONE_MONTH = replace(SIX_MONTHS, quantity=1)
STANDS_1 = replace(SIX_MONTHS, quantity=1, roll=Roll.NONE)
STANDS_12 = replace(SIX_MONTHS, quantity=12, roll=Roll.NONE)
WORKING_10 = replace(SIX_MONTHS, quantity=10, unit=Unit.WORKING_DAYS)
UNPAUSABLE = replace(SIX_MONTHS, pausable=False)

JAN_15 = date(2026, 1, 15)
DECLARED = CALENDAR.with_extra(date(2026, 6, 15))
E = Extension(agreed_on=date(2026, 6, 1), to=date(2026, 9, 30))


def hold(from_month: int, from_day: int, to_month: int, to_day: int, *, until: int = 2026) -> Pause:
    """On hold in 2026, up to a day of that year or of another."""
    return Pause(date(2026, from_month, from_day), date(until, to_month, to_day))


VECTORS = [
    # number, rule, anchor, pauses, extensions, calendar, expected
    ("1",   SIX_MONTHS, JAN_15,             [hold(3, 2, 3, 16)],                     [E], CALENDAR, date(2026, 9, 30)),
    ("2",   SIX_MONTHS, JAN_15,             [hold(8, 3, 8, 17)],                     [E], CALENDAR, date(2026, 10, 14)),
    ("3",   SIX_MONTHS, JAN_15,             [hold(8, 3, 8, 17)],                     [],  CALENDAR, date(2026, 7, 15)),
    ("4a",  SIX_MONTHS, JAN_15,             [hold(2, 2, 2, 12), hold(7, 20, 7, 25)], [],  CALENDAR, date(2026, 7, 30)),
    ("4b",  SIX_MONTHS, JAN_15,             [hold(2, 2, 2, 12), hold(2, 10, 2, 14)], [],  CALENDAR, date(2026, 7, 27)),
    ("5",   SIX_MONTHS, JAN_15,             [hold(3, 2, 3, 2)],                      [],  CALENDAR, date(2026, 7, 15)),
    ("6",   WORKING_10, date(2026, 12, 14), [hold(12, 21, 1, 4, until=2027)],        [],  CALENDAR, date(2027, 1, 11)),
    ("7a",  WORKING_10, date(2026, 6, 2),   [],                                      [],  CALENDAR, date(2026, 6, 16)),
    ("7b",  WORKING_10, date(2026, 6, 2),   [],                                      [],  DECLARED, date(2026, 6, 17)),
    ("8",   WORKING_10, date(2026, 6, 7),   [],                                      [],  CALENDAR, date(2026, 6, 19)),
    ("9a",  STANDS_1,   date(2027, 1, 31),  [],                                      [],  CALENDAR, date(2027, 2, 28)),
    ("9b",  ONE_MONTH,  date(2027, 1, 31),  [],                                      [],  CALENDAR, date(2027, 3, 1)),
    ("10a", STANDS_12,  date(2028, 2, 29),  [],                                      [],  CALENDAR, date(2029, 2, 28)),
    ("10b", STANDS_1,   date(2028, 1, 31),  [],                                      [],  CALENDAR, date(2028, 2, 29)),
    ("11a", TWO_MONTHS, JAN_15,             [],                                      [],  CALENDAR, date(2026, 3, 16)),
    ("11b", SIX_MONTHS, JAN_15,             [],                                      [],  CALENDAR, date(2026, 7, 15)),
    ("12a", SIX_MONTHS, JAN_15,             [hold(3, 2, 3, 16)],                     [],  CALENDAR, date(2026, 7, 29)),
    ("12b", SIX_MONTHS, JAN_15,             [hold(3, 2, 3, 11)],                     [],  CALENDAR, date(2026, 7, 24)),
    ("13",  SIX_MONTHS, JAN_15,             [Pause(date(2026, 3, 2))],               [],  CALENDAR, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "anchor", "pauses", "extensions", "calendar", "expected"),
    [vector[1:] for vector in VECTORS],
    ids=[f"vector {vector[0]}" for vector in VECTORS],
)
def test_the_agreed_vectors(rule, anchor, pauses, extensions, calendar, expected):
    assert due(rule, anchor, pauses, extensions, calendar).on == expected
    assert walk(rule, anchor, pauses, extensions, calendar, horizon=HORIZON) == expected


def test_a_stopped_date_would_be_later_by_the_days_on_hold_if_resumed():
    stopped = [Pause(date(2026, 3, 2))]
    assert would_be(SIX_MONTHS, JAN_15, stopped, [], CALENDAR, resumed_on=date(2026, 5, 1)).on == date(2026, 9, 14)


def test_resumed_before_the_pause_began_means_no_pause():
    stopped = [Pause(date(2026, 3, 2))]
    assert would_be(SIX_MONTHS, JAN_15, stopped, [], CALENDAR, resumed_on=date(2026, 2, 1)).on == date(2026, 7, 15)


def test_a_date_that_had_passed_before_the_open_pause_began_stands():
    assert due(SIX_MONTHS, JAN_15, [Pause(date(2026, 7, 16))], [], CALENDAR).on == date(2026, 7, 15)
    assert due(SIX_MONTHS, JAN_15, [Pause(date(2026, 7, 15))], [], CALENDAR).on is None


def test_a_rule_that_is_not_pausable_ignores_pauses_also_after_an_extension():
    pauses = [hold(3, 2, 3, 16), Pause(date(2026, 6, 20))]
    assert due(UNPAUSABLE, JAN_15, pauses, [], CALENDAR).on == date(2026, 7, 15)
    assert due(UNPAUSABLE, JAN_15, pauses, [E], CALENDAR).on == date(2026, 9, 30)


def test_an_extension_agreed_during_a_pause_moves_by_the_days_on_hold_that_follow():
    pauses = [hold(5, 25, 6, 8)]
    assert due(SIX_MONTHS, JAN_15, pauses, [E], CALENDAR).on == date(2026, 10, 6)  # 2 to 7 June: six days


def test_an_extension_counts_calendar_days_even_for_a_rule_of_working_days():
    pauses = [hold(12, 18, 12, 21)]
    extended = Extension(date(2026, 12, 16), date(2027, 1, 12))
    assert due(WORKING_10, date(2026, 12, 14), pauses, [extended], CALENDAR).on == date(2027, 1, 15)


def test_of_two_extensions_agreed_on_one_day_the_later_date_holds():
    other = Extension(E.agreed_on, date(2026, 10, 30))
    for extensions in ([E, other], [other, E]):
        assert due(SIX_MONTHS, JAN_15, [], extensions, CALENDAR).on == other.to


def test_an_extension_to_a_weekend_rolls_like_any_date():
    saturday = Extension(E.agreed_on, date(2026, 10, 3))
    assert due(SIX_MONTHS, JAN_15, [], [saturday], CALENDAR).on == date(2026, 10, 5)


def test_weeks_and_days_count_calendar_days():
    four_weeks = replace(SIX_MONTHS, quantity=4, unit=Unit.WEEKS)
    days = replace(SIX_MONTHS, quantity=28, unit=Unit.DAYS)
    assert due(four_weeks, JAN_15, [], [], CALENDAR).on == due(days, JAN_15, [], [], CALENDAR).on == date(2026, 2, 12)


def test_a_period_is_said_in_words():
    assert SIX_MONTHS.period == "6 months"
    assert ONE_MONTH.period == "1 month"
    assert WORKING_10.period == "10 working days"


def test_the_trace_says_each_step_in_a_sentence():
    pauses = [hold(3, 2, 3, 16), hold(8, 3, 8, 20)]
    assert [(step.sentence, step.days, step.on) for step in due(SIX_MONTHS, JAN_15, pauses, [E], CALENDAR).trace] == [
        ("Day 0 is 15 January 2026: the decision to review.", 0, JAN_15),
        ("6 months on is 15 July 2026.", 181, date(2026, 7, 15)),
        ("On hold from 2 March 2026 to 15 March 2026: 14 days not counted, so 29 July 2026.", 14, date(2026, 7, 29)),
        ("On 1 June 2026 it was agreed to extend to 30 September 2026.", 63, date(2026, 9, 30)),
        (
            "On hold from 3 August 2026 to 19 August 2026: 17 days not counted, so 17 October 2026.",
            17,
            date(2026, 10, 17),
        ),
        ("17 October 2026 is a Saturday: the next working day is 19 October 2026.", 2, date(2026, 10, 19)),
    ]


def test_the_trace_names_a_clipped_month_a_bank_holiday_and_an_open_pause():
    clipped = due(STANDS_1, date(2027, 1, 31), [], [], CALENDAR)
    assert clipped.trace[-1].sentence == "1 month on is 28 February 2027, the last of its month."
    good_friday = due(ONE_MONTH, date(2026, 3, 3), [], [], CALENDAR)
    assert good_friday.trace[-1].sentence == "3 April 2026 is a bank holiday: the next working day is 7 April 2026."
    stopped = due(SIX_MONTHS, JAN_15, [Pause(date(2026, 3, 2))], [], CALENDAR)
    assert stopped.trace[-1].sentence == "On hold since 2 March 2026: there is no date until the review resumes."


def test_a_date_beyond_the_known_bank_holidays_is_refused_not_guessed():
    with pytest.raises(CalendarEnds):
        due(SIX_MONTHS, date(2032, 10, 1), [], [], CALENDAR)


def test_a_date_that_needs_no_calendar_may_lie_beyond_it():
    assert due(STANDS_12, date(2032, 10, 1), [], [], CALENDAR).on == date(2033, 10, 1)


@pytest.mark.parametrize(
    ("day", "late"), [(date(2026, 7, 14), 0), (date(2026, 7, 15), 0), (date(2026, 7, 16), 1), (date(2026, 8, 15), 31)]
)
def test_due_today_is_not_late(day, late):
    assert days_late(due(SIX_MONTHS, JAN_15, [], [], CALENDAR), day) == late


def test_a_stopped_date_is_never_late():
    assert days_late(Due(None, ()), date(2030, 1, 1)) == 0


def test_an_extension_must_be_later_than_the_date_it_replaces():
    agreed = date(2026, 6, 1)
    check_extension(SIX_MONTHS, JAN_15, [], [], CALENDAR, proposed=Extension(agreed, date(2026, 7, 16)))
    with pytest.raises(Invalid) as refused:
        check_extension(SIX_MONTHS, JAN_15, [], [], CALENDAR, proposed=Extension(agreed, date(2026, 7, 15)))
    sentence = "The new date, 15 July 2026, must be later than 15 July 2026, the date it replaces."
    assert refused.value.fields == {"new_date": sentence}


def test_a_second_extension_must_be_later_than_the_first():
    with pytest.raises(Invalid, match="30 September 2026, the date it replaces"):
        check_extension(SIX_MONTHS, JAN_15, [], [E], CALENDAR, proposed=replace(E, agreed_on=date(2026, 8, 1)))


def test_an_extension_entered_late_must_leave_the_one_agreed_after_it_the_later_date():
    before = Extension(date(2026, 5, 1), date(2026, 8, 28))
    check_extension(SIX_MONTHS, JAN_15, [], [E], CALENDAR, proposed=before)
    with pytest.raises(Invalid, match="30 September 2026, must be later"):
        check_extension(SIX_MONTHS, JAN_15, [], [E], CALENDAR, proposed=replace(before, to=date(2026, 10, 30)))


def test_an_extension_must_be_later_than_the_day_it_was_agreed_and_that_day_not_before_day_0():
    agreed = date(2026, 9, 1)
    with pytest.raises(Invalid, match="the day it was agreed"):
        check_extension(SIX_MONTHS, JAN_15, [], [], CALENDAR, proposed=Extension(agreed, date(2026, 8, 20)))
    with pytest.raises(Invalid, match="15 January 2026") as refused:
        check_extension(SIX_MONTHS, JAN_15, [], [], CALENDAR, proposed=replace(E, agreed_on=date(2026, 1, 14)))
    assert set(refused.value.fields) == {"decided_on"}


def test_an_extension_agreed_on_hold_is_held_against_the_date_as_if_resumed_next_day():
    stopped = [Pause(date(2026, 5, 25))]
    as_it_stood = would_be(SIX_MONTHS, JAN_15, stopped, [], CALENDAR, resumed_on=E.agreed_on + timedelta(days=1)).on
    assert as_it_stood is not None
    with pytest.raises(Invalid):
        check_extension(SIX_MONTHS, JAN_15, stopped, [], CALENDAR, proposed=replace(E, to=as_it_stood))
    check_extension(SIX_MONTHS, JAN_15, stopped, [], CALENDAR, proposed=replace(E, to=as_it_stood + timedelta(days=1)))


def test_a_later_pause_does_not_count_against_an_extension_agreed_before_it():
    held = [hold(6, 10, 7, 10)]
    check_extension(SIX_MONTHS, JAN_15, held, [], CALENDAR, proposed=replace(E, to=date(2026, 7, 30)))
