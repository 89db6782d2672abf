"""What is kept apart on a review, and who was given the extra grant that opens it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class SensitiveGrant(Identified, Base):
    """That an account may open what is kept apart on one review, from a day until a day; `ended_at` ends it at once.

    `because` is one of kept_apart.GRANTED_BECAUSE, `ended_because` one of kept_apart.GRANT_ENDED_BECAUSE.
    """

    __tablename__ = "sensitive_grant"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
        Index("ix_sensitive_grant_account_id_review_id", "account_id", "review_id"),
    )

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)
    account_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    from_on: Mapped[date] = clear()
    to_on: Mapped[date] = clear()
    because: Mapped[str] = code()
    given_at: Mapped[datetime] = clear()
    given_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    given_by_name: Mapped[str] = clear(why="the name of a member of staff")
    ended_at: Mapped[datetime | None] = clear()
    ended_because: Mapped[str | None] = code()


class SensitiveNote(Versioned, SealedRow, Base):
    """Something of a child, of somebody's health or of police intelligence: `kind` is one of kept_apart.NOTE_KINDS.

    It is about one person of the review, a family member, or nobody in particular. Whoever adds it cannot open it by
    that. With `struck_out_on` it stands on no page; the row stays until its class is destroyed.
    """

    __tablename__ = "sensitive_note"

    kind: Mapped[str] = code()
    person_id: Mapped[UUID | None] = clear(ForeignKey("involved_person.id"), index=True)
    family_member_id: Mapped[UUID | None] = clear(ForeignKey("family_member.id"), index=True)
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    added_at: Mapped[datetime] = clear()
    added_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    added_by_name: Mapped[str] = clear(why="the name of a member of staff")
    corrected_at: Mapped[datetime | None] = clear()
    struck_out_on: Mapped[date | None] = clear()
    struck_out_because: Mapped[str | None] = code()
    words_ct: Mapped[Envelope | None] = sealed_column(deferred=True)

    words = Sealed(
        "sensitive_note.words",
        column="words_ct",
        data_class=DataClass.SENSITIVE,
        kind=str,
        pad=256,
        handed_in=True,
    )
