"""One account: what it is, under which agreement, when it was last used, and what was done with it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.agreement import agreement_with
from dhr_app.casework.authenticator import has_authenticator
from dhr_app.casework.house import house
from dhr_app.casework.invitation import in_force_for
from dhr_app.casework.kept_passkeys import has_passkey
from dhr_app.casework.scene import require
from dhr_app.casework.way_in_page import WayInLine, ways_in
from dhr_app.database.models.account import Account, Membership, SignIn
from dhr_app.database.models.agreement import Agreement
from dhr_app.database.models.event import Event
from dhr_app.database.models.invitation import AccountChange, Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import (
    AGREEMENT_KINDS,
    BLOCKED_BECAUSE,
    UNBLOCKED_BECAUSE,
    gives_by_two,
    may_change_account,
    may_confirm,
)
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role
from dhr_app.workflows.way_in import how_sure

MOST = 20
SAID = {
    Happened.ACCOUNT_CREATED: "The account was made",
    Happened.ACCOUNT_BLOCKED: "Blocked",
    Happened.ACCOUNT_UNBLOCKED: "Let in again",
    Happened.ACCOUNT_UNBLOCK_PROPOSED: "It was proposed to let them in again",
    Happened.ACCOUNT_CHANGE_PROPOSED: "Another role was proposed",
    Happened.ACCOUNT_CHANGED: "The role or agency was changed",
    Happened.AUTHENTICATOR_TAKEN_AWAY: "The lost authenticator was taken away",
    Happened.PASSKEY_WENT_BACK: "A passkey’s count went back: it may be a copy",
    Happened.WAY_IN_ASKED: "A new password was asked for",
    Happened.WAY_IN_CONFIRMED: "A second person confirmed the new password",
    Happened.WAY_IN_WITHDRAWN: "The link to a new password was taken back",
    Happened.WAY_IN_GIVEN: "The link to a new password was given out",
    Happened.WAY_IN_USED: "A new password was chosen by such a link",
    Happened.WORK_TAKEN_OVER: "Seats went to the agency’s contact",
    Happened.WORK_LEFT_BEHIND: "Seats were left with nobody",
}


@dataclass(frozen=True)
class Done:
    """What was done with the account; `why` is a reason’s words, a role or a number, or empty."""

    at: datetime
    what: str
    why: str
    by: str


@dataclass(frozen=True)
class Waiting:
    """A change that waits for another person. `may_confirm` is whether the reader is that person.

    `comes_back` is why somebody who is blocked is to be let in again, in words; empty where their role changes.
    """

    id: UUID
    role: Role
    agency: str
    comes_back: str
    by: str
    on: date
    may_confirm: bool
    may_withdraw: bool


@dataclass(frozen=True)
class AccountPage:
    """One account. `seats` holds the references that the reader may reach; `other_seats` counts the rest.

    A review that is barred to the reader is in neither: that it is left out would tell that it is barred.

    `agreement` is empty where none is on record; `lapsed` where there is none in force for the agency’s people.
    `by_two` is whether the reader lets its holder in again only together with somebody else.
    """

    id: UUID
    name: str
    email: str
    role: Role
    agency_id: UUID | None
    agency: str
    agreement: str
    lapsed: bool
    last_signed_in_at: datetime | None
    blocked_on: date | None
    seats: tuple[str, ...]
    other_seats: int
    history: tuple[Done, ...]
    waiting: Waiting | None
    way_in: WayInLine | None
    own: bool
    by_two: bool
    may_change: bool
    may_forget_factor: bool
    may_ask_way_in: bool


def account_page(account_id: UUID, *, by: Person, at: datetime) -> AccountPage:
    """One account as its reader may see it; opens nothing. Raises NotAllowed, OutOfReach."""
    today = london_date(at)
    require(by, "accounts.see", on=today)
    with house().reading() as session:
        row = session.execute(
            select(Account, Agency.name)
            .outerjoin(Agency, Agency.id == Account.agency_id)
            .where(Account.id == account_id)
        ).one_or_none()
        if row is None:
            raise OutOfReach
        account, agency = row
        seats = session.execute(
            select(Review.id, Review.reference)
            .join(Membership, Membership.review_id == Review.id)
            .where(Membership.account_id == account_id, Membership.ended_at.is_(None))
            .order_by(Review.reference)
            .distinct()
        ).all()
        named = [ref for review_id, ref in seats if allows(by, "review.reach", review_id=review_id, on=today)]
        agreement = _agreement(session, account, today)
        return AccountPage(
            account.id,
            account.name,
            account.email,
            Role(account.role),
            account.agency_id,
            agency or "",
            _in_words(session, agreement),
            account.agency_id is not None and agreement is None,
            session.scalar(select(func.max(SignIn.began_at)).where(SignIn.account_id == account_id)),
            account.blocked_on,
            tuple(named),
            sum(review_id not in by.conflicts for review_id, _ in seats) - len(named),
            _history(session, account_id),
            _waiting(session, account_id, by, today),
            next(iter(ways_in(session, account_id=account_id, by=by, at=at)), None),
            by.id == account_id,
            gives_by_two(by, Role(account.role)),
            may_change_account(by, Role(account.role), on=today) and by.id != account_id,
            allows(by, "factor.forget", on=today)
            and by.id != account_id
            and (has_authenticator(session, account_id) or has_passkey(session, account_id)),
            allows(by, "way_in.ask", on=today) and by.id != account_id and account.blocked_on is None,
        )


def _agreement(session: NamedSession, account: Account, today: date) -> Agreement | None:
    """The agreement in force for an account: its agency’s, else the one it was invited under."""
    if account.agency_id is not None:
        return agreement_with(session, account.agency_id, on=today)
    invitation = session.scalars(
        select(Invitation).where(Invitation.account_id == account.id).order_by(Invitation.made_at.desc(), Invitation.id)
    ).first()
    return in_force_for(session, invitation, today) if invitation else None


def _in_words(session: NamedSession, agreement: Agreement | None) -> str:
    if agreement is None:
        return ""
    agency = session.get(Agency, agreement.agency_id) if agreement.agency_id else None
    return f"{AGREEMENT_KINDS[agreement.kind]}, {agency.name if agency else agreement.organisation}"


def _history(session: NamedSession, account_id: UUID) -> tuple[Done, ...]:
    rows = session.scalars(
        select(Event)
        .where(Event.subject_id == account_id, Event.kind.in_([kind.value for kind in SAID]))
        .order_by(Event.recorded_at.desc(), Event.ordinal.desc(), Event.id)
        .limit(MOST)
    )
    return tuple(
        Done(row.recorded_at, SAID[Happened(row.kind)], _why(row.details), row.recorded_by_name) for row in rows
    )


def _why(details: dict[str, str | int]) -> str:
    reason = str(details.get("reason", ""))
    if reason:
        return {**BLOCKED_BECAUSE, **UNBLOCKED_BECAUSE}.get(reason) or how_sure(reason)
    if "number" in details:
        return str(details["number"])
    return Role(str(details["role"])).label if "role" in details else ""


def _waiting(session: NamedSession, account_id: UUID, by: Person, today: date) -> Waiting | None:
    row = session.execute(
        select(AccountChange, Agency.name)
        .outerjoin(Agency, Agency.id == AccountChange.agency_id)
        .where(
            AccountChange.account_id == account_id,
            AccountChange.agreed_at.is_(None),
            AccountChange.withdrawn_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    change, agency = row
    may = allows(by, "accounts.confirm", on=today)
    return Waiting(
        change.id,
        Role(change.role),
        agency or "",
        UNBLOCKED_BECAUSE[change.unblocked_because] if change.unblocked_because else "",
        change.made_by_name,
        london_date(change.made_at),
        may and may_confirm(by, change.made_by_id, account_id),
        may and by.id != account_id,
    )
