"""Messages on their way: claimed and committed before they are sent, so that none is lost and few are sent twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.letter import Letter
from dhr_app.adapters.mail import MailRefused, ServerGone
from dhr_app.adapters.post import Post, post
from dhr_app.casework import mailed_link
from dhr_app.casework.house import House
from dhr_app.casework.mailed_link import Linked, one_of
from dhr_app.casework.program import Program
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.reminder import Message
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened

OUTBOX = Program("outbox")
DIGEST = "digest"

BATCH = 20
LEASE = timedelta(minutes=15)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
WHILE_AWAY = timedelta(minutes=15)  # at most, where the server is away: once it is back all mail goes soon
GIVE_UP = timedelta(days=2)
ASK_FIRST = timedelta(minutes=5)  # before that Notify has seldom heard from the reader’s mail server
TOO_OLD = "It could not be sent for two days."
OVER = "What its link was for was settled, taken back or too old before the message was sent."
BLOCKED = "The account was blocked before the message was sent."


class State(StrEnum):
    """Where a message is. What is held may name somebody protected: nobody sends it.

    One that waits has no fault of its own: the server cannot be reached, or lets us send nothing. After two days of
    that, or of no server at all, it is outdated: what is still due stands in the mail of a later morning. Sent is what
    a server took; delivered what GOV.UK Notify says has arrived (casework/delivery.py). One is withdrawn where what it
    says changed, was written afresh, or is over, before it went out.
    """

    PENDING = "pending"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    DEAD = "dead"
    OUTDATED = "outdated"
    HELD = "held"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send until its lease ends; `tries` tells this try from any other."""

    id: UUID
    tries: int
    letter: Letter


@dataclass
class Delivered:
    """What became of the messages of one run."""

    sent: int = 0
    refused: int = 0

    @property
    def sentence(self) -> str:
        """The sum; empty where there was nothing to do."""
        return f"{self.sent} sent, {self.refused} not taken" if self.sent or self.refused else ""


def message_of(kind: str, account_id: UUID | None, on_day: date, subject: str, body: str, *, at: datetime) -> Message:
    """A message to an account, which may be sent at once and for two days. None: to whoever is invited."""
    return Message(
        kind=kind,
        account_id=account_id,
        on_day=on_day,
        subject=subject,
        body=body,
        made_at=at,
        state=State.PENDING.value,
        tries=0,
        next_try_at=at,
        give_up_at=at + GIVE_UP,
        leased_until=None,
        sent_at=None,
        refused_with=None,
        notify_id=None,
        ask_at=None,
        delivered_at=None,
    )


def unsend(session: NamedSession, *of: ColumnElement[bool], at: datetime) -> None:
    """Whatever of these messages has not gone goes no more; inside a verb. What is just being sent is left alone."""
    kept = (State.PENDING.value, State.WAITING.value, State.DEAD.value)
    rows = select(Message).where(*of, or_(Message.state.in_(kept), _left_behind(at)))
    for message in session.scalars(rows.order_by(Message.id)):
        message.state, message.leased_until = State.WITHDRAWN.value, None


def pause_after(tries: int, *, away: bool = False) -> timedelta:
    """How long nobody tries after so many tries; never long where it was the server that was `away`."""
    pause = BACK_OFF[min(tries, len(BACK_OFF)) - 1]
    return min(pause, WHILE_AWAY) if away else pause


def deliver(in_house: House, *, at: datetime) -> Delivered:
    """Send what is to be sent now, some at a time. Without a mail server in the settings everything waits.

    A message that is refused keeps its server’s words and is tried again later, or, where that is of no use, waits on
    a page for somebody to look at; the others go on. Whoever is killed here leaves a lease that runs out.
    """
    done = Delivered()
    settings = in_house.settings
    while settings.mail_url and (batch := _claim(in_house, at=at)):
        try:
            with post(settings) as way_out:
                gone = _send(in_house, way_out, batch, done, at=at)
        except ServerGone as trouble:
            _all_wait(in_house, batch, trouble, done, at=at)
            break
        if gone:
            break
    return done


def _send(in_house: House, way_out: Post, batch: Sequence[Claimed], done: Delivered, *, at: datetime) -> bool:
    """Hand each message over; whether the server went away in the middle."""
    for place, claimed in enumerate(batch):
        try:
            number = way_out.send(claimed.letter)
        except ServerGone as trouble:
            _all_wait(in_house, batch[place:], trouble, done, at=at)
            return True
        except MailRefused as refused:
            _settle(in_house, claimed, refused, at=at)
            done.refused += 1
        else:
            _settle(in_house, claimed, None, number, at=at)
            done.sent += 1
    return False


def _all_wait(in_house: House, batch: Sequence[Claimed], trouble: ServerGone, done: Delivered, *, at: datetime) -> None:
    for claimed in batch:
        _settle(in_house, claimed, trouble, at=at)
        done.refused += 1


