"""What people typed into clear columns during a transaction, collected at each flush and asked for at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import MetaData, inspect
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapper, UOWTransaction

from dhr_app.database.base import Identified, Typed
from dhr_app.database.named_session import NamedSession

_KEPT = "typed texts"


@dataclass(frozen=True)
class TypedText:
    """A text as it stands at the end of the transaction, in which column of which row, and what sort of text it is."""

    row: Identified
    field: str
    typed: Typed
    text: str

    @property
    def place(self) -> str:
        """Its table and column."""
        return f"{cast(Any, self.row).__tablename__}.{self.field}"


def typed_columns(metadata: MetaData) -> dict[str, Typed]:
    """Every clear column that people type into, by “table.column”."""
    return {
        f"{table.name}.{column.name}": column.info["typed"]
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info.get("typed")
    }


def changed_texts(session: NamedSession) -> list[TypedText]:
    """What was typed in this transaction, in the order of writing; what was emptied or deleted since is left out."""
    session.flush()
    found = []
    for row, field in session.info.get(_KEPT, {}):
        text = getattr(row, field) if inspect(row).persistent else None
        if text:
            found.append(TypedText(row, field, _typed_on(inspect(row).mapper)[field], text))
    return found


@cache
def _typed_on(mapper: Mapper[Any]) -> Mapping[str, Typed]:
    return {
        each.key: each.columns[0].info["typed"] for each in mapper.column_attrs if each.columns[0].info.get("typed")
    }


@sa_event.listens_for(NamedSession, "after_flush")
def _collect(session: NamedSession, flushed: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty):
        for field in _typed_on(inspect(row).mapper):
            if inspect(row).attrs[field].history.added:
                session.info.setdefault(_KEPT, {})[row, field] = None
