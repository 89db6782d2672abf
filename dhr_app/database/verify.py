"""Does the audit trail still stand: every entry where it was put, saying what it said, and agreed by the events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from dhr_app.database.audit import FIRST, SYSTEM_CHAIN, chain_hash, facts_of
from dhr_app.database.models.audit import AuditEntry, AuditHead
from dhr_app.database.models.event import Event


@dataclass(frozen=True)
class Break:
    """One place where the trail does not hold. `seq` is None where no entry can be named."""

    chain: UUID
    seq: int | None
    what: str


def verify(session: Session, review_id: UUID | None = None) -> list[Break]:
    """Every break in one review's chain, or, without one, in all chains. An empty list is a good trail."""
    if review_id is not None:
        return list(_breaks(session, review_id))
    chains, found = {SYSTEM_CHAIN}, []
    for column in (AuditEntry.chain, AuditHead.chain, Event.review_id):
        for named in session.scalars(select(_raw(column)).where(column.is_not(None)).distinct()):
            try:
                chains.add(named if isinstance(named, UUID) else UUID(named))
            except (ValueError, TypeError, AttributeError):
                found.append(Break(SYSTEM_CHAIN, None, f"a row of {column.class_.__tablename__} names no review"))
    return found + [each for chain in sorted(chains, key=str) for each in _breaks(session, chain)]


def _breaks(session: Session, chain: UUID) -> Iterator[Break]:
    told: dict[str, Any] = {}
    prev, expected = FIRST, 0
    entries = select(_raw(AuditEntry.seq), _raw(AuditEntry.body), _raw(AuditEntry.prev), _raw(AuditEntry.hash))
    for seq, body, said_prev, said_hash in session.execute(
        entries.where(AuditEntry.chain == chain).order_by(AuditEntry.seq).execution_options(yield_per=500)
    ):
        expected += 1
        wrong = _what_is_wrong(chain, expected, prev, (seq, body, said_prev, said_hash))
        if wrong:  # what comes after cannot be judged any more
            yield Break(chain, expected, wrong)
            return
        told |= {event["id"]: event for event in json.loads(body)["events"]}
        prev = said_hash
    yield from _head_breaks(session, chain, expected, prev)
    yield from _event_breaks(session, chain, told)


def _what_is_wrong(chain: UUID, expected: int, prev: bytes, entry: tuple[Any, Any, Any, Any]) -> str | None:
    seq, body, said_prev, said_hash = entry
    if seq != expected:
        return f"expected entry {expected}, found {seq}"
    if said_prev != prev:
        return "does not follow the entry before it"
    if not isinstance(body, bytes) or said_hash != chain_hash(prev=prev, chain=chain, seq=seq, body=body):
        return "is not what was hashed"
    try:
        content = json.loads(body)
        speaks_of = content["chain"], content["seq"], [event["id"] for event in content["events"]]
    except (ValueError, LookupError, TypeError):
        return "cannot be read"
    return None if speaks_of[:2] == (str(chain), seq) else "speaks of another place in the trail"


def _head_breaks(session: Session, chain: UUID, seq: int, last: bytes) -> Iterator[Break]:
    head = session.execute(
        select(_raw(AuditHead.seq), _raw(AuditHead.hash)).where(AuditHead.chain == chain)
    ).one_or_none()
    if head is None and seq:
        yield Break(chain, None, "has entries but no end")
    elif head is not None and (head[0], head[1]) != (seq, last):
        yield Break(chain, None, "does not end where it should")


def _event_breaks(session: Session, chain: UUID, told: dict[str, Any]) -> Iterator[Break]:
    owner = None if chain == SYSTEM_CHAIN else chain
    query = select(Event).where(Event.review_id == owner).execution_options(yield_per=500)
    try:
        for event in session.scalars(query):
            if told.pop(str(event.id), None) != facts_of(event):
                yield Break(chain, None, f"event {event.id} is not what its entry says")
    except (ValueError, TypeError, LookupError):
        yield Break(chain, None, "an event cannot be read")
    for missing in told:
        yield Break(chain, None, f"event {missing} is gone")


def _raw(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The column as the driver gives it: a blob replaced by a text must be a finding, not an error of the reader."""
    return type_coerce(column, NullType())
