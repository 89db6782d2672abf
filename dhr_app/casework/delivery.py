"""What became of mail that GOV.UK Notify took: asked of it until it was delivered, or could not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.mail import ServerGone
from dhr_app.adapters.notify import DELIVERED, FAILED, Fate, counter
from dhr_app.adapters.post import tells_what_became_of_it
from dhr_app.casework.house import House
from dhr_app.casework.outbox import ASK_FIRST, OUTBOX, State
from dhr_app.database.audit import record
from dhr_app.database.models.reminder import Message
from dhr_app.workflows.events import Happened

MOST = 200  # in one run, so that the mail that waits is not held up
ASK_LATEST = timedelta(hours=4)
ASKED_FOR = timedelta(days=5)  # Notify gives up after three, and forgets what it sent after seven


@dataclass
class Heard:
    """What was heard in one run; `gone` is what Notify said where it could not be asked."""

    delivered: int = 0
    failed: int = 0
    gone: str = ""

    @property
    def sentence(self) -> str:
        """The sum; empty where nothing new was heard."""
        return f"{self.delivered} delivered, {self.failed} could not be" if self.delivered or self.failed else ""


def ask_after(in_house: House, *, at: datetime) -> Heard:
    """Ask what became of the messages whose time has come. One that could not be delivered is given up, and shown.

    Where Notify cannot be asked, everything stays as it is until the next run.
    """
    heard = Heard()
    settings = in_house.settings
    asked = _to_ask_after(in_house, at=at) if tells_what_became_of_it(settings) else []
    if not asked:
        return heard
    try:
        with counter(settings.mail_url, settings.notify_key) as notify:
            for message_id, number in asked:
                _settle(in_house, message_id, number, notify.fate_of(number), heard, at=at)
    except ServerGone as trouble:
        heard.gone = trouble.said
    return heard


def _to_ask_after(in_house: House, *, at: datetime) -> list[tuple[UUID, UUID]]:
    with in_house.reading() as session:
        rows = session.execute(
            select(Message.id, Message.notify_id)
            .where(Message.state == State.SENT.value, Message.notify_id.is_not(None), Message.ask_at <= at)
            .order_by(Message.ask_at, Message.id)
            .limit(MOST)
        )
        return [(message_id, number) for message_id, number in rows if number is not None]


def _settle(in_house: House, message_id: UUID, number: UUID, fate: Fate, heard: Heard, *, at: datetime) -> None:
    with in_house.database.transaction(by=OUTBOX, at=at) as session:
        session.hold()
        message = session.get(Message, message_id, with_for_update=True)
        if message is None or (message.state, message.notify_id) != (State.SENT.value, number):
            return  # it was asked after by somebody else meanwhile
        today, age = london_date(at), at - (message.sent_at or at)
        if fate.status == DELIVERED:
            message.state, message.ask_at, message.delivered_at = State.DELIVERED.value, None, fate.since or at
            record(session, Happened.MESSAGE_DELIVERED, happened_on=today, subject=message)
            heard.delivered += 1
        elif fate.status in FAILED:
            message.state, message.ask_at = State.DEAD.value, None
            message.refused_with = f"{fate.status}: {FAILED[fate.status]}"
            details = {"tries": message.tries, "given_up": True}
            record(session, Happened.MESSAGE_REFUSED, happened_on=today, subject=message, details=details)
            heard.failed += 1
        elif fate.forgotten or age > ASKED_FOR:
            message.ask_at = None
        else:
            message.ask_at = at + min(max(age, ASK_FIRST), ASK_LATEST)
