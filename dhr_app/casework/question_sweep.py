"""What passkeys and tenants were asked is good for minutes; a day later the clockwork removes it, answered or not."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from dhr_app.casework.clockwork import Clockwork
from dhr_app.casework.house import House
from dhr_app.database.models.passkey import PasskeyChallenge
from dhr_app.database.models.tenant import TenantQuestion

KEPT = timedelta(days=1)  # far longer than any of them is good for: whoever looks into a wrong sign-in still finds them
BATCH = 200


def sweep_questions(in_house: House, *, at: datetime) -> tuple[int, int]:
    """Remove challenges of passkeys and questions to tenants that were asked more than a day ago.

    Some hundreds at a time, so that nobody waits for it. Returns how many of each were removed.
    """
    return (
        _remove(in_house, PasskeyChallenge, PasskeyChallenge.began_at, at=at),
        _remove(in_house, TenantQuestion, TenantQuestion.asked_at, at=at),
    )


def _remove(
    in_house: House,
    model: type[PasskeyChallenge | TenantQuestion],
    asked_at: InstrumentedAttribute[datetime],
    *,
    at: datetime,
) -> int:
    old = select(model).where(asked_at < at - KEPT)
    removed = 0
    while True:
        with in_house.database.transaction(by=Clockwork("nightly sweep"), at=at) as session:
            session.hold()
            rows = session.scalars(old.order_by(asked_at, model.id).limit(BATCH)).all()
            for row in rows:
                session.delete(row)
        removed += len(rows)
        if len(rows) < BATCH:
            return removed
