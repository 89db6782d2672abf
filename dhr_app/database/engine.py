"""How the two databases are opened: SQLite with its safe settings or PostgreSQL, and what their failures mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, make_url
from sqlalchemy import event as sa_event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError

from dhr_app.database.errors import DatabaseUnavailable

BUSY_MS = 10_000
COMMON = ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF", "synchronous=FULL")
# Without recursive_triggers an INSERT OR REPLACE replaces an audit entry without asking its triggers.

# On PostgreSQL: milliseconds for one statement, and for a transaction in which nothing more is asked.
PATIENCE = ("timezone=UTC", "statement_timeout=300000", "idle_in_transaction_session_timeout=60000")
# No limit of the pool's own: a thread reads on one connection while it writes who opened what on another, so a limit
# that is no multiple of the threads would let them all wait for each other.
ENOUGH = -1
ANSWERED_JUST_NOW = 1.0  # seconds

_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip
# Connection, resources, operator intervention, lock not available, serialisation failure, deadlock.
_POSTGRESQL_UNAVAILABLE = ("08", "53", "57", "55P03", "40001", "40P01")


def main_engine(url: str | URL, *, create: bool = False, busy_ms: int = BUSY_MS) -> Engine:
    """The main database. `create` lets SQLite make the file; otherwise one that is gone stays gone.

    On SQLite the driver never begins a transaction: the session does, when it must (database/session.py).
    """
    return _engine(url, create=create, busy_ms=busy_ms, pragmas=("journal_mode=WAL", *COMMON))


def keystore_engine(url: str | URL, *, create: bool = False, busy_ms: int = BUSY_MS) -> Engine:
    """The keystore. On SQLite without a write-ahead log and with secure deletion, so that a destroyed key is gone."""
    pragmas = ("journal_mode=DELETE", "secure_delete=ON", *COMMON)
    return _engine(url, create=create, busy_ms=busy_ms, pragmas=pragmas)


@contextmanager
def translating() -> Iterator[None]:
    """Turn what a driver says about a database that is locked or gone into DatabaseUnavailable."""
    try:
        yield
    except DBAPIError as error:
        if not unavailable(error):
            raise
        raise DatabaseUnavailable from error


def unavailable(error: DBAPIError) -> bool:
    """Whether the database is locked, full or gone, rather than asked something wrong."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in _SQLITE_UNAVAILABLE
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError) and not isinstance(error.orig, sqlite3.Error)
    return str(state).startswith(_POSTGRESQL_UNAVAILABLE)


def _engine(url: str | URL, *, create: bool, busy_ms: int, pragmas: tuple[str, ...]) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(
            parsed,
            hide_parameters=True,
            max_overflow=ENOUGH,
            connect_args={"options": " ".join(f"-c {option}" for option in (f"lock_timeout={busy_ms}", *PATIENCE))},
        )
        sa_event.listen(engine, "handle_error", _hide_values)
        _mind_the_server(engine)
        return engine
    path = parsed.database if parsed.database not in (None, "", ":memory:") else None
    if path:
        mode = "rwc" if create else "rw"
        parsed = parsed.set(database=f"file:{quote(str(Path(path).resolve()))}", query={"mode": mode, "uri": "true"})
    engine = create_engine(parsed, hide_parameters=True, **({"max_overflow": ENOUGH} if path else {}))
    _settle(engine, (f"busy_timeout={busy_ms}", *pragmas))
    if path:
        _mind_the_file(engine, Path(path))
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """PostgreSQL quotes rows in what it says of an error (“Failing row contains …”): keep its first words alone.

    Even these quote a value that was of the wrong kind (class 22): then only the name of the error is kept.
    """
    said, whole = context.original_exception, str(context.original_exception)
    first_words = getattr(getattr(said, "diag", None), "message_primary", None)
    if not first_words:  # the driver’s own, before anything was sent
        return
    kept = type(said).__name__ if str(getattr(said, "sqlstate", "")).startswith("22") else str(first_words)
    said.args = (kept,)
    wrapped = context.sqlalchemy_exception
    if wrapped is not None:
        wrapped.args = tuple(arg.replace(whole, kept) if isinstance(arg, str) else arg for arg in wrapped.args)


def _settle(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @sa_event.listens_for(engine, "connect")
    def settle(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")


def _mind_the_server(engine: Engine) -> None:
    """A pooled connection that the server has closed since is replaced. One that answered just now is not asked again:
    a request comes here several times, and each question would be another journey to the server."""

    @sa_event.listens_for(engine, "connect")
    @sa_event.listens_for(engine, "checkin")
    def remember(connection: Any, record: Any) -> None:
        record.info["answered"] = monotonic()

    @sa_event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, proxy: Any) -> None:
        if monotonic() - record.info["answered"] < ANSWERED_JUST_NOW:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise DisconnectionError("the server closed this connection") from None


def _mind_the_file(engine: Engine, path: Path) -> None:
    """A pooled connection to a file since removed or replaced would go on writing into nothing: reconnect instead."""

    def inode() -> int | None:
        try:
            return os.stat(path).st_ino
        except OSError:
            return None

    @sa_event.listens_for(engine, "connect")
    def remember(connection: Any, record: Any) -> None:
        record.info["inode"] = inode()

    @sa_event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, proxy: Any) -> None:
        if record.info.get("inode") != inode():
            raise DisconnectionError("the database file was removed or replaced")
