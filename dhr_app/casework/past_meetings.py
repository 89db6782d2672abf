"""Planned meetings whose day has passed, and of which nobody has said whether they were held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import or_, select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.database.models.planned_meeting import PlannedMeeting
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.planned_meetings import named
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.stages import OPEN, Stage

PARTNERSHIP = "Partnership"


def unsettled_meetings(session: NamedSession, today: date) -> Iterator[Thing]:
    """Each of them, on reviews that are open and of the partnership’s own, in one query."""
    today_begins = datetime(today.year, today.month, today.day, tzinfo=LONDON)
    for row, reference, stage in session.execute(
        select(PlannedMeeting, Review.reference, Review.stage)
        .outerjoin(Review, Review.id == PlannedMeeting.review_id)
        .where(
            PlannedMeeting.starts_at < today_begins,
            PlannedMeeting.held_at.is_(None),
            PlannedMeeting.cancelled_at.is_(None),
            or_(PlannedMeeting.review_id.is_(None), Review.stage.in_(sorted(OPEN))),
        )
        .order_by(PlannedMeeting.starts_at, PlannedMeeting.id)
    ):
        yield Thing(
            kind=Kind.MEETING,
            subject_id=row.id,
            review_id=row.review_id,
            reference=reference or PARTNERSHIP,
            stage=Stage(stage) if stage else None,
            what=named(row.kind, of_a_review=row.review_id is not None),
            path=f"/meetings/{row.id}",
            due_on=london_date(row.starts_at),
        )
