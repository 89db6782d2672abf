"""Whoever was invited follows the link, chooses a password and has an account: once, and in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import block_list, passwords
from dhr_app.casework.house import house
from dhr_app.casework.invitation import in_force_for
from dhr_app.casework.invitation_link import is_live, sha256
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.link_try import count_link
from dhr_app.casework.program import Program
from dhr_app.casework.tenant import enabled_of
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role

INVITATION_PAGE = Program("invitation page")


@dataclass(frozen=True)
class Inviter:
    """Whom to ask for another invitation: what they are, and their work address; empty where that is not known."""

    role: str = ""
    email: str = ""


@dataclass(frozen=True)
class Invited:
    """A link that works: for whom it is, as what; `by_tenant` where their agency's own sign-in may be used instead."""

    name: str
    email: str
    role: Role
    agency: str
    by_tenant: bool = False


class NoInvitation(RuleError):
    """The same words whether the link is unknown, was used, was withdrawn or is too old; whom to ask instead."""

    def __init__(self, ask: Inviter) -> None:
        super().__init__("This link opens nothing.")
        self.ask = ask


def invited(token: str, *, address: str | None, at: datetime) -> Invited:
    """Whom the link of an invitation is for; looking at it uses nothing up.

    Raises NoInvitation, or TooManyTries: a link that opens nothing counts as a wrong password from that network.
    """
    _count(token, address=address, at=at)
    with house().reading() as session:
        row = _live_row(session, token, at=at)
        agency = session.get(Agency, row.agency_id) if row.agency_id else None
        by_tenant = enabled_of(session, row.agency_id) is not None
        return Invited(row.name, row.email, Role(row.role), agency.name if agency else "", by_tenant)


def accept(token: str, password: str, *, address: str | None, at: datetime) -> None:
    """Choose a password, and have an account with it. The link opens nothing after that.

    Raises NoInvitation, TooManyTries, Invalid for a password that may not be chosen.
    """
    _count(token, address=address, at=at)
    passwords.check_choice(password)
    kept = passwords.hashed(password, house().settings)
    with house().database.transaction(by=INVITATION_PAGE, at=at) as session:
        session.queue(ACCOUNTS)
        make_account(session, _live_row(session, token, at=at), kept, at=at)


def invitation_id_of(token: str, *, address: str | None, at: datetime) -> UUID:
    """Which invitation a link is for, to be accepted in another way. Raises NoInvitation, TooManyTries."""
    _count(token, address=address, at=at)
    with house().reading() as session:
        return _live_row(session, token, at=at).id


def make_account(session: NamedSession, row: Invitation, kept: str, *, at: datetime) -> Account:
    """The account of an invitation that can still be used; in a transaction that queued for accounts."""
    account = Account(
        name=row.name,
        email=row.email,
        role=row.role,
        agency_id=row.agency_id,
        password_hash=kept,
        blocked_on=None,
    )
    session.add(account)
    block_list.check(session, account)
    row.used_at, row.account_id = at, account.id
    details, today = {"role": row.role}, london_date(at)
    record(session, Happened.INVITATION_ACCEPTED, happened_on=today, subject=row)
    record(session, Happened.ACCOUNT_CREATED, happened_on=today, subject=account, details=details)
    return account


def check_live(session: NamedSession, row: Invitation, *, at: datetime) -> None:
    """Raise NoInvitation unless an invitation can still be used."""
    taken = session.scalar(select(Account.id).where(Account.email == row.email)) is not None
    lapsed = row.agreement_id is not None and in_force_for(session, row, london_date(at)) is None
    if taken or lapsed or not is_live(row, at=at):
        raise NoInvitation(_inviter(session, row))


def _count(token: str, *, address: str | None, at: datetime) -> None:
    def is_good(session: NamedSession) -> bool:
        row = _find(session, token)
        return row is not None and is_live(row, at=at)

    count_link(token, is_good, by=INVITATION_PAGE, address=address, at=at)


def _find(session: NamedSession, token: str) -> Invitation | None:
    return session.scalars(select(Invitation).where(Invitation.token_sha256 == sha256(token))).one_or_none()


def _live_row(session: NamedSession, token: str, *, at: datetime) -> Invitation:
    """The invitation, if it can still be used. Raises NoInvitation."""
    row = _find(session, token)
    if row is None:
        raise NoInvitation(Inviter())
    check_live(session, row, at=at)
    return row


def _inviter(session: NamedSession, row: Invitation) -> Inviter:
    account = session.get(Account, row.made_by_id) if row.made_by_id else None
    return Inviter(Role(account.role).label.lower(), account.email) if account else Inviter()
