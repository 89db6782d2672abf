"""Requests for information: by the public, by those whom records are about, by police, courts and coroners."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class InformationRequest(Versioned, Identified, Base):
    """A request, about one review, several or none: its dates and codes. Nobody who asked is named here.

    `due_by` is the day that whoever asked has given; what the law gives is counted, not kept.
    """

    __tablename__ = "information_request"
    __table_args__ = (UniqueConstraint("number"), Index("ix_information_request_decided_on", "decided_on"))

    number: Mapped[int] = clear()
    kind: Mapped[str] = code()
    asked_on: Mapped[date] = clear()
    body_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    passed_on: Mapped[date | None] = clear()
    due_by: Mapped[date | None] = clear()
    identity_asked_on: Mapped[date | None] = clear()
    identity_confirmed_on: Mapped[date | None] = clear()
    extended_months: Mapped[int] = clear(default=0)
    extended_because: Mapped[str | None] = code()
    decision: Mapped[str | None] = code()
    decided_on: Mapped[date | None] = clear()
    exemptions: Mapped[list[str]] = clear(JSON)
    means: Mapped[str | None] = code()
    given_on: Mapped[date | None] = clear()


class RequestReview(SealedRow, Base):
    """A review that a request is about, and, under that review’s key, who asked for what and what they were given.

    Nothing of whom a request came from is kept anywhere else: it is destroyed with the names of the review.
    """

    __tablename__ = "request_review"
    __table_args__ = (UniqueConstraint("request_id", "review_id"),)

    request_id: Mapped[UUID] = clear(ForeignKey("information_request.id"))
    drafts: Mapped[list[str]] = clear(JSON)
    asker_ct: Mapped[Envelope | None] = sealed_column()
    wanted_ct: Mapped[Envelope | None] = sealed_column()
    given_ct: Mapped[Envelope | None] = sealed_column()
    given_to_ct: Mapped[Envelope | None] = sealed_column()

    asker = Sealed("request_review.asker", column="asker_ct", data_class=DataClass.IDENTITIES, kind=str, pad=64)
    wanted = Sealed("request_review.wanted", column="wanted_ct", data_class=DataClass.IDENTITIES, kind=str, pad=256)
    given = Sealed("request_review.given", column="given_ct", data_class=DataClass.IDENTITIES, kind=str, pad=256)
    given_to = Sealed(
        "request_review.given_to", column="given_to_ct", data_class=DataClass.IDENTITIES, kind=str, pad=64
    )
