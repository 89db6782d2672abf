"""Whoever is signed in types their password once more before what cannot be undone: so that it is they, and meant.

prove_again(password, "statement.second", address=…, by=by, at=at)     before the verb; nothing is changed by then
check_proof(signed_in.proved_at, at=at)     where it is enough that they did so within five minutes, or signed in
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import passwords
from dhr_app.casework.authenticator import NOT_RIGHT, has_authenticator, lock_account, take_code
from dhr_app.casework.house import house
from dhr_app.casework.throttle import address_hash, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account, SignIn, SignInAttempt
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, ProofNeeded
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.person import PROOF_LASTS

WRONG = "That is not your password. Nothing was changed: type the one you signed in with."


def check_proof(proved_at: datetime | None, *, at: datetime) -> None:
    """Raise ProofNeeded unless whoever is signed in showed who they are within five minutes."""
    if proved_at is None or at - proved_at >= PROOF_LASTS:
        raise ProofNeeded


def prove_again(
    password: str,
    doing: str,
    *,
    code: str = "",
    sign_in: UUID | None = None,
    address: str | None,
    by: Person,
    at: datetime,
) -> None:
    """Check the password of whoever is signed in, before they do what needs the permission `doing`.

    Whoever has an authenticator gives a code too; it is looked at only after the right password. It is counted with the
    tries at sign-in, from the same address and in the same window, so that a screen left open is no place to try
    passwords. Success and failure are in the audit trail; `sign_in` counts as proved from now on. Raises TooManyTries
    before the password is looked at, and Invalid beside “password” or “code” where it is wrong.
    """
    settings = house().settings
    with telling_of_throttling(by=by, at=at), house().transaction(by=by, at=at) as session:
        kept = session.execute(select(Account.email, Account.password_hash).where(Account.id == by.id)).one_or_none()
        attempt = take_try(session, address_hash(kept.email if kept else ""), address, settings, at=at)
    if not passwords.fits(password, kept.password_hash if kept else None, settings):
        _refuse(doing, by=by, at=at)
        raise Invalid({"password": WRONG})
    with house().transaction(by=by, at=at) as session:
        lock_account(session, by.id)
        right = not has_authenticator(session, by.id) or take_code(session, by.id, code, at=at)
        if right:
            _note_proof(session, sign_in, at=at)
            session.get_one(SignInAttempt, attempt.id).succeeded = True  # a try that was right counts against nobody
            record(session, Happened.PROVED_AGAIN, happened_on=london_date(at), details={"permission": doing})
    if not right:
        _refuse(doing, by=by, at=at)
        raise Invalid({"code": NOT_RIGHT})


def address_of(by: Person) -> str:
    """The address that somebody signs in with: by it a password manager finds whose password is asked for."""
    with house().reading() as session:
        return session.scalar(select(Account.email).where(Account.id == by.id)) or ""


def _note_proof(session: NamedSession, sign_in: UUID | None, *, at: datetime) -> None:
    row = session.get(SignIn, sign_in, with_for_update=True) if sign_in is not None else None
    if row is not None and row.ended_at is None:
        row.proved_at = at


def _refuse(doing: str, *, by: Person, at: datetime) -> None:
    with house().transaction(by=by, at=at) as session:
        record(session, Happened.PROOF_REFUSED, happened_on=london_date(at), details={"permission": doing})
