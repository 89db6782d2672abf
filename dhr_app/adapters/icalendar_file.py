"""Calendars as other programs read them: iCalendar (RFC 5545), with how often to fetch them again (RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, Timezone
from icalendar.prop import vDuration

from dhr_app.adapters.clock import LONDON

MIME = "text/calendar; charset=utf-8"
OURS = "-//Domestic Homicide Reviews//Private calendar//EN"
NAME = "Reviews: dates and meetings"
FETCH_AGAIN = timedelta(hours=6)
# Written out: what the library works out of the zone’s data puts the change of March an hour late, and ends one day.
ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. From one aware moment to another, or on a whole day, where `ends` is None.

    `sequence` rises with every change that whoever comes should notice; `changed_at` is when that was.
    """

    uid: UUID
    summary: str
    description: str
    begins: datetime | date
    ends: datetime | None
    sequence: int
    changed_at: datetime
    cancelled: bool = False


def as_file(entries: Iterable[Entry]) -> bytes:
    """The calendar as a file: lines of at most 75 octets, each ended by CR and LF.

    The same entries give the same bytes.
    """
    made = Calendar()
    made.add("prodid", OURS)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", NAME)
    made.add("x-wr-timezone", LONDON.key)
    made.add("x-published-ttl", vDuration(FETCH_AGAIN))
    made.add("refresh-interval", vDuration(FETCH_AGAIN), parameters={"VALUE": "DURATION"})
    made.add_component(Timezone.from_ical(ZONE))
    for one in sorted(entries, key=lambda one: one.uid):
        made.add_component(_event(one))
    return made.to_ical()


def _event(one: Entry) -> Event:
    event = Event()
    event.add("uid", str(one.uid))
    event.add("dtstamp", one.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", one.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", one.sequence)
    event.add("summary", one.summary)
    event.add("description", one.description)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    if isinstance(one.begins, datetime) and one.ends is not None:
        event.add("dtstart", one.begins.astimezone(LONDON))
        event.add("dtend", one.ends.astimezone(LONDON))
        event.add("transp", "TRANSPARENT" if one.cancelled else "OPAQUE")
    else:
        event.add("dtstart", one.begins)
        event.add("transp", "TRANSPARENT")
    return event
