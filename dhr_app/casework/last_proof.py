"""What the newest proof of the audit trail said: for pages and for whoever watches, who cannot prove it each time."""

from __future__ import annotations

from sqlalchemy import select

from dhr_app.casework.house import house
from dhr_app.database.models.event import Event
from dhr_app.workflows.events import Happened

PROOFS = (Happened.TRAIL_PROVED.value, Happened.TRAIL_BROKEN.value)


def trail_holds() -> bool:
    """Whether the newest proof found that the trail holds; a trail that was never proved counts as one that does.

    Of two proofs of one moment the broken one counts. One question, which opens nothing. Raises DatabaseUnavailable.
    """
    newest = (
        select(Event.kind)
        .where(Event.kind.in_(PROOFS))
        .order_by(Event.recorded_at.desc(), Event.kind)  # of one moment, “broken” comes before “proved”
    )
    with house().reading() as session:
        return session.scalar(newest.limit(1)) != Happened.TRAIL_BROKEN.value
