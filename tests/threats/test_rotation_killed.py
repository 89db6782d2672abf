"""A change of keys that is killed twenty times while people work: nothing wrong, nothing old, and the trail holds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework import rotation
from dhr_app.casework.house import House, at_work
from dhr_app.database.deep import Deep
from dhr_app.database.keyring import announce
from dhr_app.database.models import InvolvedPerson
from dhr_app.database.verify import verify
from dhr_app.workflows.permissions import DataClass, Person
from tests.installations import Installation

pytestmark = pytest.mark.slow

KILLS = 20
REVIEWS = 10
PEOPLE = 120  # of each review, with three sealed values each
ROTATE = "from dhr_app.cli import main; main(['keys', 'rotate', '--yes', '--settle', '0'])"
PATIENCE = 60.0


class Editing(threading.Thread):
    """Somebody who corrects one person after the other, a form's worth at a time, and knows what must stand there."""

    def __init__(self, house: House, by: Person, rows: list[UUID], mark: str) -> None:
        super().__init__(daemon=True)
        self.house, self.by, self.rows, self.mark = house, by, rows, mark
        self.written: dict[UUID, str] = {}
        self.refused: list[BaseException] = []
        self.stop = threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        chance, number = random.Random(self.mark), 0  # noqa: S311 - which row, nothing secret
        with at_work(self.house):
            while not self.stop.is_set():
                number += 1
                row_id, value = chance.choice(self.rows), f"{self.mark} {number}"
                try:
                    self._correct(row_id, value)
                except Exception as refusal:  # whatever it is, the test must know
                    self.refused.append(refusal)
                    return
                self.written[row_id] = value
                time.sleep(0.01)

    def _correct(self, row_id: UUID, value: str) -> None:
        at = self.house.clock.now()
        with self.house.reading() as session:
            read = session.get_one(InvolvedPerson, row_id)
            review_id, version = read.review_id, read.version
        with self.house.transaction(by=self.by, at=at) as session:
            session.lock(review_id)
            row = session.get_one(InvolvedPerson, row_id)
            assert row.version == version, "a form would have been refused"
            row.other_names = value


def test_t13_twenty_kills_of_a_rotation_among_editors_leave_nothing_wrong_and_nothing_old(
    installation: Installation,
) -> None:
    house, by = installation.house, installation.county.coordinator
    expected = _people(installation)
    rows = sorted(expected, key=str)
    editors = [Editing(house, by, rows[half::2], f"edit {half}") for half in range(2)]  # each their own rows
    chance = random.Random(13)  # noqa: S311 - the same moments each time, as far as a machine allows
    killed = 0
    for editor in editors:
        editor.start()
    while killed < KILLS:
        killed += _rotated_and_killed(installation.environ, chance.uniform(0.0, 0.8))
    assert _rotated(installation.environ) in (0, 1)
    for editor in editors:
        editor.stop.set()
    for editor in editors:
        editor.join(PATIENCE)
        assert editor.refused == []
        assert len(editor.written) > 10
        expected |= editor.written
    assert _rotated(installation.environ) == 0  # what was begun is ended, now that nobody writes
    assert rotation.older_cells(house) == {}
    assert _read(house, by, rows) == expected
    with house.reading() as session:
        assert verify(session, also=[Deep(session)]) == []


def _people(installation: Installation) -> dict[UUID, str]:
    """Many people in some reviews, and what their other names are."""
    house, by = installation.house, installation.county.coordinator
    made: dict[UUID, str] = {}
    for _ in range(REVIEWS):
        review_id = installation.county.notified().row.id
        with house.transaction(by=by, at=house.clock.now()) as session:
            for number in range(2, PEOPLE + 2):
                row = InvolvedPerson(
                    review_id=review_id, part="witness", number=number, sex="not_known", age_band="not_known",
                    relationship_to_victim="not_known", full_name=f"Witness {number}", other_names=f"made {number}",
                    notes="seen " * 40,
                )  # fmt: skip
                session.add(row)
                made[row.id] = f"made {number}"
    return made


def _rotate(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """`dhr keys rotate` in a process of its own, a day after the keys were made."""
    tomorrow = {**environ, "DHR_TODAY": "2026-06-04"}
    return subprocess.Popen(
        [sys.executable, "-u", "-c", ROTATE],
        env=tomorrow,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _rotated(environ: Mapping[str, str]) -> int:
    """Run a rotation to its end; how it ended."""
    process = _rotate(environ)
    process.communicate(timeout=PATIENCE)
    return process.returncode


def _rotated_and_killed(environ: Mapping[str, str], seconds: float) -> bool:
    """Start a rotation, kill it so long after its first word; False where it was done before."""
    process = _rotate(environ)
    assert process.stdout is not None
    assert process.stdout.readline()
    time.sleep(seconds)
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    process.stdout.close()
    return alive


def _read(house: House, by: Person, rows: list[UUID]) -> dict[UUID, str | None]:
    with house.reading() as session:
        people = session.scalars(select(InvolvedPerson).where(InvolvedPerson.id.in_(rows))).all()
        reviews = sorted({row.review_id for row in people}, key=str)
    with house.with_keys(by, at=house.clock.now()):
        for review_id in reviews:
            announce(review_id, [DataClass.IDENTITIES], at=house.clock.now())
        with house.reading() as session:
            people = session.scalars(select(InvolvedPerson).where(InvolvedPerson.id.in_(rows))).all()
            return {row.id: row.other_names for row in people}
