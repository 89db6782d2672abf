"""A fresh ground for each test, in files or on a PostgreSQL server, as it is in life."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, text

from dhr_app.adapters.keys import DevelopmentFile
from dhr_app.database import grants
from dhr_app.database.base import Base
from dhr_app.database.engine import keystore_engine, main_engine
from dhr_app.database.keystore import Keystore
from dhr_app.database.models import Disposal, DisposalPart, Event, audit
from dhr_app.database.session import Database
from tests.database.examples import ExampleBase, Ground
from tests.postgres import KEYSTORE, MAIN, Postgres

TRAIL = [model.__table__ for model in (*audit.TRAIL, Event)]
ENDINGS = MetaData()  # which records were destroyed, without the tables of the house that this refers to
for model in (Disposal, DisposalPart):
    Table(model.__tablename__, ENDINGS, *(Column(column.name, column.type) for column in model.__table__.columns))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    """Whoever needs one of the two only says ON_SQLITE or ON_POSTGRESQL (examples.py)."""
    if request.param == "sqlite":
        yield from _in_files(tmp_path)
    else:
        yield from _on_a_server(request.getfixturevalue("postgres"), request.getfixturevalue("templates"), tmp_path)


def _in_files(tmp_path: Path) -> Iterator[Ground]:
    url, keystore_url = f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/keystore.db"
    _make_tables(url, keystore_url, tmp_path)
    ground = _ground(tmp_path, (url, url), (keystore_url, keystore_url))
    yield ground
    with ground.raw.connect() as connection:
        assert connection.execute(text("pragma integrity_check")).scalar_one() == "ok"
    ground.close()


def _on_a_server(server: Postgres, templates: tuple[str, str], tmp_path: Path) -> Iterator[Ground]:
    main, keystore = server.database(MAIN, like=templates[0]), server.database(KEYSTORE, like=templates[1])
    ground = _ground(
        tmp_path, (server.url(main, "app"), server.url(main)), (server.url(keystore, "app"), server.url(keystore))
    )
    yield ground
    ground.close()
    server.drop(main, keystore)


@pytest.fixture(scope="session")
def templates(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The two databases with empty tables, of which each test gets copies."""
    main, keystore = postgres.database(MAIN), postgres.database(KEYSTORE)
    _make_tables(postgres.url(main, "owner"), postgres.url(keystore, "owner"), tmp_path_factory.mktemp("key"))
    for name, kept in ((main, audit.NEVER_CHANGED), (keystore, ())):
        engine = main_engine(postgres.url(name, "owner"))
        grants.give(engine, to=postgres.role("app"), append_only=kept)
        engine.dispose()
    return main, keystore


def _make_tables(url: str, keystore_url: str, folder: Path) -> None:
    maker, keystore = main_engine(url, create=True), keystore_engine(keystore_url, create=True)
    Base.metadata.create_all(maker, tables=TRAIL)  # type: ignore[arg-type]
    ExampleBase.metadata.create_all(maker)
    ENDINGS.create_all(maker)
    Keystore(keystore, _provider(folder), env="testing").create()
    maker.dispose()
    keystore.dispose()


def _ground(folder: Path, main: tuple[str, str], keystore: tuple[str, str]) -> Ground:
    """Each database as the program has it, and as somebody with every power does."""
    provider = _provider(folder)
    provider.begin()  # the copy of a template is in no folder of its own
    kept = Keystore(keystore_engine(keystore[0], busy_ms=500), provider, env="testing")
    raw, raw_keystore = main_engine(main[1], busy_ms=200), keystore_engine(keystore[1], busy_ms=200)
    return Ground(folder, Database(main_engine(main[0], busy_ms=400), kept), raw, raw_keystore, main[0])


def _provider(folder: Path) -> DevelopmentFile:
    return DevelopmentFile(folder / "development.key", env="testing")
