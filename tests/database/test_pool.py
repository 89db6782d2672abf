"""Connections to PostgreSQL are kept and used again; one that the server closed meanwhile is replaced unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dhr_app.database import engine as engine_module
from dhr_app.database.engine import main_engine
from tests.postgres import Postgres

WHO_AM_I = text("SELECT pg_backend_pid()")


@pytest.fixture
def name(postgres: Postgres) -> Iterator[str]:
    name = postgres.database("pool")
    yield name
    postgres.drop(name)


@pytest.fixture
def engine(postgres: Postgres, name: str) -> Iterator[Engine]:
    engine = main_engine(postgres.url(name, "owner"))
    yield engine
    engine.dispose()


def connected(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(WHO_AM_I).scalar_one())


def test_a_connection_that_the_server_closed_is_replaced(
    engine: Engine, name: str, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "ANSWERED_JUST_NOW", 0.0)
    first = connected(engine)
    assert connected(engine) == first
    with postgres.engine(name).connect() as superuser:
        superuser.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
    assert connected(engine) != first


def test_one_that_answered_just_now_is_not_asked_whether_it_is_there(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    really = engine.dialect.do_ping

    def counted(connection: Any) -> bool:
        asked.append(connection)
        return really(connection)

    monkeypatch.setattr(engine.dialect, "do_ping", counted)
    connected(engine)
    new = len(asked)  # one that was just made has not answered anything yet
    connected(engine)
    assert len(asked) == new
    monkeypatch.setattr(engine_module, "ANSWERED_JUST_NOW", 0.0)
    connected(engine)
    assert len(asked) == new + 1
