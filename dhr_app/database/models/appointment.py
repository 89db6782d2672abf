"""Who is appointed to a review from outside: its independent chair, its report author."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Appointment(Versioned, SealedRow, Base):
    """One person as independent chair or report author of a review, from a day until the day they leave.

    `used_by` is the number of the move “replace the chair” that rested on their leaving.
    """

    __tablename__ = "appointment"

    role: Mapped[str] = code()
    holder: Mapped[str] = clear(typed="staff", why="the name of a professional appointed to the review")
    organisation: Mapped[str] = clear(typed="staff", why="the name of an organisation")
    account_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    appointed_on: Mapped[date] = clear()
    independence_declared_on: Mapped[date | None] = clear()
    trained_on: Mapped[date | None] = clear()
    ended_on: Mapped[date | None] = clear()
    ended_because: Mapped[str | None] = code()
    papers_returned_on: Mapped[date | None] = clear()
    interim_holder: Mapped[str | None] = clear(typed="staff", why="the name and post of a member of staff")
    used_by: Mapped[int | None] = clear()
    declaration_ct: Mapped[Envelope | None] = sealed_column()

    declaration = Sealed(
        "appointment.declaration", column="declaration_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256
    )
