"""The mail this system writes, for the coordinator: what a server did not take, in its words, and how to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.post import tells_what_became_of_it
from dhr_app.casework.digest import mail_of
from dhr_app.casework.house import house
from dhr_app.casework.outbox import BLOCKED, GIVE_UP, OVER, TOO_OLD, State, pause_after
from dhr_app.casework.outgoing import mail_check
from dhr_app.casework.scene import require
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.reminder import Message
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import OutOfReach, Over, RuleError
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

MOST = 50
OUTDATED_SHOWN = timedelta(days=30)

TROUBLED = or_(
    Message.state.in_((State.DEAD.value, State.HELD.value)),
    and_(Message.state == State.PENDING.value, Message.refused_with.is_not(None)),
)
MAY_GO_AGAIN = (State.PENDING.value, State.WAITING.value, State.DEAD.value, State.HELD.value)
GOES_NO_MORE = "This message goes out no more: it was withdrawn, or waited too long. Nothing was changed."
NO_SERVER = Message.state == State.WAITING.value  # through no fault of its own: the server is away

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


class Became(StrEnum):
    """What became of a message, for whoever reads the page. A mail server takes a message and says no more of it."""

    WRITTEN = "written"
    ON_ITS_WAY = "on_its_way"
    WAITS = "waits"
    HANDED_OVER = "handed_over"
    WITH_NOTIFY = "with_notify"
    NEVER_TOLD = "never_told"
    DELIVERED = "delivered"
    NOT_TAKEN = "not_taken"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    TOO_OLD = "too_old"
    HELD = "held"


OF_STATE = {
    State.WAITING: Became.WAITS,
    State.SENDING: Became.ON_ITS_WAY,
    State.DELIVERED: Became.DELIVERED,
    State.DEAD: Became.GIVEN_UP,
    State.OUTDATED: Became.TOO_OLD,
    State.HELD: Became.HELD,
    State.WITHDRAWN: Became.WITHDRAWN,
}


@dataclass(frozen=True)
class MessageLine:
    """One message; `said` is what its mail server said last, `next_try_at` None where nobody tries any more.

    One that is `held` was never tried, and `said` tells what it would name. `by_us` where `said` is our own sentence.
    `since` is the moment at which it was handed over or delivered.
    """

    id: UUID
    to: str
    role: Role
    subject: str
    on_day: date
    tries: int
    said: str
    next_try_at: datetime | None
    became: Became
    since: datetime | None
    held: bool
    by_us: bool


@dataclass(frozen=True)
class MessagePage:
    """The page; each list holds at most MOST messages, the newest first: those in trouble, and all there are.

    `waiting` messages were not tried yet; `server` is whether a mail server is set up at all, `notify` whether that is
    GOV.UK Notify, which says later what was delivered. `stalled` messages go out once the server takes mail again;
    `server_said` is what the newest try of them was told. `outdated` ones of the last thirty days waited for it too
    long.
    """

    troubled: tuple[MessageLine, ...]
    newest: tuple[MessageLine, ...]
    troubles: int
    waiting: int
    server: bool
    notify: bool
    stalled: int
    server_said: str
    outdated: int


def message_page(*, by: Person, at: datetime) -> MessagePage:
    """What was not taken, what waits, and what became of the newest. Raises NotAllowed."""
    require(by, "messages.see", on=london_date(at))
    waits = and_(Message.state.in_((State.PENDING.value, State.SENDING.value)), Message.refused_with.is_(None))
    with house().reading() as session:
        troubled = session.execute(_lines().where(TROUBLED)).all()
        newest = session.execute(_lines()).all()
        counted = (
            select(
                func.count().filter(TROUBLED), func.count().filter(waits), func.count().filter(NO_SERVER),
                func.count().filter(_outdated(london_date(at))),
            )
            .select_from(Message)
        )  # fmt: skip
        not_taken, waiting, stalled, outdated = session.execute(counted).one()
        server_said = _said_last(session)
    settings = house().settings
    return MessagePage(
        tuple(map(_line, troubled)), tuple(map(_line, newest)), not_taken, waiting, bool(settings.mail_url),
        tells_what_became_of_it(settings), stalled, server_said, outdated,
    )  # fmt: skip


def troubles(session: NamedSession) -> int:
    """How many messages somebody has to look at: not taken so far, or waiting for a server that is away."""
    return session.scalar(select(func.count()).select_from(Message).where(or_(TROUBLED, NO_SERVER))) or 0


def try_again(message_id: UUID, *, by: Person, at: datetime) -> bool:
    """Let a message that was not taken go out again, from now for two days; False where it has gone meanwhile.

    Raises NotAllowed, OutOfReach where there is no such message, Over where it was withdrawn or waited too long, and
    RuleError where it is held and still names somebody.
    """
    require(by, "messages.see", on=london_date(at))
    with house().reading() as session:
        written = session.get(Message, message_id)
        mail = mail_of(written.subject, written.body) if written else ""
    names = mail_check(house(), [mail], at=at)
    with house().transaction(by=by, at=at) as session:
        session.hold()
        message = session.get(Message, message_id, with_for_update=True)
        if message is None:
            raise OutOfReach
        if message.state == State.HELD.value and (why := names.why_held(mail)):
            raise RuleError(why)
        if message.state in (State.OUTDATED.value, State.WITHDRAWN.value):
            raise Over(GOES_NO_MORE)
        if message.state not in MAY_GO_AGAIN:
            return False
        message.state, message.tries = State.PENDING.value, 0
        message.next_try_at, message.give_up_at = at, at + GIVE_UP
        return True


def _said_last(session: NamedSession) -> str:
    """What the newest try of those that wait for the server was told; empty where none waits."""
    rows = (
        select(Message.refused_with, Message.tries, func.max(Message.next_try_at))
        .where(NO_SERVER)
        .group_by(Message.refused_with, Message.tries)
        .order_by(Message.refused_with, Message.tries)
    )
    said = [
        (next_try_at - pause_after(tries, away=True), words or "")
        for words, tries, next_try_at in session.execute(rows)
    ]
    return max(said)[1] if said else ""


def _outdated(today: date) -> ColumnElement[bool]:
    # An invitation, a way back in and a link to an action say of themselves that they were not sent.
    by_mornings = and_(Message.invitation_id.is_(None), Message.way_in_id.is_(None), Message.link_id.is_(None))
    return and_(by_mornings, Message.state == State.OUTDATED.value, Message.on_day > today - OUTDATED_SHOWN)


def _lines() -> Rows:
    return (
        select(
            Message.id, func.coalesce(Account.name, Invitation.name, ActionLink.email).label("name"),
            func.coalesce(Account.role, Invitation.role, Role.AGENCY_CONTRIBUTOR.value).label("role"),
            Message.subject, Message.on_day, Message.tries, Message.refused_with, Message.next_try_at, Message.sent_at,
            Message.state, Message.notify_id, Message.ask_at, Message.delivered_at,
        )
        .outerjoin(Account, Account.id == Message.account_id)
        .outerjoin(Invitation, Invitation.id == Message.invitation_id)
        .outerjoin(ActionLink, ActionLink.id == Message.link_id)
        .order_by(Message.on_day.desc(), func.coalesce(Account.name, Invitation.name, ActionLink.email), Message.id)
        .limit(MOST)
    )  # fmt: skip


def _line(row: Any) -> MessageLine:
    again = row.next_try_at if row.state == State.PENDING.value else None
    return MessageLine(
        row.id, row.name, Role(row.role), row.subject, row.on_day, row.tries, row.refused_with or "", again,
        _became(row), row.delivered_at or row.sent_at, row.state == State.HELD.value,
        row.refused_with in (TOO_OLD, BLOCKED, OVER),
    )  # fmt: skip


def _became(row: Any) -> Became:
    match State(row.state):
        case State.PENDING:
            return Became.NOT_TAKEN if row.refused_with else Became.WRITTEN
        case State.SENT if row.notify_id is None:
            return Became.HANDED_OVER
        case State.SENT:
            return Became.WITH_NOTIFY if row.ask_at else Became.NEVER_TOLD
        case state:
            return OF_STATE[state]
