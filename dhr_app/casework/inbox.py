"""Where one person develops or tries this system without a mail server: the mail as its readers would get it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from dhr_app.casework.house import house
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.mailed_link import Linked, is_live, with_its_link
from dhr_app.casework.outbox import State, letter_of
from dhr_app.casework.program import Program
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.reminder import Message
from dhr_app.database.models.way_in import WayIn
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.roles import Role

MOST = 50
INBOX = Program("mail on this machine")

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class TextLine:
    """A line of a mail; one that is a link to a page here has its path."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class Mail:
    """One message as its reader would see it."""

    id: UUID
    to: str
    role: Role
    subject: str
    on_day: date
    lines: tuple[TextLine, ...]


def inbox() -> tuple[Mail, ...]:
    """The newest messages, whether they were sent or not. Raises OutOfReach in production."""
    _not_in_production()
    with house().reading() as session:
        return tuple(_mail(row) for row in session.execute(_rows().limit(MOST)))


def mail(message_id: UUID, *, at: datetime) -> Mail:
    """One message. Raises OutOfReach where there is none, and in production.

    A link, and the code of one, is made anew each time, as it would be for a mail server.
    """
    _not_in_production()
    with house().reading() as session:
        row = session.execute(_rows().where(Message.id == message_id)).one_or_none()
    if row is None:
        raise OutOfReach
    return _mail(row, _with_its_link(row, at=at))


def _not_in_production() -> None:
    if house().settings.production:
        raise OutOfReach


def _rows() -> Rows:
    return (
        select(
            Message.id, Message.subject, Message.body, Message.made_at, Message.on_day, Message.invitation_id,
            Message.way_in_id, Message.link_id, Message.kind, Message.account_id,
            func.coalesce(Account.email, Invitation.email, ActionLink.email).label("email"),
            func.coalesce(Account.role, Invitation.role, Role.AGENCY_CONTRIBUTOR.value).label("role"),
        )
        .outerjoin(Account, Account.id == Message.account_id)
        .outerjoin(Invitation, Invitation.id == Message.invitation_id)
        .outerjoin(ActionLink, ActionLink.id == Message.link_id)
        .where(Message.state != State.WITHDRAWN.value)
        .order_by(Message.on_day.desc(), Account.role, Account.email, Message.id)
    )  # fmt: skip


def _with_its_link(row: Any, *, at: datetime) -> str:
    if row.link_id is not None:
        with house().database.transaction(by=INBOX, at=at) as session:
            session.hold()
            link = session.get_one(ActionLink, row.link_id, with_for_update=True)
            live = is_live(link, None, at=at)
            return with_its_link(row.body, session, link, house(), kind=row.kind, at=at) if live else str(row.body)
    if row.invitation_id is None and row.way_in_id is None:
        return str(row.body)
    with house().database.transaction(by=INBOX, at=at) as session:
        session.queue(ACCOUNTS)
        linked: Linked = (
            session.get_one(Invitation, row.invitation_id)
            if row.invitation_id is not None
            else session.get_one(WayIn, row.way_in_id)
        )
        account = session.get(Account, row.account_id) if row.account_id is not None else None
        if not is_live(linked, account, at=at):
            return str(row.body)
        return with_its_link(row.body, session, linked, house(), kind=row.kind, at=at)


def _mail(row: Any, body: str = "") -> Mail:
    site_url = house().settings.site_url
    letter = letter_of(row.id, row.email, row.subject, body or row.body, row.made_at, house())
    lines = tuple(
        TextLine(text, text.removeprefix(site_url) if text.startswith(f"{site_url}/") else "")
        for text in letter.text.splitlines()
    )
    return Mail(row.id, row.email, Role(row.role), letter.marked_subject, row.on_day, lines)
