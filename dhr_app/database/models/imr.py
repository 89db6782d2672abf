"""What agencies were asked to write for the review, and what each sent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Imr(Versioned, SealedRow, Base):
    """One agency’s IMR, or the summary report it writes instead; what it says is sealed and belongs to the agency.

    `outcome` is open, received, not_required, nil or no_reply; no_reply only after an escalation.
    """

    __tablename__ = "imr"
    __table_args__ = (UniqueConstraint("review_id", "agency_id"),)

    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    kind: Mapped[str] = code()
    requested_on: Mapped[date] = clear()
    chronology_requested: Mapped[bool] = clear(default=False)
    chronology_received_on: Mapped[date | None] = clear()
    outcome: Mapped[str] = code(default="open")
    answered_on: Mapped[date | None] = clear()
    not_required_because: Mapped[str | None] = code()
    escalated_on: Mapped[date | None] = clear()
    author: Mapped[str | None] = clear(typed="staff", why="the name and post of a member of staff")
    author_independent: Mapped[str] = code()
    author_trained: Mapped[str] = code()
    signed_off_by: Mapped[str | None] = clear(typed="staff", why="the name and post of a member of staff")
    signed_off_on: Mapped[date | None] = clear()
    entered_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    on_behalf: Mapped[bool] = clear(default=False)
    came_from_ct: Mapped[Envelope | None] = sealed_column()
    findings_ct: Mapped[Envelope | None] = sealed_column(deferred=True)

    came_from = Sealed(
        "imr.came_from", column="came_from_ct", data_class=DataClass.WORKING_PAPERS, kind=str, agency="agency_id"
    )
    findings = Sealed(
        "imr.findings",
        column="findings_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        agency="agency_id",
        pad=1024,
    )
