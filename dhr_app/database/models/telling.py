"""What is owed after a move, and whom we told, how and when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class DutyOwed(SealedRow, Base):
    """A duty that a move started: whom to tell, by when; settled by the telling that met it."""

    __tablename__ = "duty_owed"
    __table_args__ = (Index("ix_duty_owed_open", "review_id", "settled_by_id"),)

    move_seq: Mapped[int] = clear()
    name: Mapped[str] = code()
    audience: Mapped[str] = code()
    family_member_id: Mapped[UUID | None] = clear(ForeignKey("family_member.id"))
    since: Mapped[date] = clear()
    due_on: Mapped[date] = clear()
    settled_by_id: Mapped[UUID | None] = clear(ForeignKey("telling.id"))


class Telling(SealedRow, Base):
    """“I told …”: one audience or family member, how, on which day – or why not. `used_by` as with statements.

    `about` is the step it was about, by its name, or “in_touch”; `about_seq` the number of the move where that step
    had been taken. Rows from before these columns have None in both: they answer whichever step comes next, as they
    did. `taken_back_at` is when it was said to have been recorded by mistake: it counts for nothing from then on.
    """

    __tablename__ = "telling"

    audience: Mapped[str] = code()
    family_member_id: Mapped[UUID | None] = clear(ForeignKey("family_member.id"))
    channel: Mapped[str | None] = code()
    told_on: Mapped[date] = clear()
    why_not: Mapped[str | None] = code()
    about: Mapped[str | None] = code()
    about_seq: Mapped[int | None] = clear()
    used_by: Mapped[int | None] = clear()
    taken_back_at: Mapped[datetime | None] = clear()
    note_ct: Mapped[Envelope | None] = sealed_column()

    note = Sealed("telling.note", column="note_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256)
