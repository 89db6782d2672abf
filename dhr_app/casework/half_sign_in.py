"""Between the password and the code: a sign-in that is only half done, and opens nothing.

It is a row of a table of its own, with a token of its own, for ten minutes; after the right code it is over, and the
browser is given the new token of a sign-in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.authenticator import (
    NOT_RIGHT,
    ToSetUp,
    begin_authenticator,
    codes_left,
    confirm,
    has_authenticator,
    lock_account,
    take_code,
    to_set_up,
)
from dhr_app.casework.house import house
from dhr_app.casework.principal import person_of
from dhr_app.casework.program import Program
from dhr_app.casework.sign_ins import Where, open_sign_in, token_hash
from dhr_app.casework.throttle import address_hash, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.database.models.second_factor import HalfSignIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, RuleError
from dhr_app.workflows.events import Happened

LASTS = timedelta(minutes=10)
CODE_PAGE = Program("sign-in page")


class CodeNeeded(RuleError):
    """The password was right, or a tenant’s word good, and a code is asked for; `token` is of the half sign-in."""

    def __init__(self, token: str) -> None:
        super().__init__("Enter the code of your authenticator.")
        self.token = token


class HalfOver(RuleError):
    """The half sign-in is over: too old, done, or its account blocked."""

    def __init__(self) -> None:
        super().__init__("That took too long, or was done before. Enter your address and password again.")


@dataclass(frozen=True)
class Half:
    """Somebody who typed the right password; `sets_up` where they have no authenticator yet."""

    account_id: UUID
    sets_up: bool


@dataclass(frozen=True)
class Entered:
    """A sign-in that is complete: its token, the recovery codes that were made with it, and how many are left.

    `by_recovery_code` where one of them was used instead of the authenticator.
    """

    token: str
    new_codes: tuple[str, ...]
    left: int
    by_recovery_code: bool


def begin_half(account_id: UUID, attempt_id: UUID, renewed: str | None, where: Where, *, at: datetime) -> str:
    """Note that the password was right, or a tenant’s word good, and return the token of the half sign-in.

    `renewed` is the password's hash made anew.
    """
    token = secrets.token_urlsafe(32)
    with house().database.transaction(by=CODE_PAGE, at=at) as session:
        account = lock_account(session, account_id)
        if renewed is not None:
            account.password_hash = renewed
        session.get_one(SignInAttempt, attempt_id).succeeded = True
        session.add(
            HalfSignIn(
                account_id=account_id,
                token_sha256=token_hash(token),
                began_at=at,
                ended_at=None,
                network=where.network,
                browser=where.browser,
                tenant_id=where.tenant_id,
            )
        )
        record(session, Happened.CODE_ASKED, happened_on=london_date(at), subject=account)
        sets_up = not has_authenticator(session, account_id)
    if sets_up:
        begin_authenticator(account_id, at=at)
    return token


def half_of(token: str, *, at: datetime) -> Half | None:
    """Whose half sign-in this is; None once it is over."""
    with house().reading() as session:
        row = _current(session, token, at=at)
        return Half(row.account_id, not has_authenticator(session, row.account_id)) if row is not None else None


def half_to_set_up(half: Half, *, at: datetime) -> ToSetUp | None:
    """What they put into their authenticator app; None for whoever has one, who is never shown its secret again."""
    return to_set_up(half.account_id, at=at) if half.sets_up else None


def enter_code(token: str, typed: str, *, address: str | None, at: datetime) -> Entered:
    """Complete a sign-in by a code; for whoever has no authenticator yet the code confirms the one they set up.

    Raises HalfOver, TooManyTries before the code is looked at, and Invalid beside “code” for a wrong one.
    """
    settings = house().settings
    with telling_of_throttling(by=CODE_PAGE, at=at), house().database.transaction(by=CODE_PAGE, at=at) as session:
        half = _current(session, token, at=at)
        if half is None:
            raise HalfOver
        account_id = half.account_id
        email = session.get_one(Account, account_id).email
        attempt = take_try(session, address_hash(email), address, settings, at=at)
    entered = _complete(token, account_id, attempt.id, typed, at=at)
    if entered is None:
        _refuse(account_id, at=at)
        raise Invalid({"code": NOT_RIGHT})
    return entered


def _complete(token: str, account_id: UUID, attempt_id: UUID, typed: str, *, at: datetime) -> Entered | None:
    with house().reading() as session:
        person = person_of(session, session.get_one(Account, account_id))
    with house().transaction(by=person, at=at) as session:
        lock_account(session, account_id)
        half = _current(session, token, at=at)
        if half is None:
            raise HalfOver
        codes: tuple[str, ...] | None = ()
        before = codes_left(session, account_id)
        if not has_authenticator(session, account_id):
            codes = confirm(session, account_id, typed, at=at)
        elif not take_code(session, account_id, typed, at=at):
            codes = None
        if codes is None:
            return None
        half.ended_at = at
        session.get_one(SignInAttempt, attempt_id).succeeded = True
        new = open_sign_in(session, account_id, Where(half.network, half.browser, half.tenant_id), at=at)
        session.flush()
        left = codes_left(session, account_id)
        return Entered(new, codes, left, by_recovery_code=left < before)


def _current(session: NamedSession, token: str, *, at: datetime) -> HalfSignIn | None:
    return session.scalars(
        select(HalfSignIn)
        .join(Account, Account.id == HalfSignIn.account_id)
        .where(
            HalfSignIn.token_sha256 == token_hash(token),
            HalfSignIn.ended_at.is_(None),
            HalfSignIn.began_at > at - LASTS,
            Account.blocked_on.is_(None),
        )
    ).one_or_none()


def _refuse(account_id: UUID, *, at: datetime) -> None:
    with house().database.transaction(by=CODE_PAGE, at=at) as session:
        account = session.get_one(Account, account_id)
        record(session, Happened.CODE_REFUSED, happened_on=london_date(at), subject=account)
