"""What a passkey is asked to sign: kept here, good once and for five minutes, for the browser that asked for it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from dhr_app.casework.sign_ins import token_hash
from dhr_app.database.models.passkey import PasskeyChallenge
from dhr_app.database.named_session import NamedSession

LASTS = timedelta(minutes=5)
MILLISECONDS = 1000
BYTES = 32


@dataclass(frozen=True)
class Challenge:
    """What is to be signed. `attempt_id` is the try at signing in that was counted when it was asked for."""

    signed: bytes
    attempt_id: UUID | None


def begin_challenge(
    session: NamedSession,
    token: str,
    *,
    account_id: UUID | None = None,
    sign_in_id: UUID | None = None,
    attempt_id: UUID | None = None,
    at: datetime,
) -> bytes:
    """Make a challenge in another verb, for the browser that is given this token.

    With `sign_in_id` it is good in that sign-in only, for its owner to show that it is they.
    """
    signed = secrets.token_bytes(BYTES)
    session.add(
        PasskeyChallenge(
            account_id=account_id,
            sign_in_id=sign_in_id,
            attempt_id=attempt_id,
            token_sha256=token_hash(token),
            challenge=signed,
            began_at=at,
            ended_at=None,
        )
    )
    return signed


def waiting_challenge(session: NamedSession, token: str, *, account_id: UUID | None, at: datetime) -> bytes | None:
    """The challenge of this token that waits for an answer; None once it is used up, or too old."""
    row = session.scalars(_waiting(token, account_id, None, at=at)).one_or_none()
    return row.challenge if row is not None else None


def use_up(
    session: NamedSession,
    token: str,
    *,
    account_id: UUID | None = None,
    sign_in_id: UUID | None = None,
    at: datetime,
) -> Challenge | None:
    """Take the challenge of this token in another verb, before the answer is looked at: there is no second try."""
    session.hold()
    row = session.scalars(_waiting(token, account_id, sign_in_id, at=at).with_for_update()).one_or_none()
    if row is None:
        return None
    row.ended_at = at
    return Challenge(row.challenge, row.attempt_id)


def _waiting(token: str, account_id: UUID | None, sign_in_id: UUID | None, *, at: datetime) -> Select[PasskeyChallenge]:
    """One that was made for this account and sign-in, or for whoever signs in, by this token."""
    return select(PasskeyChallenge).where(
        PasskeyChallenge.token_sha256 == token_hash(token),
        PasskeyChallenge.account_id == account_id if account_id else PasskeyChallenge.account_id.is_(None),
        PasskeyChallenge.sign_in_id == sign_in_id if sign_in_id else PasskeyChallenge.sign_in_id.is_(None),
        PasskeyChallenge.ended_at.is_(None),
        PasskeyChallenge.began_at > at - LASTS,
    )
