"""Incidents: breaches of personal data, and what was done about each."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Incident(Versioned, Identified, Base):
    """A breach of personal data in codes and moments: what an outside auditor is told of it.

    `aware_at` is when the partnership became aware; 72 hours from it the Information Commissioner is to be told, unless
    it is decided that there is nothing to tell.
    """

    __tablename__ = "incident"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[int] = clear()
    kind: Mapped[str] = code()
    aware_at: Mapped[datetime] = clear()
    people: Mapped[int | None] = clear()
    entered_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    ico: Mapped[str | None] = code()
    ico_because: Mapped[str | None] = code()
    notified_at: Mapped[datetime | None] = clear()
    late_because: Mapped[str | None] = code()
    ico_reference: Mapped[str | None] = clear(why="what the ICO calls it: letters and digits, held to that form")
    told: Mapped[str | None] = code()
    told_on: Mapped[date | None] = clear()
    contained_at: Mapped[datetime | None] = clear()
    lessons: Mapped[list[str]] = clear(JSON)


class IncidentReview(SealedRow, Base):
    """A review whose records an incident touched: under its key what happened to them, and what was learnt."""

    __tablename__ = "incident_review"
    __table_args__ = (UniqueConstraint("incident_id", "review_id"),)

    incident_id: Mapped[UUID] = clear(ForeignKey("incident.id"))
    what_happened_ct: Mapped[Envelope | None] = sealed_column()
    learnt_ct: Mapped[Envelope | None] = sealed_column()

    what_happened = Sealed(
        "incident_review.what_happened",
        column="what_happened_ct",
        data_class=DataClass.IDENTITIES,
        kind=str,
        pad=256,
    )
    learnt = Sealed("incident_review.learnt", column="learnt_ct", data_class=DataClass.IDENTITIES, kind=str, pad=256)
