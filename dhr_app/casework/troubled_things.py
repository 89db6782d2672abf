"""What somebody has to look at afterwards: mail that did not arrive, what was opened in an emergency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.outbox import State
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.reminder import Message
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.stages import Stage

LATELY = timedelta(days=30)


def undelivered(session: NamedSession, today: date) -> Iterator[Thing]:
    """The mail of the last thirty days that nobody tries to send any more, as one thing since the newest of it.

    It is told by mail all the same: another coordinator may get it.
    """
    given_up = (State.DEAD.value, State.HELD.value)
    rows = session.execute(
        select(Message.id, Message.on_day)
        .where(Message.state.in_(given_up), Message.on_day.between(today - LATELY, today))
        .order_by(Message.on_day.desc(), Message.id)
    ).all()
    if rows:
        count = len(rows)
        yield Thing(
            kind=Kind.MAIL,
            subject_id=rows[0].id,
            review_id=None,
            reference="",
            stage=None,
            what="1 message was not delivered" if count == 1 else f"{count} messages were not delivered",
            path="/messages",
            due_on=rows[0].on_day,
        )


def not_looked_at(session: NamedSession, today: date) -> Iterator[Thing]:
    """Each emergency access that is over and that nobody has looked at; whoever had it is not asked to."""
    over_at = func.coalesce(EmergencyAccess.ended_at, EmergencyAccess.until_at)
    rows = session.execute(
        select(
            EmergencyAccess.id, EmergencyAccess.review_id, EmergencyAccess.asked_by_id, EmergencyAccess.ended_at,
            EmergencyAccess.until_at, Review.reference, Review.stage,
        )
        .join(Review, Review.id == EmergencyAccess.review_id)
        .where(EmergencyAccess.until_at.is_not(None), EmergencyAccess.looked_at.is_(None))
        .order_by(over_at, EmergencyAccess.id)
    )  # fmt: skip
    for row in rows:
        over_on = london_date(row.ended_at or row.until_at)
        if over_on < today or (over_on == today and row.ended_at is not None):  # what runs this morning is not over
            yield Thing(
                kind=Kind.EMERGENCY,
                subject_id=row.id,
                review_id=row.review_id,
                reference=row.reference,
                stage=Stage(row.stage),
                what="Emergency access",
                path=f"/reviews/{row.reference}/emergency",
                due_on=over_on,
                known_to=frozenset({row.asked_by_id}),
            )
