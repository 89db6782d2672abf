"""Schedulers that are killed while they write: each reminder stands once, whoever wrote it, and none is lost."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dhr_app.casework import trail_proof
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.outbox import DIGEST
from dhr_app.casework.reminding import remind
from dhr_app.database.models import Event, Message, Reminder
from dhr_app.workflows.roles import Role
from tests.crash.workers import Herd, all_sent, keep_time, morning, remind_each_morning, turn_to
from tests.factories import StoppedClock
from tests.installations import Ground, with_tables
from tests.postgres import Postgres
from tests.reviews import BEGAN, County

pytestmark = pytest.mark.slow

SCHEDULERS = 4
COORDINATORS, REVIEWS, STEPS = 10, 10, 15
REMINDERS = COORDINATORS * REVIEWS * STEPS
BEFORE_DUE = date(2026, 2, 9)  # decisions of reviews that began on 15 January are due on the 15th
PATIENCE = 30.0  # seconds for which they are killed; then whoever is left may finish


@dataclass(frozen=True)
class Mornings:
    """An installation in which nobody was reminded yet, the mornings on which something is to be said, and by whom."""

    house: House
    days: tuple[date, ...]


@pytest.fixture(params=["sqlite", "postgresql"])
def ahead(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mornings]:
    """Ten reviews of which ten coordinators hear on fifteen mornings: 1,500 reminders in 150 messages."""
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    ground = with_tables(tmp_path / "instance", server)
    with at_work(replace(open_house(ground.settings), clock=StoppedClock(BEGAN))) as house:
        county = County(house)
        for number in range(COORDINATORS):
            county.who(Role.COORDINATOR, number)
        for _ in range(REVIEWS):
            county.notified()
        house.database.dispose()
        days = _on_a_copy(ground, tmp_path / "copy")
        yield Mornings(house, days)
        house.database.dispose()
    ground.remove()


def _on_a_copy(ground: Ground, folder: Path) -> tuple[date, ...]:
    """The mornings on which an undisturbed run has something to say, until it has said all that the test is about."""
    copy = ground.copy(folder)
    house = replace(open_house(copy.settings), clock=StoppedClock(BEGAN))
    days, told, day = [], 0, BEFORE_DUE - timedelta(days=7)
    while told < REMINDERS:
        day += timedelta(days=1)
        if house.rule_book.calendar.is_working_day(day) and (found := remind(house, day, at=morning(day)).reminders):
            days.append(day)
            told += found
            all_sent(house, day)
    house.database.dispose()
    copy.remove()
    assert told == REMINDERS
    return tuple(days)


@pytest.mark.parametrize("alone", [False, True], ids=["in turn", "by unique keys alone"])
def test_four_that_know_nothing_of_each_other_write_each_reminder_once(ahead: Mornings, alone: bool) -> None:
    seed = 1500
    herd = Herd(random.Random(seed), remind_each_morning, (ahead.house.settings, ahead.days, alone), SCHEDULERS)  # noqa: S311
    until = time.monotonic() + PATIENCE
    try:
        while _written(ahead.house) < REMINDERS and time.monotonic() < until:
            herd.fill_up()
            herd.lose_one(0.6)
        herd.fill_up()
        herd.see_them_out(10 * PATIENCE)
    finally:
        herd.end()
    _each_once(ahead, herd, seed)


def test_four_clockworks_of_which_one_has_the_lock_write_each_reminder_once(ahead: Mornings) -> None:
    seed = 4
    instance = ahead.house.settings.instance
    herd = Herd(random.Random(seed), keep_time, (ahead.house.settings,), SCHEDULERS)  # noqa: S311
    turn_to(instance, ahead.days[0])
    until = time.monotonic() + 20 * PATIENCE
    try:
        for day in ahead.days:
            turn_to(instance, day)
            longest = 0.5
            while not _heard(ahead.house, day) and time.monotonic() < until:
                herd.fill_up()
                herd.lose_one(longest)
                longest *= 1.1  # however busy the machine is, one of them lives long enough in the end
            all_sent(ahead.house, day)
    finally:
        herd.end()
    _each_once(ahead, herd, seed)


def _written(house: House) -> int:
    with house.reading() as session:
        return session.scalar(select(func.count()).select_from(Reminder)) or 0


def _heard(house: House, day: date) -> bool:
    with house.reading() as session:
        return (
            session.scalar(select(Message.id).where(Message.kind == DIGEST, Message.on_day == day).limit(1)) is not None
        )


def _each_once(ahead: Mornings, herd: Herd, seed: int) -> None:
    with ahead.house.reading() as session:
        told = session.execute(
            select(Reminder.rule, Reminder.subject_id, Reminder.due_on, Reminder.step, Reminder.account_id)
            .order_by(Reminder.id)
        ).all()  # fmt: skip
        letters = session.execute(select(Message.account_id, Message.on_day).order_by(Message.id)).all()
        lost = session.scalar(select(func.count()).select_from(Reminder).outerjoin(Message).where(Message.id.is_(None)))
        entries = session.scalar(select(func.count()).where(Event.kind == "reminders_written"))
    print(f"seed {seed}: {herd.kills} kills, {len(told)} reminders, {len(letters)} messages")
    assert (len(told), len(set(told)), lost) == (REMINDERS, REMINDERS, 0)
    assert max(Counter((account, day) for account, day in letters).values()) == 1
    assert (len(letters), entries) == (COORDINATORS * len(ahead.days), len(ahead.days))
    assert herd.kills >= SCHEDULERS, "nobody was killed: the test shows nothing"
    assert trail_proof.broken_places(ahead.house) == ()
