"""What the clockwork tidies in the document store every night, and what it can only report: a row without its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.disposed_files import disposed_files
from dhr_app.casework.house import House
from dhr_app.database.base import Base
from dhr_app.database.models.stored import StoredFile

PART_HOURS = timedelta(hours=24)  # no upload takes so long
OBJECT_DAYS = timedelta(days=7)  # longer than a backup takes: every row that it holds still finds its file


def sweep_files(in_house: House, *, now: datetime) -> tuple[int, int, int]:
    """Remove parts that nobody writes to any more and objects that no row names. Returns how many of each, and how
    many rows have no file.

    `now` is the machine’s own time, by which files are dated, and not the day that a demo plays on.
    """
    store = in_house.store
    parts = [part.name for part in store.parts() if part.written_at < now - PART_HOURS]
    for part in parts:
        store.remove_part(part)
    rows = set(_rows(in_house))
    strays = [
        name
        for name, lying in ((_id(each.name), each) for each in store.objects())
        if name is not None and name not in rows and lying.written_at < now - OBJECT_DAYS
    ]
    for stray in strays:
        store.remove(stray)
    return len(parts), len(strays), len(rows_without_file(in_house))


def rows_without_file(in_house: House) -> list[UUID]:
    """The rows whose file is gone from the store, in a stable order; not those whose records were destroyed."""
    rows = set(_rows(in_house))  # first: whatever is kept meanwhile is one file too many, never one too few
    lying = {_id(each.name) for each in in_house.store.objects()}
    with in_house.reading() as session:
        return sorted(rows - lying - disposed_files(session))


def _rows(in_house: House) -> Iterator[UUID]:
    """The id of every row that names a file in the store, in whichever table."""
    with in_house.reading() as session:
        for mapper in Base.registry.mappers:
            if issubclass(mapper.class_, StoredFile):
                table = mapper.local_table
                yield from session.scalars(select(table.c.id).order_by(table.c.id))


def _id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
