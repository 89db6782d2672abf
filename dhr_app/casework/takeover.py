"""The post, not the person: the seats of whoever goes fall to their agency's contact, or stand as nobody's work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book, standing
from dhr_app.casework.emergency_ending import end_running, running_of
from dhr_app.casework.working_days import working_days
from dhr_app.database.audit import record
from dhr_app.database.facts import facts_of
from dhr_app.database.models.account import Account, Conflict, Membership
from dhr_app.database.models.agreement import AgencyContact
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.kept_apart import SensitiveGrant
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.dates import next_date
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role

CONTRIBUTOR = Role.AGENCY_CONTRIBUTOR.value


def seats_held(session: NamedSession, account_id: UUID) -> list[Membership]:
    """The seats by which an account reaches reviews now, their reviews locked in one order everywhere.

    Those that are open to it in an emergency, or of which it was let open what is kept apart, are locked with them:
    that ends too. Called before anything is changed.
    """
    sits = select(Membership.review_id).where(Membership.account_id == account_id, Membership.ended_at.is_(None))
    reads = running_of(account_id).with_only_columns(EmergencyAccess.review_id)
    granted = select(SensitiveGrant.review_id).where(
        SensitiveGrant.account_id == account_id, SensitiveGrant.ended_at.is_(None)
    )
    its = or_(*(Review.id.in_(each) for each in (sits, reads, granted)))
    for review_id in session.scalars(select(Review.id).where(its).order_by(Review.reference)).all():
        session.lock(review_id)
    seats = select(Membership).where(Membership.account_id == account_id, Membership.ended_at.is_(None))
    return list(session.scalars(seats.order_by(Membership.from_on, Membership.id)))


def end_seats(session: NamedSession, account: Account, seats: Collection[Membership], *, at: datetime) -> None:
    """End these seats at once. Those of an agency's contributor go to its contact; who has none leaves them to nobody.

    What an agency owes is the agency's own and needs no handing over: whoever works for it sees it. What was open to
    the account in an emergency is shut.
    """
    today = london_date(at)
    end_running(session, account.id, "account", at=at)
    for seat in seats:
        seat.to_on, seat.ended_at = max(today, seat.from_on), at
        label = Role(seat.role).label.lower()
        _tell(session, Happened.MEMBER_LEFT, seat, label, at=at)
    session.flush()
    work = [seat for seat in seats if seat.role == CONTRIBUTOR and seat.agency_id is not None]
    for agency_id in dict.fromkeys(seat.agency_id for seat in work):
        theirs = [seat for seat in work if seat.agency_id == agency_id]
        contact = _contact(session, agency_id, account)
        taken = [seat for seat in theirs if contact is not None and _takes(session, contact, seat, at=at)]
        for kind, number in (
            (Happened.WORK_TAKEN_OVER, len(taken)),
            (Happened.WORK_LEFT_BEHIND, len(theirs) - len(taken)),
        ):
            if number:
                details = {"number": number}
                record(session, kind, happened_on=today, agency_id=agency_id, subject=account, details=details)
    _stand_as_they_do(session, {seat.review_id for seat in seats}, at=at)


def _stand_as_they_do(session: NamedSession, review_ids: Collection[UUID], *, at: datetime) -> None:
    """Keep each review’s next date and standing, as any other change of its seats does."""
    session.flush()
    calendar = working_days(session)
    rows = (
        select(Review, RuleSetUsed.content)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(Review.id.in_(review_ids))
        .order_by(Review.reference)
    )
    for review, content in session.execute(rows).all():
        facts, rule_set = facts_of(session, [review.id])[review.id], rule_book.pinned(content)
        review.set_next(next_date(facts, rule_set, calendar))
        standing.keep(session, review, rule_set, facts, calendar, at=at)


def _takes(session: NamedSession, contact: Account, seat: Membership, *, at: datetime) -> bool:
    """Whether the contact has the seat now: not where a conflict of interest bars them from the review."""
    barred = select(Conflict.id).where(Conflict.review_id == seat.review_id, Conflict.account_id == contact.id)
    if session.scalar(barred) is not None:
        return False
    there = select(Membership.id).where(
        Membership.review_id == seat.review_id, Membership.account_id == contact.id, Membership.ended_at.is_(None)
    )
    if session.scalar(there.limit(1)) is None:
        row = Membership(
            review_id=seat.review_id,
            account_id=contact.id,
            role=contact.role,
            agency_id=contact.agency_id,
            from_on=london_date(at),
        )
        session.add(row)
        session.flush()
        _tell(session, Happened.MEMBER_JOINED, row, Role.AGENCY_CONTRIBUTOR.label.lower(), at=at)
    return True


def _contact(session: NamedSession, agency_id: UUID | None, leaver: Account) -> Account | None:
    """The agency's contact, where that is somebody else who can sign in and works for it."""
    found = (
        select(Account)
        .join(AgencyContact, AgencyContact.account_id == Account.id)
        .where(
            AgencyContact.agency_id == agency_id,
            Account.id != leaver.id,
            Account.blocked_on.is_(None),
            Account.role == CONTRIBUTOR,
            Account.agency_id == agency_id,
        )
    )
    return session.scalars(found).one_or_none()


def _tell(session: NamedSession, kind: Happened, seat: Membership, label: str, *, at: datetime) -> None:
    record(
        session,
        kind,
        happened_on=london_date(at),
        review_id=seat.review_id,
        agency_id=seat.agency_id,
        subject=seat,
        details={"label": label},
    )