def _claim(in_house: House, *, at: datetime) -> list[Claimed]:
    """Make messages ours for the length of a lease, and commit that before anything is sent."""
    with in_house.database.transaction(by=OUTBOX, at=at) as session:
        if not session.scalar(select(Message.id).where(due(at)).limit(1)):
            return []
        session.hold()
        rows = session.execute(
            select(Message, Account, Invitation, WayIn, ActionLink)
            .outerjoin(Account, Account.id == Message.account_id)
            .outerjoin(Invitation, Invitation.id == Message.invitation_id)
            .outerjoin(WayIn, WayIn.id == Message.way_in_id)
            .outerjoin(ActionLink, ActionLink.id == Message.link_id)
            .where(due(at))  # of the row that is locked: a query within would still see it as it was before
            .order_by(Message.next_try_at, Message.id)
            .limit(BATCH)
            .with_for_update(of=Message, skip_locked=True)
        ).all()
        mails = [
            (message, account, one_of(invitation, way_in, link)) for message, account, invitation, way_in, link in rows
        ]
        return [
            _taken(session, message, account, linked, in_house, at=at)
            for message, account, linked in mails
            if _may_go(message, account, linked, at=at)
        ]


def due(at: datetime) -> ColumnElement[bool]:
    """Whether a message is to be sent now: its time has come, or somebody began to send it and was killed."""
    waiting = and_(Message.state.in_((State.PENDING.value, State.WAITING.value)), Message.next_try_at <= at)
    return or_(waiting, _left_behind(at))


def _left_behind(at: datetime) -> ColumnElement[bool]:
    return and_(Message.state == State.SENDING.value, Message.leased_until <= at)


def _may_go(message: Message, account: Account | None, linked: Linked | None, *, at: datetime) -> bool:
    blocked = account is not None and account.blocked_on is not None
    over = linked is not None and not mailed_link.is_live(linked, account, at=at)
    if not (blocked or over) and at < message.give_up_at:
        return True
    outdated = not blocked and (message.state == State.WAITING.value or not message.tries)
    left = State.WITHDRAWN if over else State.OUTDATED if outdated else State.DEAD
    message.state, message.leased_until = left.value, None
    message.refused_with = BLOCKED if blocked else message.refused_with or (OVER if over else TOO_OLD)
    return False


def _taken(
    session: NamedSession,
    message: Message,
    account: Account | None,
    linked: Linked | None,
    in_house: House,
    *,
    at: datetime,
) -> Claimed:
    """The letter that is ours to send; a link, or the code of one, is made for it, and stands nowhere else."""
    message.state, message.tries, message.leased_until = State.SENDING.value, message.tries + 1, at + LEASE
    body, kind = message.body, message.kind
    if linked is not None:
        body = mailed_link.with_its_link(body, session, linked, in_house, kind=kind, at=at)
    email = linked.email if linked is not None else account.email if account is not None else ""
    # What went out before with a link opens nothing by it any more: it is no second copy of this.
    again = message.tries > 1 and linked is None
    letter = letter_of(message.id, email, message.subject, body, message.made_at, in_house, again=again)
    return Claimed(message.id, message.tries, letter)


def letter_of(
    message_id: UUID, to: str, subject: str, body: str, made_at: datetime, in_house: House, *, again: bool = False
) -> Letter:
    """The letter that a message goes out as, with the marking of the settings."""
    settings = in_house.settings
    place = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return Letter(f"<{message_id}@{place}>", to, subject, body, made_at, settings.mail_marking, again)


def _settle(
    in_house: House, claimed: Claimed, refused: MailRefused | None, number: UUID | None = None, *, at: datetime
) -> None:
    """Write down what became of a try, unless the lease ran out and somebody else has begun another.

    `number` is that of a message which one can ask after.
    """
    with in_house.database.transaction(by=OUTBOX, at=at) as session:
        session.hold()
        message = session.get(Message, claimed.id, with_for_update=True)
        if message is None or (message.state, message.tries) != (State.SENDING.value, claimed.tries):
            return
        message.leased_until = None
        if refused is None:
            message.state, message.sent_at, message.refused_with = State.SENT.value, at, None
            message.notify_id, message.ask_at = number, at + ASK_FIRST if number else None
            record(session, Happened.MESSAGE_SENT, happened_on=london_date(at), subject=message)
            return
        away = isinstance(refused, ServerGone)
        said_before = away and message.refused_with == refused.said
        message.refused_with = refused.said
        message.next_try_at = at + pause_after(message.tries, away=away)
        too_old = message.next_try_at >= message.give_up_at
        if away:
            given_up = too_old
            message.state = (State.OUTDATED if given_up else State.WAITING).value
        else:
            given_up = refused.for_good or too_old
            message.state = (State.DEAD if given_up else State.PENDING).value
        if said_before and not given_up:
            return  # nothing new: a server that is away is asked many times
        details = {"tries": message.tries, "given_up": given_up}
        record(session, Happened.MESSAGE_REFUSED, happened_on=london_date(at), subject=message, details=details)
