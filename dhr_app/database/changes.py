"""What a flush did to one row, told for the audit trail without telling anything that is sealed or free text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, Integer, Uuid, inspect
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import InstanceState
from sqlalchemy.sql.elements import NamedColumn

from dhr_app.database.envelope import Envelope
from dhr_app.database.keyring import Cell
from dhr_app.database.sealed import sealed_on
from dhr_app.database.types import UTCDateTime

NO_REVIEW = UUID(int=0)
QUOTED = (Boolean, Date, DateTime, EnumType, Integer, UTCDateTime, Uuid)
SALT_BYTES = 32


@dataclass(frozen=True)
class SealedChange:
    """One sealed cell as it was and as it is. `at` says among which table, row and column the payload keeps it."""

    at: tuple[str, str, str]
    cell: Cell
    old: Envelope | None
    new: Envelope | None


@dataclass(frozen=True, slots=True)
class Change:
    """One row that was created, updated or deleted, or re-sealed (database/resealing.py); `told` is how.

    `event` is the row of an event, which is told whole. No other row is held: a morning writes tens of thousands.
    """

    chain: UUID
    event: Any
    told: dict[str, Any]
    sealed: tuple[SealedChange, ...] = ()


def change_of(op: str, row: Any, salt: bytes) -> Change | None:
    """How a row has changed, read from its history in a flush; None where nothing worth telling did.

    A code, date, number, id or choice is told as [old, new]; a sealed value by the SHA-256 of its envelope; any other
    text by the SHA-256 of the entry's salt and what is stored: once the salt is gone, nobody can guess it.
    """
    state: InstanceState[Any] = inspect(row)
    sealed_by_column = {attribute.column: attribute for attribute in sealed_on(type(row)).values()}
    identity = ":".join(
        _once(value) if isinstance(value, UUID) else str(value) for value in state.mapper.primary_key_from_instance(row)
    )
    cells: dict[str, tuple[Any, Any]] = {}
    sealed: list[SealedChange] = []
    for attribute in state.mapper.column_attrs:
        key, column = attribute.key, attribute.columns[0]
        if op == "update" and key not in state.committed_state:  # nobody set it
            continue
        old, new = _old_and_new(op, state, key)
        if old is new or column.info.get("unaudited"):
            continue
        cells[key] = (tell(column, old, salt), tell(column, new, salt))
        if (by := sealed_by_column.get(key)) is not None:
            sealed.append(SealedChange((row.__tablename__, identity, key), by.cell(row), old, new))
    if op == "update" and not cells:
        return None
    told = {"op": op, "table": row.__tablename__, "row": identity, "cells": cells}
    return Change(chain_of(row), None, told, tuple(sealed))


def chain_of(row: Any) -> UUID:
    """A review's rows go to its chain, everything else to the system's."""
    own: UUID | None = row.id if row.__tablename__ == "review" else getattr(row, "review_id", None)
    return own or NO_REVIEW


def tell(column: NamedColumn[Any], value: Any, salt: bytes) -> Any:
    """How an entry tells what a column holds."""
    if value is None:
        return None
    if column.info.get("class") == "sealed":
        return "sha256:" + hashlib.sha256(bytes(value)).hexdigest()
    if column.info.get("code") or isinstance(column.type, QUOTED):
        return _plain(value)
    return "salted:" + hashlib.sha256(salt + _stored(value)).hexdigest()


def tell_unsalted(column: NamedColumn[Any], value: Any) -> Any:
    """How an entry of the first version told a text: by its SHA-256 alone."""
    if value is None or column.info.get("class") == "sealed" or not is_salted(tell(column, value, b"")):
        return tell(column, value, b"")
    return "sha256:" + hashlib.sha256(_stored(value)).hexdigest()


def is_salted(told: Any) -> bool:
    """Whether a cell was told by a hash that the entry's salt went into."""
    return isinstance(told, str) and told.startswith("salted:")


def _old_and_new(op: str, state: InstanceState[Any], key: str) -> tuple[Any, Any]:
    if op == "delete":
        return state.dict.get(key), None
    if op == "create":  # what the column's own default filled in has no history
        return None, state.dict.get(key)
    history = state.attrs[key].history
    if not history.has_changes():
        return None, None
    return (history.deleted or (None,))[0], (history.added or (None,))[0]


def _stored(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes) else _text(value).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | UUID):
        return _once(value)
    return value if isinstance(value, bool | int | str) else str(value)


@lru_cache(maxsize=1024)
def _once(value: date | UUID) -> str:
    """Its text, once for the many rows of one transaction that hold the same day or name the same id."""
    return str(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
