"""The audit trail is written last: what a transaction changed, said and opened, chained to what came before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from dhr_app.database.changes import Change, change_of
from dhr_app.database.context import Actor, Verb, current_verb
from dhr_app.database.envelope import length_prefixed
from dhr_app.database.errors import UnnamedChange
from dhr_app.database.models.audit import AuditEntry, AuditHead
from dhr_app.database.models.event import Event

SYSTEM_CHAIN = UUID(int=0)
FIRST = b"\0" * 32
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,99}|[a-z][a-z0-9 ,’()-]{0,99}")


def record(
    session: Session,
    kind: str,
    *,
    happened_on: date,
    review_id: UUID | None = None,
    agency_id: UUID | None = None,
    subject: Any = None,
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Say that something happened, in the verb in progress; `subject` is the row it happened to.

    `details` holds codes, numbers, dates, ids and lists of these: raises ValueError for what looks like free text,
    which could be somebody's name. Raises UnnamedChange outside a transaction.
    """
    verb = current_verb.get()
    if verb is None:
        raise UnnamedChange("An event was recorded outside a transaction.")
    event = Event(
        review_id=review_id,
        kind=str(kind),
        happened_on=happened_on,
        recorded_at=verb.at,
        ordinal=verb.count_event(),
        recorded_by_id=verb.by.id,
        recorded_by_name=verb.by.name,
        agency_id=agency_id,
        subject_type=None if subject is None else subject.__tablename__,
        subject_id=None if subject is None else subject.id,
        details={name: _codes_only(name, value) for name, value in (details or {}).items()},
    )
    session.add(event)
    return event


def facts_of(event: Event) -> dict[str, Any]:
    """An event as it stands in an entry's body."""
    return {column.key: _plain(getattr(event, column.key)) for column in Event.__mapper__.column_attrs}


def chain_hash(*, prev: bytes, chain: UUID, seq: int, body: bytes) -> bytes:
    """The hash of one entry: over the one before it, its place, and the exact bytes of its body."""
    parts = length_prefixed(prev, chain.bytes, seq.to_bytes(8, "big"), hashlib.sha256(body).digest())
    return hashlib.sha256(b"dhr-audit1" + parts).digest()


@dataclass
class Trail:
    """What one session has changed so far, kept in step with its savepoints."""

    pending: list[Change] = field(default_factory=list)
    marks: dict[SessionTransaction, int] = field(default_factory=dict)

    def collect(self, session: Session, flushed: UOWTransaction) -> None:
        """After a flush: note every row it wrote. The trail itself is not noted."""
        # Not session.deleted: a row removed as an orphan of a relationship is only known to the flush itself.
        removed = [state.obj() for state, (is_delete, listed_only) in flushed.states.items() if is_delete]
        changed = [row for row in session.dirty if not any(row is each for each in removed)]
        for op, rows in (("create", session.new), ("update", changed), ("delete", removed)):
            for row in rows:
                if not isinstance(row, AuditEntry | AuditHead) and (change := change_of(op, row)):
                    self.pending.append(change)

    def mark(self, savepoint: SessionTransaction) -> None:
        """A savepoint begins here."""
        self.marks[savepoint] = len(self.pending)

    def rewind(self, savepoint: SessionTransaction) -> None:
        """A savepoint was rolled back: what was written since it began never happened."""
        del self.pending[self.marks.pop(savepoint, len(self.pending)) :]

    def append(self, session: Session, verb: Verb, *, undone: bool = False) -> None:
        """Chain one entry for each review touched, and one for the system where it was. Nothing runs after this."""
        chains = {change.chain for change in self.pending} | {opening.review_id for opening in verb.openings}
        for chain in sorted(chains, key=str):  # in one order everywhere, so that two writers cannot block each other
            mine = [change for change in self.pending if change.chain == chain]
            body: dict[str, Any] = {
                "events": [facts_of(change.row) for change in mine if isinstance(change.row, Event)],
                "changes": [change.told for change in mine if not isinstance(change.row, Event)],
                "openings": sorted([*opening[1:]] for opening in verb.openings if opening.review_id == chain),
            }
            if undone:
                body["undone"] = True
            _chain_entry(session, chain, verb, body)
        self.pending.clear()
        session.flush()


def _chain_entry(session: Session, chain: UUID, verb: Verb, body: dict[str, Any]) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:chain, 0))"), {"chain": str(chain)})
    head = session.get(AuditHead, chain, populate_existing=True)
    if head is None:
        head = AuditHead(chain=chain, seq=0, hash=FIRST)
        session.add(head)
    seq = head.seq + 1
    whole = {"v": 1, "chain": str(chain), "seq": seq, "at": _plain(verb.at), "actor": _actor(verb.by), **body}
    data = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    entry = AuditEntry(chain=chain, seq=seq, at=verb.at, body=data, prev=head.hash)
    entry.hash = chain_hash(prev=head.hash, chain=chain, seq=seq, body=data)
    session.add(entry)
    head.seq, head.hash = seq, entry.hash


def _actor(by: Actor) -> dict[str, Any]:
    told = {"id": _plain(by.id), "name": by.name}
    for extra in ("role", "agency_id"):
        if (value := getattr(by, extra, None)) is not None:
            told[extra.removesuffix("_id")] = str(value)
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _codes_only(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_codes_only(name, each) for each in value]
    plain = str(_plain(value))
    if not _CODE.fullmatch(plain):
        raise ValueError(f"the event's detail “{name}” is not a code: free text has no place in the audit trail")
    return plain
