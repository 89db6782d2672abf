"""The demo for tests: half a minute’s work, done by one process of a run, of which the others copy the result."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from dhr_app.adapters.clock import Clock
from dhr_app.casework import demo
from dhr_app.casework.demo import Demo
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.partnership import seed
from tests.factories import NOW, TODAY, StoppedClock
from tests.installations import Ground

LONG_BEFORE = NOW - timedelta(days=2000)


def loaded_once(folder: Path, empty_instance: Path) -> Ground:
    """Where the demo lies that all processes of a run have in common. Who comes while it is being made waits."""
    folder.mkdir(exist_ok=True)
    made, whole = Ground(folder / "instance"), folder / "whole"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            made.lay_out(Ground(empty_instance))
            house = replace(open_house(made.settings), clock=StoppedClock())
            with at_work(house):
                seed(house, at=LONG_BEFORE)
                demo.load(house, today=TODAY)
            house.database.dispose()
            whole.touch()
    return made


def demo_house(like: Ground, folder: Path, clock: Clock) -> tuple[House, Demo]:
    """The demo once more, in a folder of its own, and what loading it told; the caller closes its database."""
    house = replace(open_house(like.copy(folder / "instance").settings), clock=clock)
    return house, demo.load(house, if_empty=True)
