"""Passkeys: what is kept of each, and the challenges that wait for an answer. None of it is a secret."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, Versioned, clear


class Passkey(Versioned, Identified, Base):
    """A passkey of somebody's; it lets them in until `ended_at`. Whoever holds it keeps its secret: here is the rest.

    `sign_count` is the newest count it sent with an answer; one that is kept on several devices always sends 0.
    """

    __tablename__ = "passkey"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = clear(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = clear(LargeBinary)
    sign_count: Mapped[int] = clear()
    name: Mapped[str] = clear(why="what somebody calls their own telephone or key")
    made_at: Mapped[datetime] = clear()
    last_used_at: Mapped[datetime | None] = clear()
    ended_at: Mapped[datetime | None] = clear()


class PasskeyChallenge(Identified, Base):
    """What a passkey is to sign, once. The browser that asked for it is known by a token of its own.

    `account_id` is who adds a passkey, or shows in the sign-in `sign_in_id` that it is they; none where somebody signs
    in, of whom nothing is known before the answer.
    """

    __tablename__ = "passkey_challenge"

    account_id: Mapped[UUID | None] = clear(ForeignKey("account.id"), index=True)
    sign_in_id: Mapped[UUID | None] = clear(ForeignKey("sign_in.id"))
    attempt_id: Mapped[UUID | None] = clear(ForeignKey("sign_in_attempt.id"))
    token_sha256: Mapped[bytes] = clear(LargeBinary(32), unique=True)
    challenge: Mapped[bytes] = clear(LargeBinary(32))
    began_at: Mapped[datetime] = clear()
    ended_at: Mapped[datetime | None] = clear()
