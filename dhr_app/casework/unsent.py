"""Mail of a morning that did not go out: it is withdrawn, or says no more than what is still so, before it is sent.

Its reminders go with it, as if they had never been made: whatever is still due is said in the next morning’s mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.digest import Digest, digest
from dhr_app.casework.house import House
from dhr_app.casework.morning import morning
from dhr_app.casework.outbox import DIGEST, State, due
from dhr_app.casework.outgoing import MailCheck, mail_check
from dhr_app.casework.program import Program
from dhr_app.database.audit import record
from dhr_app.database.models.reminder import Message, Reminder
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened
from dhr_app.workflows.reminders import REMEMBERED, Wanted

FRESHENING = Program("unsent reminders")
ON_ITS_WAY = (State.PENDING.value, State.WAITING.value)
NEVER_SENT = (*ON_ITS_WAY, State.OUTDATED.value)

# One reminder, as it is found again among what is open: what it is of, its due day, and whom it tells.
Key = tuple[str, UUID, date, UUID]


@dataclass(frozen=True)
class Fresh:
    """A message that has not gone out and says what is so no more: what it says now, and which reminders it drops.

    Without a `digest` it says nothing any more.
    """

    message_id: UUID
    digest: Digest | None
    dropped: frozenset[Key]


def left_over(today: date) -> ColumnElement[bool]:
    """Whether a message is an earlier morning’s and was never sent."""
    earlier = and_(Message.on_day >= today - REMEMBERED, Message.on_day < today)
    return and_(Message.kind == DIGEST, Message.state.in_(NEVER_SENT), earlier)


def any_left_over(session: NamedSession, today: date) -> bool:
    """Whether anything is to be withdrawn this morning."""
    return bool(session.scalar(select(exists().where(left_over(today), _has_reminders()))))


def withdraw_left_over(session: NamedSession, today: date) -> None:
    """Withdraw what earlier mornings wrote and nobody sent; inside the transaction that writes today’s.

    What waited too long stays outdated. Either way its reminders were never made.
    """
    messages = session.scalars(
        select(Message).where(left_over(today), _has_reminders()).order_by(Message.id).with_for_update()
    ).all()
    _forget(session, [each.id for each in messages], None)
    going = [each for each in messages if each.state in ON_ITS_WAY]
    for message in going:
        _withdraw(message)
    _say(session, len(going), today)


def freshen(in_house: House, *, at: datetime) -> int:
    """Before mail is sent: let none of it say what is so no more. Returns how many messages were changed or withdrawn.

    A date may have moved, or an action been done, since the morning. Nothing new is added to what was written. What
    somebody began to send, and was killed, is looked at too: nobody knows whether it went.
    """
    today = london_date(at)
    with in_house.reading() as session:
        stale = _stale(session, in_house, today, at=at)
    if not stale:
        return 0
    names = mail_check(in_house, [each.digest.mail for each in stale if each.digest], at=at)
    with in_house.database.transaction(by=FRESHENING, at=at) as session:
        session.queue("remind")
        stale = _stale(session, in_house, today, at=at)
        withdrawn = sum(_make_fresh(session, each, names, at=at) for each in stale)
        _say(session, withdrawn, today)
    return len(stale)


def _stale(session: NamedSession, in_house: House, today: date, *, at: datetime) -> list[Fresh]:
    written = session.execute(
        select(Message.id, Message.on_day, Message.subject, Message.body)
        .where(Message.kind == DIGEST, due(at), _has_reminders())
        .order_by(Message.id)
    ).all()
    if not written:
        return []
    this = morning(session, in_house, today)
    still = {_key(one): one for one in this.wanted(this.things(), this.people, {}, hush=False)}
    reminders = session.scalars(
        select(Reminder).where(Reminder.message_id.in_([each.id for each in written])).order_by(Reminder.id)
    ).all()
    found = []
    for message in written:
        its = frozenset(_row_key(each) for each in reminders if each.message_id == message.id)
        kept = [one for key, one in still.items() if key in its]
        site_url = in_house.settings.site_url
        fresh = digest(kept[0].person, kept, today=message.on_day, site_url=site_url) if kept else None
        if fresh is None or (fresh.subject, fresh.body) != (message.subject, message.body):
            found.append(Fresh(message.id, fresh, its - still.keys()))
    return found


def _make_fresh(session: NamedSession, fresh: Fresh, names: MailCheck, *, at: datetime) -> bool:
    """Write what a message says now; whether it says nothing any more and is withdrawn."""
    message = session.scalars(select(Message).where(Message.id == fresh.message_id, due(at)).with_for_update()).first()
    if message is None:
        return False
    _forget(session, [message.id], fresh.dropped)
    if fresh.digest is None:
        _withdraw(message)
        return True
    message.subject, message.body = fresh.digest.subject, fresh.digest.body
    if why := names.why_held(fresh.digest.mail):
        message.state, message.refused_with, message.leased_until = State.HELD.value, why, None
        record(session, Happened.MESSAGE_HELD, happened_on=london_date(at), subject=message)
    return False


def _forget(session: NamedSession, message_ids: Sequence[UUID], dropped: frozenset[Key] | None) -> None:
    """Delete the reminders of some messages, or of them those that are dropped."""
    rows = session.scalars(select(Reminder).where(Reminder.message_id.in_(message_ids)).order_by(Reminder.id)).all()
    for row in rows:
        if dropped is None or _row_key(row) in dropped:
            session.delete(row)
    session.flush()  # before the same step is written again


def _withdraw(message: Message) -> None:
    message.state, message.leased_until = State.WITHDRAWN.value, None


def _say(session: NamedSession, withdrawn: int, today: date) -> None:
    if withdrawn:
        record(session, Happened.MESSAGES_WITHDRAWN, happened_on=today, details={"messages": withdrawn})


def _has_reminders() -> ColumnElement[bool]:
    return select(Reminder.id).where(Reminder.message_id == Message.id).exists()


def _key(one: Wanted) -> Key:
    return one.thing.kind.value, one.thing.subject_id, one.due_on, one.person.id


def _row_key(row: Reminder) -> Key:
    return row.rule, row.subject_id, row.due_on, row.account_id
