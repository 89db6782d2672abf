"""Who is shown details of many reviews within an hour does what nobody's work asks for, or has somebody's sign-in.

It is not stopped, since an audit or a handing-over may need it: it is written down at once, where others see it. A file
that was sent counts as a page that was shown does. What a search looks through is an event of its own with its count,
and is not counted here again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.database.audit import record
from dhr_app.database.context import Actor
from dhr_app.database.models.event import Event
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import SHOWN, Happened

MANY = 10  # reviews; people at their ordinary work open one to three
WITHIN = timedelta(hours=1)
MANY_OPENED = Happened.MANY_REVIEWS_OPENED.value
COUNTED = sorted(SHOWN)


def watch(session: NamedSession, *, by: Actor, at: datetime) -> None:
    """Say so when a person was shown more than ten reviews within the hour: in the opening's verb, once an hour."""
    if by.id is None:
        return
    lately = [Event.recorded_by_id == by.id, Event.recorded_at > at - WITHIN]
    opened = select(func.count(Event.review_id.distinct())).where(*lately, Event.kind.in_(COUNTED))
    count = session.scalar(opened) or 0
    if count <= MANY or session.scalar(select(Event.id).where(*lately, Event.kind == MANY_OPENED).limit(1)):
        return
    record(session, MANY_OPENED, happened_on=london_date(at), details={"reviews": count})
