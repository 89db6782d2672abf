"""Emergency access ends: by the clock, which asks nobody, or early; here the end is written down.

A review is shut from the minute on whether or not the clockwork has written it: see `workflows.emergency.state_of`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.emergency_over import tell_ended, tell_lapsed
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.database.audit import record
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.emergency import WAITS
from dhr_app.workflows.events import Happened


def running_of(account_id: UUID) -> Select[EmergencyAccess]:
    """What was confirmed for an account and of which no end is written down yet."""
    return (
        select(EmergencyAccess)
        .where(
            EmergencyAccess.asked_by_id == account_id,
            EmergencyAccess.until_at.is_not(None),
            EmergencyAccess.ended_at.is_(None),
        )
        .order_by(EmergencyAccess.asked_at, EmergencyAccess.id)
    )


def end_running(
    session: NamedSession, account_id: UUID, because: str, *, review_id: UUID | None = None, at: datetime
) -> None:
    """End what runs for an account at once, on one review or on all; inside a verb that has locked them.

    `because` is a code of OVER_BECAUSE.
    """
    rows = running_of(account_id).where(EmergencyAccess.until_at > at)
    for row in session.scalars(rows if review_id is None else rows.where(EmergencyAccess.review_id == review_id)):
        end_one(session, row, because, at=at)


def end_one(
    session: NamedSession, row: EmergencyAccess, because: str, *, by_id: UUID | None = None, at: datetime
) -> None:
    """Write the end of one down, with its event, and write to whoever knew of it."""
    row.ended_at, row.ended_by_id = at, by_id
    _tell(session, Happened.EMERGENCY_ENDED, row, at=at, because=because)
    tell_ended(session, row, because, by_id=by_id, at=at)


def write_down(in_house: House, *, at: datetime) -> tuple[int, int]:
    """Write down which questions lapsed and which accesses are over, each review in a transaction of its own.

    Returns how many of each. Safe at any time and twice.
    """
    with in_house.reading() as session:
        waiting = select(EmergencyAccess.review_id).where(_over(at)).distinct().order_by(EmergencyAccess.review_id)
        reviews = list(session.scalars(waiting))
    lapsed = ended = 0
    for review_id in reviews:
        with in_house.database.transaction(by=Program("ending emergency access"), at=at) as session:
            session.lock(review_id, read=Review)
            rows = select(EmergencyAccess).where(EmergencyAccess.review_id == review_id, _over(at))
            for row in session.scalars(rows.order_by(EmergencyAccess.asked_at, EmergencyAccess.id)):
                if row.until_at is None:
                    row.lapsed_at = row.asked_at + WAITS
                    _tell(session, Happened.EMERGENCY_LAPSED, row, at=at)
                    tell_lapsed(session, row, at=at)
                    lapsed += 1
                else:
                    row.ended_at = row.until_at
                    _tell(session, Happened.EMERGENCY_ENDED, row, at=at, because="clock")
                    tell_ended(session, row, "clock", at=at)
                    ended += 1
    return lapsed, ended


def _over(at: datetime) -> ColumnElement[bool]:
    """What is over by the clock, and not written down yet."""
    unanswered = and_(
        EmergencyAccess.decided_at.is_(None),
        EmergencyAccess.withdrawn_at.is_(None),
        EmergencyAccess.lapsed_at.is_(None),
        EmergencyAccess.asked_at <= at - WAITS,
    )
    run_out = and_(EmergencyAccess.until_at <= at, EmergencyAccess.ended_at.is_(None))
    return or_(unanswered, run_out)


def _tell(session: NamedSession, kind: Happened, row: EmergencyAccess, *, at: datetime, **details: str) -> None:
    record(session, kind, happened_on=london_date(at), review_id=row.review_id, subject=row, details=details)
