"""Where a review stood, each time that changed: what lets a report of a past day be the same for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code

OR_NOTHING = JSON(none_as_null=True)


class Standing(Identified, Base):
    """A review from `recorded_at` until `replaced_at` (None: it stands so now): its name, stage, next date, holder.

    Nothing of a row is ever changed but that `replaced_at` is set once, when the next one comes. Of the next date,
    `owed_by` and `owed_agencies` say who owes it; `met_late` what casework/turns.py tells. Rows from before these
    columns have None there.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index(
            "uq_standing_now", "review_id", unique=True,
            sqlite_where=text("replaced_at IS NULL"), postgresql_where=text("replaced_at IS NULL"),
        ),
        Index("ix_standing_review_id_recorded_at", "review_id", "recorded_at"),
        Index("ix_standing_replaced_at", "replaced_at", "waits_for", "owed_by"),
    )  # fmt: skip

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"))
    recorded_at: Mapped[datetime] = clear()
    replaced_at: Mapped[datetime | None] = clear()
    public_name: Mapped[str | None] = clear(why="a pseudonym, made to be published")
    public_year: Mapped[int | None] = clear()
    stage: Mapped[str] = code()
    since: Mapped[date] = clear()
    next_on: Mapped[date | None] = clear()
    next_what: Mapped[str | None] = code()
    waits_for: Mapped[str | None] = code()
    on_hold: Mapped[bool] = clear(default=False)
    owed_by: Mapped[str | None] = code()
    owed_agencies: Mapped[list[str] | None] = clear(OR_NOTHING)
    met_late: Mapped[list[dict[str, Any]] | None] = clear(OR_NOTHING)
