"""One morning’s reminders over very many reviews: how long it takes, and how much memory, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import MetaData, create_engine, select

from dhr_app.casework.bench.ground import Empty, prepare
from dhr_app.casework.bench.under_way import ACTIONS, fill
from dhr_app.casework.house import House, at_work
from dhr_app.casework.installation import open_ready
from dhr_app.casework.outbox import State
from dhr_app.casework.program import Program
from dhr_app.casework.reminding import remind
from dhr_app.database.models.reminder import Message
from dhr_app.settings import load

SIZES = (1_000, 10_000)
SECONDS_GOAL, MEMORY_GOAL = 60.0, 300.0
MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)  # everything that is late or due soon; then only what is new


@dataclass(frozen=True)
class Morning:
    """What one morning cost: seconds, of which so many at work, and the megabytes its whole process held at most.

    On a machine with other work the seconds at work tell more: they wait for nobody. On PostgreSQL the server's are
    not among them. And what it wrote.
    """

    seconds: float
    at_work: float
    memory: float
    messages: int
    reminders: int


@dataclass(frozen=True)
class MorningFigures:
    """A Monday on which nobody has heard of anything yet, and the morning after it, over so many reviews."""

    engine: str
    reviews: int
    monday: Morning
    tuesday: Morning

    def as_json(self) -> dict[str, float | int]:
        """The keys that other programs read."""
        return {
            "monday_s": round(self.monday.seconds, 1),
            "monday_cpu_s": round(self.monday.at_work, 1),
            "monday_mb": round(self.monday.memory),
            "monday_reminders": self.monday.reminders,
            "tuesday_s": round(self.tuesday.seconds, 1),
            "tuesday_mb": round(self.tuesday.memory),
            "tuesday_reminders": self.tuesday.reminders,
        }


def in_lines(figures: Sequence[MorningFigures]) -> Iterator[str]:
    """The figures as people read them, with the goals they are held against."""
    for each in figures:
        monday, tuesday = each.monday, each.tuesday
        yield (
            f"A first Monday’s reminders of {each.reviews:,} reviews and {each.reviews * ACTIONS:,} actions on"
            f" {each.engine}: {monday.seconds:.1f} s (goal: under {SECONDS_GOAL:.0f}), {monday.at_work:.1f} s at work,"
            f" {monday.memory:.0f} MB (goal: under {MEMORY_GOAL:.0f}), {monday.reminders:,} reminders"
        )
        yield f"The morning after: {tuesday.seconds:.1f} s, {tuesday.memory:.0f} MB, {tuesday.reminders:,} reminders"
    for engine in dict.fromkeys(each.engine for each in figures):
        sizes = sorted((each for each in figures if each.engine == engine), key=lambda each: each.reviews)
        few, many = sizes[0], sizes[-1]
        if few.reviews < many.reviews:
            yield (
                f"{many.reviews / few.reviews:.0f} times as many reviews on {engine}:"
                f" {many.monday.at_work / few.monday.at_work:.1f} times as long at work"
            )


def measure_mornings(folder: Path, on: Empty | None = None, *, sizes: Sequence[int] = SIZES) -> list[MorningFigures]:
    """Measure on an installation of its own for each size, in an empty folder, or in two empty databases.

    Those are empty again afterwards. Raises SettingsError where they hold anything.
    """
    return [_measure(folder / str(size), on, size) for size in sizes]


def _measure(folder: Path, on: Empty | None, reviews: int) -> MorningFigures:
    ground = prepare(folder, 1, on)
    try:
        fill(ground, reviews)
    finally:
        ground.house.database.dispose()
    try:
        engine = ground.house.database.engine.dialect.name
        return MorningFigures(engine, reviews, *(_in_a_process(folder, on, day) for day in (MONDAY, TUESDAY)))
    finally:
        for url in on or ():
            _empty(url)


def _empty(url: str) -> None:
    """Leave a database of ours as it was found."""
    engine = create_engine(url)
    try:
        there = MetaData()
        there.reflect(engine)
        there.drop_all(engine)
    finally:
        engine.dispose()


def _in_a_process(folder: Path, on: Empty | None, day: date) -> Morning:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DHR_")}
    environ |= {"DHR_ENV": "development", "DHR_INSTANCE": str(folder), "DHR_TODAY": str(day)}
    if on is not None:
        environ |= {"DHR_DATABASE_URL": on.main, "DHR_KEYSTORE_URL": on.keystore}
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", __name__], input=str(day), stdout=subprocess.PIPE, text=True, check=True, env=environ
    )
    return Morning(**json.loads(done.stdout))


def _run(day: date) -> Morning:
    house = open_ready(load())
    with at_work(house):
        began, at_work_before = perf_counter(), process_time()
        said = remind(house, day, at=datetime.combine(day, time(8), UTC))
        seconds, busy, peak = perf_counter() - began, process_time() - at_work_before, _peak()
        _all_sent(house, day)
    return Morning(seconds, busy, peak, len(said.digests), said.reminders)


def _all_sent(house: House, day: date) -> None:
    """As if a mail server had taken everything: what never went out the next morning would say afresh."""
    with house.database.transaction(by=Program("dhr bench"), at=datetime.combine(day, time(9), UTC)) as session:
        waiting = select(Message).where(Message.state == State.PENDING.value).order_by(Message.id)
        for message in session.scalars(waiting):
            message.state = State.SENT.value


def _peak() -> float:
    """Megabytes that this process held at most."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("How much memory is in use is known on Linux only.")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_run(date.fromisoformat(sys.stdin.read())))))
