"""Whether a change of an account waits for a second person: there is never more than one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dhr_app.database.models.invitation import AccountChange
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Over

WAITS = "A change of this account waits to be confirmed. Confirm or withdraw that one first."


def nothing_waits(session: NamedSession, account_id: UUID) -> None:
    """Raise Over where a change of this account waits."""
    waiting = select(AccountChange.id).where(
        AccountChange.account_id == account_id,
        AccountChange.agreed_at.is_(None),
        AccountChange.withdrawn_at.is_(None),
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise Over(WAITS)
