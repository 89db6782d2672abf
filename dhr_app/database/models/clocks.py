"""The clocks of a review: its deadlines, the pauses that stop some of them, and the extensions agreed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Deadline(SealedRow, Base):
    """One running or met deadline. `first_due_on` is never overwritten; `anchor_on` is None where day 0 is sealed.

    `ended_on` is the day the review left its way with the deadline unmet.
    """

    __tablename__ = "deadline"
    __table_args__ = (Index("ix_deadline_open", "review_id", "met_on"),)

    rule: Mapped[str] = code()
    subject_id: Mapped[UUID | None] = clear()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    anchor_on: Mapped[date | None] = clear()
    first_due_on: Mapped[date] = clear()
    met_on: Mapped[date | None] = clear()
    ended_on: Mapped[date | None] = clear()


class PauseRow(SealedRow, Base):
    """A time on hold: from a day, until a day, with the rules whose clocks it stops and a day to look at it again."""

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("resumed_on IS NULL OR resumed_on >= paused_on", name="ends_after_it_begins"),
        CheckConstraint("review_by >= paused_on", name="looked_at_after_it_begins"),
    )

    paused_on: Mapped[date] = clear()
    resumed_on: Mapped[date | None] = clear()
    review_by: Mapped[date] = clear()
    reason_code: Mapped[str] = code()
    asked_of: Mapped[str] = code()
    clocks: Mapped[list[str]] = clear(JSON)
    goes_on_ct: Mapped[Envelope | None] = sealed_column()

    goes_on = Sealed("pause.goes_on", column="goes_on_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256)


class ExtensionRow(SealedRow, Base):
    """A later date agreed for one deadline: on which day it was agreed, and the new date."""

    __tablename__ = "extension"
    __table_args__ = (CheckConstraint("to_on > agreed_on", name="to_a_later_day"),)

    deadline_id: Mapped[UUID] = clear(ForeignKey("deadline.id"), index=True)
    agreed_on: Mapped[date] = clear()
    to_on: Mapped[date] = clear()
    reason_code: Mapped[str] = code()
