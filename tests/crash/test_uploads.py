"""A server that is killed while files come in: no row without its file, nothing in clear, and what was told holds."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from dhr_app.casework import draft, files, trail_proof
from dhr_app.casework.file_sweep import rows_without_file, sweep_files
from dhr_app.database.models import Draft
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import documents
from tests.crash.served import PATIENCE, Served, form_with_file, token_in
from tests.factories import PASSWORD, make_account
from tests.reviews import Case, County

pytestmark = pytest.mark.slow

KILLS = 120
UPLOADS_IN_A_RUN = 2  # as many as there is time for, at most, between a start and its kill
CANARY = b"canary of Barchester"
UPLOADERS = 2


class Uploading(threading.Thread):
    """Somebody who hands in one file after the other until nobody answers any more; `told` are those told as taken."""

    def __init__(self, site: Served, path: str, token: str, name: str) -> None:
        super().__init__(daemon=True)
        self.site, self.path, self.token, self.mark = site, path, token, name
        self.told: list[str] = []

    def run(self) -> None:
        """Go on until the line breaks."""
        fields = {"csrf_token": self.token, "readers": "ourselves", "note": f"{CANARY.decode()} {self.mark}"}
        for number in range(1000):
            content = documents.word(f"{self.mark} {number}", stored=CANARY * 100_000)
            body, kind = form_with_file(fields, "other", f"{CANARY.decode()}.docx", content)
            try:
                status, _, _ = self.site.ask("POST", self.path, body, kind)
            except OSError:
                return
            assert status == 303
            self.told.append(hashlib.sha256(content).hexdigest())


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work."""
    return county.review(Stage.PANEL)


def test_a_hundred_and_twenty_kills_leave_no_row_without_its_file_and_no_clear_byte(case: Case) -> None:
    house = case.county.house
    site = Served(house.settings)
    _, email = make_account(house, Role.COORDINATOR)
    chance = random.Random(120)  # noqa: S311 - the same moments each time, as far as a machine allows
    path = f"/reviews/{case.reference}/drafts/new"
    told: list[str] = []
    token, longest = "", 0.0
    house.database.dispose()
    try:
        for kill in range(KILLS):
            site.start()
            if not token:
                site.sign_in(email, PASSWORD)
                token = token_in(site.look(path).partition('enctype="multipart/form-data"')[2])
            people = [Uploading(site, path, token, f"{kill} {number}") for number in range(UPLOADERS)]
            began = time.monotonic()
            for person in people:
                person.start()
            if not longest:
                longest = _until_told(people, began)
            time.sleep(chance.uniform(0, longest))
            site.kill()
            for person in people:
                person.join()
                told += person.told
    finally:
        site.kill()
    _nothing_is_lost(case, told)


def _until_told(people: list[Uploading], began: float) -> float:
    """How many seconds some uploads take on this machine, as busy as it is now."""
    while time.monotonic() < began + PATIENCE and min(len(person.told) for person in people) < UPLOADS_IN_A_RUN:
        time.sleep(0.01)
    return time.monotonic() - began


def _nothing_is_lost(case: Case, told: list[str]) -> None:
    house = case.county.house
    rows = {row.sha256: row for row in case.rows(Draft)}
    parts, objects = len(list(house.store.parts())), len(list(house.store.objects()))
    print(f"{KILLS} kills: {len(told)} told, {len(rows)} rows, {objects} files, {parts} parts left")
    assert rows_without_file(house) == []
    assert set(told) <= set(rows), "somebody was told that a file is kept, and it is not"
    assert (len(told) > 0, parts > 0) == (True, True), "the kills hit no upload under way: the test shows nothing"
    assert sorted(row.number for row in rows.values()) == list(range(1, len(rows) + 1))
    for sha256, row in rows.items():
        taken = draft.take_out(case.reference, row.id, by=case.county.coordinator, at=case.wait(minutes=1))
        assert hashlib.sha256(b"".join(taken.content)).hexdigest() == sha256
    assert trail_proof.broken_places(house) == ()
    house.database.dispose()
    for database in house.settings.instance.glob("*.db"):
        with sqlite3.connect(database) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    assert _holding(house.settings.instance, CANARY) == []
    assert sweep_files(house, now=house.clock.now().replace(year=2036))[0] == parts
    assert len(list(house.store.objects())) == len(rows)
    assert files.Incoming("x").fault == ""


def _holding(folder: Path, clear: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and clear in path.read_bytes()]
