"""Who asked an agency for something: whom its people ring when they do not know what is meant."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.scene import Look
from dhr_app.database.models.event import Event
from dhr_app.workflows.events import Happened

ASKING = (Happened.AGENCY_ASKED, Happened.IMR_REQUESTED, Happened.ACCURACY_SENT)


def asked_by(look: Look, subject_id: UUID) -> str:
    """The name of the member of staff who recorded that the agency was asked, empty where nobody knows."""
    asking = select(Event.recorded_by_name).where(Event.subject_id == subject_id, Event.kind.in_(ASKING))
    return look.session.scalar(asking.order_by(Event.recorded_at.desc()).limit(1)) or ""
