"""The letters of the Home Office about a submitted report, and each point they raise."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class HomeOfficeLetter(Versioned, SealedRow, Base):
    """One letter with its verdict; `round` counts the submissions. `used_by` is the move that it supported."""

    __tablename__ = "home_office_letter"

    round: Mapped[int] = clear()
    dated_on: Mapped[date] = clear()
    received_on: Mapped[date] = clear()
    panel_met_on: Mapped[date | None] = clear()
    verdict: Mapped[str] = code()
    used_by: Mapped[int | None] = clear()
    kept_ct: Mapped[Envelope | None] = sealed_column()
    summary_ct: Mapped[Envelope | None] = sealed_column()

    kept = Sealed("home_office_letter.kept", column="kept_ct", data_class=DataClass.PANEL_PAPERS, kind=str)
    summary = Sealed(
        "home_office_letter.summary", column="summary_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=1024
    )


class LetterPoint(Versioned, SealedRow, Base):
    """One point of a letter: changed in the report, or not changed and why."""

    __tablename__ = "letter_point"
    __table_args__ = (UniqueConstraint("letter_id", "number"),)

    letter_id: Mapped[UUID] = clear(ForeignKey("home_office_letter.id"), index=True)
    number: Mapped[int] = clear()
    outcome: Mapped[str] = code(default="open")
    answered_on: Mapped[date | None] = clear()
    touches_family: Mapped[bool] = clear(default=False)
    point_ct: Mapped[Envelope | None] = sealed_column()
    answer_ct: Mapped[Envelope | None] = sealed_column()

    point = Sealed("letter_point.point", column="point_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=1024)
    answer = Sealed("letter_point.answer", column="answer_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=1024)
