"""How often a password may be tried: so many for one address, so many from one network, each in a sliding window."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import ColumnElement, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.database.audit import record
from dhr_app.database.context import Actor
from dhr_app.database.models.account import SignInAttempt
from dhr_app.database.models.event import Event
from dhr_app.database.session import NamedSession
from dhr_app.settings import Settings
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened

NETWORK_TRIES, NETWORK_MINUTES = 30, 15
TOLD_EVERY = timedelta(minutes=1)


class TooManyTries(RuleError):
    """Too many wrong passwords; `until` is the moment from which another try is taken (429)."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many sign-ins have failed.")
        self.until = until


def network_of(address: str | None) -> str:
    """The neighbourhood an address is counted in: /24 of IPv4, /64 of IPv6; "unknown" for none."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    known = getattr(known, "ipv4_mapped", None) or known  # an IPv4 caller of a server that listens on IPv6
    return str(ip_network((known, 24 if known.version == 4 else 64), strict=False))


def address_hash(email: str) -> bytes:
    """What an address is counted by: however it was typed, and without keeping it."""
    return hashlib.sha256(normal(email).encode()).digest()


def normal(email: str) -> str:
    """An address as it is kept and compared: without surrounding space, in small letters."""
    return email.strip().casefold()


def take_try(
    session: NamedSession,
    email_sha256: bytes,
    address: str | None,
    settings: Settings,
    *,
    beside: str = "",
    at: datetime,
) -> SignInAttempt:
    """Count this try as a failed one before the password is looked at, so that many at once cannot slip through.

    Raises TooManyTries, and counts nothing, where there were too many: nobody can be shut out for good. What is counted
    `beside` the sign-ins, under a name of its own, keeps nobody of that network from signing in.
    """
    session.queue("sign-in")
    check_tries(session, email_sha256, address, settings, beside=beside, at=at)
    network = _counted_as(address, beside)
    attempt = SignInAttempt(email_sha256=email_sha256, network=network, at=at, succeeded=False)
    session.add(attempt)
    return attempt


def check_tries(
    session: NamedSession,
    email_sha256: bytes,
    address: str | None,
    settings: Settings,
    *,
    beside: str = "",
    at: datetime,
) -> None:
    """Raise TooManyTries where there were too many, as take_try does; this one is not counted."""
    network = _counted_as(address, beside)
    limits: list[tuple[ColumnElement[bool], int, int]] = [
        (SignInAttempt.email_sha256 == email_sha256, settings.sign_in_tries, settings.sign_in_tries_window),
        (SignInAttempt.network == network, NETWORK_TRIES, NETWORK_MINUTES),
    ]
    full = [until for whose, tries, minutes in limits if (until := _full_until(session, whose, tries, minutes, at=at))]
    if full:
        raise TooManyTries(max(full))


def _counted_as(address: str | None, beside: str) -> str:
    return f"{beside} {network_of(address)}".strip()


def _full_until(
    session: NamedSession, whose: ColumnElement[bool], tries: int, minutes: int, *, at: datetime
) -> datetime | None:
    """When the oldest of the last `tries` failures leaves the window, if they all fall into it."""
    window = timedelta(minutes=minutes)
    query = select(SignInAttempt.at).where(whose, SignInAttempt.succeeded.is_(False), SignInAttempt.at > at - window)
    failures = session.scalars(query.order_by(SignInAttempt.at.desc()).limit(tries)).all()
    return failures[-1] + window if len(failures) >= tries else None


@contextmanager
def telling_of_throttling(*, by: Actor, at: datetime) -> Iterator[None]:
    """Write down that a try was not taken, at most once a minute: whoever tries on must not fill the trail."""
    try:
        yield
    except TooManyTries:
        with house().database.transaction(by=by, at=at) as session:
            session.queue("sign-in")
            told = select(Event.id).where(
                Event.kind == Happened.SIGN_IN_THROTTLED.value, Event.recorded_at > at - TOLD_EVERY
            )
            if session.scalar(told.limit(1)) is None:
                record(session, Happened.SIGN_IN_THROTTLED, happened_on=london_date(at))
        raise
