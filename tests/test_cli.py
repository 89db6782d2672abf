"""The commands: what they say, how they exit, and what they leave behind."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dhr_app.casework import partnership
from dhr_app.casework.health import QUESTIONS
from dhr_app.casework.house import at_work, open_house
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.public_name import PublicNameEntry, give_public_name, public_name_page
from dhr_app.settings import load
from tests.commands import Dhr
from tests.factories import NOW, make_account


@pytest.fixture
def reference(dhr_in_use: Dhr, environ: dict[str, str]) -> str:
    """A review whose decision was due on 20 June, on an instance made by `dhr init`."""
    house = open_house(load(environ))
    with at_work(house):
        by, _ = make_account(house)
        lead = partnership.the_partnership().agency_id
        entry = NotificationEntry(aware_on=date(2026, 5, 20), lead_partnership_id=lead)
        made = notify(entry, (PersonEntry(full_name="Eleanor Example"),), "dhr-2016", by=by, at=NOW)
    house.database.dispose()
    return made


def _change(environ: dict[str, str], *statements: str) -> None:
    with sqlite3.connect(Path(environ["DHR_INSTANCE"]) / "dhr.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_init_makes_everything_and_nobody_else_can_look_in(dhr: Dhr, environ: dict[str, str]) -> None:
    answer = dhr("init")
    assert answer.exit_code == 0
    assert "The partnership “barsetshire” was set up." in answer.output
    instance = Path(environ["DHR_INSTANCE"])
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert {path.name for path in instance.iterdir()} == {"settings.toml", "development.key", "dhr.db", "keystore.db"}
    assert [path.name for path in instance.iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_init_again_changes_nothing(dhr: Dhr, environ: dict[str, str]) -> None:
    dhr("init")
    secret = (Path(environ["DHR_INSTANCE"]) / "settings.toml").read_text(encoding="utf-8")
    answer = dhr("init")
    assert answer.exit_code == 0
    assert "was set up before" in answer.output
    assert (Path(environ["DHR_INSTANCE"]) / "settings.toml").read_text(encoding="utf-8") == secret


def test_init_leaves_the_settings_that_were_there(dhr: Dhr, environ: dict[str, str]) -> None:
    path = Path(environ["DHR_INSTANCE"]) / "settings.toml"
    path.parent.mkdir()
    path.write_text("port = 8123\n", encoding="utf-8")
    assert dhr("init").exit_code == 0
    settings = tomllib.loads(path.read_text(encoding="utf-8"))
    assert settings["port"] == 8123
    assert len(settings["secret_key"]) >= 32


def test_settings_that_cannot_be_used_are_all_named_and_nothing_starts(dhr: Dhr, environ: dict[str, str]) -> None:
    answer = dhr("init", DHR_ENV="production", DHR_PORT="eighty")
    assert answer.exit_code == 2
    assert "key_provider" in answer.stderr
    assert "port must be a whole number" in answer.stderr
    assert "DHR_TODAY" in answer.stderr
    assert not (Path(environ["DHR_INSTANCE"]) / "dhr.db").exists()


@pytest.mark.parametrize("words", [("serve",), ("work",), ("dates", "DHR-2026-001"), ("check",)])
def test_before_init_every_command_says_what_is_missing(dhr: Dhr, words: tuple[str, ...]) -> None:
    answer = dhr(*words)
    assert answer.exit_code == 2
    assert "dhr init" in answer.stderr


def test_a_database_that_has_gone_is_said_in_a_sentence(dhr_in_use: Dhr, environ: dict[str, str]) -> None:
    (Path(environ["DHR_INSTANCE"]) / "dhr.db").unlink()
    assert dhr_in_use("work").exit_code == 2
    answer = dhr_in_use("check")
    assert answer.exit_code == 1
    assert "cannot be reached" in answer.output


def test_check_is_green_on_a_sound_installation(dhr: Dhr, reference: str) -> None:
    answer = dhr("check", "--json")
    assert answer.exit_code == 0
    told = json.loads(answer.output)
    assert told["good"] is True
    asked = [finding["question"] for finding in told["findings"]]
    assert asked == list(QUESTIONS)
    assert {"migrations", "keystore", "audit", "grants", "next_dates", "files"} <= set(asked)


@pytest.mark.parametrize(
    ("statement", "red"),
    [
        ("UPDATE review SET next_on = '2031-01-01'", ["audit", "next_dates"]),
        ("UPDATE rule_set SET sha256 = 'another'", ["rule_sets", "audit"]),
        ("UPDATE audit_head SET seq = seq - 1", ["audit"]),
        ("UPDATE alembic_version SET version_num = '0000'", ["migrations"]),
    ],
)
def test_check_turns_red(dhr: Dhr, reference: str, environ: dict[str, str], statement: str, red: list[str]) -> None:
    _change(environ, statement)
    answer = dhr("check", "--json")
    assert answer.exit_code == 1
    assert [finding["question"] for finding in json.loads(answer.output)["findings"] if not finding["good"]] == red


def test_check_turns_red_without_the_keystore(dhr: Dhr, reference: str, environ: dict[str, str]) -> None:
    (Path(environ["DHR_INSTANCE"]) / "keystore.db").unlink()
    answer = dhr("check")
    assert answer.exit_code == 1
    assert "RED" in answer.output


def test_rules_changed_since_they_were_adopted_keep_the_program_from_starting(
    dhr: Dhr, reference: str, environ: dict[str, str]
) -> None:
    _change(environ, "UPDATE rule_set SET sha256 = 'another'")
    for words in (("serve",), ("work",), ("init",)):
        answer = dhr(*words)
        assert answer.exit_code == 2
        assert "rule set dhr-2016" in answer.stderr


def test_dates_shows_each_date_with_its_working(dhr: Dhr, reference: str) -> None:
    answer = dhr("dates", reference)
    assert answer.exit_code == 0
    assert "2026-06-20  Decision whether to review: late, 11 days late" in answer.output
    assert "Day 0 is 20 May 2026: the partnership became aware of the death." in answer.output
    told = json.loads(dhr("dates", reference, "--json").output)
    assert told["reference"] == reference
    assert told["dates"][0]["due_on"] == "2026-06-20"
    assert told["dates"][0]["working"][-1] == "1 month on is 20 June 2026."


def test_a_review_that_is_not_there_is_said_so(dhr: Dhr, reference: str) -> None:
    for words in (("dates", "DHR-2026-999"), ("audit", "verify", "--review", "DHR-2026-999")):
        answer = dhr(*words)
        assert (answer.exit_code, answer.stderr) == (2, "There is no review DHR-2026-999 here.\n")


def test_audit_verify_tells_a_good_trail_from_a_broken_one(dhr: Dhr, reference: str, environ: dict[str, str]) -> None:
    assert dhr("audit", "verify", "--review", reference).exit_code == 0
    _change(environ, "DROP TRIGGER event_no_delete", "DELETE FROM event WHERE kind = 'review_notified'")
    assert dhr("audit", "verify").exit_code == 1
    answer = dhr("audit", "verify", "--review", reference, "--json")
    assert answer.exit_code == 1
    told = json.loads(answer.output)
    assert told["good"] is False
    assert [one["chain"] for one in told["breaks"]] == [reference]


def test_the_demo_leaves_an_installation_in_use_as_it_is_and_says_so(dhr: Dhr, reference: str) -> None:
    refused = dhr("demo", "--json")
    assert refused.exit_code == 2
    assert "It wants an empty installation, and this one is in use." in refused.output
    left = dhr("demo", "--if-empty", "--json")
    assert left.exit_code == 0
    assert json.loads(left.output) == {
        "sentence": "The demo was not loaded. It wants an empty installation, and this one is in use.",
        "accounts": [],
        "references": {},
        "sealed": [],
    }
    assert dhr("dates", reference).exit_code == 0


def test_documents_and_migrations_agree_with_the_code_without_an_installation(dhr: Dhr) -> None:
    for words in (("docs", "--check"), ("migrations-agree",)):
        assert dhr(*words, DHR_ENV="production").exit_code == 0


def test_a_disagreement_is_told_and_exits_with_1(dhr: Dhr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dhr_app.casework.docs.stale", lambda: ["lifecycle.md"])
    monkeypatch.setattr("dhr_app.casework.installation.schema_differences", lambda: ["only the models have table x"])
    for words, said in ((("docs", "--check"), "docs/lifecycle.md"), (("migrations-agree",), "table x")):
        answer = dhr(*words)
        assert answer.exit_code == 1
        assert said in answer.stderr


def test_site_and_clockwork_begin_and_end_together(dhr: Dhr, environ: dict[str, str]) -> None:
    dhr("init")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    whole = {**os.environ, **environ, "DHR_PORT": str(port)}
    site = subprocess.Popen(
        [sys.executable, "-m", "dhr_app.cli", "serve"], env=whole, stdout=subprocess.PIPE, text=True
    )
    assert site.stdout is not None
    try:
        assert site.stdout.readline() == f"Serving on http://127.0.0.1:{port} (stop with Ctrl-C)\n"
        _wait_for(lambda: _answers(port))
        assert _answers(port, SCRIPT_NAME="/elsewhere")  # no header says under which address the site lies
        lock = Path(environ["DHR_INSTANCE"]) / "clockwork.lock"
        _wait_for(lock.exists)
        site.send_signal(signal.SIGTERM)
        assert site.wait(30) == 0
        assert not _answers(port)
        assert subprocess.run(["flock", "--nonblock", str(lock), "true"], check=False).returncode == 0
    finally:
        site.kill()
        site.stdout.close()


def _answers(port: int, **headers: str) -> bool:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/sign-in", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_for(true: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


class TestTheSteeringReport:
    def test_it_is_written_to_a_file_or_shown_as_html_or_json(self, dhr: Dhr, reference: str, tmp_path: Path) -> None:
        answer = dhr("report", "steering", "--as-at", "2026-06-30", "--format", "json")
        assert answer.exit_code == 0
        assert [line["reference"] for line in json.loads(answer.output)["reviews"]] == [reference]
        out = tmp_path / "report.html"
        said = dhr("report", "steering", "--as-at", "2026-06-30", "--out", str(out))
        assert (said.exit_code, said.output) == (0, f"{out} was written.\n")
        page = out.read_text(encoding="utf-8")
        assert reference in page
        assert "Steering group report as at 30 June 2026" in page
        assert "<style>" in page
        assert "csrf" not in page
        assert 'href="/' not in page
        assert stat.S_IMODE(out.stat().st_mode) & 0o077 == 0
        assert dhr("report", "steering", "--as-at", "2026-06-30").output == page

    def test_a_page_is_not_poured_into_a_terminal(self, environ: dict[str, str], reference: str) -> None:
        terminal, its_other_end = pty.openpty()
        command = [sys.executable, "-m", "dhr_app.cli", "report", "steering", "--as-at", "2026-06-30"]
        around = {**os.environ, **environ}
        said = subprocess.run(
            command, stdout=its_other_end, stderr=subprocess.PIPE, text=True, env=around, timeout=60, check=False
        )
        os.close(its_other_end)
        os.close(terminal)
        assert (said.returncode, "--out report.html" in said.stderr) == (2, True)

    def test_a_day_that_is_none_is_told_how_to_be_written(self, dhr: Dhr, reference: str) -> None:
        answer = dhr("report", "steering", "--as-at", "30.9.2026")
        assert answer.exit_code == 2
        assert "“30.9.2026” is not a day. Write it as 2026-09-30." in answer.stderr

    def test_it_is_the_same_on_every_later_day(self, dhr: Dhr, reference: str) -> None:
        asked = ("report", "steering", "--as-at", "2026-06-30")
        assert dhr(*asked).output == dhr(*asked, DHR_TODAY="2027-02-01").output

    @pytest.mark.parametrize(
        ("day", "sentence"),
        [
            ("2026-07-02", "2 July 2026 has not come yet: choose 1 July 2026 or an earlier day."),
            ("2026-06-02", "Nothing was recorded here before 3 June 2026: choose that day or a later one."),
        ],
    )
    def test_a_day_that_cannot_be_reported_is_a_sentence(
        self, dhr: Dhr, reference: str, day: str, sentence: str
    ) -> None:
        answer = dhr("report", "steering", "--as-at", day, "--format", "json")
        assert (answer.exit_code, answer.stderr, answer.stdout) == (2, f"{sentence}\n", "")

    def test_one_that_names_somebody_is_not_written(
        self, dhr: Dhr, reference: str, environ: dict[str, str], tmp_path: Path
    ) -> None:
        house = open_house(load(environ))
        with at_work(house):
            by, _ = make_account(house, name="Prudence Lovelace")
            entry = NotificationEntry(lead_partnership_id=partnership.the_partnership().agency_id)
            other = notify(entry, (PersonEntry(full_name="Obadiah Slope"),), "dhr-2016", by=by, at=NOW)
            version = public_name_page(other, by=by, at=NOW).version
            give_public_name(other, PublicNameEntry("Eleanor Example", 2025), version, by=by, at=NOW)
        house.database.dispose()
        out = tmp_path / "report.html"
        answer = dhr("report", "steering", "--as-at", "2026-06-30", "--out", str(out))
        assert (answer.exit_code, answer.stdout, out.exists()) == (2, "", False)
        assert f"This report was not made: it would hold a name that {reference} protects." in answer.stderr
        assert "Eleanor" not in answer.stderr

    def test_a_file_that_cannot_be_written_is_a_sentence(self, dhr: Dhr, reference: str, tmp_path: Path) -> None:
        out = tmp_path / "nowhere" / "report.html"
        answer = dhr("report", "steering", "--as-at", "2026-06-30", "--out", str(out))
        assert answer.exit_code == 2
        assert "could not be written" in answer.stderr

    def test_before_there_is_a_review_it_says_so(self, dhr_in_use: Dhr) -> None:
        answer = dhr_in_use("report", "steering", "--as-at", "2026-06-30")
        assert (answer.exit_code, answer.stderr) == (
            2,
            "No review is recorded here yet, so there is nothing to report.\n",
        )
