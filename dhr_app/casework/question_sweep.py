"""What signing in leaves behind is good for minutes; a day later the clockwork removes it.

What passkeys and tenants were asked, answered or not; sign-ins that were half done; tries at a password. That each of
them happened, and whether it was right, stays in the audit trail: what is removed here only counted or waited.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.casework.throttle import NETWORK_MINUTES
from dhr_app.database.base import Base
from dhr_app.database.models.account import SignInAttempt
from dhr_app.database.models.passkey import PasskeyChallenge
from dhr_app.database.models.second_factor import HalfSignIn
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


def sweep_tries(in_house: House, *, at: datetime) -> tuple[int, int]:
    """Remove half sign-ins and tries at a password that are more than a day old.

    Of the tries those stay that throttling still counts, however long its window is, and those that a question names
    which was not swept yet. Returns how many half sign-ins and tries were removed.
    """
    windows = timedelta(minutes=max(in_house.settings.sign_in_tries_window, NETWORK_MINUTES))
    named = exists().where(PasskeyChallenge.attempt_id == SignInAttempt.id) | exists().where(
        TenantQuestion.attempt_id == SignInAttempt.id
    )
    return (
        _remove(in_house, HalfSignIn, HalfSignIn.began_at, at=at),
        _remove(in_house, SignInAttempt, SignInAttempt.at, ~named, kept=max(KEPT, windows), at=at),
    )


def _remove(
    in_house: House,
    model: type[Base],
    since: InstrumentedAttribute[datetime],
    *which: ColumnElement[bool],
    kept: timedelta = KEPT,
    at: datetime,
) -> int:
    old = select(model).where(since < at - kept, *which)
    removed = 0
    while True:
        with in_house.database.transaction(by=Program("nightly sweep"), at=at) as session:
            session.hold()
            rows = session.scalars(old.order_by(since, *model.__table__.primary_key).limit(BATCH)).all()
            for row in rows:
                session.delete(row)
        removed += len(rows)
        if len(rows) < BATCH:
            return removed
