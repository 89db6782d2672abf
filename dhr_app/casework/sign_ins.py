"""The sign-ins of one account: how one begins, which there are, and how they are ended.

end_all_sign_ins(session, account_id, at=at)     in another verb, where what somebody may do has changed
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.database.audit import record
from dhr_app.database.models.account import SignIn
from dhr_app.database.models.second_factor import HalfSignIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

AT_ONCE = 2
UNKNOWN = "unknown"

# Why a sign-in was ended by another than its own “Sign out”: the code that is kept, and how it is said there.
BY_NEWER, BY_OWNER, BY_CHANGE = "newer_sign_in", "ended_by_owner", "account_changed"
BY_TENANT = "tenant_turned_off"
ENDED_BECAUSE = {
    BY_NEWER: (
        "You were signed out here because you have signed in twice elsewhere since. If that was not you, sign in, "
        "end the other sign-ins and tell the administrator."
    ),
    BY_OWNER: "You were signed out here because you ended this sign-in from another browser.",
    BY_CHANGE: "You were signed out here because your account was changed. Sign in again.",
    BY_TENANT: (
        "You were signed out here because signing in with your organisation’s account was turned off. Sign in with "
        "your password, or ask the administrator of your partnership."
    ),
}


@dataclass(frozen=True)
class Where:
    """Where a sign-in comes from: the neighbourhood of its address, the browser in words, and through which tenant."""

    network: str = UNKNOWN
    browser: str = UNKNOWN
    tenant_id: UUID | None = None


@dataclass(frozen=True)
class SignInLine:
    """One sign-in that still counts. `here` marks the one that asks; `network` and `browser` may be “unknown”."""

    id: UUID
    began_at: datetime
    last_seen_at: datetime
    network: str
    browser: str
    here: bool


def own_sign_ins(here: UUID, *, by: Person, at: datetime) -> tuple[SignInLine, ...]:
    """Every sign-in of one's own that still counts, the latest first."""
    with house().reading() as session:
        rows = session.scalars(_live(by.id, at=at).order_by(None).order_by(SignIn.began_at.desc(), SignIn.id))
        return tuple(
            SignInLine(
                row.id, row.began_at, row.last_seen_at, row.network or UNKNOWN, row.browser or UNKNOWN, row.id == here
            )
            for row in rows
        )


def end_sign_in(sign_in_id: UUID, *, by: Person, at: datetime) -> None:
    """End one of one's own. Raises OutOfReach for anybody else's, and for none."""
    with house().transaction(by=by, at=at) as session:
        session.hold()
        row = session.get(SignIn, sign_in_id, with_for_update=True)
        if row is None or row.account_id != by.id:
            raise OutOfReach
        if row.ended_at is None:
            _end(session, row, BY_OWNER, at=at)


def end_other_sign_ins(here: UUID, *, by: Person, at: datetime) -> None:
    """End all of one's own but this one."""
    with house().transaction(by=by, at=at) as session:
        end_others(session, by.id, here, at=at)


def end_others(session: NamedSession, account_id: UUID, here: UUID | None, *, at: datetime) -> None:
    """End every sign-in of an account but `here`, within another verb."""
    session.hold()
    for row in session.scalars(_open(account_id).with_for_update()):
        if row.id != here:
            _end(session, row, BY_OWNER, at=at)


def end_half_sign_ins(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    """End whatever was begun with a password of an account and waits for its code, within another verb."""
    session.hold()
    halves = select(HalfSignIn).where(HalfSignIn.account_id == account_id, HalfSignIn.ended_at.is_(None))
    for half in session.scalars(halves.order_by(HalfSignIn.began_at, HalfSignIn.id).with_for_update()):
        half.ended_at = at


def end_all_sign_ins(session: NamedSession, account_id: UUID, *, at: datetime) -> int:
    """End every sign-in of an account, half ones too, within another verb; say how many there were.

    Each cookie is dead at once.
    """
    end_half_sign_ins(session, account_id, at=at)
    rows = session.scalars(_open(account_id).with_for_update()).all()
    for row in rows:
        _end(session, row, BY_CHANGE, at=at)
    return len(rows)


def end_sign_ins_through(session: NamedSession, tenant_id: UUID, *, at: datetime) -> None:
    """End every sign-in that came through a tenant, half ones too, within another verb."""
    session.hold()
    halves = select(HalfSignIn).where(HalfSignIn.tenant_id == tenant_id, HalfSignIn.ended_at.is_(None))
    for half in session.scalars(halves.order_by(HalfSignIn.began_at, HalfSignIn.id).with_for_update()):
        half.ended_at = at
    rows = select(SignIn).where(SignIn.tenant_id == tenant_id, SignIn.ended_at.is_(None))
    for row in session.scalars(rows.order_by(SignIn.began_at, SignIn.id).with_for_update()):
        _end(session, row, BY_TENANT, at=at)


def open_sign_in(session: NamedSession, account_id: UUID, where: Where, *, proved: bool = True, at: datetime) -> str:
    """Begin a sign-in in a verb that has locked the account, and return its token; the oldest of two others ends.

    Not `proved` is one that may have come through a tenant without anybody typing anything.
    """
    live = session.scalars(_live(account_id, at=at).with_for_update()).all()
    for row in live[: max(len(live) - AT_ONCE + 1, 0)]:
        _end(session, row, BY_NEWER, at=at)
    token = secrets.token_urlsafe(32)
    row = SignIn(
        account_id=account_id,
        token_sha256=token_hash(token),
        began_at=at,
        last_seen_at=at,
        proved_at=at if proved else None,
        network=where.network,
        browser=where.browser,
        tenant_id=where.tenant_id,
        ended_at=None,
        ended_because=None,
    )
    session.add(row)
    record(session, Happened.SIGNED_IN, happened_on=london_date(at), subject=row)
    return token


def renew_sign_in(session: NamedSession, sign_in_id: UUID, *, at: datetime) -> str | None:
    """Note in another verb that they showed who they are, and return a new token: from now on the one before is dead.

    None where the sign-in was ended meanwhile.
    """
    session.hold()
    row = session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        return None
    token = secrets.token_urlsafe(32)
    row.proved_at, row.token_sha256 = at, token_hash(token)
    return token


def why_ended(token: str) -> str:
    """What a browser whose sign-in was ended from elsewhere is told; empty where there is nothing to tell."""
    with house().reading() as session:
        code = session.scalar(select(SignIn.ended_because).where(SignIn.token_sha256 == token_hash(token)))
    return ENDED_BECAUSE.get(code or "", "")


def token_hash(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def _open(account_id: UUID) -> Select[SignIn]:
    found = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    return found.order_by(SignIn.began_at, SignIn.id)


def _live(account_id: UUID, *, at: datetime) -> Select[SignIn]:
    """Of those that were not ended, the ones that are neither idle nor too old."""
    settings = house().settings
    return _open(account_id).where(
        SignIn.last_seen_at > at - timedelta(minutes=settings.idle_minutes),
        SignIn.began_at > at - timedelta(hours=settings.absolute_hours),
    )


def _end(session: NamedSession, row: SignIn, because: str, *, at: datetime) -> None:
    row.ended_at, row.ended_because = at, because
    record(session, Happened.SIGN_IN_ENDED, happened_on=london_date(at), subject=row, details={"because": because})
