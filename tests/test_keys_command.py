"""`dhr keys …`: what an operator sees, what is asked first, and how each command ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.shares import split
from dhr_app.cli import main
from dhr_app.database.keycopies import RecoveryKey
from dhr_app.settings import load
from tests.reviews import County

pytestmark = pytest.mark.slow  # an installation for each

Dhr = Callable[..., Result]


@pytest.fixture
def dhr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dhr:
    """The command on an installation of its own, made by `dhr init`."""
    for name in [each for each in os.environ if each.startswith("DHR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DHR_ENV", "testing")
    monkeypatch.setenv("DHR_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DHR_TODAY", "2026-06-03")

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, [*words], input=typed, catch_exceptions=False)

    assert run("init").exit_code == 0
    return run


@pytest.fixture
def reference(dhr: Dhr) -> str:
    """One review with a person in it, whose keys were made the day before."""
    house: House = open_house(load())
    with at_work(house):
        made = County(house).notified().reference
    house.database.dispose()
    return made


def test_the_status_is_told_in_words_and_as_json(dhr: Dhr, reference: str) -> None:
    told = dhr("keys", "status")
    assert told.exit_code == 0
    assert "identities: 1 active, generation 1" in told.output
    assert "Every value is sealed with today’s key" in told.output
    as_json = json.loads(dhr("keys", "status", "--json").output)
    assert as_json["older"] == {}
    assert as_json["lines"][0]["keys"] == 1
    assert as_json["recovery"] is None


def test_keys_are_changed_once_it_was_agreed_and_the_proof_is_the_last_line(dhr: Dhr, reference: str) -> None:
    asked = dhr("keys", "rotate", "--settle", "0", typed="n\n")
    assert asked.exit_code == 1
    assert "Nobody has to stop working" in asked.output
    assert "generation 1," in dhr("keys", "status").output
    done = dhr("keys", "rotate", "--yes", "--settle", "0")
    assert done.exit_code == 0
    assert "involved_person.full_name: 1 of 1 sealed again" in done.output
    assert done.output.splitlines()[-1].startswith("Complete: 0 values are sealed with an older key")
    assert "generation 2" in dhr("keys", "status").output
    assert dhr("keys", "rotate", "--yes", "--settle", "0", "--review", reference).exit_code == 0
    assert dhr("audit", "verify").exit_code == 0


def test_a_review_that_is_not_there_and_two_wishes_at_once_are_refused_with_a_sentence(dhr: Dhr) -> None:
    assert dhr("keys", "rotate", "--yes", "--review", "DHR-X").exit_code == 2
    assert "There is no review DHR-X" in dhr("keys", "rotate", "--yes", "--review", "DHR-X").output
    both = dhr("keys", "rotate", "--yes", "--master", "--review", "DHR-X")
    assert (both.exit_code, both.output) == (2, "--master is for all keys: leave --review out.\n")


def test_shares_are_written_proved_and_bring_the_keys_back(dhr: Dhr, reference: str, tmp_path: Path) -> None:
    folder = tmp_path / "shares"
    made = dhr("keys", "escrow", "--out", str(folder))
    assert made.exit_code == 0
    files = sorted(folder.iterdir())
    assert len(files) == 3
    assert not any(word in made.output for word in files[0].read_text().split("\n")[2].split())
    two = ("--share", str(files[0]), "--share", str(files[2]))
    proved = dhr("keys", "escrow", "--prove", reference, *two)
    assert proved.exit_code == 0
    assert "open involved_person.full_name of" in proved.output
    assert "Ada Harding" not in proved.output
    typed = "\n".join(" ".join(file.read_text().split("\n", 2)[2].split()) for file in files[:2]) + "\n"
    assert dhr("keys", "escrow", "--prove", reference, typed=typed).exit_code == 0
    (tmp_path / "instance/development.key").unlink()
    assert dhr("keys", "recover", *two, typed="n\n").exit_code == 1
    recovered = dhr("keys", "recover", "--yes", *two)
    assert (recovered.exit_code, recovered.output.startswith("1 keys are under today’s master key")) == (0, True)
    again = dhr("keys", "escrow", "--out", str(folder), typed="n\n")
    assert (again.exit_code, "will open nothing more" in again.output) == (1, True)
    assert len(list(folder.iterdir())) == 3


def test_shares_go_to_a_terminal_or_to_files_and_nowhere_else(dhr: Dhr, reference: str) -> None:
    refused = dhr("keys", "escrow")
    assert refused.exit_code == 2
    assert "on a terminal only" in refused.output
    assert "No recovery shares were made" in dhr("keys", "status").output


def test_wrong_shares_are_refused_with_a_sentence(dhr: Dhr, reference: str, tmp_path: Path) -> None:
    words = split(RecoveryKey.made()).words
    typed = f"{words[0]}\n{words[1]}\n"
    refused = dhr("keys", "escrow", "--prove", reference, typed=typed)
    assert refused.exit_code == 2
    assert "No recovery shares were made here" in refused.output
    assert dhr("keys", "escrow", "--out", str(tmp_path / "shares")).exit_code == 0
    misspelt = dhr("keys", "escrow", "--prove", reference, typed=f"acadmic {words[0]}\n{words[1]}\n")
    assert misspelt.exit_code == 2
    assert "Share 1, word 1: “acadmic” is not one of the words: perhaps “academic”?" in misspelt.output


def test_a_new_master_key_is_added_and_takes_over(
    dhr: Dhr, reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder = tmp_path / "run" / "master", tmp_path / "shares"
    file.parent.mkdir()
    assert dhr("keys", "make", str(file)).exit_code == 0
    assert dhr("keys", "escrow", "--out", str(folder)).exit_code == 0
    two = [word for path in sorted(folder.iterdir())[:2] for word in ("--share", str(path))]
    monkeypatch.setenv("DHR_KEY_PROVIDER", "credential-file")
    monkeypatch.setenv("DHR_KEY_CREDENTIAL", str(file))
    assert "1 keys are under another master key" in dhr("keys", "status").output
    assert dhr("keys", "recover", "--yes", *two).exit_code == 0
    assert dhr("keys", "make", str(file)).exit_code == 0
    moved = dhr("keys", "rotate", "--master", "--yes")
    assert (moved.exit_code, moved.output.splitlines()) == (
        0,
        [
            "1 keys are under another master key than today’s.",
            "1 keys were put under today’s master key; 0 could not be.",
        ],
    )
    file.write_text(file.read_text().splitlines()[-1])
    assert dhr("keys", "escrow", "--prove", reference, *two).exit_code == 0
    assert dhr("check").exit_code == 0


@pytest.mark.parametrize("command", ["serve", "check", "work", "init"])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DHR_KEY_PROVIDER": "post-it"}, "The key provider “post-it” is not known"),
        ({"DHR_KEY_PROVIDER": "credential-file"}, "No master key is named"),
        ({"DHR_KEY_PROVIDER": "credential-file", "DHR_KEY_CREDENTIAL": "/nowhere/key"}, "key cannot be read"),
        ({"DHR_KEY_PROVIDER": "vault-transit"}, "vault-transit needs key_url"),
        ({"DHR_KEY_PROVIDER": "azure-key-vault", "DHR_KEY_URL": "http://v"}, "azure-key-vault needs key_url"),
        ({"DHR_KEY_PROVIDER": "aws-kms"}, "aws-kms needs key_name"),
    ],
)
def test_without_its_master_key_nothing_starts_and_one_sentence_says_why(
    dhr: Dhr, monkeypatch: pytest.MonkeyPatch, command: str, settings: dict[str, str], said: str
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    refused = dhr(command)
    assert refused.exit_code == 2
    assert said in refused.output
    assert len(refused.output.strip().splitlines()) == 1


def test_an_ordinary_command_loads_no_library_of_a_provider(dhr: Dhr) -> None:
    heavy = ("boto3", "botocore", "azure", "hvac", "shamir_mnemonic", "sqlalchemy_utils")
    code = f"""
import sys
from dhr_app.cli import main
from dhr_app.database.keycopies import RecoveryKey
import dhr_app.jobs
try:
    main(["check"])
except SystemExit:
    pass
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    asked = [sys.executable, "-c", code]
    ended = subprocess.run(asked, env=dict(os.environ), capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]", ended.stdout
