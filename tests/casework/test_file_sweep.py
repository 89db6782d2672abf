"""The sweeper of the document store: what it removes, what it leaves, and what turns `dhr check` red."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dhr_app import jobs
from dhr_app.adapters.store import Folder
from dhr_app.casework import health
from dhr_app.casework.file_sweep import rows_without_file, sweep_files
from dhr_app.workflows.stages import Stage
from tests import drafts
from tests.reviews import Case, County

NOW = datetime(2026, 11, 22, 3, 15, tzinfo=UTC)


@pytest.fixture
def case(county: County) -> Case:
    """A review with two drafts."""
    case = county.review(Stage.PANEL)
    for _ in range(2):
        drafts.hand_in(case, county.coordinator)
    return case


def folder(case: Case) -> Folder:
    store = case.county.house.store
    assert isinstance(store, Folder)
    return store


def aged(path: Path, **old: float) -> Path:
    then = (NOW - timedelta(**old)).timestamp()
    os.utime(path, (then, then))
    return path


def stray(case: Case, **old: float) -> Path:
    name = uuid4()
    part = folder(case).begin(name)
    part.write(b"sealed")
    part.keep()
    return aged(folder(case).place(name), **old)


def left(case: Case, **old: float) -> Path:
    path = folder(case).root / "tmp" / f"{uuid4()}.part"
    path.write_bytes(b"half")
    return aged(path, **old)


def test_old_parts_and_strays_go_and_whatever_is_young_or_has_a_row_stays(case: Case) -> None:
    gone = [left(case, hours=25), stray(case, days=8)]
    stays = [left(case, hours=23), stray(case, days=6)]
    stays += [aged(folder(case).place(drafts.version(case, number).id), days=900) for number in (1, 2)]
    assert sweep_files(case.county.house, now=NOW) == (1, 1, 0)
    assert ([path.exists() for path in gone], [path.exists() for path in stays]) == ([False] * 2, [True] * 4)
    assert sweep_files(case.county.house, now=NOW) == (0, 0, 0)


def test_what_somebody_else_put_there_is_left_alone(case: Case) -> None:
    place = folder(case).root / "obj" / "zz"
    place.mkdir()
    odd = place / "notes of the operator"
    odd.write_text("mine")
    aged(odd, days=400)
    assert sweep_files(case.county.house, now=NOW) == (0, 0, 0)
    assert odd.exists()


def test_a_row_without_its_file_is_reported_and_turns_the_check_red(case: Case) -> None:
    house = case.county.house
    finding = next(one for one in health.check(house) if one.question == "files")
    assert finding.good
    lost = drafts.version(case, 1).id
    folder(case).remove(lost)
    assert rows_without_file(house) == [lost]
    finding = next(one for one in health.check(house) if one.question == "files")
    assert (finding.good, str(lost) in finding.sentence) == (False, True)
    said = next(job for job in jobs.JOBS if job.name == "sweep_files").what(house, house.clock.now())
    assert said == "0 parts and 0 files that no row names were removed; 1 rows lack their file"


def test_an_installation_without_any_file_is_in_order(bare_county: County) -> None:
    assert sweep_files(bare_county.house, now=NOW) == (0, 0, 0)
