"""The terms of reference of a review, version by version."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Terms(Versioned, SealedRow, Base):
    """One version of the terms of reference. The period is sealed: it commonly ends on the day of the death."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    number: Mapped[int] = clear()
    drafted_on: Mapped[date] = clear()
    agreed_on: Mapped[date | None] = clear()
    meeting_id: Mapped[UUID | None] = clear(ForeignKey("meeting.id"))
    period_from_ct: Mapped[Envelope | None] = sealed_column()
    period_to_ct: Mapped[Envelope | None] = sealed_column()
    lines_of_enquiry_ct: Mapped[Envelope | None] = sealed_column(deferred=True)

    period_from = Sealed("terms.period_from", column="period_from_ct", data_class=DataClass.PANEL_PAPERS, kind=str)
    period_to = Sealed("terms.period_to", column="period_to_ct", data_class=DataClass.PANEL_PAPERS, kind=str)
    lines_of_enquiry = Sealed(
        "terms.lines_of_enquiry", column="lines_of_enquiry_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=1024
    )
