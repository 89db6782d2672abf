"""Bank holidays that were proclaimed after the list of them was made."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear


class ExtraHoliday(Identified, Base):
    """One day added to the list, with where it was proclaimed; taken back it counts no more. It is about no review.

    `moved` is how many open dates it moved when it was added.
    """

    __tablename__ = "extra_holiday"
    __table_args__ = (
        Index("ix_extra_holiday_in_force", "day", unique=True,
              sqlite_where=text("taken_back_at IS NULL"), postgresql_where=text("taken_back_at IS NULL")),
    )  # fmt: skip

    day: Mapped[date] = clear()
    name: Mapped[str] = clear(why="the name of a public holiday")
    source: Mapped[str] = clear(why="where a public holiday was proclaimed")
    added_at: Mapped[datetime] = clear()
    added_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    added_by_name: Mapped[str] = clear(why="who of the staff did it")
    moved: Mapped[int] = clear(default=0)
    taken_back_at: Mapped[datetime | None] = clear()
    taken_back_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    taken_back_by_name: Mapped[str | None] = clear(why="who of the staff did it")
