"""Every key changed while people go on writing: how many values a second are sealed again, and what that cost them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import rotation
from dhr_app.casework.bench.ground import TODAY, Ground, prepare
from dhr_app.casework.house import House, at_work
from dhr_app.casework.principal import people_in
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.database.models.review import Review
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

PEOPLE, REVIEWS, WRITERS = 2_000, 50, 2
PAUSE = 0.05  # seconds between two corrections of one writer
CELLS_A_SECOND_GOAL = 3_000
KILLS, KILLED_AFTER = 3, 0.3  # seconds after the first line that it says
ROTATE = (sys.executable, "-u", "-m", "dhr_app.cli", "keys", "rotate", "--yes", "--settle", "0")


@dataclass(frozen=True)
class RotationFigures:
    """Values sealed again a second while others wrote; milliseconds of a correction before and meanwhile (medians).

    `left` and `refused` count over both changes of keys, of which the second was killed again and again.
    """

    cells: int
    seconds: float
    corrections: int
    refused: int
    left: int
    before_ms: float
    meanwhile_ms: float
    killed_seconds: float

    @property
    def cells_a_second(self) -> float:
        """How many values were sealed again a second."""
        return self.cells / self.seconds

    @property
    def cells_a_second_killed(self) -> float:
        """The same where the program was killed again and again, its starts and all that it found done counted in."""
        return self.cells / self.killed_seconds

    def as_json(self) -> dict[str, float]:
        """The keys that other programs read."""
        return {
            "cells": self.cells,
            "cells_a_second": round(self.cells_a_second),
            "cells_a_second_killed": round(self.cells_a_second_killed),
            "kills": KILLS,
            "corrections_meanwhile": self.corrections,
            "refused": self.refused,
            "left": self.left,
            "correction_before_ms": round(self.before_ms, 1),
            "correction_meanwhile_ms": round(self.meanwhile_ms, 1),
        }


def in_lines(figures: RotationFigures) -> Iterator[str]:
    """The figures as people read them, with the goals they are held against."""
    yield (
        f"Keys changed with {WRITERS} writers: {figures.cells_a_second:,.0f} values a second"
        f" (goal: at least {CELLS_A_SECOND_GOAL:,}), {figures.left} left (goal: 0)"
    )
    yield f"Killed {KILLS} times and started again: {figures.cells_a_second_killed:,.0f} values a second, all in all"
    yield (
        f"Corrections meanwhile: {figures.corrections}, {figures.refused} refused (goal: 0),"
        f" {figures.meanwhile_ms / figures.before_ms:.1f} times as long as before"
    )


def measure_rotation(folder: Path, *, people: int = PEOPLE, reviews: int = REVIEWS) -> RotationFigures:
    """Make an installation with so many people in so many reviews, and change its keys while they are corrected."""
    ground = prepare(folder, reviews)
    try:
        with at_work(ground.house):
            person = _coordinator(ground)
            rows = _fill(ground, person, people)
            with _writing(ground.house, person, rows) as before:
                sleep(1)
            with _writing(ground.house, person, rows) as meanwhile:
                began = perf_counter()
                done = rotation.rotate(ground.house, wait=sleep, say=lambda line: None, settle=0)
                seconds = perf_counter() - began
            with _writing(ground.house, person, rows) as among_kills:
                killed_seconds = _killed_again_and_again(folder)
            left = sum(rotation.older_cells(ground.house).values())
        return RotationFigures(
            cells=done.resealed,
            seconds=seconds,
            corrections=sum(len(writer.took) for writer in meanwhile),
            refused=sum(writer.refused for writer in (*before, *meanwhile, *among_kills)),
            killed_seconds=killed_seconds,
            left=left,
            before_ms=median(each for writer in before for each in writer.took) * 1000,
            meanwhile_ms=median(each for writer in meanwhile for each in writer.took) * 1000,
        )
    finally:
        ground.house.database.dispose()


def _killed_again_and_again(folder: Path) -> float:
    """Seconds of another change of keys, by a program that is killed so often in the middle and started again."""
    environ = {**os.environ, "DHR_ENV": "development", "DHR_INSTANCE": str(folder), "DHR_TODAY": TODAY}
    began = perf_counter()
    for number in range(KILLS + 1):
        with subprocess.Popen(ROTATE, env=environ, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own program
            if number < KILLS and process.stdout is not None:
                process.stdout.readline()  # it is under way
                sleep(KILLED_AFTER)
                process.kill()
            process.communicate()
    return perf_counter() - began


@dataclass
class _Writer:
    """Somebody who corrects one person after the other; `took` are the seconds of each correction."""

    house: House
    by: Person
    rows: list[tuple[UUID, UUID]]
    took: list[float] = field(default_factory=list)
    refused: int = 0

    def write(self, until: threading.Event) -> None:
        with at_work(self.house):
            number = 0
            while not until.wait(PAUSE):
                review_id, row_id = self.rows[number % len(self.rows)]
                number += 1
                began = perf_counter()
                try:
                    with self.house.transaction(by=self.by, at=self.house.clock.now()) as session:
                        session.lock(review_id)
                        session.get_one(InvolvedPerson, row_id).other_names = f"corrected {number}"
                except Exception:  # whatever it was, it is counted
                    self.refused += 1
                self.took.append(perf_counter() - began)


@contextmanager
def _writing(house: House, by: Person, rows: list[tuple[UUID, UUID]]) -> Iterator[list[_Writer]]:
    """So many writers at work, each on rows of their own, until the block ends."""
    until = threading.Event()
    writers = [_Writer(house, by, rows[number::WRITERS]) for number in range(WRITERS)]
    threads = [threading.Thread(target=writer.write, args=(until,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield writers
    finally:
        until.set()
        for thread in threads:
            thread.join()


def _coordinator(ground: Ground) -> Person:
    with ground.house.reading() as session:
        return people_in(session, [Role.COORDINATOR])[0]


def _fill(ground: Ground, by: Person, people: int) -> list[tuple[UUID, UUID]]:
    """So many people, with two sealed values each; where each of them is."""
    with ground.house.reading() as session:
        review_ids = list(session.scalars(select(Review.id).order_by(Review.reference)))
    made: list[tuple[UUID, UUID]] = []
    for place, review_id in enumerate(review_ids):
        with ground.house.transaction(by=by, at=ground.house.clock.now()) as session:
            for number in range(place, people, len(review_ids)):
                row = InvolvedPerson(
                    review_id=review_id,
                    part="witness",
                    number=100 + number,
                    sex="not_known",
                    age_band="not_known",
                    relationship_to_victim="not_known",
                    full_name=f"Person {number}",
                    other_names=f"Also {number}",
                )
                session.add(row)
                made.append((review_id, row.id))
    return made
