"""Accounts and sign-ins: who may come in, and who a browser's token stands for at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import block_list, passwords
from dhr_app.casework.authenticator import has_authenticator, lock_account
from dhr_app.casework.half_sign_in import CodeNeeded, begin_half
from dhr_app.casework.house import house
from dhr_app.casework.principal import arrival, person_of
from dhr_app.casework.program import Program
from dhr_app.casework.sign_ins import UNKNOWN, Where, open_sign_in, token_hash
from dhr_app.casework.throttle import address_hash, network_of, normal, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.context import Actor
from dhr_app.database.models.account import Account, SignIn, SignInAttempt
from dhr_app.workflows.email_address import looks_right
from dhr_app.workflows.errors import Invalid, RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

SEEN_EVERY = timedelta(minutes=1)
SIGN_IN_PAGE = Program("sign-in page")


class WrongSignIn(RuleError):
    """The same words whether the address is unknown, the password wrong, or the account blocked."""

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is not right.")


@dataclass(frozen=True)
class AccountEntry:
    """What is said of a new account. `agency_id` is the agency a panel member or contributor belongs to."""

    name: str
    email: str
    role: Role
    password: str
    agency_id: UUID | None = None


@dataclass(frozen=True)
class SignedIn:
    """A browser's sign-in as it stands at this request: whose it is, and what they may reach.

    `proved_at` is when they last showed who they are; `with_code` whether a code is asked for then beside the password.
    """

    id: UUID
    person: Person
    last_seen_at: datetime
    began_at: datetime
    proved_at: datetime | None = None
    with_code: bool = False
    through_tenant: bool = False


def create_account(entry: AccountEntry, *, by: Actor, at: datetime) -> UUID:
    """Make an account and return its id. Raises Invalid for an address in use or a password too short."""
    email, name = normal(entry.email), entry.name.strip()
    if not name or not looks_right(email):
        raise Invalid({"name": "Enter a name."} if not name else {"email": "Enter one work e-mail address."})
    passwords.check_choice(entry.password)
    kept = passwords.hashed(entry.password, house().settings)
    with house().database.transaction(by=by, at=at) as session:
        if session.scalar(select(Account.id).where(Account.email == email)) is not None:
            raise Invalid({"email": "Somebody already signs in with this e-mail address."})
        account = Account(
            name=name,
            email=email,
            role=entry.role.value,
            agency_id=entry.agency_id,
            password_hash=kept,
            blocked_on=None,
        )
        session.add(account)
        details = {"role": entry.role.value}
        record(session, Happened.ACCOUNT_CREATED, happened_on=london_date(at), subject=account, details=details)
        block_list.check(session, account)
        return account.id


def sign_in(email: str, password: str, *, address: str | None, at: datetime, browser: str = UNKNOWN) -> str:
    """Sign somebody in and return the token for their browser; only its SHA-256 is kept.

    Raises CodeNeeded where a code is asked for beside the password; WrongSignIn, or TooManyTries before the password is
    looked at. Every try is in the audit trail, without the address that was typed. `browser` says in words which it is.
    """
    settings = house().settings
    with telling_of_throttling(by=SIGN_IN_PAGE, at=at), house().database.transaction(by=SIGN_IN_PAGE, at=at) as session:
        attempt = take_try(session, address_hash(email), address, settings, at=at)
        account = session.scalars(select(Account).where(Account.email == normal(email))).one_or_none()
        asks_code = account is not None and (settings.second_factor or has_authenticator(session, account.id))
    right = passwords.fits(password, account.password_hash if account else None, settings)
    if account is None or not right or account.blocked_on is not None:
        _refuse(account, at=at)
        raise WrongSignIn
    renewed = passwords.hashed(password, settings) if passwords.outdated(account.password_hash, settings) else None
    where = Where(network_of(address), browser)
    if asks_code:
        raise CodeNeeded(begin_half(account.id, attempt.id, renewed, where, at=at))
    return admit(account.id, attempt.id, renewed, where, at=at)


def person_for_token(token: str, *, at: datetime) -> SignedIn | None:
    """Whose browser this is, with what they may reach read afresh; None once ended, idle, too old or blocked."""
    settings = house().settings
    with house().reading() as session:
        found = arrival(session, token_hash(token), at=at)
    if found is None:
        return None
    if at - found.last_seen_at >= timedelta(minutes=settings.idle_minutes):
        return None
    if at - found.began_at >= timedelta(hours=settings.absolute_hours):
        return None
    return SignedIn(
        found.sign_in_id,
        found.person,
        found.last_seen_at,
        found.began_at,
        found.proved_at,
        found.with_code,
        through_tenant=found.tenant_id is not None,
    )


def ends_at(signed_in: SignedIn, *, at: datetime) -> tuple[datetime, bool]:
    """When this sign-in ends if no other page is read from now on, and whether that is its end in any case."""
    settings = house().settings
    seen = at if at - signed_in.last_seen_at >= SEEN_EVERY else signed_in.last_seen_at
    idle = seen + timedelta(minutes=settings.idle_minutes)
    whole = signed_in.began_at + timedelta(hours=settings.absolute_hours)
    return min(idle, whole), whole <= idle


def touch(signed_in: SignedIn, *, at: datetime) -> None:
    """Note that a page was read, at most once a minute. A sign-in ended meanwhile stays ended."""
    if at - signed_in.last_seen_at < SEEN_EVERY:
        return
    with house().transaction(by=signed_in.person, at=at) as session:
        session.hold()
        row = session.get(SignIn, signed_in.id, with_for_update=True)
        if row is not None and row.ended_at is None:
            row.last_seen_at = at


def sign_out(signed_in: SignedIn, *, at: datetime) -> None:
    """End a sign-in: its token opens nothing any more, wherever a copy of it may be."""
    with house().transaction(by=signed_in.person, at=at) as session:
        session.hold()
        row = session.get(SignIn, signed_in.id, with_for_update=True)
        if row is not None and row.ended_at is None:
            row.ended_at = at
            record(session, Happened.SIGNED_OUT, happened_on=london_date(at), subject=row)


def admit(
    account_id: UUID, attempt_id: UUID, renewed: str | None, where: Where, *, proved: bool = True, at: datetime
) -> str:
    """Let somebody in of whom nothing more is asked, and return the token; `renewed` is their hash made anew.

    Raises WrongSignIn where the account was blocked meanwhile.
    """
    with house().reading() as session:
        person = person_of(session, session.get_one(Account, account_id))
    with house().transaction(by=person, at=at) as session:
        account = lock_account(session, account_id)
        if account.blocked_on is not None:
            raise WrongSignIn
        if renewed is not None:
            account.password_hash = renewed
        session.get_one(SignInAttempt, attempt_id).succeeded = True
        return open_sign_in(session, account_id, where, proved=proved, at=at)


def _refuse(account: Account | None, *, at: datetime) -> None:
    with house().database.transaction(by=SIGN_IN_PAGE, at=at) as session:
        record(session, Happened.SIGN_IN_FAILED, happened_on=london_date(at), subject=account)
