"""Rows as a bulk writer needs them: with their id, since no constructor runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

Row = dict[str, Any]


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
