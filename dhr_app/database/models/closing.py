"""What a review leaves behind when it closes: how long its records are kept, and what the audit found."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code


class Closing(Versioned, SealedRow, Base):
    """Until when the records are kept, under whose policy; and the audit of the action plan once it was done.

    Either may be recorded before the other.
    """

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("review_id"),)

    keep_until: Mapped[date | None] = clear()
    policy: Mapped[str | None] = clear(typed="text", why="the name of a retention policy")
    audited_on: Mapped[date | None] = clear()
    audit_found: Mapped[str | None] = code()
