"""What agencies were asked at scoping, and what each answered."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class ScopingRequest(Versioned, SealedRow, Base):
    """One agency asked what it knows; its return is sealed and belongs to that agency.

    `outcome` is open, in, nil or no_reply; no_reply only after an escalation.
    """

    __tablename__ = "scoping_request"
    __table_args__ = (UniqueConstraint("review_id", "agency_id"),)

    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    asked_on: Mapped[date] = clear()
    outcome: Mapped[str] = code(default="open")
    answered_on: Mapped[date | None] = clear()
    escalated_on: Mapped[date | None] = clear()
    records_secured: Mapped[str] = code()
    entered_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    on_behalf: Mapped[bool] = clear(default=False)
    came_from_ct: Mapped[Envelope | None] = sealed_column()
    what_is_known_ct: Mapped[Envelope | None] = sealed_column(deferred=True)

    came_from = Sealed(
        "scoping_request.came_from",
        column="came_from_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        agency="agency_id",
    )
    what_is_known = Sealed(
        "scoping_request.what_is_known",
        column="what_is_known_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        agency="agency_id",
        pad=1024,
    )
