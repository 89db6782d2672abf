from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from dhr_app.workflows.calendar import Calendar, CalendarEnds

COMMITTED = Path(__file__).parents[2] / "config" / "bank_holidays.toml"


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.from_toml(tomllib.loads(COMMITTED.read_text(encoding="utf-8")))


def test_the_committed_bank_holidays_agree_with_the_library_on_every_weekday(calendar):
    years = range(calendar.first.year, calendar.last.year + 1)
    listed = holidays.country_holidays("GB", subdiv="ENG", years=years)
    assert calendar.holidays == {day for day in listed if day.weekday() < 5}
    assert (calendar.first, calendar.last) == (date(years[0], 1, 1), date(years[-1], 12, 31))


@pytest.mark.parametrize(
    "one_off",
    [
        date(2011, 4, 29),  # a royal wedding
        date(2012, 6, 5),   # the diamond jubilee
        date(2020, 5, 8),   # moved from the Monday for VE Day
        date(2022, 6, 2),   # moved for the platinum jubilee
        date(2022, 6, 3),   # the platinum jubilee
        date(2022, 9, 19),  # the late Queen's funeral
        date(2023, 5, 8),   # the coronation
    ],
)  # fmt: skip
def test_one_off_bank_holidays_are_no_working_days(calendar, one_off):
    assert not calendar.is_working_day(one_off)


@pytest.mark.parametrize("ordinary", [date(2020, 5, 4), date(2022, 5, 30), date(2018, 5, 21)])
def test_a_monday_from_which_the_bank_holiday_was_moved_is_a_working_day(calendar, ordinary):
    assert calendar.is_working_day(ordinary)


def test_the_next_working_day_is_the_day_itself_or_the_first_after_it(calendar):
    assert calendar.next_working_day(date(2026, 6, 3)) == date(2026, 6, 3)
    assert calendar.next_working_day(date(2026, 4, 3)) == date(2026, 4, 7)  # Good Friday to the Tuesday


def test_no_working_days_on_is_the_day_itself_even_on_a_sunday(calendar):
    assert calendar.add_working_days(date(2026, 6, 7), 0) == date(2026, 6, 7)


def test_a_negative_number_of_working_days_is_refused(calendar):
    with pytest.raises(ValueError, match="-1"):
        calendar.add_working_days(date(2026, 6, 7), -1)


def test_counting_is_the_same_as_looking_at_each_day(calendar):
    start = date(2026, 12, 1)
    for length in range(60):
        days = [start + timedelta(days=n) for n in range(length)]
        working = sum(calendar.is_working_day(day) for day in days)
        assert calendar.working_days_between(start, start + timedelta(days=length)) == working
    assert calendar.working_days_between(start, start - timedelta(days=3)) == 0


def test_an_extra_day_is_no_working_day_and_shows_in_the_version(calendar):
    one, other = date(2026, 6, 15), date(2026, 8, 7)
    extended = calendar.with_extra(other).with_extra(one)
    assert calendar.is_working_day(one)
    assert not extended.is_working_day(one)
    assert extended.version == calendar.version + "+2026-06-15+2026-08-07"
    assert extended == calendar.with_extra(one).with_extra(other).with_extra(one)


@pytest.mark.parametrize("outside", [date(2010, 12, 31), date(2033, 1, 1)])
def test_a_day_outside_the_list_is_refused_with_a_sentence_that_names_it_and_the_horizon(calendar, outside):
    for question in (calendar.is_working_day, calendar.next_working_day, calendar.with_extra):
        with pytest.raises(CalendarEnds) as refused:
            question(outside)
    assert refused.value.asked == outside
    assert refused.value.last == date(2032, 12, 31)
    assert str(outside.year) in refused.value.sentence
    assert "31 December 2032" in refused.value.sentence
    assert "administrator" in refused.value.sentence


def test_counting_past_the_end_of_the_list_is_refused(calendar):
    with pytest.raises(CalendarEnds):
        calendar.add_working_days(date(2032, 12, 30), 2)
    with pytest.raises(CalendarEnds):
        calendar.working_days_between(date(2032, 12, 30), date(2033, 1, 2))


def test_the_whole_last_year_can_be_asked(calendar):
    assert calendar.add_working_days(date(2032, 12, 30), 1) == date(2032, 12, 31)
    assert calendar.working_days_between(date(2032, 12, 31), date(2033, 1, 1)) == 1


def test_a_broken_list_names_every_fault_at_once():
    with pytest.raises(ValueError, match="extra") as refused:
        Calendar.from_toml({"first": "2011", "last": date(2032, 12, 31), "holidays": [], "extra": 1})
    for key in ("version", "first", "extra"):
        assert f"“{key}”" in str(refused.value)


@pytest.mark.parametrize("day", [date(2010, 1, 1), "2012-01-02"])
def test_a_bank_holiday_outside_the_list_or_no_date_is_refused(day):
    data = {"version": "1", "first": date(2011, 1, 1), "last": date(2032, 12, 31), "holidays": [day]}
    with pytest.raises(ValueError, match=str(day)):
        Calendar.from_toml(data)


def test_a_list_that_ends_before_it_begins_is_refused():
    data = {"version": "1", "first": date(2012, 1, 1), "last": date(2011, 1, 1), "holidays": []}
    with pytest.raises(ValueError, match="2012-01-01"):
        Calendar.from_toml(data)
