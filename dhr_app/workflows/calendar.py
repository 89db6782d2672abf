"""The working days of England and Wales: weekdays that are not bank holidays, as far ahead as the list is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import cast

from dhr_app.workflows.errors import RuleError

ONE_DAY = timedelta(days=1)
A_YEAR = timedelta(days=366)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
REQUIRED = {"version": str, "first": date, "last": date, "holidays": list}


def in_words(day: date) -> str:
    """A date as people write it: 3 June 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class CalendarEnds(RuleError):
    """A question about a day for which no bank holidays are known; `asked` is the day, `last` the horizon."""

    def __init__(self, asked: date, calendar: Calendar) -> None:
        super().__init__(
            f"Bank holidays are known from {in_words(calendar.first)} to {in_words(calendar.last)}, "
            f"and {in_words(asked)} lies outside. Check the dates entered; if they are right, "
            "ask the administrator to bring the list of bank holidays up to date."
        )
        self.asked = asked
        self.last = calendar.last


class Horizon(StrEnum):
    """How far the list of bank holidays reaches: a year and more, less than a year, or it is over."""

    FAR = "far"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True)
class Calendar:
    """Bank holidays from `first` to `last`, both included; `version` says which list this is."""

    holidays: frozenset[date]
    first: date
    last: date
    version: str

    @classmethod
    def from_toml(cls, data: Mapping[str, object]) -> Calendar:
        """The calendar of a parsed bank_holidays.toml. Raises ValueError with one message that names every fault."""
        faults = [f"“{key}” is not a key" for key in sorted(set(data) - set(REQUIRED))]
        faults += [f"“{key}” is missing" for key in REQUIRED if key not in data]
        for key, kind in REQUIRED.items():
            if key in data and type(data[key]) is not kind:
                faults.append(f"“{key}” must be a {kind.__name__}")
        if faults:
            raise ValueError("Bank holidays: " + "; ".join(faults))
        first, last, holidays = (
            cast(date, data["first"]),
            cast(date, data["last"]),
            cast(list[date], data["holidays"]),
        )
        outside = [day for day in holidays if type(day) is not date or not first <= day <= last]
        if outside or first > last:
            wrong = ", ".join(map(str, outside or [first, last]))
            raise ValueError(f"Bank holidays: not dates from first to last: {wrong}")
        return cls(frozenset(holidays), first, last, str(data["version"]))

    def with_extra(self, day: date) -> Calendar:
        """The same calendar with one more bank holiday, as declared at short notice; its version says so."""
        self._check(day)
        listed, *extra = self.version.split("+")
        version = "+".join([listed, *sorted({*extra, day.isoformat()})])
        return replace(self, holidays=self.holidays | {day}, version=version)

    def horizon(self, today: date) -> Horizon:
        """How far ahead of a day the list reaches."""
        if self.last < today:
            return Horizon.OVER
        return Horizon.NEAR if self.last < today + A_YEAR else Horizon.FAR

    def why_not_added(self, day: date, *, today: date) -> str:
        """Why a day cannot be added as a bank holiday, or an added one be taken back; empty where it can.

        Only a day still to come can: what was met or missed by now was counted as the days were then, and stays so.
        """
        if not self.first <= day <= self.last:
            return f"Bank holidays are known until {in_words(self.last)}: {in_words(day)} lies outside. Check the year."
        if day <= today:
            return (
                f"{in_words(day)} is not still to come. What was met or missed by now was counted as the days were "
                "then, and past reports say so: it stays."
            )
        if day.weekday() >= 5:
            return f"{in_words(day)} is a {day:%A}: no working day is lost. Add the day that is given instead of it."
        return f"{in_words(day)} is a bank holiday already." if day in self.holidays else ""

    def without(self, day: date) -> Calendar:
        """The same calendar with a day that was added taken back, as its version says."""
        listed, *extra = self.version.split("+")
        version = "+".join([listed, *sorted({*extra} - {day.isoformat()})])
        return replace(self, holidays=self.holidays - {day}, version=version)

    def is_working_day(self, day: date) -> bool:
        """Whether the day is a weekday and no bank holiday. Raises CalendarEnds outside the list."""
        self._check(day)
        return day.weekday() < 5 and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it. Raises CalendarEnds."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def last_working_day_before(self, day: date) -> date:
        """The nearest working day that is earlier. Raises CalendarEnds."""
        day -= ONE_DAY
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, day: date, number: int) -> date:
        """The number-th working day after `day`, which is day 0 whether or not it is one. Raises CalendarEnds."""
        self._check(day)
        if number < 0:
            raise ValueError(f"A number of working days cannot be {number}.")
        if number == 0:
            return day
        after = range(day.toordinal() + 1, self.last.toordinal() + 1)
        wanted = self._counted(day.toordinal()) + number
        place = bisect_left(after, wanted, key=self._counted)
        if place == len(after):
            raise CalendarEnds(max(day + timedelta(days=number), self.last + ONE_DAY), self)
        return date.fromordinal(after[place])

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days there are from `start` up to, and not counting, `end`. Raises CalendarEnds."""
        if end <= start:
            return 0
        self._check(start)
        self._check(end - ONE_DAY)
        return self._counted(end.toordinal() - 1) - self._counted(start.toordinal() - 1)

    @cached_property
    def _on_weekdays(self) -> tuple[int, ...]:
        return tuple(sorted(day.toordinal() for day in self.holidays if day.weekday() < 5))

    def _counted(self, ordinal: int) -> int:
        """Working days up to and including this ordinal. Ordinal 1 is a Monday, so whole weeks come out by division."""
        weeks, over = divmod(ordinal, 7)
        return weeks * 5 + min(over, 5) - bisect_right(self._on_weekdays, ordinal)

    def _check(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise CalendarEnds(day, self)
