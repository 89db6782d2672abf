"""When somebody looked through the list of who can see a review, and confirmed it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear


class AccessCheck(Identified, Base):
    """The list was confirmed as it stood after this move, by its number; once for each move."""

    __tablename__ = "access_check"
    __table_args__ = (UniqueConstraint("review_id", "move_seq"),)

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"))
    move_seq: Mapped[int] = clear()
    confirmed_at: Mapped[datetime] = clear()
    confirmed_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    confirmed_by_name: Mapped[str] = clear(why="the name of a member of staff")
