"""A whole installation for tests, made as `dhr init` makes one, on SQLite or on PostgreSQL.

And a way round every guard: what an attacker with the file or a superuser’s password can do.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, Engine, Executable, text

from dhr_app.adapters.keys import choose_provider
from dhr_app.casework.house import House
from dhr_app.casework.installation import establish
from dhr_app.database import grants
from dhr_app.database.base import Base
from dhr_app.database.engine import keystore_engine, main_engine
from dhr_app.database.keystore import Keystore
from dhr_app.database.models.audit import NEVER_CHANGED
from dhr_app.settings import Settings, load
from tests.postgres import KEYSTORE, MAIN, Postgres

if TYPE_CHECKING:
    from tests.reviews import County

# For what only one of the two engines has; without it a threat is met on both.
ON_SQLITE = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize(
    "installation", [pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
SECRET = "a secret for the tests, forty letters long"


@dataclass(frozen=True)
class Ground:
    """Where one installation lies: its folder, and on PostgreSQL its two databases."""

    instance: Path
    server: Postgres | None = None
    databases: tuple[str, str] = ("", "")

    @property
    def environ(self) -> dict[str, str]:
        """Its settings, as `dhr` reads them; without the owner’s addresses, which `dhr init` alone is given."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DHR_")}
        placed = {"DHR_ENV": "testing", "DHR_INSTANCE": str(self.instance), "DHR_TODAY": "2026-06-03"}
        urls = self.server.urls(*self.databases) if self.server else {}
        used = {name: url for name, url in urls.items() if "OWNER" not in name}
        return {**inherited, **placed, "DHR_SECRET_KEY": SECRET, **used}

    @property
    def owners(self) -> dict[str, str]:
        """What `dhr init` is given besides."""
        urls = self.server.urls(*self.databases) if self.server else {}
        return {name: url for name, url in urls.items() if "OWNER" in name}

    @property
    def settings(self) -> Settings:
        """Its settings, read."""
        return load(self.environ)

    def copy(self, instance: Path) -> Ground:
        """The same installation once more. Nobody may be at work in this one meanwhile."""
        shutil.copytree(self.instance, instance, symlinks=True)
        if self.server is None:
            return Ground(instance)
        main, keystore = self.databases
        copies = self.server.database(MAIN, like=main), self.server.database(KEYSTORE, like=keystore)
        return Ground(instance, self.server, copies)

    def lay_out(self, like: Ground) -> None:
        """Become what another installation is, whatever stood here before."""
        shutil.rmtree(self.instance, ignore_errors=True)
        shutil.copytree(like.instance, self.instance, symlinks=True)
        if self.server is not None:
            for mine, other in zip(self.databases, like.databases, strict=True):
                self.server.remake(mine, like=other)

    def remove(self) -> None:
        """Take it away."""
        shutil.rmtree(self.instance, ignore_errors=True)
        if self.server is not None:
            self.server.drop(*self.databases)


def empty(instance: Path, server: Postgres | None) -> Ground:
    """Where an installation can be made."""
    return Ground(instance, server, (server.database(MAIN), server.database(KEYSTORE)) if server else ("", ""))


def established(instance: Path, server: Postgres | None) -> Ground:
    """A new installation with nothing in it but its partnership, made by what `dhr init` calls."""
    made = empty(instance, server)
    establish({**made.environ, **made.owners})
    return made


def with_tables(instance: Path, server: Postgres | None) -> Ground:
    """A new installation with empty tables, straight from the models."""
    made = empty(instance, server)
    instance.mkdir(parents=True)
    settings = load({**made.environ, **made.owners})
    main = main_engine(settings.owner_url or settings.database_url, create=True)
    Base.metadata.create_all(main)
    provider = choose_provider(settings.key_provider, env=settings.env, instance=settings.instance)
    keystore = keystore_engine(settings.keystore_owner_url or settings.keystore_url, create=True)
    Keystore(keystore, provider, env=settings.env).create()
    if server is not None:
        grants.give(main, to=server.role("app"), append_only=NEVER_CHANGED)
        grants.give(keystore, to=server.role("app"))
    main.dispose()
    keystore.dispose()
    return made


@dataclass
class Installation:
    """An installation at work with the invented county in it, and what an attacker may do to it by SQL."""

    ground: Ground
    house: House
    county: County
    _engines: dict[str, Engine] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        """“sqlite” or “postgresql”."""
        return self.house.database.engine.dialect.name

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment in which `dhr …` works on this installation."""
        return self.ground.environ

    @property
    def main(self) -> Engine:
        """The main database, with every power there is: the file itself, or a superuser."""
        return self._way_in(MAIN)

    @property
    def keystore(self) -> Engine:
        """The keystore, likewise."""
        return self._way_in(KEYSTORE)

    def tamper(self, *statements: str | Executable, **values: Any) -> None:
        """Change the main database past triggers and references, and leave them as they were."""
        with self._unguarded(self.main) as connection:
            for statement in statements:
                connection.execute(text(statement) if isinstance(statement, str) else statement, values)

    def tamper_keystore(self, *statements: str | Executable, **values: Any) -> None:
        """Change the keystore likewise."""
        with self._unguarded(self.keystore) as connection:
            for statement in statements:
                connection.execute(text(statement) if isinstance(statement, str) else statement, values)

    def close(self) -> None:
        """Let go of every connection."""
        for engine in self._engines.values():
            engine.dispose()
        self.house.database.dispose()

    def _way_in(self, what: str) -> Engine:
        if what not in self._engines:
            self._engines[what] = self._opened(what)
        return self._engines[what]

    def _opened(self, what: str) -> Engine:
        if self.ground.server is not None:
            return self.ground.server.engine(self.ground.databases[what == KEYSTORE])
        settings = self.house.settings
        return keystore_engine(settings.keystore_url) if what == KEYSTORE else main_engine(settings.database_url)

    @contextmanager
    def _unguarded(self, engine: Engine) -> Iterator[Connection]:
        with engine.connect() as connection:
            if self.ground.server is not None:
                connection.execute(text("SET session_replication_role = replica"))
                yield connection
                connection.commit()
                return
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in triggers:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            try:
                yield connection
                for _, sql in triggers:
                    connection.exec_driver_sql(sql)
                connection.commit()
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")
