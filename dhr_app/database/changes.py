"""What a flush did to one row, told for the audit trail without telling anything that is sealed or free text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, Integer, Uuid, inspect
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import InstanceState
from sqlalchemy.sql.elements import NamedColumn

from dhr_app.database.types import UTCDateTime

NO_REVIEW = UUID(int=0)
QUOTED = (Boolean, Date, DateTime, EnumType, Integer, UTCDateTime, Uuid)


@dataclass(frozen=True)
class Change:
    """One row that was created, updated or deleted; `told` is how the entry tells it."""

    chain: UUID
    row: Any
    told: dict[str, Any]


def change_of(op: str, row: Any) -> Change | None:
    """How a row is about to change, read from its history during a flush; None where nothing worth telling did.

    A code, date, number, id or choice is told as [old, new]; a clear text and a sealed value by the SHA-256 of what
    is stored, old and new.
    """
    state: InstanceState[Any] = inspect(row)
    cells: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        column = attribute.columns[0]
        old, new = _old_and_new(op, state, attribute.key)
        if old is not new and not column.info.get("unaudited"):
            cells[attribute.key] = [_told(column, old), _told(column, new)]
    if op == "update" and not cells:
        return None
    identity = ":".join(str(value) for value in state.mapper.primary_key_from_instance(row))
    return Change(_chain(row), row, {"op": op, "table": row.__tablename__, "row": identity, "cells": cells})


def _old_and_new(op: str, state: InstanceState[Any], key: str) -> tuple[Any, Any]:
    if op == "delete":
        return state.dict.get(key), None
    history = state.attrs[key].history
    if not history.has_changes():
        return None, None
    return (history.deleted or (None,))[0], (history.added or (None,))[0]


def _chain(row: Any) -> UUID:
    """A review's rows go to its chain, everything else to the system's."""
    own: UUID | None = row.id if row.__tablename__ == "review" else getattr(row, "review_id", None)
    return own or NO_REVIEW


def _told(column: NamedColumn[Any], value: Any) -> Any:
    if value is None:
        return None
    if column.info.get("class") == "clear" and (column.info.get("code") or isinstance(column.type, QUOTED)):
        return _plain(value)
    stored = bytes(value) if isinstance(value, bytes) else _text(value).encode()
    return "sha256:" + hashlib.sha256(stored).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | str) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
