"""How extra grants end with what they hang on: a seat, an account, a review, or the block list. For verbs to share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.kept_apart import SensitiveGrant
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role


def end_grants(
    session: NamedSession,
    because: str,
    *,
    account_id: UUID | None = None,
    review_id: UUID | None = None,
    at: datetime,
) -> int:
    """End at once every grant of an account, on a review, or of the one on the other; how many there were.

    Inside a verb that has locked the review. `because` is one of kept_apart.GRANT_ENDED_BECAUSE.
    """
    rows = (
        select(SensitiveGrant, Account.role)
        .join(Account, Account.id == SensitiveGrant.account_id)
        .where(SensitiveGrant.ended_at.is_(None))
        .order_by(SensitiveGrant.review_id, SensitiveGrant.id)
    )
    if account_id is not None:
        rows = rows.where(SensitiveGrant.account_id == account_id)
    if review_id is not None:
        rows = rows.where(SensitiveGrant.review_id == review_id)
    if account_id is None and review_id is None:
        raise ValueError("Say whose grants end, or on which review.")
    found = session.execute(rows).all()
    for row, role in found:
        end_one(session, row, role, because, at=at)
    return len(found)


def end_one(session: NamedSession, row: SensitiveGrant, role: str, because: str, *, at: datetime) -> None:
    """End one grant, whose holder is of this role, and tell it on the review."""
    row.ended_at, row.ended_because = at, because
    record(
        session,
        Happened.EXTRA_GRANT_ENDED,
        review_id=row.review_id,
        happened_on=london_date(at),
        subject=row,
        details={"label": Role(role).label.lower(), "because": because},
    )
