"""What is said of an incident and of what was done about it, and what of that cannot be right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.checks import EARLIEST, known_codes, not_in_future
from dhr_app.casework.request_checks import UNDER_NO_KEY
from dhr_app.database.models.incident import Incident
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.request_dates import notify_by
from dhr_app.workflows.request_wording import (
    ICO_DECISIONS,
    INCIDENT_KINDS,
    LATE_BECAUSE,
    LESSONS,
    NOT_NOTIFIED_BECAUSE,
    PEOPLE_TOLD,
)

TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
ICO_REFERENCE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9/-]{2,29}")
NO_TIME = "Write the time by the clock of twenty-four hours, like 9:40 or 16:05."
BEFORE_AWARE = "This lies before the moment at which somebody became aware: check both."


@dataclass(frozen=True)
class IncidentEntry:
    """What was found. The moment is London’s day and time as typed; `what_happened` is sealed under each review."""

    kind: str = ""
    aware_on: date | None = None
    aware_time: str = ""
    people: int | None = None
    reviews: str = ""
    what_happened: str = ""


@dataclass(frozen=True)
class OutcomeEntry:
    """What was done: whether the Information Commissioner was told and why (not), whether the people were, lessons.

    `learnt` is sealed under each review.
    """

    ico: str = ""
    ico_because: str = ""
    notified_on: date | None = None
    notified_time: str = ""
    late_because: str = ""
    ico_reference: str = ""
    told: str = ""
    told_on: date | None = None
    contained_on: date | None = None
    contained_time: str = ""
    lessons: tuple[str, ...] = ()
    learnt: str = ""


def moment(day: date | None, time: str) -> datetime | None:
    """London’s moment on that day; None without a day or for what is no time."""
    matched = TIME.fullmatch(time.strip())
    if day is None or matched is None:
        return None
    hour, minute = (int(part) for part in matched.groups())
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def checked(entry: IncidentEntry, *, at: datetime) -> datetime:
    """The moment at which somebody became aware. Raises Invalid with a sentence for each field that cannot be right."""
    faults = known_codes(entry, {"kind": INCIDENT_KINDS})
    aware_at = moment(entry.aware_on, entry.aware_time)
    if entry.aware_on is None:
        faults["aware_on"] = "Give the day on which somebody became aware."
    elif entry.aware_on < EARLIEST:
        faults |= not_in_future(london_date(at), aware_on=entry.aware_on)
    if not TIME.fullmatch(entry.aware_time.strip()):
        faults["aware_time"] = NO_TIME
    if aware_at is not None and aware_at > at:
        faults["aware_on"] = "This has not come yet: check the day and the time."
    if entry.people is not None and entry.people < 0:
        faults["people"] = "Give a number, or leave it empty."
    if entry.what_happened.strip() and not entry.reviews.strip():
        faults["what_happened"] = UNDER_NO_KEY
    if faults or aware_at is None:
        raise Invalid(faults)
    return aware_at


def checked_outcome(entry: OutcomeEntry, row: Incident, *, at: datetime) -> tuple[datetime | None, datetime | None]:
    """When the Commissioner was told, and when it was contained. Raises Invalid, as `checked` does."""
    faults: dict[str, str] = {}
    notified_at = _moment_of(entry, "notified", row, faults, at=at)
    contained_at = _moment_of(entry, "contained", row, faults, at=at)
    faults |= _faults_of_telling(entry, row, notified_at)
    if entry.told and entry.told not in PEOPLE_TOLD:
        faults["told"] = "Choose from the list."
    if entry.told == "told" and entry.told_on is None:
        faults["told_on"] = "Give the day on which they were told."
    elif entry.told != "told" and entry.told_on is not None:
        faults["told_on"] = "They were not told one by one: leave this empty."
    faults |= not_in_future(london_date(at), told_on=entry.told_on)
    if set(entry.lessons) - set(LESSONS) or ("none" in entry.lessons and len(entry.lessons) > 1):
        faults["lessons"] = "Choose what was changed, or that nothing could be."
    if faults:
        raise Invalid(faults)
    return notified_at, contained_at


def _moment_of(
    entry: OutcomeEntry, what: str, row: Incident, faults: dict[str, str], *, at: datetime
) -> datetime | None:
    day, time = getattr(entry, f"{what}_on"), getattr(entry, f"{what}_time").strip()
    if day is None and not time:
        return None
    if day is None:
        faults[f"{what}_on"] = "Give the day as well as the time."
    elif not TIME.fullmatch(time):
        faults[f"{what}_time"] = NO_TIME
    found = moment(day, time)
    if found is not None and found > at:
        faults[f"{what}_on"] = "This has not come yet: check the day and the time."
    elif found is not None and found < row.aware_at and what == "notified":
        faults[f"{what}_on"] = BEFORE_AWARE
    return found


def _faults_of_telling(entry: OutcomeEntry, row: Incident, notified_at: datetime | None) -> dict[str, str]:
    """What is wrong with how it was decided whether the Commissioner is told."""
    faults = {}
    late = notified_at is not None and notified_at > notify_by(row.aware_at)
    if entry.ico and entry.ico not in ICO_DECISIONS:
        faults["ico"] = "Choose from the list."
    if entry.ico == "not" and entry.ico_because not in NOT_NOTIFIED_BECAUSE:
        faults["ico_because"] = "Say why the Commissioner is not told: the record must show it."
    elif entry.ico != "not" and entry.ico_because:
        faults["ico_because"] = "Leave this empty unless the Commissioner is not told."
    if entry.ico != "notify" and (notified_at or entry.ico_reference.strip()):
        faults["notified_on" if notified_at else "ico_reference"] = "Choose first that the Commissioner is told."
    if late and entry.late_because not in LATE_BECAUSE:
        faults["late_because"] = "More than 72 hours had passed: say why it was not sooner (UK GDPR Art. 33(1))."
    elif not late and entry.late_because:
        faults["late_because"] = "It was not late: leave this empty."
    typed = entry.ico_reference.strip().upper()
    if typed and not ICO_REFERENCE.fullmatch(typed):
        faults["ico_reference"] = (
            "Write the reference as the Commissioner gave it: letters, digits and dashes, like IC-123456-A1B2."
        )
    return faults
