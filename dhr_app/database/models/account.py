"""Who may come in, where they are signed in, and which reviews they sit on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, SealedRow, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


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
    """One sign-in of one browser. The cookie holds a random token; only its SHA-256 is kept here.

    `proved_at` is when they last showed who they are, at the sign-in or since. `network` is the neighbourhood it came
    from, never the address; `browser` what the browser said it is, in our words. `tenant_id` is through
    whose own sign-in it came, if any.
    """

    __tablename__ = "sign_in"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    token_sha256: Mapped[bytes] = clear(LargeBinary(32), unique=True)
    began_at: Mapped[datetime] = clear()
    last_seen_at: Mapped[datetime] = clear(unaudited="reading a page is no change of the record")
    proved_at: Mapped[datetime | None] = clear()
    network: Mapped[str | None] = code()
    browser: Mapped[str | None] = code()
    ended_at: Mapped[datetime | None] = clear()
    ended_because: Mapped[str | None] = code()
    tenant_id: Mapped[UUID | None] = clear(ForeignKey("tenant.id"), index=True)


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
    """A person's seat on a review, in a role, for an agency, from a day until a day; `ended_at` ends it at once.

    `lapses_on` is the last day of one on a review whose report is published, as long as nobody keeps it for longer.
    """

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),)

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)
    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    role: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    from_on: Mapped[date] = clear()
    to_on: Mapped[date | None] = clear()
    lapses_on: Mapped[date | None] = clear()
    ended_at: Mapped[datetime | None] = clear()


class Conflict(SealedRow, Base):
    """A conflict of interest: this account may not reach this review, whatever else it is granted.

    Without an account it is a work e-mail address, known by its SHA-256, and bars whoever is given an account with it.
    `why` is one of record_wording.BARRED_BECAUSE. Taking it off is asked for with a reason (`lift_…`) by one person and
    done by another: then the row goes, and the audit trail keeps what it was.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("review_id", "account_id"),
        UniqueConstraint("review_id", "email_sha256"),
    )

    account_id: Mapped[UUID | None] = clear(ForeignKey("account.id"), index=True)
    email_sha256: Mapped[bytes | None] = clear(LargeBinary(32), index=True)
    why: Mapped[str] = code(default="placed")
    entered_at: Mapped[datetime | None] = clear()
    entered_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    entered_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
    lift_reason: Mapped[str | None] = code()
    lift_asked_at: Mapped[datetime | None] = clear()
    lift_asked_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    lift_asked_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
    address_ct: Mapped[Envelope | None] = sealed_column()

    address = Sealed("conflict.address", column="address_ct", data_class=DataClass.WORKING_PAPERS, kind=str)
