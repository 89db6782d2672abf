"""When the clockwork last showed that it works."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class ClockworkBeat(Identified, Base):
    """One row, written anew every minute by whichever clockwork works."""

    __tablename__ = "clockwork_beat"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = code()
    beat_at: Mapped[datetime] = clear(unaudited="that a minute has passed is no change of the record")
