"""A due date found the slow way, one day at a time: written apart from the rule book, to hold it to account."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.deadlines import Basis, DeadlineRule, Extension, Pause, Roll, Unit

DAY = timedelta(days=1)
COMMITTED = Path(__file__).parents[2] / "config" / "bank_holidays.toml"
CALENDAR = Calendar.from_toml(tomllib.loads(COMMITTED.read_text(encoding="utf-8")))
HORIZON = date(2040, 1, 1)

SIX_MONTHS = DeadlineRule(
    key="overview_report_due", name="Overview report",
    anchor=("moved:commission",), counts_from="the decision to review", met_by=("moved:submit_to_home_office",),
    quantity=6, unit=Unit.MONTHS, pausable=True, roll=Roll.FORWARD,
    basis=Basis.LOCAL, source="a test", checked=True,
)  # fmt: skip


def is_working(day: date, calendar: Calendar) -> bool:
    return day.weekday() not in (5, 6) and day not in calendar.holidays


def months_on(day: date, months: int) -> date:
    """The same day number so many months on, or the last day of that month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError


def walk(
    rule: DeadlineRule,
    anchor: date,
    pauses: Iterable[Pause],
    extensions: Iterable[Extension],
    calendar: Calendar,
    *,
    horizon: date,
) -> date | None:
    """Step from day to day until n days have counted; None if a pause never ends before the horizon."""
    pauses, extensions = list(pauses), list(extensions)
    unit = rule.unit.value
    if extensions:
        latest = max(extension.agreed_on for extension in extensions)
        to = max(extension.to for extension in extensions if extension.agreed_on == latest)
        anchor, wanted, unit = latest, (to - latest).days, "days"
    elif unit == "months":
        wanted = (months_on(anchor, rule.quantity) - anchor).days
    elif unit == "weeks":
        wanted = rule.quantity * 7
    else:
        wanted = rule.quantity

    day, counted = anchor, 0
    while counted < wanted:
        day += DAY
        if day > horizon:
            return None
        stopped = rule.pausable and any(
            pause.paused_on <= day and (pause.resumed_on is None or day < pause.resumed_on) for pause in pauses
        )
        if not stopped and (unit != "working days" or is_working(day, calendar)):
            counted += 1
    while rule.roll.value == "forward" and not is_working(day, calendar):
        day += DAY
    return day
