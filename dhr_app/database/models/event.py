"""Something that happened: what reports count and timelines tell, made of codes, dates and numbers only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class Event(Identified, Base):
    """One event. Never changed or removed; its content stands in the audit trail too, and the two are compared.

    No foreign keys: an event outlives what it speaks of. `ordinal` counts the events of one transaction.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_review_id_recorded_at", "review_id", "recorded_at"),
        Index("ix_event_recorded_at_ordinal_id", "recorded_at", "ordinal", "id"),
        Index("ix_event_recorded_by_id_recorded_at", "recorded_by_id", "recorded_at"),
    )

    review_id: Mapped[UUID | None] = clear()
    kind: Mapped[str] = code(index=True)
    happened_on: Mapped[date] = clear()
    recorded_at: Mapped[datetime] = clear()
    ordinal: Mapped[int] = clear()
    recorded_by_id: Mapped[UUID | None] = clear()
    recorded_by_name: Mapped[str] = clear(why="a member of staff's name as it was, or the clockwork's purpose")
    agency_id: Mapped[UUID | None] = clear()
    subject_type: Mapped[str | None] = code()
    subject_id: Mapped[UUID | None] = clear(index=True)
    details: Mapped[dict[str, Any]] = clear(JSON)
