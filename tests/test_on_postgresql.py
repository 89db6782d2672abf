"""The commands on PostgreSQL, as an operator runs them: the owner makes tables, the program has a role of its own."""

from __future__ import annotations

import http.cookiejar
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.installations import Ground, empty
from tests.postgres import Postgres

pytestmark = pytest.mark.slow
CHECKED = "2026-06-03"
Dhr = Callable[..., str]


@pytest.fixture(scope="module")
def ground(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Where an installation can be made: two empty databases and no folder yet."""
    return empty(tmp_path_factory.mktemp("served") / "instance", postgres)


@pytest.fixture(scope="module")
def dhr(ground: Ground) -> Dhr:
    """Run a command in a process of its own; it must succeed. Only `init` is told who owns the tables."""

    def run(*words: str) -> str:
        environ = {**ground.environ, **(ground.owners if words == ("init",) else {})}
        done = subprocess.run(
            [sys.executable, "-m", "dhr_app.cli", *words], env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="module")
def loaded(dhr: Dhr) -> dict[str, Any]:
    """The demo, loaded as its command loads it."""
    assert "The database was made" in dhr("init")
    assert "stands at step" in dhr("init")
    told: dict[str, Any] = json.loads(dhr("demo", "--today", CHECKED, "--json"))
    return told


def test_every_command_does_its_work(dhr: Dhr, loaded: dict[str, Any], tmp_path: Path) -> None:
    told = json.loads(dhr("check", "--json"))
    assert [finding for finding in told["findings"] if not finding["good"]] == []
    assert "no more than they need" in next(f["sentence"] for f in told["findings"] if f["question"] == "grants")
    assert "holds" in dhr("audit", "verify")
    assert "written" in dhr("remind", "--today", CHECKED).lower() or "nothing" in dhr("remind", "--today", CHECKED)
    report = tmp_path / "steering.html"
    dhr("report", "steering", "--as-at", "2026-05-31", "--out", str(report))
    assert loaded["references"]["panel"] in report.read_text(encoding="utf-8")
    assert dhr("dates", loaded["references"]["panel"])


def test_the_site_is_served_and_somebody_signs_in(ground: Ground, loaded: dict[str, Any]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = subprocess.Popen(
        [sys.executable, "-m", "dhr_app.cli", "serve"],
        env={**ground.environ, "DHR_PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert site.stdout is not None
    try:
        assert site.stdout.readline().startswith("Serving on")
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        address = f"http://127.0.0.1:{port}"
        form = BeautifulSoup(_opened(browser, f"{address}/sign-in"), "html.parser")
        token = form.find("input", {"name": "csrf_token"})
        assert token is not None
        account = loaded["accounts"][0]
        fields = {"csrf_token": token["value"], "email": account["email"], "password": account["password"]}
        posted = urllib.parse.urlencode(fields).encode()
        browser.open(f"{address}/sign-in", posted)
        reviews = _opened(browser, f"{address}/reviews")
        assert loaded["references"]["panel"] in reviews
        site.send_signal(signal.SIGTERM)
        assert site.wait(30) == 0
    finally:
        site.kill()
        site.stdout.close()


def _opened(browser: urllib.request.OpenerDirector, address: str) -> str:
    until = time.monotonic() + 60
    while True:
        try:
            with browser.open(address, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            assert time.monotonic() < until, f"{address} did not answer"
            time.sleep(0.2)
