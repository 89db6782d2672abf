"""`dhr audit …`: what it says, how it exits, and what an auditor takes away."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from dhr_app.casework.house import at_work, open_house
from dhr_app.settings import load
from dhr_app.workflows.stages import Stage
from tests.commands import Dhr
from tests.reviews import County

TOOL = Path(__file__).parents[1] / "tools" / "verify_audit.py"


@pytest.fixture
def reference(dhr_in_use: Dhr, environ: dict[str, str]) -> str:
    """A review with people in it, on an instance made by `dhr init`."""
    house = open_house(load(environ))
    with at_work(house):
        case = County(house).review(Stage.SCOPING)
    house.database.dispose()
    return case.reference


def change(environ: dict[str, str], *statements: str) -> None:
    with sqlite3.connect(Path(environ["DHR_INSTANCE"]) / "dhr.db") as database:
        for statement in statements:
            database.execute(statement)


def test_a_checkpoint_is_printed_and_kept_and_a_second_one_says_that_nothing_changed(
    dhr: Dhr, reference: str, environ: dict[str, str]
) -> None:
    answer = dhr("audit", "checkpoint")
    assert answer.exit_code == 0
    assert answer.output.startswith("dhr-audit/")
    (file,) = (Path(environ["DHR_INSTANCE"]) / "checkpoints").iterdir()
    assert file.read_text(encoding="utf-8") == answer.output
    assert reference not in answer.output
    again = dhr("audit", "checkpoint")
    assert "Nothing has changed since checkpoint 1." in again.stderr
    assert again.stdout == answer.output


def test_a_checkpoint_without_its_key_is_a_sentence_and_exit_code_2(
    dhr: Dhr, reference: str, environ: dict[str, str]
) -> None:
    key = Path(environ["DHR_INSTANCE"]) / "checkpoint.key"
    dhr("audit", "checkpoint")
    key.write_text("nonsense", encoding="utf-8")
    for words in (("checkpoint",), ("verify",), ("checkpoint", "--show-key")):
        answer = dhr("audit", *words)
        assert (answer.exit_code, answer.output) == (2, "The file checkpoint.key does not hold a signing key.\n")
    elsewhere = dhr("audit", "checkpoint", DHR_CHECKPOINT_KEY=str(key.with_name("lost.key")))
    assert elsewhere.exit_code == 2
    assert "There is no signing key at" in elsewhere.output


def test_a_key_is_made_where_it_is_to_be_and_never_over_another(dhr: Dhr, reference: str, tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    made = dhr("audit", "make-key", str(path))
    assert made.exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert dhr("audit", "checkpoint", "--show-key", DHR_CHECKPOINT_KEY=str(path)).output == made.output
    again = dhr("audit", "make-key", str(path))
    assert again.exit_code == 2
    assert "never overwritten" in again.output


@pytest.mark.parametrize("how", [(), ("--deep",), ("--with-keys",), ("--deep", "--with-keys", "--json")])
def test_a_good_trail_is_good_however_deep_one_looks(dhr: Dhr, reference: str, how: tuple[str, ...]) -> None:
    dhr("audit", "checkpoint")
    answer = dhr("audit", "verify", *how)
    assert (answer.exit_code, answer.stderr) == (0, "")
    if "--json" in how:
        assert json.loads(answer.output) == {"good": True, "breaks": []}
    else:
        assert answer.output == "The audit trail holds.\n"


def test_opening_payloads_for_the_proof_is_written_down(dhr: Dhr, reference: str, environ: dict[str, str]) -> None:
    assert dhr("audit", "verify", "--with-keys").exit_code == 0
    with sqlite3.connect(Path(environ["DHR_INSTANCE"]) / "dhr.db") as database:
        rows = database.execute("SELECT details FROM event WHERE recorded_by_name = 'dhr audit verify'").fetchall()
    classes = {each for (details,) in rows for each in json.loads(details)["classes"]}
    assert "identities" in classes


def test_what_only_a_deep_look_finds(dhr: Dhr, reference: str, environ: dict[str, str]) -> None:
    change(environ, "UPDATE involved_person SET full_name_ct = NULL")
    assert dhr("audit", "verify").exit_code == 0
    answer = dhr("audit", "verify", "--review", reference, "--deep", "--json")
    assert answer.exit_code == 1
    (found,) = json.loads(answer.output)["breaks"]
    assert found["chain"] == reference
    assert found["seq"] >= 1
    assert "involved_person.full_name_ct" in found["what"]
    assert f"{reference}, entry {found['seq']}: " in dhr("audit", "verify", "--deep").stderr


def test_checkpoints_kept_elsewhere_show_that_the_trail_was_put_back(
    dhr: Dhr, reference: str, environ: dict[str, str], tmp_path: Path
) -> None:
    instance = Path(environ["DHR_INSTANCE"])
    shutil.copy(instance / "dhr.db", tmp_path / "yesterday.db")
    dhr("audit", "checkpoint")
    shutil.copytree(instance / "checkpoints", tmp_path / "elsewhere")
    shutil.copy(tmp_path / "yesterday.db", instance / "dhr.db")
    shutil.rmtree(instance / "checkpoints")
    assert dhr("audit", "verify").exit_code == 0
    answer = dhr("audit", "verify", "--external", str(tmp_path / "elsewhere"))
    assert answer.exit_code == 1
    assert (
        "checkpoints, entry unknown: checkpoint 1 was signed and is not here: the trail was put back" in answer.stderr
    )


def test_the_export_is_what_the_outside_tool_verifies(
    dhr: Dhr, reference: str, environ: dict[str, str], tmp_path: Path
) -> None:
    trail = tmp_path / "trail.jsonl"
    answer = dhr("audit", "export", str(trail))
    assert (answer.exit_code, answer.output) == (0, f"{trail} was written.\n")
    assert trail.stat().st_mode & 0o077 == 0
    key = dhr("audit", "checkpoint", "--show-key").output.strip()
    notes = Path(environ["DHR_INSTANCE"]) / "checkpoints"
    words = [sys.executable, "-I", str(TOOL), str(trail), "--notes", str(notes), "--key", key]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything holds" in done.stdout
    again = dhr("audit", "export", str(trail))
    assert again.exit_code == 2
    assert "could not be written: File exists" in again.output
