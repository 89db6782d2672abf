"""How things stood at the end of a past day, told only from what was recorded until then: it never changes again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.models.standing import Standing
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage

ABOUT_THE_PLAN = tuple(
    kind for kind in Happened
    if kind.startswith(("action_", "recommendation_")) or kind in (Happened.PROGRESS_REPORTED, Happened.LONGER_ANSWERED)
)  # fmt: skip
COUNTED = (
    Happened.REVIEW_NOTIFIED, Happened.MOVED, Happened.LEARNING_SHARED, Happened.SEMINAR_CHANGED,
    Happened.SEMINAR_REMOVED,
)  # fmt: skip


def end_of(day: date) -> datetime:
    """The moment at which a day ends in London; what is recorded from then on belongs to later days."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def first_day(session: NamedSession) -> date | None:
    """The day on which the first thing about a review was recorded here; None where nothing was."""
    first = session.scalar(select(func.min(Event.recorded_at)).where(Event.review_id.is_not(None)))
    return None if first is None else london_date(first)


@dataclass(frozen=True)
class PastReview:
    """A review as it stood; `kind` is the key of its rule set, `waits_for` a code of workflows/waiting.py or empty.

    It waits for whoever owed its next date, an agency by its name; recorded before that was kept, for whoever the
    stage waited for. `met_late` is what casework/turns.py told.
    """

    id: UUID
    reference: str
    kind: str
    public_name: str
    stage: Stage
    since: date
    next_on: date | None
    next_what: str | None
    waits_for: str
    on_hold: bool
    agencies: tuple[str, ...]
    met_late: tuple[dict[str, str], ...]


def reviews(session: NamedSession, before: datetime, without: Collection[UUID]) -> list[PastReview]:
    """Every review as it stood just before a moment, in the order of references."""
    rows = (
        select(Standing, Review.reference, RuleSetUsed.key)
        .join(Review, Review.id == Standing.review_id)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(
            Standing.recorded_at < before,
            or_(Standing.replaced_at.is_(None), Standing.replaced_at >= before),
            Standing.review_id.not_in(without),
        )
        .order_by(Review.reference)
    )
    return [
        PastReview(
            row.review_id, reference, kind, f"{row.public_name}/{row.public_year}" if row.public_name else "",
            Stage(row.stage), row.since, row.next_on, row.next_what, row.owed_by or row.waits_for or "", row.on_hold,
            tuple(row.owed_agencies or ()), tuple(row.met_late or ()),
        )
        for row, reference, kind in session.execute(rows)
    ]  # fmt: skip


def moves(session: NamedSession, before: datetime, without: Collection[UUID]) -> list[Any]:
    """The moves recorded before a moment, review by review in their order: name, to_stage, decided_on, details."""
    columns = select(MoveMade.review_id, MoveMade.name, MoveMade.to_stage, MoveMade.decided_on, MoveMade.details)
    recorded = columns.where(MoveMade.recorded_at < before, MoveMade.review_id.not_in(without))
    return list(session.execute(recorded.order_by(MoveMade.review_id, MoveMade.seq)))


def events(session: NamedSession, before: datetime, without: Collection[UUID]) -> list[Any]:
    """What happened to plans, and what a report counts, in the order in which it was recorded before a moment."""
    rows = select(
        Event.review_id, Event.kind, Event.happened_on, Event.recorded_at, Event.subject_id, Event.details
    ).where(Event.recorded_at < before, Event.kind.in_([*ABOUT_THE_PLAN, *COUNTED]), Event.review_id.not_in(without))
    return list(session.execute(rows.order_by(Event.recorded_at, Event.ordinal, Event.id)))
