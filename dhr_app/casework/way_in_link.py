"""The link to a new password: made when its mail goes out, kept by its SHA-256 alone, good once and for 24 hours."""

from __future__ import annotations

import secrets
from datetime import datetime

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.house import House
from dhr_app.casework.invitation_link import PLACE, sha256
from dhr_app.database.models.account import Account
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import needs_two
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.roles import Role

ASKED_SUBJECT = "A new password was asked for"
ASKED = """\
On {moment} an administrator asked that you can choose a new password. It takes a second person to
confirm it; then a link comes to this address.

If you did not ask for it, ring the coordinator or an administrator of your partnership now: they take it back. Nothing
is changed so far."""

AT_THE_SERVER = """\
On {moment} whoever runs this system made a link by which you can choose a new password. They give it to
you themselves.

If you did not ask for it, ring them and the coordinator of your partnership now. Nothing is changed so far."""

LINK_SUBJECT = "Choose a new password"
LINK = """\
You can choose a new password on this page:
{place}

The link works once, until {moment}.{factor}
All sign-ins of your account end then. Your seats, and what you declared and signed, stay as they are.

If you did not ask for it, do not use it, and ring the coordinator or an administrator of your partnership now: they
take it back. Nothing is changed so far. Nobody will ever ask you for your password."""
FACTOR = """
Your authenticator, its recovery codes and your passkeys open nothing from then on; at the next sign-in you set up an
authenticator anew."""

DONE_SUBJECT = "A new password was chosen"
DONE = """\
A new password was chosen for your account on {moment}. All its sign-ins have ended.{factor}

If that was you, there is nothing to do. If it was not, ring the administrator of your partnership now, and let them
block your account."""
FACTOR_GONE = """
The authenticator, the recovery codes and the passkeys that there were open nothing any more."""


def is_live(row: WayIn, account: Account, *, at: datetime) -> bool:
    """Whether a link can be used: let go, not used, taken back or too old, and for the account as it is now.

    A role that two people give takes the second person, even where it was given only since. An account that is blocked,
    or that has another address, is not the one that the link was for.
    """
    confirmed = row.agreed_at is not None or not needs_two(Role(account.role))
    same = account.blocked_on is None and account.email == row.email
    in_time = row.expires_at is not None and at < row.expires_at
    return confirmed and same and in_time and row.used_at is None and row.withdrawn_at is None


def mint(session: NamedSession, row: WayIn, in_house: House) -> str:
    """Make the link anew, inside a verb: whatever link there was before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    row.token_sha256 = sha256(token)
    session.flush()
    return f"{in_house.settings.site_url}/new-password/{token}"


def asked_body(*, at: datetime) -> str:
    """What the account's holder is told while a second person is waited for; no name and no review."""
    return _letter(ASKED.format(moment=moment(at)))


def operator_body(*, at: datetime) -> str:
    """What the account's holder is told where the link was made at the server, which does not go by mail."""
    return _letter(AT_THE_SERVER.format(moment=moment(at)))


def link_body(row: WayIn, until: datetime) -> str:
    """What the mail with the link says, without its link."""
    return _letter(LINK.format(place=PLACE, moment=moment(until), factor=FACTOR if row.with_factor else ""))


def done_body(row: WayIn, *, at: datetime) -> str:
    """What the account's holder is told once the link was used."""
    return _letter(DONE.format(moment=moment(at), factor=FACTOR_GONE if row.with_factor else ""))


def moment(at: datetime) -> str:
    """A day and a time of day, in London, in words."""
    return f"{in_words(london_date(at))} at {at.astimezone(LONDON):%H:%M}"


def _letter(words: str) -> str:
    return f"{words}\n\nNobody reads answers to this message.\n"
