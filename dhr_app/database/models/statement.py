"""A dated statement of a named person that a condition is done, does not apply, or could not be done."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Statement(SealedRow, Base):
    """One answer to one condition. A newer one takes its place; none is ever changed.

    `stated_by` is a member of staff, in clear. `counts` turns true when nobody's agreement is awaited any more.
    `about` is the stage it agrees to, where two people agree to one.
    `used_by` is the number of the move that used it up. `voided_on` is the day on which a new version of a paper took
    away what it was about, `voided_because` the kind of paper.
    """

    __tablename__ = "statement"
    __table_args__ = (Index("ix_statement_review_condition", "review_id", "condition"),)

    condition: Mapped[str] = code()
    answer: Mapped[str] = code()
    stated_by: Mapped[str] = clear(typed="staff", why="the name and post of a member of staff")
    stated_on: Mapped[date] = clear()
    reason_code: Mapped[str | None] = code()
    about: Mapped[str | None] = code()
    organisations: Mapped[list[str]] = clear(JSON)
    file_hashes: Mapped[list[str]] = clear(JSON)
    recorded_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = clear()
    second_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    seconded_at: Mapped[datetime | None] = clear()
    counts: Mapped[bool] = clear()
    withdrawn_at: Mapped[datetime | None] = clear()
    used_by: Mapped[int | None] = clear()
    voided_on: Mapped[date | None] = clear()
    voided_because: Mapped[str | None] = code()
    evidence_ct: Mapped[Envelope | None] = sealed_column()

    evidence = Sealed(
        "statement.evidence", column="evidence_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256
    )
