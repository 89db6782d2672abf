"""The last gate before the driver: a statement that changes rows passes only while a named session is flushing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import event as sa_event

from dhr_app.database.errors import UnnamedChange

# Searched anywhere, so that a comment or a WITH before it hides nothing. FOR UPDATE and ON DELETE are not changes.
_CHANGE = re.compile(
    r"\b(insert\s+(or\s+\w+\s+)?into|replace\s+into|delete\s+from|merge\s+into|truncate|copy\s+\S+\s+from"
    r"|update\s+(or\s+\w+\s+)?(only\s+)?(\"[^\"]+\"|[\w.]+)(\s+as\s+\w+|\s+(?!set\b)\w+)?\s+set"
    r"|(drop|alter)\s+(table|trigger|index|view|schema))\b",
    re.IGNORECASE,
)


def guard(engine: Engine) -> None:
    """Refuse, on every connection of this engine, each change that does not come from a session's flush.

    This catches what a session's own events do not see: bulk methods, Core statements, `session.connection()`.
    """
    if not sa_event.contains(engine, "before_cursor_execute", _refuse_unnamed):
        sa_event.listen(engine, "before_cursor_execute", _refuse_unnamed)


def _refuse_unnamed(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if not connection.info.get("named") and changes(statement):
        raise UnnamedChange("A statement would change rows without a name: change objects inside transaction().")


@lru_cache(maxsize=2048)
def changes(statement: str) -> bool:
    """Whether a statement would change rows or tables."""
    return _CHANGE.search(statement) is not None
