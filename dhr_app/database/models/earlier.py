"""The steps a review took before it was brought into this system."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code


class EarlierStep(Versioned, SealedRow, Base):
    """Whether a stage was reached before this system; `reached` is a year, a month or a day, None where not known."""

    __tablename__ = "earlier_step"
    __table_args__ = (UniqueConstraint("review_id", "stage"),)

    stage: Mapped[str] = code()
    was_reached: Mapped[bool] = clear()
    reached: Mapped[str | None] = code()
