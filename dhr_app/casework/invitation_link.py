"""The link of an invitation: made when its mail goes out, kept by its SHA-256 alone, good once and for 14 days."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, and_

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.roles import Role

PLACE = "(the link stands in the mail alone)"
SUBJECT = "You are invited to the case management system for Domestic Homicide Reviews"
BODY = """\
You are invited to have an account here, as {role}.

Choose your password on this page:
{place}

The link works once, until {until}. If you did not expect this, do nothing.
Nobody will ever ask you for your password. Please do not answer this mail."""


def is_live(row: Invitation, *, at: datetime) -> bool:
    """Whether an invitation can be used: confirmed where it must be, not used, withdrawn or too old."""
    return row.used_at is None and row.withdrawn_at is None and row.expires_at is not None and at < row.expires_at


def live(*, at: datetime) -> ColumnElement[bool]:
    """The same, of rows."""
    return and_(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > at)


def mail_body(row: Invitation) -> str:
    """What the mail says, without its link: a role and a day, no name and no review."""
    until = in_words(london_date(row.expires_at)) if row.expires_at else ""
    return BODY.format(role=with_article(Role(row.role)), place=PLACE, until=until)


def mint(session: NamedSession, row: Invitation, in_house: House) -> str:
    """Make the invitation's link anew, inside a verb: whatever link it had before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    row.token_sha256 = sha256(token)
    session.flush()
    return f"{in_house.settings.site_url}/invitation/{token}"


def with_link(body: str, link: str) -> str:
    """The mail as it is handed over."""
    return body.replace(PLACE, link)


def sha256(token: str) -> bytes:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).digest()


def with_article(role: Role) -> str:
    """A role in a sentence: “an auditor”."""
    words = role.label[0].lower() + role.label[1:]
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
