"""Mornings of mail for tests: what was said to whom, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from dhr_app.casework.outbox import State
from dhr_app.casework.program import Program
from dhr_app.casework.reminding import Summary, remind
from dhr_app.database.models import Message, Reminder
from dhr_app.workflows.roles import Role
from tests.reviews import County

LATE = date(2026, 2, 17)  # a Tuesday; the decision of a review that began on 15 January was due on the 15th


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


def on(county: County, day: date, *, dry_run: bool = False) -> Summary:
    """The reminders of a day."""
    return remind(county.house, day, dry_run=dry_run, at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC))


def said(county: County, day: date, role: Role = Role.COORDINATOR, *, dry_run: bool = True) -> list[str]:
    digests = remind(county.house, day, dry_run=dry_run, at=morning(day)).digests
    return [f"{line.what} {line.when}" for each in digests if each.person.role is role for line in each.lines]


def messages(county: County) -> list[Message]:
    with county.house.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.on_day, Message.id)))


def reminders(county: County) -> list[Reminder]:
    with county.house.reading() as session:
        return list(session.scalars(select(Reminder).order_by(Reminder.made_on, Reminder.id)))


def settle(county: County, state: State) -> None:
    """As if the mail server had dealt with every message."""
    with county.house.database.transaction(by=Program("a test"), at=morning(LATE)) as session:
        for row in session.scalars(select(Message).order_by(Message.id)):
            row.state = state.value
