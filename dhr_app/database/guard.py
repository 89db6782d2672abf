"""The last gate before the driver: what does not only ask passes while a named session writes, and at no other time.

It stands three times. What SQLAlchemy sends is judged by its text, compiled or not. What is asked of the driver itself
is refused by SQLite (`query_only`) and judged by psycopg’s cursor. And what was written is committed once it is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy import event as sa_event

from dhr_app.database.asking import asks
from dhr_app.database.errors import UnnamedChange

GUARDED, NAMED, UNTOLD = "guarded", "named", "untold"  # what the pool’s own notes of a connection say of it


def guard(engine: Engine) -> None:
    """Refuse, on every connection of this engine, each change that does not come from a named session.

    This catches what a session's own events do not see: bulk methods, Core statements, texts, `session.connection()`,
    the driver's connection and its COPY.
    """
    for name, listener in (
        ("checkout", _stand_by),
        ("before_cursor_execute", _refuse_unnamed),
        ("commit", _refuse_untold),
        ("set_connection_execution_options", _refuse_autocommit),
    ):
        if not sa_event.contains(engine, name, listener):
            sa_event.listen(engine, name, listener)


@contextmanager
def named(connection: Connection) -> Iterator[dict[str, Any]]:
    """Let this connection write until the block ends. Yields the notes in which UNTOLD stands from now on."""
    info = connection.info  # asked for once: a connection that was cut meanwhile would try to begin anew
    driver = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    _query_only(driver, "OFF")
    info[NAMED] = info[UNTOLD] = True
    try:
        yield info
    finally:
        info.pop(NAMED, None)
        _query_only(driver, "ON")


def _query_only(driver: Any, how: str) -> None:
    if driver is not None:  # past SQLAlchemy, which would take longer than SQLite does
        driver.execute(f"PRAGMA query_only={how}")


def _stand_by(driver: Any, record: Any, proxy: Any) -> None:
    record.info.pop(UNTOLD, None)
    if GUARDED in record.info:
        return
    if isinstance(driver, psycopg.Connection):
        driver.cursor_factory = partial(_Cursor, record.info)  # type: ignore[assignment]
    else:
        _query_only(driver, "ON")
    record.info[GUARDED] = True


def _refuse_unnamed(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    _refuse(connection.info, statement)


def _refuse_untold(connection: Connection) -> None:
    if UNTOLD in connection.info:
        raise UnnamedChange("What was changed is committed with its audit entry, at the end of transaction().")


def _refuse_autocommit(connection: Connection, options: Mapping[str, Any]) -> None:
    if "isolation_level" in options:
        raise UnnamedChange("A connection that commits each statement would commit it without its audit entry.")


def _refuse(info: Mapping[str, Any], statement: object) -> None:
    if NAMED not in info and not (isinstance(statement, str) and asks(statement)):
        raise UnnamedChange("A statement would change something without a name: change objects inside transaction().")


class _Cursor(psycopg.Cursor[Any]):
    """A cursor for whoever reaches past SQLAlchemy: it judges what it is given, COPY too.

    One that the server keeps (DECLARE … CURSOR FOR) needs no judge: PostgreSQL takes nothing there that changes rows.
    """

    def __init__(self, info: Mapping[str, Any], connection: psycopg.Connection[Any], **options: Any) -> None:
        super().__init__(connection, **options)
        self._notes = info

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        _refuse(self._notes, query)
        return super().execute(query, *args, **options)

    def executemany(self, query: Any, *args: Any, **options: Any) -> None:
        _refuse(self._notes, query)
        super().executemany(query, *args, **options)

    def stream(self, query: Any, *args: Any, **options: Any) -> Iterator[Any]:
        _refuse(self._notes, query)
        return super().stream(query, *args, **options)

    def copy(self, statement: Any, *args: Any, **options: Any) -> Any:
        _refuse(self._notes, statement)
        return super().copy(statement, *args, **options)
