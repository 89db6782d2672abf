"""What is brought up of the end of records: notices that run, and holds that are to be looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

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
        select(Disposal.id, Disposal.review_id, Disposal.notice_on, Disposal.begins_on, Review.reference, Review.stage)
        .join(Review, Review.id == Disposal.review_id)
        .where(Disposal.stopped_at.is_(None), Disposal.done_at.is_(None))
        .order_by(Disposal.begins_on, Disposal.id)
    ):
        yield Thing(
            kind=Kind.DISPOSAL,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=f"Notice that records may be destroyed from {in_words(row.begins_on)}",
            path=f"/reviews/{row.reference}/records",
            due_on=row.notice_on,
        )


def legal_holds(session: NamedSession, until: date) -> Iterator[Thing]:
    """The legal holds on one review whose day to be looked at again has come, or comes soon."""
    for row in session.execute(
        select(LegalHold.id, LegalHold.review_id, LegalHold.review_by, Review.reference, Review.stage)
        .join(Review, Review.id == LegalHold.review_id)
        .where(LegalHold.lifted_at.is_(None), LegalHold.review_by <= until)
        .order_by(LegalHold.review_by, LegalHold.id)
    ):
        yield Thing(
            kind=Kind.LEGAL_HOLD,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what="The legal hold on its records, to be looked at again,",
            path=f"/reviews/{row.reference}/records",
            due_on=row.review_by,
        )
