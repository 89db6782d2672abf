"""Under which agreement an organisation's people are let in, and who of an agency its work falls to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class Agreement(Identified, Base):
    """An agreement with an agency, or with a contractor by its name; in force from its day until `ends_on`, included.

    The review is not called `review_id`: an agreement stands in the system's audit trail, whatever it is about.
    """

    __tablename__ = "agreement"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= signed_on", name="ends_after_it_begins"),)

    kind: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"), index=True)
    organisation: Mapped[str | None] = clear(why="the name of a contractor, or of a chair who works alone")
    of_review_id: Mapped[UUID | None] = clear(ForeignKey("review.id"))
    signed_on: Mapped[date] = clear()
    ends_on: Mapped[date | None] = clear()
    added_at: Mapped[datetime] = clear()


class AgencyContact(Identified, Base):
    """The single point of contact of an agency: one account, to whom open work falls when a colleague's ends."""

    __tablename__ = "agency_contact"

    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"), unique=True)
    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    since_on: Mapped[date] = clear()
