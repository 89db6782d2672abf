"""What is brought up of the end of records: notices that run, and holds that are to be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.stages import Stage


def disposals(session: NamedSession) -> Iterator[Thing]:
    """The disposals that run, from the day of their notice until they are done or ended."""
    for row in session.execute(
        select(Disposal, Review.reference, Review.stage)
        .join(Review, Review.id == Disposal.review_id)
        .where(Disposal.stopped_at.is_(None), Disposal.done_at.is_(None))
        .order_by(Disposal.begins_on, Disposal.id)
    ):
        one: Disposal = row.Disposal
        noticed = f"Notice that records may be destroyed from {in_words(one.begins_on)}"
        yield Thing(
            kind=Kind.DESTROYING if one.begun_at else Kind.DISPOSAL,
            subject_id=one.id,
            review_id=one.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what="The destruction of records" if one.begun_at else noticed,
            path=f"/reviews/{row.reference}/records",
            due_on=london_date(one.begun_at) if one.begun_at else one.notice_on,
        )


def legal_holds(session: NamedSession, until: date) -> Iterator[Thing]:
    """The legal holds on one review whose day to be looked at again has come, or comes soon; and agreements awaited.

    Where somebody asked that a hold be lifted, everybody else is told who may agree. A freeze is of no review, so that
    it has no line here: the page of all records that end shows it.
    """
    for row in session.execute(
        select(LegalHold, Review.id, Review.reference, Review.stage)
        .join(Review, Review.id == LegalHold.review_id)
        .where(LegalHold.lifted_at.is_(None))
        .where(or_(LegalHold.review_by <= until, LegalHold.lift_asked_at.is_not(None)))
        .order_by(LegalHold.review_by, LegalHold.id)
    ):
        hold: LegalHold = row.LegalHold
        if hold.lift_asked_at is not None and hold.lift_asked_by_id is not None:
            yield Thing(
                kind=Kind.LIFTING,
                subject_id=hold.id,
                review_id=row.id,
                reference=row.reference,
                stage=Stage(row.stage),
                what="Agreement that the legal hold on its records be lifted",
                path=f"/reviews/{row.reference}/records",
                due_on=london_date(hold.lift_asked_at),
                known_to=frozenset({hold.lift_asked_by_id}),
            )
        if hold.review_by > until:
            continue
        yield Thing(
            kind=Kind.LEGAL_HOLD,
            subject_id=hold.id,
            review_id=row.id,
            reference=row.reference,
            stage=Stage(row.stage),
            what="The legal hold on its records, to be looked at again,",
            path=f"/reviews/{row.reference}/records",
            due_on=hold.review_by,
        )
