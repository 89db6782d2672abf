"""Quiet days: mornings on which no mail goes out; what fell on one is said on the next morning that is not quiet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from dhr_app.workflows.calendar import ONE_DAY, Calendar
from dhr_app.workflows.reminder_rules import Kind

# A breach of personal data has 72 hours: no morning of it is quiet (UK GDPR Article 33(1)).
NEVER_QUIET = frozenset({Kind.BREACH})
LONGEST = 14  # days in one stretch: a Christmas closure; more would hide what a month brings
NO_EARLIER = "Quiet days begin tomorrow at the earliest: today’s mail has gone out."
BACKWARDS = "The last day cannot be before the first: change one of the two."
TOO_LONG = f"At most {LONGEST} days can be quiet in one go."
RUNS_ON = f"With the quiet days beside these it would be more than {LONGEST} in one go: leave a morning between."
UNKNOWN = "Bank holidays are known until {last} only: choose days before that."


def mornings(calendar: Calendar, quiet: Collection[date]) -> Calendar:
    """The calendar by which mail goes out: quiet days are like bank holidays."""
    known = {day for day in quiet if calendar.first <= day <= calendar.last}
    return replace(calendar, holidays=calendar.holidays | known) if known else calendar


def days_of(stretches: Iterable[tuple[date, date]]) -> frozenset[date]:
    """Every day of some stretches, first and last included; one that ended before it began has none."""
    return frozenset(
        first + timedelta(days=number) for first, last in stretches for number in range((last - first).days + 1)
    )


def mail_again_on(today: date, of_mail: Calendar) -> date:
    """The first day after today on which mail goes out, by that calendar; the last it knows where it ends before."""
    day = today + ONE_DAY
    while day < of_mail.last and not of_mail.is_working_day(day):
        day += ONE_DAY
    return day


def next_morning(today: date, calendar: Calendar, quiet: Collection[date]) -> date:
    """The first day after today on which mail goes out. Raises CalendarEnds."""
    return mornings(calendar, quiet).add_working_days(today, 1)
