"""What waits for whoever ends records: a disposal that somebody has to confirm, a hold to be lifted or kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import and_, func, literal, null, or_, select, union_all

from dhr_app.adapters.clock import LONDON
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.retention import CONFIRMED_FOR

DISPOSAL, LIFTING, LOOK_AGAIN = "disposal", "lifting", "look_again"


@dataclass(frozen=True)
class RecordsLine:
    """One thing: of a review, or of all of them where `reference` is empty.

    `kind` is disposal (`number` says which, `first` whether a first person is lacking), lifting or look_again.
    """

    kind: str
    reference: str
    number: int | None
    first: bool


def records_waiting(
    session: NamedSession, by: Person, today: date, most: int, barred: Collection[UUID]
) -> tuple[RecordsLine, ...]:
    """At most so many that this person, who may confirm and lift, can take on now; in one query."""
    asked_by_another = and_(LegalHold.lift_asked_at.is_not(None), LegalHold.lift_asked_by_id != by.id)
    still = datetime.combine(today - CONFIRMED_FOR, time.min, LONDON)
    unconfirmed = or_(Disposal.confirmed_at.is_(None), Disposal.confirmed_at < still)
    ready = (
        select(
            literal(DISPOSAL).label("kind"), Review.reference, Disposal.number,
            unconfirmed.label("first"), Disposal.begins_on.label("day"),
        )
        .join(Review, Review.id == Disposal.review_id)
        .where(
            Disposal.stopped_at.is_(None), Disposal.begun_at.is_(None), Disposal.begins_on <= today,
            or_(unconfirmed, Disposal.confirmed_by_id != by.id), Review.id.not_in(barred),
        )
    )  # fmt: skip
    holds = [
        select(literal(kind), func.coalesce(Review.reference, ""), null(), literal(False), LegalHold.review_by)
        .select_from(LegalHold)
        .outerjoin(Review, Review.id == LegalHold.review_id)
        .where(LegalHold.lifted_at.is_(None), which, or_(Review.id.is_(None), Review.id.not_in(barred)))
        for kind, which in (
            (LIFTING, asked_by_another),
            (LOOK_AGAIN, and_(LegalHold.review_by <= today, LegalHold.lift_asked_at.is_(None))),
        )
    ]
    every = union_all(ready, *holds).subquery()
    rows = session.execute(select(every).order_by(every.c.day, every.c.reference, every.c.kind).limit(most))
    return tuple(RecordsLine(row.kind, row.reference, row.number, bool(row.first)) for row in rows)
