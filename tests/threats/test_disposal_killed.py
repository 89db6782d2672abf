"""A disposal whose process is killed outright after one step and the next ends as one that was left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta

import pytest

from dhr_app.casework.trail_proof import broken_places
from dhr_app.database.models import Disposal, DisposalPart
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage
from tests.disposals import begun
from tests.installations import Installation

pytestmark = pytest.mark.slow

PATIENCE = 120.0


def test_a_disposal_that_is_killed_after_each_step_is_carried_on_to_the_same_end(installation: Installation) -> None:
    case, house = installation.county.review(Stage.NOT_REVIEWED), installation.house
    begun(case)
    environ = {**installation.environ, "DHR_TODAY": (case.today + timedelta(days=1)).isoformat()}
    house.database.dispose()
    for steps in (1, 2, 3, 1):
        assert _killed_after(steps, case.reference, environ)
        assert broken_places(house, deep=True) == ()
        house.database.dispose()
    done = _dispose(case.reference, environ)
    said, _ = done.communicate(timeout=PATIENCE)
    assert done.returncode == 0
    assert f"Disposal 1 of {case.reference} is complete: " in said
    assert [row.done_at is not None for row in case.rows(Disposal)] == [True]
    assert all(part.tombstone for part in case.rows(DisposalPart))
    keys = house.database.keystore.domains()
    assert {frozenset(keys[one]) for one in keys if one.review_id == case.row.id} == {frozenset({"destroyed"})}
    assert [event.kind for event in case.events()].count(Happened.DISPOSAL_DONE) == 1
    assert broken_places(house, deep=True) == ()


def _dispose(reference: str, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", f"from dhr_app.cli import main; main(['dispose', {reference!r}])"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _killed_after(steps: int, reference: str, environ: Mapping[str, str]) -> bool:
    """Start it and kill it once it has told of so many steps; False where it was done before."""
    process = _dispose(reference, environ)
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(steps)]
    alive = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    process.stdout.close()
    assert all(told), told
    return alive
