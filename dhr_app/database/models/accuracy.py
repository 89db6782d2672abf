"""Factual accuracy checks: each agency reads what the draft says of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class AccuracyCheck(Versioned, SealedRow, Base):
    """One agency’s check of its own passages. Silence is `lapsed`, never consent; corrections are settled by the chair.

    `voided_on`: a later version of the report changed the agency’s passages, so it is asked again.
    """

    __tablename__ = "accuracy_check"
    __table_args__ = (Index("ix_accuracy_check_open", "review_id", "outcome"),)

    paper_id: Mapped[UUID] = clear(ForeignKey("paper.id"))
    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    sent_on: Mapped[date] = clear()
    outcome: Mapped[str] = code(default="open")
    answered_on: Mapped[date | None] = clear()
    settled_on: Mapped[date | None] = clear()
    voided_on: Mapped[date | None] = clear()
    entered_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    on_behalf: Mapped[bool] = clear(default=False)
    came_from_ct: Mapped[Envelope | None] = sealed_column()
    corrections_ct: Mapped[Envelope | None] = sealed_column()
    settlement_ct: Mapped[Envelope | None] = sealed_column()

    came_from = Sealed(
        "accuracy_check.came_from",
        column="came_from_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        agency="agency_id",
    )
    corrections = Sealed(
        "accuracy_check.corrections",
        column="corrections_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        agency="agency_id",
        pad=1024,
    )
    settlement = Sealed(
        "accuracy_check.settlement",
        column="settlement_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        agency="agency_id",
        pad=1024,
    )
