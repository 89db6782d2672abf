"""How a report is published: when, where, who was told before, and when it was taken down again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Publication(Versioned, SealedRow, Base):
    """One publication as it is planned, approved and done; a later one has the next number.

    `agencies_from` is the first day on which agencies and press may be told: five working days after the family was.
    `avoids_family_dates` is None until the planned day was held against the days the family asked to avoid.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    number: Mapped[int] = clear()
    mode: Mapped[str] = code()
    planned_on: Mapped[date] = clear()
    address: Mapped[str | None] = clear(typed="text", why="the public web address of a published report")
    agencies_told_on: Mapped[date | None] = clear()
    press_told_on: Mapped[date | None] = clear()
    agencies_from: Mapped[date | None] = clear()
    avoids_family_dates: Mapped[bool | None] = clear()
    approved_on: Mapped[date | None] = clear()
    approved_by: Mapped[str | None] = clear(typed="staff", why="the name and post of a member of staff")
    published_on: Mapped[date | None] = clear()
    taken_down_on: Mapped[date | None] = clear()
    used_by: Mapped[int | None] = clear()
    evidence_ct: Mapped[Envelope | None] = sealed_column()

    evidence = Sealed(
        "publication.evidence", column="evidence_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256
    )
