"""Who may come in, where they are signed in, and which reviews they sit on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class Account(Identified, Base):
    """A member of staff, a chair or an author: their name and work e-mail are not sealed."""

    __tablename__ = "account"

    name: Mapped[str] = clear(why="the name of a member of staff")
    email: Mapped[str] = clear(unique=True, why="a work address")
    role: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    password_hash: Mapped[str] = clear(why="an argon2id hash; the trail tells it by a hash of its own")
    blocked_on: Mapped[date | None] = clear()


class SignIn(Identified, Base):
    """One sign-in of one browser. The cookie holds a random token; only its SHA-256 is kept here."""

    __tablename__ = "sign_in"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    token_sha256: Mapped[bytes] = clear(LargeBinary(32), unique=True)
    began_at: Mapped[datetime] = clear()
    last_seen_at: Mapped[datetime] = clear(unaudited="reading a page is no change of the record")
    ended_at: Mapped[datetime | None] = clear()


class SignInAttempt(Identified, Base):
    """A try at a password: what throttling counts. The address typed is kept as a SHA-256 only."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_who_when", "email_sha256", "at"),
        Index("ix_sign_in_attempt_net", "network", "at"),
    )

    email_sha256: Mapped[bytes] = clear(LargeBinary(32))
    network: Mapped[str] = code()
    at: Mapped[datetime] = clear()
    succeeded: Mapped[bool] = clear()


class Membership(Identified, Base):
    """A person's seat on a review, in a role, for an agency, from a day until a day; `ended_at` ends it at once."""

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),)

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)
    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    role: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    from_on: Mapped[date] = clear()
    to_on: Mapped[date | None] = clear()
    ended_at: Mapped[datetime | None] = clear()


class Conflict(Identified, Base):
    """A conflict of interest: this account may not reach this review, whatever else it is granted."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("review_id", "account_id"),)

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)
    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
