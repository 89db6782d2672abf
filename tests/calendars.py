"""Private calendars for tests: a link made and followed, read by a library that had no hand in writing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import vobject

from dhr_app.casework.calendar_feed import feed
from dhr_app.casework.calendar_link import make_link
from dhr_app.casework.planned_checks import PlannedEntry
from dhr_app.casework.planned_meeting import plan_gathering, plan_meeting
from dhr_app.workflows.permissions import Person
from tests.reviews import Case, County

HOME = "192.0.2.7"


@dataclass(frozen=True)
class Told:
    """One thing as a calendar program reads it."""

    uid: str
    summary: str
    begins: date | datetime
    sequence: int
    status: str
    text: str


def token_of(link: str) -> str:
    """What is secret in a link."""
    return link.rpartition("/")[2].removesuffix(".ics")


def link_for(person: Person, *, at: datetime) -> str:
    """A new link of this person’s; its secret alone."""
    return token_of(make_link(by=person, at=at))


def fetched(token: str, *, at: datetime) -> str:
    """The file that a program fetches."""
    return feed(token, address=HOME, at=at).decode()


def read(file: str) -> dict[str, Told]:
    """What stands in a file, by its uid."""
    (calendar,) = vobject.readComponents(file)
    return {event.uid.value: _told(event) for event in calendar.contents.get("vevent", ())}


def calendar_of(person: Person, *, at: datetime) -> dict[str, Told]:
    """What this person’s calendar tells, by its uid."""
    return read(fetched(link_for(person, at=at), at=at))


def summaries(person: Person, *, at: datetime) -> list[str]:
    """What this person’s calendar tells, as it is called there."""
    return sorted(one.summary for one in calendar_of(person, at=at).values())


def meeting_entry(on: date, kind: str = "panel", **said: Any) -> PlannedEntry:
    """A morning’s meeting."""
    return PlannedEntry(**{"kind": kind, "on": on, "begins": "10:00", "ends": "12:30", "format": "in_person", **said})


def planned(case: Case, on: date, kind: str = "panel", *, by: Person | None = None, **said: Any) -> UUID:
    """A meeting of a review, planned by the coordinator unless it is said."""
    entry = meeting_entry(on, kind, **said)
    return plan_meeting(case.reference, entry, by=by or case.county.coordinator, at=case.wait(minutes=1))


def gathering(county: County, on: date, kind: str = "steering_group", *, at: datetime, **said: Any) -> UUID:
    """A meeting of the partnership’s own."""
    return plan_gathering(meeting_entry(on, kind, **said), by=county.coordinator, at=at)


def _told(event: Any) -> Told:
    return Told(
        event.uid.value,
        event.summary.value,
        event.dtstart.value,
        int(event.sequence.value),
        event.status.value,
        event.serialize(),
    )
