"""The morning’s reminders: what is due or late is told to those it concerns, once for each step, in one mail each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, not_, select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.digest import Digest, digest
from dhr_app.casework.house import House
from dhr_app.casework.morning import morning
from dhr_app.casework.outbox import DIGEST, State, message_of
from dhr_app.casework.outgoing import MailCheck, mail_check
from dhr_app.casework.program import Program
from dhr_app.casework.unsent import any_left_over, left_over, withdraw_left_over
from dhr_app.casework.working_days import working_days
from dhr_app.database.audit import record
from dhr_app.database.models.event import Event
from dhr_app.database.models.reminder import Message, Reminder
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.reminders import REMEMBERED, Made
from dhr_app.workflows.roles import Role

REMINDERS = Program("reminders")
MORNING = time(7, 30)
TRIES = 3  # of finding the same reviews twice, before their mails are held for somebody to look at
AT_ONCE = 2000  # reminders that are written together
NO_COORDINATOR = "Nobody is a coordinator here and may sign in: nobody hears what is late."
QUIET = "{day} is a quiet day: of breaches alone is anything said. "


class NoSuchMorning(RuleError):
    """A day for which no reminders can be written; the sentence says why."""


@dataclass(frozen=True)
class Summary:
    """What was said on a day: to each person their digest. With `dry_run` nothing was written.

    `nobody` has a sentence for whatever there was nobody to tell; `quiet` is whether nothing else was to be said.
    """

    today: date
    digests: tuple[Digest, ...]
    nobody: tuple[str, ...]
    dry_run: bool
    quiet: bool = False

    @property
    def reminders(self) -> int:
        """How many reminders the digests hold."""
        return sum(len(each.reminders) for each in self.digests)

    @property
    def sentence(self) -> str:
        """The sum, without naming anybody."""
        done = "would be" if self.dry_run else "was" if len(self.digests) == 1 else "were"
        mails = f"{len(self.digests)} {'message' if len(self.digests) == 1 else 'messages'} {done} written"
        told = f"{self.reminders} {'reminder' if self.reminders == 1 else 'reminders'}"
        hushed = QUIET.format(day=in_words(self.today)) if self.quiet else ""
        return f"{hushed}{mails} for {in_words(self.today)}, with {told}."


def remind(in_house: House, today: date, *, dry_run: bool = False, at: datetime) -> Summary:
    """Write the reminders of a day that were not written yet, and one message to each person in the same transaction.

    Whoever has had that day’s message gets no other. What an earlier morning wrote and nobody could send is withdrawn,
    and said afresh where it is still so. On a quiet day only what may never wait is said. Raises NoSuchMorning for a
    day before anything was recorded, and, unless nothing is written, for one that is still to come.
    """
    if today > london_date(at) and not dry_run:
        raise NoSuchMorning(f"{in_words(today)} is still to come. Add --dry-run to see what would be said then.")
    with in_house.reading() as session:
        first = _summary(session, in_house, today, dry_run=dry_run)
        nothing = not first.digests and not any_left_over(session, today)
    if dry_run or nothing:
        return first
    for tries_left in reversed(range(TRIES)):
        names = mail_check(in_house, (each.mail for each in first.digests), at=at)
        del first  # of thousands of reviews it is much to hold, and so are the names
        with in_house.database.transaction(by=REMINDERS, at=at) as session:
            session.queue("remind")  # two runs at once are told apart here: the second finds what the first has written
            first = _summary(session, in_house, today, dry_run=False)
            if tries_left and not all(names.covers(each.mail) for each in first.digests):
                continue  # somebody has begun a review meanwhile: what it protects is opened first
            _write(session, first, names, at=at)
            break
    return first


def remind_this_morning(in_house: House, *, at: datetime) -> str:
    """Write today’s reminders if it is a working day and morning has come, and say so; else nothing, and nothing said.

    Whatever other mornings missed is said with it.
    """
    today = london_date(at)
    if at.astimezone(LONDON).time() < MORNING:
        return ""
    with in_house.reading() as session:
        if not working_days(session, in_house).is_working_day(today):
            return ""
    try:
        found = remind(in_house, today, at=at)
    except NoSuchMorning as none:
        return none.sentence
    return " ".join((found.sentence, *found.nobody))


def in_lines(summary: Summary) -> Iterator[str]:
    """The summary as a person reads it at the command line: by role and reference, without a name or an address."""
    for each in summary.digests:
        yield f"{each.person.role.label}: {each.subject}"
        for line in each.lines:
            yield f"  {line.reference:<14}{line.what} {line.when}"
    yield from summary.nobody
    yield summary.sentence


def _summary(session: NamedSession, in_house: House, today: date, *, dry_run: bool) -> Summary:
    _must_have_begun(session, today)
    site_url, this = in_house.settings.site_url, morning(session, in_house, today)
    things = this.things()
    heard = set(session.scalars(select(Message.account_id).where(Message.kind == DIGEST, Message.on_day == today)))
    waiting = [one for one in this.people if one.id not in heard]
    said = this.wanted(things, waiting, made_by(session, today))
    by_person = {one: [each for each in said if each.person.id == one.id] for one in waiting}
    digests = [digest(one, told, today=today, site_url=site_url) for one, told in by_person.items() if told]
    digests.sort(key=lambda each: (each.person.role.label, each.person.id))
    nobody = () if any(one.role is Role.COORDINATOR for one in this.people) else (NO_COORDINATOR,)
    return Summary(today, tuple(digests), nobody, dry_run, today in this.quiet)


def _must_have_begun(session: NamedSession, today: date) -> None:
    first = session.scalar(select(func.min(Event.recorded_at)))
    if first is None:
        raise NoSuchMorning("Nothing is recorded here yet, so there is nothing to be reminded of.")
    if today < london_date(first):
        raise NoSuchMorning(
            f"Nothing was recorded here before {in_words(london_date(first))}: choose that day or a later one."
        )


def made_by(session: NamedSession, today: date) -> Made:
    """What was said, or is on its way today; not what never went out and is withdrawn this morning."""
    rows = session.execute(
        select(Reminder.rule, Reminder.subject_id, Reminder.due_on, Reminder.account_id, func.max(Reminder.step))
        .join(Message, Message.id == Reminder.message_id)
        .where(Reminder.made_on >= today - REMEMBERED, not_(left_over(today)))
        .group_by(Reminder.rule, Reminder.subject_id, Reminder.due_on, Reminder.account_id)
        .order_by(Reminder.rule, Reminder.subject_id, Reminder.due_on, Reminder.account_id)
    )
    return {(rule, subject_id, due_on, account_id): step for rule, subject_id, due_on, account_id, step in rows}


def _write(session: NamedSession, found: Summary, names: MailCheck, *, at: datetime) -> None:
    withdraw_left_over(session, found.today)
    if not found.digests:
        return
    waiting = 0
    for each in found.digests:
        message = message_of(DIGEST, each.person.id, found.today, each.subject, each.body, at=at)
        session.add(message)
        if why := names.why_held(each.mail):
            message.state, message.refused_with = State.HELD.value, why
            record(session, Happened.MESSAGE_HELD, happened_on=found.today, subject=message)
        session.add_all(_reminders(each, found.today, message))
        if (waiting := waiting + len(each.reminders)) > AT_ONCE:
            session.flush()  # what is written need not be held until the end
            waiting = 0
    details = {"messages": len(found.digests), "reminders": found.reminders}
    record(session, Happened.REMINDERS_WRITTEN, happened_on=found.today, details=details)


def _reminders(of: Digest, today: date, message: Message) -> Sequence[Reminder]:
    """Several things about one subject, such as an IMR and its chronology, are remembered as one."""
    each_once = {(one.thing.kind, one.thing.subject_id, one.due_on): one for one in of.reminders}
    return [
        Reminder(
            rule=one.thing.kind.value,
            subject_id=one.thing.subject_id,
            of_review_id=one.thing.review_id,
            due_on=one.due_on,
            step=one.step,
            account_id=of.person.id,
            made_on=today,
            message_id=message.id,
        )
        for one in each_once.values()
    ]
