"""What is said of a meeting that is to be held, and what of that cannot be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.checks import known_codes
from dhr_app.casework.incident_checks import NO_TIME, TIME
from dhr_app.workflows.calendar import Calendar, in_words
from dhr_app.workflows.errors import Invalid

FORMATS = {"in_person": "In person", "online": "Online", "hybrid": "In person and online"}
FURTHEST = timedelta(days=730)
NO_SUCH_TIME = "This time does not exist: on {day} the clocks go forward from 1am to 2am. Choose another."
TWICE = "This time comes twice: on {day} the clocks go back from 2am to 1am. Choose another."
WEEKEND = (5, 6)


@dataclass(frozen=True)
class PlannedEntry:
    """What the form says of a meeting to come: times are London’s, as typed. Where it is held is its format alone."""

    kind: str = ""
    on: date | None = None
    begins: str = ""
    ends: str = ""
    format: str = ""


def checked(entry: PlannedEntry, kinds: Mapping[str, str], *, at: datetime) -> tuple[datetime, datetime]:
    """From which moment to which it is, in UTC. Raises Invalid with a sentence for each field that cannot be right."""
    faults = known_codes(entry, {"kind": kinds, "format": FORMATS})
    faults |= _day_faults(entry.on, london_date(at))
    begins = _moment(entry, "begins", faults)
    ends = _moment(entry, "ends", faults)
    if begins is not None and ends is not None and not faults:
        if ends <= begins:
            faults["ends"] = "It must end after it begins: check both times."
        elif begins <= at:
            faults["begins"] = "This time has passed. A meeting that was held is recorded, not planned."
    if faults or begins is None or ends is None:
        raise Invalid(faults)
    return begins, ends


def warning(entry: PlannedEntry, calendar: Calendar) -> str:
    """What somebody should think of who plans a meeting on this day; empty where there is nothing."""
    if entry.on is None:
        return ""
    if entry.on in calendar.holidays:
        return f"{in_words(entry.on)} is a bank holiday: check that people can come."
    if entry.on.weekday() in WEEKEND:
        return f"{in_words(entry.on)} is a {entry.on:%A}: check that people can come."
    return ""


def _day_faults(day: date | None, today: date) -> dict[str, str]:
    if day is None:
        return {"on": "Give the day of the meeting."}
    if day < today:
        return {"on": f"{in_words(day)} has passed. A meeting that was held is recorded, not planned."}
    if day > today + FURTHEST:
        return {"on": f"{in_words(day)} is more than two years away: check the year."}
    return {}


def _moment(entry: PlannedEntry, name: str, faults: dict[str, str]) -> datetime | None:
    """The moment of a time on the day, in UTC; on the days on which the clocks change not every time is one."""
    matched = TIME.fullmatch(getattr(entry, name).strip())
    if matched is None:
        faults[name] = NO_TIME
    if matched is None or entry.on is None:
        return None
    hour, minute = (int(part) for part in matched.groups())
    wall = datetime(entry.on.year, entry.on.month, entry.on.day, hour, minute, tzinfo=LONDON)
    moment = wall.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != wall.replace(tzinfo=None):
        faults[name] = NO_SUCH_TIME.format(day=in_words(entry.on))
    elif wall.replace(fold=1).astimezone(UTC) != moment:
        faults[name] = TWICE.format(day=in_words(entry.on))
    return moment
