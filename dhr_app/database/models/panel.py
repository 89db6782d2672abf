"""Who sits on the review panel, for which agency, with what they know."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code


class PanelSeat(Versioned, SealedRow, Base):
    """An agency’s seat on the review panel; `brings` says whether it is there for what it knows of domestic abuse."""

    __tablename__ = "panel_seat"

    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    representative: Mapped[str] = clear(typed="staff", why="the name and post of a member of staff")
    brings: Mapped[str] = code()
    not_involved: Mapped[str] = code()
    from_on: Mapped[date] = clear()
    to_on: Mapped[date | None] = clear()
