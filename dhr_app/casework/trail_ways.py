"""By which request, and in which sign-in, each event came. Only its entry says so, which is found by its moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from dhr_app.database.models.audit import AuditEntry
from dhr_app.database.named_session import NamedSession
from dhr_app.database.verify import AT_ONCE

Way = Mapping[str, str]
NONE: Way = {}


def with_ways(session: NamedSession, rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[tuple[Row[Any], Way]]:
    """Each row of events (its `id` and `recorded_at`), oldest first, with what its entry says, if it does.

    Rows and entries are gone through once, side by side. To be read to the end.
    """
    entries: Iterator[Row[datetime, bytes]] | None = None
    entry, at, ways = None, None, dict[str, Way]()
    for row in rows:
        if row.recorded_at != at:
            at, ways = row.recorded_at, {}
            if entries is None:
                entries = _entries(session, since=at)
                entry = next(entries, None)
            while entry is not None and entry.at <= at:
                if entry.at == at:
                    ways.update(_told(entry.body))
                entry = next(entries, None)
        yield row, ways.get(str(row.id), NONE)


def _entries(session: NamedSession, *, since: datetime) -> Iterator[Row[datetime, bytes]]:
    asked = select(AuditEntry.at, AuditEntry.body).where(AuditEntry.at >= since).order_by(AuditEntry.at)
    with session.execute(asked.execution_options(yield_per=AT_ONCE)) as found:
        yield from found


def _told(body: bytes) -> dict[str, Way]:
    content = json.loads(body)
    return {event["id"]: content["via"] for event in content["events"]} if "via" in content else {}
