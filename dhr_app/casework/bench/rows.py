"""Rows as a bulk writer needs them, with their id, since no constructor runs; and the transaction it writes them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine

from dhr_app.database.base import Base

Row = dict[str, Any]


@contextmanager
def bulk_writing(engine: Engine) -> Iterator[Connection]:
    """One transaction of a plain engine: a House’s own lets no bulk writer through."""
    with engine.begin() as connection:
        begin(connection)
        yield connection


def begin(connection: Connection) -> None:
    """On SQLite the driver begins nothing by itself (database/engine.py), and each row would be a transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def plain(**columns: Any) -> Row:
    """A row with an id of its own."""
    return {"id": uuid4(), **columns}


def event(review_id: UUID, kind: str, at: datetime, *, agency_id: UUID | None = None, **details: str) -> Row:
    """An event of a review."""
    return plain(
        review_id=review_id,
        kind=kind,
        happened_on=at.date(),
        recorded_at=at,
        ordinal=0,
        recorded_by_name="Mary Thorne",
        agency_id=agency_id,
        details=details,
    )


def in_order(models: Iterable[Any]) -> list[Any]:
    """In the order of foreign keys: a review before its deadlines, a deadline before its extensions."""
    order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    return sorted(models, key=lambda model: order[model.__table__])
