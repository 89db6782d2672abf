"""What somebody proves beside their password: an authenticator, recovery codes; and sign-ins that are half done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Authenticator(Versioned, Identified, Base):
    """An authenticator app of somebody's; it counts from `confirmed_at` until `ended_at`.

    `last_step` is the newest half minute whose code was taken (RFC 6238), 0 before the first: no older one is taken.
    """

    __tablename__ = "authenticator"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    begun_at: Mapped[datetime] = clear()
    confirmed_at: Mapped[datetime | None] = clear()
    ended_at: Mapped[datetime | None] = clear()
    last_step: Mapped[int] = clear()
    secret_ct: Mapped[Envelope] = sealed_column()

    secret = Sealed("authenticator.secret", column="secret_ct", data_class=DataClass.SYSTEM, kind=str)


class RecoveryCode(Identified, Base):
    """A code for whoever has lost their authenticator: 112 random bits, kept as a SHA-256, good once."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    code_sha256: Mapped[bytes] = clear(LargeBinary(32))
    made_at: Mapped[datetime] = clear()
    used_at: Mapped[datetime | None] = clear()
    ended_at: Mapped[datetime | None] = clear()


class HalfSignIn(Identified, Base):
    """Whoever typed the right password, or came through a tenant, and typed no code yet.

    Its token is no sign-in's: it opens nothing.
    """

    __tablename__ = "half_sign_in"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    token_sha256: Mapped[bytes] = clear(LargeBinary(32), unique=True)
    began_at: Mapped[datetime] = clear()
    ended_at: Mapped[datetime | None] = clear()
    network: Mapped[str] = code()
    browser: Mapped[str] = code()
    tenant_id: Mapped[UUID | None] = clear(ForeignKey("tenant.id"), index=True)
