"""Who answers for an agency on a day: the agency itself, or once it has ended the one that took its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.database.models.partnership import Agency
from dhr_app.database.named_session import NamedSession


@dataclass(frozen=True)
class Answering:
    """The agency that answers."""

    id: UUID
    name: str
    kind: str


def answering(session: NamedSession, on: date) -> dict[UUID, Answering]:
    """Who answers for each agency on this day, in one query; one that ended without a successor stays itself."""
    columns = select(Agency.id, Agency.name, Agency.kind, Agency.to_on, Agency.successor_id).order_by(Agency.name)
    rows = {row.id: row for row in session.execute(columns)}

    def heir(agency_id: UUID, passed: frozenset[UUID] = frozenset()) -> UUID:
        row = rows[agency_id]
        ended = row.to_on is not None and row.to_on < on
        if not ended or row.successor_id not in rows or row.successor_id in passed:
            return agency_id
        return heir(row.successor_id, passed | {agency_id})

    found = {agency_id: heir(agency_id) for agency_id in rows}
    return {agency_id: Answering(to, rows[to].name, rows[to].kind) for agency_id, to in found.items()}


def agency_now(session: NamedSession, agency_id: UUID, *, on: date) -> UUID:
    """The agency that answers on that day for what this one took on: itself, or the last of its successors."""
    return answering(session, on)[agency_id].id


def standing_behind(session: NamedSession, agency_id: UUID, *, on: date) -> frozenset[UUID]:
    """The agency itself, and every agency that had ended by that day for which it answers."""
    heirs = answering(session, on).items()
    return frozenset({agency_id, *(one for one, heir in heirs if heir.id == agency_id)})
