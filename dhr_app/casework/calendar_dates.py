"""The dates of all reviews as private calendars tell them: what moved since, what fell away, what came back.

They are worked out anew at each fetch, from what mails and pages tell of too, and held against how they were told last.
Where one differs its number rises, so that a calendar program notices whatever it was that moved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.open_things import Asked, things_of
from dhr_app.casework.program import Program
from dhr_app.casework.working_days import working_days
from dhr_app.database.models.planned_meeting import CalendarDate
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.reminders import Kind, Thing

TOLD = frozenset({Kind.DATE, Kind.ASK, Kind.ACTION, Kind.HOLD})
AHEAD = timedelta(days=730)  # further than any date of a review is set
GONE_FOR = timedelta(days=60)  # for so long it is told that a date fell away
KEEPER = Program("private calendars")

Key = tuple[str, UUID]


def bring_up_to_date(*, at: datetime) -> None:
    """Let the dates that are kept say what is so now. Writes nothing where nothing moved."""
    with house().reading() as session:
        if not _differing(_now(session, at), _kept(session)):
            return
    with house().database.transaction(by=KEEPER, at=at) as session:
        session.queue("calendar dates")
        things, rows = _now(session, at), _kept(session)
        for key in _differing(things, rows):
            _keep(session, things.get(key), rows.get(key), at=at)


def dates_kept(session: NamedSession, *, at: datetime) -> list[tuple[CalendarDate, str]]:
    """Each date that is waited for, or fell away lately, and its review’s reference."""
    rows = session.execute(
        select(CalendarDate, Review.reference)
        .join(Review, Review.id == CalendarDate.review_id)
        .where(CalendarDate.gone_at.is_(None) | (CalendarDate.gone_at > at - GONE_FOR))
        .order_by(CalendarDate.id)
    )
    return [(row, reference) for row, reference in rows]


def _now(session: NamedSession, at: datetime) -> Mapping[Key, Thing]:
    today, calendar = london_date(at), working_days(session)
    found = things_of(TOLD, Asked(session, (), today, calendar, ahead=AHEAD))
    return {(one.kind.value, one.subject_id): one for one in found if one.review_id and one.due_on}


def _kept(session: NamedSession) -> Mapping[Key, CalendarDate]:
    rows = session.scalars(select(CalendarDate).order_by(CalendarDate.id))
    return {(row.kind, row.subject_id): row for row in rows}


def _differing(things: Mapping[Key, Thing], rows: Mapping[Key, CalendarDate]) -> Sequence[Key]:
    keys: Iterable[Key] = sorted({*things, *rows})
    return [key for key in keys if _differs(things.get(key), rows.get(key))]


def _differs(thing: Thing | None, row: CalendarDate | None) -> bool:
    if thing is None or row is None:
        return (thing is None) is not (row is None or row.gone_at is not None)
    return row.gone_at is not None or _told(thing) != {name: getattr(row, name) for name in _told(thing)}


def _told(thing: Thing) -> dict[str, Any]:
    return {"what": thing.what, "path": thing.path, "due_on": thing.due_on, "agency_id": thing.agency_id}


def _keep(session: NamedSession, thing: Thing | None, row: CalendarDate | None, *, at: datetime) -> None:
    if row is None and thing is not None:
        values = {"review_id": thing.review_id, **_told(thing)}
        new = CalendarDate(kind=thing.kind.value, subject_id=thing.subject_id, sequence=0, changed_at=at, **values)
        session.add(new)
    elif row is not None:
        for name, value in _told(thing).items() if thing else ():
            setattr(row, name, value)
        row.gone_at = None if thing else at
        row.sequence, row.changed_at = row.sequence + 1, at
