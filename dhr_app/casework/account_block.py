"""An account is blocked, and let in again: who did it and why, and what becomes of what it held."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.account_waiting import nothing_waits
from dhr_app.casework.agency_contact import end_contact
from dhr_app.casework.agreement import agreement_with
from dhr_app.casework.calendar_link import end_links
from dhr_app.casework.extra_grant_ends import end_grants
from dhr_app.casework.invitation import take_back
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.sign_ins import end_all_sign_ins
from dhr_app.casework.takeover import end_seats, seats_held
from dhr_app.casework.way_in import take_back_all
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.invitation import AccountChange, Invitation
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import (
    BLOCKED_BECAUSE,
    OF_AN_AGENCY,
    UNBLOCKED_BECAUSE,
    gives_by_two,
    may_change_account,
)
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

OWN = "This is your own account: somebody else has to do it, a coordinator or an administrator."
OFFICE = "They hold an office: an administrator changes or blocks their account, and lets them in again."
NO_REASON = "Choose the reason."
NOT_BLOCKED = "This account is not blocked."


def block(account_id: UUID, reason: str, *, by: Person, at: datetime) -> None:
    """Block an account: whoever it is of can do nothing from the next click, and their seats end.

    Raises NotAllowed for one's own and for an office that is not theirs to change, OutOfReach, Over where it is
    blocked, Invalid for a reason that is none.
    """
    with letting_in("accounts.change", by=by, at=at) as session:
        account = theirs_to_change(session, account_id, by=by, at=at)
        shut_out(session, account, reason, at=at)


def unblock(account_id: UUID, reason: str, *, by: Person, at: datetime) -> bool:
    """Let somebody in again; True where it is done, False where another person has to confirm it first.

    A role that two people give comes back by two as well. Seats that ended stay ended. Somebody who works for an
    agency comes back only under an agreement in force. Raises NotAllowed for one's own and for an office that is not
    theirs to change, OutOfReach, Over where it is not blocked or while a change waits, Invalid.
    """
    with letting_in("accounts.change", by=by, at=at) as session:
        account = theirs_to_change(session, account_id, by=by, at=at)
        if account.blocked_on is None:
            raise Over(NOT_BLOCKED)
        if reason not in UNBLOCKED_BECAUSE:
            raise Invalid({"reason": NO_REASON})
        if not gives_by_two(by, Role(account.role)):
            let_in_again(session, account, reason, at=at)
            return True
        nothing_waits(session, account.id)
        session.add(
            AccountChange(
                account_id=account.id,
                role=account.role,
                agency_id=account.agency_id,
                unblocked_because=reason,
                made_at=at,
                made_by_id=by.id,
                made_by_name=by.name,
            )
        )
        today, details = london_date(at), {"reason": reason}
        record(session, Happened.ACCOUNT_UNBLOCK_PROPOSED, happened_on=today, subject=account, details=details)
        return False


def let_in_again(session: NamedSession, account: Account, reason: str, *, at: datetime) -> None:
    """End the block of an account, inside a verb. Raises Over where there is none, Invalid without an agreement."""
    today = london_date(at)
    if account.blocked_on is None:
        raise Over(NOT_BLOCKED)
    agency_id = account.agency_id if Role(account.role) in OF_AN_AGENCY else None
    if agency_id is not None and agreement_with(session, agency_id, on=today) is None:
        raise Invalid({"reason": "No agreement with their agency is in force. Record one under “Agreements” first."})
    account.blocked_on = None
    record(session, Happened.ACCOUNT_UNBLOCKED, happened_on=today, subject=account, details={"reason": reason})


def shut_out(session: NamedSession, account: Account, reason: str, *, at: datetime) -> None:
    """Block an account, end its sign-ins and seats, and withdraw what it invited or proposed; inside a verb."""
    if account.blocked_on is not None:
        raise Over("This account is blocked already.")
    if reason not in BLOCKED_BECAUSE:
        raise Invalid({"reason": NO_REASON})
    today = london_date(at)
    seats = seats_held(session, account.id)
    account.blocked_on = today
    end_all_sign_ins(session, account.id, at=at)
    end_contact(session, account.id, at=at)
    end_links(session, account.id, at=at)
    end_grants(session, "account_blocked", account_id=account.id, at=at)
    end_seats(session, account, seats, at=at)
    take_back_all(session, account.id, at=at)
    _withdraw_what_they_began(session, account.id, at=at)
    record(session, Happened.ACCOUNT_BLOCKED, happened_on=today, subject=account, details={"reason": reason})


def someone_else_s(session: NamedSession, account_id: UUID, person: Person) -> Account:
    """Somebody else's account. Raises OutOfReach, and NotAllowed for one's own."""
    account = session.get(Account, account_id)
    if account is None:
        raise OutOfReach
    if account.id == person.id:
        raise NotAllowed("accounts.change", OWN)
    return account


def theirs_to_change(session: NamedSession, account_id: UUID, *, by: Person, at: datetime) -> Account:
    """Somebody else's account, whose role is for this person to change. Raises OutOfReach, NotAllowed."""
    account = someone_else_s(session, account_id, by)
    if not may_change_account(by, Role(account.role), on=london_date(at)):
        raise NotAllowed("accounts.change_office", OFFICE)
    return account


def _withdraw_what_they_began(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    take_back_all(session, made_by_id=account_id, at=at)
    invitations = select(Invitation).where(
        Invitation.made_by_id == account_id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)
    )
    for invitation in session.scalars(invitations.order_by(Invitation.made_at, Invitation.id)):
        take_back(session, invitation, at=at)
    changes = select(AccountChange).where(
        AccountChange.made_by_id == account_id, AccountChange.agreed_at.is_(None), AccountChange.withdrawn_at.is_(None)
    )
    for change in session.scalars(changes.order_by(AccountChange.made_at, AccountChange.id)):
        change.withdrawn_at = at
        record(session, Happened.ACCOUNT_CHANGE_WITHDRAWN, happened_on=london_date(at), subject=change)
