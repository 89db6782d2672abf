"""Over several reviews: the draft that was handed in last and who has downloaded it.

Nothing sealed is opened: a draft is named by its kind and number, and its readers stand in the audit trail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework.draft_names import named
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.event import Event
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened


@dataclass(frozen=True)
class Reader:
    """Somebody who took a version out to read it, and when last."""

    name: str
    at: datetime


@dataclass(frozen=True)
class NewestDraft:
    """The version of a review that was handed in last; `count` versions were handed in in all.

    `readers` are others than whoever handed it in.
    """

    name: str
    added_at: datetime
    count: int
    readers: tuple[Reader, ...]


def newest_drafts(session: NamedSession, review_ids: Collection[UUID]) -> dict[UUID, NewestDraft]:
    """The newest draft of each of these reviews that has one, in two queries however many they are."""
    columns = (Draft.id, Draft.review_id, Draft.kind, Draft.series, Draft.number, Draft.added_at, Draft.added_by_id)
    rows = select(*columns).where(Draft.review_id.in_(review_ids)).order_by(Draft.added_at, Draft.id)
    newest = {}
    count: dict[UUID, int] = defaultdict(int)
    for row in session.execute(rows):
        newest[row.review_id] = row
        count[row.review_id] += 1
    readers = readers_of(session, review_ids, {row.id: row.added_by_id for row in newest.values()})
    return {
        review_id: NewestDraft(
            named(row.kind, row.series, row.number), row.added_at, count[review_id], tuple(readers.get(row.id, ()))
        )
        for review_id, row in newest.items()
    }


def readers_of(
    session: NamedSession, review_ids: Collection[UUID], handed_in_by: Mapping[UUID, UUID]
) -> dict[UUID, list[Reader]]:
    """Who took each of these versions out, by the audit trail's own events, but for whoever handed it in."""
    read = (
        select(
            Event.subject_id, Event.recorded_by_id, Event.recorded_by_name, func.max(Event.recorded_at).label("last")
        )
        .where(
            Event.review_id.in_(review_ids),
            Event.kind == Happened.DRAFT_READ.value,
            Event.subject_id.in_(handed_in_by),
        )
        .group_by(Event.subject_id, Event.recorded_by_id, Event.recorded_by_name)
        .order_by(func.max(Event.recorded_at), Event.recorded_by_name)
    )
    found: dict[UUID, list[Reader]] = defaultdict(list)
    for row in session.execute(read):
        if row.recorded_by_id != handed_in_by[row.subject_id]:
            found[row.subject_id].append(Reader(row.recorded_by_name, row.last))
    return found
