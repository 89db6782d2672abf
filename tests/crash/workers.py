"""Processes that are killed: each opens the installation anew, does one thing, and knows nothing of the others.

They are forked from a process that has read the program already, so that a kill costs a moment and not a second.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dhr_app import jobs
from dhr_app.casework import outbox, reminding
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.outbox import State
from dhr_app.casework.program import Program
from dhr_app.database.models import Message
from dhr_app.database.named_session import NamedSession
from dhr_app.settings import Settings

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.crash.workers"])
DAY = "day-of-the-test"
MORNING = ("beat", "remind", "deliver")


@dataclass(frozen=True)
class ClockOnTheWall:
    """Eight in the morning of the day that stands in a file of the instance folder: who drives the test moves it."""

    instance: Path

    def now(self) -> datetime:
        return morning(date.fromisoformat((self.instance / DAY).read_text(encoding="ascii")))


def morning(day: date) -> datetime:
    """The moment at which a day’s reminders are written."""
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


def turn_to(instance: Path, day: date) -> None:
    """Let it be another day, at once for everybody."""
    written = instance / f"{DAY}.new"
    written.write_text(day.isoformat(), encoding="ascii")
    written.replace(instance / DAY)


def keep_time(settings: Settings) -> None:
    """What `dhr work` does of a morning, on the day of the test."""
    jobs.LOOK_UP_SECONDS = 0.05
    jobs.JOBS = tuple(job for job in jobs.JOBS if job.name in MORNING)
    with _opened(settings) as house:
        jobs.keep_time(house)


def remind_each_morning(settings: Settings, mornings: tuple[date, ...], alone: bool) -> None:
    """Write the reminders of each morning, in order, under no lock; with `alone` nobody queues for a turn either.

    Then nothing is left but unique keys: whoever comes second is refused, with all that they had written.
    """
    if alone:
        NamedSession.queue = _for_nothing  # type: ignore[method-assign]
    with _opened(settings) as house:
        for day in mornings:
            try:
                reminding.remind(house, day, at=morning(day))
            except IntegrityError:
                reminding.remind(house, day, at=morning(day))
            all_sent(house, day)


def all_sent(house: House, day: date) -> None:
    """As if the mail server had taken everything of the day: what nobody took is said afresh the next morning."""
    pending = select(Message).where(Message.state == State.PENDING.value, Message.on_day <= day).order_by(Message.id)
    with house.database.transaction(by=Program("a test"), at=morning(day)) as session:
        for message in session.scalars(pending.with_for_update()):
            message.state = State.SENT.value


def _for_nothing(self: NamedSession, name: str) -> None:
    """Let nobody wait."""


def deliver(settings: Settings, at: datetime) -> None:
    """Send what waits, as at one moment."""
    with _opened(settings) as house:
        outbox.deliver(house, at=at)


@contextmanager
def _opened(settings: Settings) -> Iterator[House]:
    with at_work(replace(open_house(settings), clock=ClockOnTheWall(settings.instance))) as house:
        yield house


@dataclass
class Herd:
    """Some processes that do the same; whichever is killed or has ended is started again when asked for."""

    chance: random.Random
    work: Callable[..., None]
    with_these: tuple[Any, ...]
    number: int
    kills: int = 0
    living: list[BaseProcess] = field(default_factory=list)

    def fill_up(self) -> None:
        """Let as many be at work as there should be."""
        self.living = [each for each in self.living if each.is_alive()]
        while len(self.living) < self.number:
            started = PROCESSES.Process(target=self.work, args=self.with_these, daemon=True)
            started.start()
            self.living.append(started)

    def lose_one(self, longest: float) -> None:
        """Kill one of them, after a while."""
        time.sleep(self.chance.uniform(0, longest))
        struck = self.chance.choice(self.living)
        if struck.is_alive():
            struck.kill()
            self.kills += 1
        struck.join()

    def see_them_out(self, seconds: float) -> None:
        """Wait until all have done their work. Raises AssertionError where one does not come to its end."""
        for each in self.living:
            each.join(seconds)
            assert not each.is_alive(), "a process hangs"
            assert each.exitcode in (0, -9), f"a process failed with {each.exitcode}"

    def end(self) -> None:
        """Leave none behind."""
        for each in self.living:
            each.kill()
            each.join()
