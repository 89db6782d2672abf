"""How many statements a page asks of the two databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from dhr_app.casework.house import House

ASKING = ("select", "insert", "update", "delete", "with")


@contextmanager
def count_queries(house: House) -> Iterator[list[str]]:
    """The statements asked until the end, in order; beginning and ending a transaction do not count."""
    asked: list[str] = []

    def note(
        connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if statement.lstrip().lower().startswith(ASKING):
            asked.append(statement)

    engines = (house.database.engine, house.database.keystore.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
