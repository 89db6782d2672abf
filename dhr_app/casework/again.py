"""Whoever is signed in shows once more who they are before what cannot be undone: so that it is they, and meant.

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
from dhr_app.casework.sign_ins import renew_sign_in
from dhr_app.casework.throttle import address_hash, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, ProofNeeded
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.person import PROOF_LASTS

WRONG = "That was not right. Nothing was changed: use the password or the passkey that you sign in with."


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
) -> str | None:
    """Check the password of whoever is signed in, before they do what needs the permission `doing`.

    Whoever has an authenticator gives a code too; it is looked at only after the right password. It is counted with the
    tries at sign-in, from the same address and in the same window, so that a screen left open is no place to try
    passwords. Success and failure are in the audit trail; `sign_in` counts as proved from now on, and its new token is
    returned: the one before opens nothing any more. Raises TooManyTries before the password is looked at, and Invalid
    beside “password” or “code” where it is wrong.
    """
    settings = house().settings
    with telling_of_throttling(by=by, at=at), house().transaction(by=by, at=at) as session:
        kept = session.execute(select(Account.email, Account.password_hash).where(Account.id == by.id)).one_or_none()
        attempt = take_try(session, address_hash(kept.email if kept else ""), address, settings, at=at)
    if not passwords.fits(password, kept.password_hash if kept else None, settings):
        refuse_proof(doing, by=by, at=at)
        raise Invalid({"password": WRONG})
    fresh = None
    with house().transaction(by=by, at=at) as session:
        lock_account(session, by.id)
        right = not has_authenticator(session, by.id) or take_code(session, by.id, code, at=at)
        if right:
            session.get_one(SignInAttempt, attempt.id).succeeded = True  # a try that was right counts against nobody
            fresh = note_proof(session, doing, sign_in, how="password", at=at)
    if not right:
        refuse_proof(doing, by=by, at=at)
        raise Invalid({"code": NOT_RIGHT})
    return fresh


def address_of(by: Person) -> str:
    """The address that somebody signs in with: by it a password manager finds whose password is asked for."""
    with house().reading() as session:
        return session.scalar(select(Account.email).where(Account.id == by.id)) or ""


def note_proof(session: NamedSession, doing: str, sign_in: UUID | None, *, how: str, at: datetime) -> str | None:
    """Note in a verb that has locked the account that they showed who they are, and by what, a code (`how`).

    Returns the new token of the sign-in; None where there is none, or it was ended meanwhile.
    """
    record(session, Happened.PROVED_AGAIN, happened_on=london_date(at), details={"permission": doing, "by": how})
    return renew_sign_in(session, sign_in, at=at) if sign_in is not None else None


def refuse_proof(doing: str, *, by: Person, at: datetime) -> None:
    """Write down that somebody could not show who they are."""
    with house().transaction(by=by, at=at) as session:
        record(session, Happened.PROOF_REFUSED, happened_on=london_date(at), details={"permission": doing})
