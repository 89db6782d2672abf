"""Legal holds: while one is in force nothing of a review, or of any review, is destroyed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, Versioned, clear, code


class LegalHold(Versioned, Identified, Base):
    """A hold on one review, or, with no `review_id`, on every review there is: a freeze, as an inquiry can demand.

    `review_by` is when it is to be looked at again; it never ends by itself. A coordinator who asks that it be lifted
    (`lift_asked_…`) needs somebody else to do it.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (Index("ix_legal_hold_review_id_lifted_at", "review_id", "lifted_at"),)

    review_id: Mapped[UUID | None] = clear(ForeignKey("review.id"))
    reason: Mapped[str] = code()
    words: Mapped[str] = clear(typed="text", why="which proceedings forbid that records are destroyed")
    review_by: Mapped[date] = clear()
    placed_at: Mapped[datetime] = clear()
    placed_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    placed_by_name: Mapped[str] = clear(why="the name of a member of staff")
    lift_asked_at: Mapped[datetime | None] = clear()
    lift_asked_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    lift_asked_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
    lifted_at: Mapped[datetime | None] = clear()
    lifted_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    lifted_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
