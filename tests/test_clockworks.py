"""Of several clockworks one works, and another takes over from one that is killed or loses its lock."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dhr_app.adapters.leader import LeaderLock, leader_lock
from tests.installations import empty
from tests.postgres import Postgres

ENDED = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
SECONDS = 60


def in_turn(one: LeaderLock, other: LeaderLock) -> None:
    assert (one.take(), other.take()) == (True, False)
    assert (one.held(), other.held()) == (True, False)
    one.leave()
    assert other.take()
    assert (one.held(), one.take()) == (False, False)
    other.leave()
    assert not other.held()


def test_a_file_is_locked_by_one_at_a_time(tmp_path: Path) -> None:
    url = "sqlite:///dhr.db"
    in_turn(leader_lock(url, tmp_path), leader_lock(url, tmp_path))


@pytest.fixture
def server(postgres: Postgres) -> Iterator[str]:
    """An empty database, as the program's own role reaches it."""
    name = postgres.database("main")
    yield postgres.url(name, "app")
    postgres.drop(name)


@pytest.mark.slow
class TestOnPostgreSQL:
    def test_the_server_is_locked_by_one_at_a_time_on_whatever_machine(self, server: str, tmp_path: Path) -> None:
        in_turn(leader_lock(server, tmp_path / "here"), leader_lock(server, tmp_path / "there"))

    def test_whose_connection_is_cut_does_not_hold_it_any_more(
        self, server: str, postgres: Postgres, tmp_path: Path
    ) -> None:
        one, other = leader_lock(server, tmp_path), leader_lock(server, tmp_path)
        assert one.take()
        cut(server)
        assert not one.held()
        assert other.take()
        assert not one.take()
        other.leave()

    def test_a_server_that_is_not_there_gives_it_to_nobody(self, tmp_path: Path) -> None:
        assert not leader_lock("postgresql+psycopg://dhr@127.0.0.1:1/dhr", tmp_path).take()

    def test_one_takes_over_from_one_that_is_killed_and_from_itself_where_its_lock_is_lost(
        self, postgres: Postgres, tmp_path: Path
    ) -> None:
        ground = empty(tmp_path / "instance", postgres)
        dhr = [sys.executable, "-m", "dhr_app.cli"]
        subprocess.run([*dhr, "init"], env={**ground.environ, **ground.owners}, check=True, capture_output=True)
        said = [tmp_path / "first.log", tmp_path / "second.log"]
        works: list[subprocess.Popen[bytes]] = []
        try:
            for log in said:
                with log.open("wb") as out:
                    works.append(subprocess.Popen([*dhr, "work"], env=ground.environ, stderr=out))
                _wait_for(partial(_has_begun, log))
            assert ["the clockwork runs" in log.read_text() for log in said] == [True, False]
            works[0].kill()
            _wait_for(lambda: said[1].read_text().count("the clockwork runs") == 1)
            cut(ground.environ["DHR_DATABASE_URL"])
            _wait_for(lambda: "has lost its lock" in said[1].read_text())
            _wait_for(lambda: said[1].read_text().count("the clockwork runs") == 2)
            works[1].terminate()
            assert works[1].wait(SECONDS) == 0
            assert said[1].read_text().rstrip().endswith("the clockwork has stopped")
        finally:
            for each in works:
                each.kill()
                each.wait()


def _has_begun(log: Path) -> bool:
    return any(word in log.read_text() for word in ("the clockwork runs", "waiting"))


def cut(url: str) -> None:
    """Let the server end the connection that holds the lock."""
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text(ENDED)).scalars().all() == [True]
    engine.dispose()


def _wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)
