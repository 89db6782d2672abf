"""Whoever is signed in types their password once more before what cannot be undone: so that it is they, and meant.

prove_again(password, "statement.second", address=…, by=by, at=at)     before the verb; nothing is changed by then
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import passwords
from dhr_app.casework.house import house
from dhr_app.casework.throttle import address_hash, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

WRONG = "That is not your password. Nothing was changed: type the one you signed in with."


def prove_again(password: str, doing: str, *, address: str | None, by: Person, at: datetime) -> None:
    """Check the password of whoever is signed in, before they do what needs the permission `doing`.

    It is counted with the tries at sign-in, from the same address and in the same window, so that a screen left open
    is no place to try passwords. Success and failure are in the audit trail. Raises TooManyTries before the password
    is looked at, and Invalid beside “password” where it is wrong.
    """
    settings = house().settings
    with telling_of_throttling(by=by, at=at), house().transaction(by=by, at=at) as session:
        kept = session.execute(select(Account.email, Account.password_hash).where(Account.id == by.id)).one_or_none()
        attempt = take_try(session, address_hash(kept.email if kept else ""), address, settings, at=at)
    right = passwords.fits(password, kept.password_hash if kept else None, settings)
    if not right:
        _tell(Happened.PROOF_REFUSED, doing, by=by, at=at)
        raise Invalid({"password": WRONG})
    _tell(Happened.PROVED_AGAIN, doing, attempt.id, by=by, at=at)


def address_of(by: Person) -> str:
    """The address that somebody signs in with: by it a password manager finds whose password is asked for."""
    with house().reading() as session:
        return session.scalar(select(Account.email).where(Account.id == by.id)) or ""


def _tell(kind: Happened, doing: str, attempt: UUID | None = None, *, by: Person, at: datetime) -> None:
    """Write it down in a transaction of its own; a try that was right counts against nobody."""
    with house().transaction(by=by, at=at) as session:
        session.hold()
        if attempt is not None:
            session.get_one(SignInAttempt, attempt).succeeded = True
        record(session, kind, happened_on=london_date(at), details={"permission": doing})
