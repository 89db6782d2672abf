"""Disposals for tests: a review whose last day is over, its notice given and over, and the two people who confirm."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.closing import RetentionEntry, closing_page, set_retention
from dhr_app.casework.destroying import Say, carry_on, parts_of
from dhr_app.casework.disposal import confirm, second
from dhr_app.casework.disposal_notice import end_notices, give_notice
from dhr_app.casework.house import House
from dhr_app.database.models.audit import AuditHead
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.retention import RECORDS
from dhr_app.workflows.roles import Role
from tests.reviews import Case

POLICY = "Barsetshire CSP retention schedule, 2024"


def last_day_over(case: Case) -> Case:
    """The last day on which the review’s records are kept was yesterday."""
    version = closing_page(case.reference, by=case.county.coordinator, at=case.at).version
    entry = RetentionEntry(case.today + timedelta(days=1), POLICY)
    set_retention(case.reference, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))
    case.wait(days=2)
    return case


def noticed(case: Case, *classes: str) -> int:
    """Notice is given, and is over; the number of the disposal."""
    number = give_notice(case.reference, classes, by=case.county.coordinator, at=case.wait(minutes=1))
    case.wait(days=28)
    return number


def deputy(case: Case) -> Person:
    """The first of the two people."""
    return case.county.who(Role.STEERING_DEPUTY)


def begun(case: Case, *classes: str) -> UUID:
    """Both people have confirmed; nothing is destroyed yet."""
    number = noticed(last_day_over(case), *classes)
    confirm(case.reference, number, by=deputy(case), at=case.wait(minutes=1))
    return second(case.reference, number, case.reference, by=case.county.coordinator, at=case.wait(minutes=1))


def disposed(case: Case, *classes: str, say: Say = lambda _: None) -> UUID:
    """These classes, or all that are due, are destroyed."""
    disposal_id = begun(case, *classes)
    carry_on(case.county.house, disposal_id, at=case.wait(minutes=1), say=say)
    return disposal_id


def destroyed_outright(
    house: House, review_id: UUID, *, first: Person, second: Person, at: datetime, classes: Iterable[str] = RECORDS
) -> UUID:
    """Everything of a review, or these classes, destroyed as a disposal does it at any stage: for pages that only show.

    What two people confirm is written down as if they had, and a hold as lifted; what is destroyed is really destroyed.
    """
    with house.transaction(by=second, at=at) as session:
        session.lock(review_id)
        head = session.scalar(select(AuditHead.hash).where(AuditHead.chain == review_id))
        end_notices(session, "given_wrongly", review_id, at=at)
        held = select(LegalHold).where(LegalHold.review_id == review_id, LegalHold.lifted_at.is_(None))
        for hold in session.scalars(held.order_by(LegalHold.id)):
            hold.lifted_at, hold.lifted_by_id, hold.lifted_by_name = at, first.id, first.name
        last = session.scalar(select(func.max(Disposal.number)).where(Disposal.review_id == review_id)) or 0
        row = Disposal(
            review_id=review_id,
            number=last + 1,
            classes=[str(each) for each in classes],
            policy=POLICY,
            notice_on=london_date(at) - timedelta(days=28),
            notice_by_name="notice of disposal",
            begins_on=london_date(at),
            confirmed_at=at,
            confirmed_by_id=first.id,
            confirmed_by_name=first.name,
            seconded_at=at,
            seconded_by_id=second.id,
            seconded_by_name=second.name,
            begun_at=at,
            last_hash=head,
            key_provider=house.settings.key_provider,
            backup_days=house.settings.keystore_backup_days,
        )
        session.add(row)
        session.flush()
        session.add_all(parts_of(session, row))
        disposal_id = row.id
    carry_on(house, disposal_id, at=at)
    return disposal_id
