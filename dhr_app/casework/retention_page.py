"""Whose records end, or are held, over all reviews; and the freeze that forbids that anything at all is destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.disposal_state import retained_of
from dhr_app.casework.house import house
from dhr_app.casework.records_page import HoldShown, hold_shown, liftable
from dhr_app.casework.scene import require
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.models.review import Review
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.retention import ENDED_HERE, RECORDS
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class RetentionLine:
    """One review that has ended: the day its next records are kept until, None where no day is set or all are gone.

    `state` is held, begun, noticed, due, kept, unset or destroyed; `since` the day that it speaks of, if there is one.
    """

    reference: str
    stage: str
    kept_until: date | None
    state: str
    since: date | None


@dataclass(frozen=True)
class RetentionPage:
    """Every review that has ended, whatever is due first; and the freezes in force."""

    freezes: tuple[HoldShown, ...]
    lines: tuple[RetentionLine, ...]
    may_freeze: bool


def retention_page(*, by: Person, at: datetime) -> RetentionPage:
    """The page; opens nothing. Raises NotAllowed."""
    today = london_date(at)
    require(by, "retention.see", on=today)
    may_freeze, may_lift = allows(by, "hold.place", on=today), allows(by, "hold.lift", on=today)
    with house().reading() as session:
        freezes = select(LegalHold).where(LegalHold.review_id.is_(None), LegalHold.lifted_at.is_(None))
        shown = tuple(
            hold_shown(row, by, may_lift=may_lift)
            for row in session.scalars(freezes.order_by(LegalHold.placed_at, LegalHold.id))
        )
        ended = select(Review).where(Review.stage.in_(sorted(ENDED_HERE)), Review.id.not_in(by.conflicts))
        reviews = list(session.scalars(ended.order_by(Review.reference)))
        stands = retained_of(session, reviews)
        running = select(Disposal).where(Disposal.stopped_at.is_(None), Disposal.done_at.is_(None))
        notices = {row.review_id: row for row in session.scalars(running.order_by(Disposal.review_id))}
        lines = []
        for review in reviews:
            one, notice = stands[review.id], notices.get(review.id)
            days = [day for each in RECORDS if each not in one.gone and (day := one.due_on(each))]
            state, since = "kept", None
            if notice is not None and notice.begun_at is not None:
                state, since = "begun", london_date(notice.begun_at)
            elif one.gone >= set(RECORDS):
                state = "destroyed"  # no hold brings them back
            elif one.held:
                state = "held"
            elif notice is not None:
                state, since = "noticed", notice.begins_on
            elif one.keep_until is None:
                state = "unset"
            elif one.due(today):
                state = "due"
            lines.append(
                RetentionLine(review.reference, Stage(review.stage).label, min(days, default=None), state, since)
            )
    ordered = sorted(lines, key=lambda line: (line.kept_until or date.max, line.reference))
    return RetentionPage(shown, tuple(ordered), may_freeze)


def freeze_to_lift(hold_id: UUID, *, by: Person, at: datetime) -> HoldShown:
    """One freeze in force. Raises what `liftable` raises, and NotAllowed."""
    require(by, "hold.lift", on=london_date(at))
    with house().reading() as session:
        return liftable(session, by, hold_id, None)
