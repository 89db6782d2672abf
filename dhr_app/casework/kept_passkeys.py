"""Which passkeys an account has, and how all of them end at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select

from dhr_app.database.models.passkey import Passkey
from dhr_app.database.named_session import NamedSession


def kept_passkeys(session: NamedSession, account_id: UUID) -> Sequence[Passkey]:
    """Those that let somebody in, the oldest first."""
    return session.scalars(_kept(account_id)).all()


def has_passkey(session: NamedSession, account_id: UUID) -> bool:
    """Whether an account has one that lets them in."""
    return bool(session.scalar(select(exists(_kept(account_id).with_only_columns(Passkey.id).order_by(None)))))


def end_every_passkey(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    """End all of an account, in a verb that has locked it."""
    for row in kept_passkeys(session, account_id):
        row.ended_at = at


def _kept(account_id: UUID) -> Select[Passkey]:
    rows = select(Passkey).where(Passkey.account_id == account_id, Passkey.ended_at.is_(None))
    return rows.order_by(Passkey.made_at, Passkey.id)
