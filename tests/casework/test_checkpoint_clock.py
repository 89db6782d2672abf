"""Checkpoints by the clock: a note for every quarter of an hour in which the trail grew, and one a day to auditors."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dhr_app import jobs
from dhr_app.adapters.checkpoint_folder import file_name
from dhr_app.casework.checkpoint_mail import CHECKPOINT
from dhr_app.casework.checkpoints import Occasion, checkpoint, signer_of
from dhr_app.casework.house import House, at_work
from dhr_app.casework.outbox import deliver
from dhr_app.casework.trail_export import trail_lines
from dhr_app.casework.trail_proof import broken_places
from dhr_app.database.errors import CheckpointFailed
from dhr_app.database.models import Event, Message
from dhr_app.workflows.roles import Role
from tests.casework.test_checkpoints import files, happen
from tests.factories import NOW
from tests.mailserver import MailServer, mail_server, text_of
from tests.reviews import County

QUARTER = timedelta(minutes=15)
TOOL = Path(__file__).parents[2] / "tools" / "verify_audit.py"


@pytest.fixture
def county(house: House) -> County:
    """A county with an auditor in it."""
    county = County(house)
    county.who(Role.AUDITOR)
    return county


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def work(house: House, name: str, after: timedelta = timedelta(0)) -> str:
    """Do a job of the clockwork, as it does it, so long after now; what it said."""
    (job,) = (each for each in jobs.JOBS if each.name == name)
    with at_work(house):
        return job.what(house, NOW + after)


def folder(house: House) -> Path:
    return Path(house.settings.checkpoints)


def test_a_quarter_of_an_hour_in_which_something_happened_leaves_one_note_and_a_quiet_one_none(
    house: House, county: County
) -> None:
    assert work(house, "make_checkpoint") == ""
    assert len(files(house)) == 1
    assert "reason clock" in (folder(house) / files(house)[0]).read_text(encoding="utf-8")
    for quarter in range(1, 4):  # its own work is nothing that happened
        work(house, "make_checkpoint", quarter * QUARTER)
    assert len(files(house)) == 1
    happen(house)
    work(house, "make_checkpoint", 4 * QUARTER)
    assert files(house) == [file_name(1), file_name(2)]
    assert broken_places(house, deep=True) == ()


def test_it_says_nothing_so_that_the_trail_is_not_told_of_every_quarter(house: House, county: County) -> None:
    (job,) = (each for each in jobs.JOBS if each.name == "make_checkpoint")
    jobs.run(job, house)
    with house.reading() as session:
        assert session.scalars(select(Event).where(Event.kind == "job_done")).all() == []


@pytest.mark.parametrize("taken", [[1], [2]])
def test_a_note_that_somebody_took_away_is_not_put_back_though_others_follow(
    house: House, county: County, taken: list[int]
) -> None:
    for quarter in range(3):
        happen(house)
        work(house, "make_checkpoint", quarter * QUARTER)
    for number in taken:
        (folder(house) / file_name(number)).unlink()
    happen(house)
    work(house, "make_checkpoint", 3 * QUARTER)
    assert files(house) == [file_name(number) for number in range(1, 5) if number not in taken]
    assert [str(each) for each in broken_places(house)] == [
        f"checkpoints: checkpoint {number} has no file in the folder of checkpoints" for number in taken
    ]


def test_nothing_is_written_to_a_folder_that_lost_every_note(house: House, county: County) -> None:
    for quarter in range(2):
        happen(house)
        work(house, "make_checkpoint", quarter * QUARTER)
    folder(house).rename(folder(house).with_name("elsewhere"))
    folder(house).mkdir()  # as where the share is not mounted
    happen(house)
    with pytest.raises(CheckpointFailed, match="mount it again"):
        work(house, "make_checkpoint", 2 * QUARTER)
    assert checkpoint(Occasion.PUBLICATION, at=NOW + 2 * QUARTER) is None  # nor by what is done meanwhile
    assert files(house) == []
    folder(house).rmdir()
    folder(house).with_name("elsewhere").rename(folder(house))
    work(house, "make_checkpoint", 3 * QUARTER)
    assert len(files(house)) == 3
    assert broken_places(house, deep=True) == ()


def test_an_auditor_gets_the_newest_note_by_mail_once_a_day_and_holds_the_trail_against_it(
    house: House, county: County, server: MailServer, tmp_path: Path
) -> None:
    work(house, "make_checkpoint")
    post = replace(house, settings=replace(house.settings, mail_url=server.url, mail_from="dhr@barsetshire.example"))
    assert work(post, "mail_checkpoint") == "the newest checkpoint goes to 1 auditor"
    assert work(post, "mail_checkpoint", QUARTER) == ""
    deliver(post, at=NOW + QUARTER)
    (mail,) = server.taken
    assert mail["Subject"] == "OFFICIAL-SENSITIVE: Checkpoint 1 of the audit trail"
    lines = text_of(mail).replace("\r\n", "\n").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("dhr-audit/"))
    last = next(number for number, line in enumerate(lines) if line.startswith("— "))
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / file_name(1)).write_text("\n".join(lines[first : last + 1]) + "\n", encoding="utf-8")
    happen(house)
    export = tmp_path / "trail.jsonl"
    export.write_text("".join(trail_lines(house)), encoding="utf-8")
    key = str(signer_of(house.settings).verifier)
    words = [sys.executable, "-I", str(TOOL), str(export), "--notes", str(notes), "--key", key]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "everything holds" in found.stdout


def test_the_next_day_it_goes_only_where_there_is_a_newer_one(house: House, county: County) -> None:
    work(house, "make_checkpoint")
    work(house, "mail_checkpoint")
    day = timedelta(days=1)
    assert work(house, "mail_checkpoint", day) == ""
    happen(house)
    work(house, "make_checkpoint", day)
    assert work(house, "mail_checkpoint", day) == "the newest checkpoint goes to 1 auditor"
    with house.reading() as session:
        rows = session.scalars(select(Message).where(Message.kind == CHECKPOINT).order_by(Message.on_day)).all()
    assert len(rows) == 2
    assert {row.account_id for row in rows} == {county.who(Role.AUDITOR).id}


def test_before_the_first_checkpoint_nobody_gets_any(house: House, county: County) -> None:
    assert work(house, "mail_checkpoint") == ""
