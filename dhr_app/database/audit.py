"""The audit trail is written last: what a transaction changed, said and opened, chained to what came before."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from dhr_app.database.changes import SALT_BYTES, Change, chain_of, change_of, is_salted
from dhr_app.database.context import Actor, Verb, current_verb
from dhr_app.database.envelope import length_prefixed
from dhr_app.database.errors import ChangedMeanwhile, UnnamedChange
from dhr_app.database.models.audit import TRAIL, AuditEntry, AuditHead, AuditPayload, AuditSalt
from dhr_app.database.models.event import Event
from dhr_app.database.payloads import Payload, payloads_of

SYSTEM_CHAIN = UUID(int=0)
FIRST = b"\0" * 32
VERSION = 2  # of an entry's body; entries of version 1 told texts by a bare SHA-256 and kept no payloads
EVENT_KEYS = tuple(column.key for column in Event.__mapper__.column_attrs)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:chain, 0))")
_LOCKED_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.chain == bindparam("its_chain")).with_for_update()
# Statements are made once: each making, and finding it among those compiled before, is time in which others wait.
_ENTRY, _HEAD, _PAYLOAD, _SALT = (insert(table) for table in (AuditEntry, AuditHead, AuditPayload, AuditSalt))
_MOVED = (
    update(AuditHead)
    .where(AuditHead.chain == bindparam("its_chain"), AuditHead.hash == bindparam("its_prev"))
    .values(seq=bindparam("its_seq"), hash=bindparam("its_hash"))
)
_COLUMNS = AuditEntry.__table__.columns
_MOVED_WITH_ENTRY = (  # both in one journey to PostgreSQL, or neither; of an insert the count is not kept unless asked
    insert(AuditEntry)
    .from_select(
        _COLUMNS.keys(),
        select(*(bindparam(f"its_{name}", type_=column.type) for name, column in _COLUMNS.items())).select_from(
            _MOVED.returning(AuditHead.chain).cte("moved")
        ),
    )
    .execution_options(preserve_rowcount=True)
)
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


def facts_of(event: Event | Row[Any]) -> dict[str, Any]:
    """An event as it stands in an entry's body."""
    return {key: _plain(getattr(event, key)) for key in EVENT_KEYS}


def chain_hash(*, prev: bytes, chain: UUID, seq: int, body: bytes) -> bytes:
    """The hash of one entry: over the one before it, its place, and the exact bytes of its body."""
    parts = length_prefixed(prev, chain.bytes, seq.to_bytes(8, "big"), hashlib.sha256(body).digest())
    return hashlib.sha256(b"dhr-audit1" + parts).digest()


class Head(NamedTuple):
    """Where a chain ends: the number and the hash of its last entry."""

    seq: int
    hash: bytes


@dataclass
class Trail:
    """What one session has changed so far, kept in step with its savepoints."""

    pending: list[Change] = field(default_factory=list)
    salts: dict[UUID, bytes] = field(default_factory=dict)
    marks: dict[SessionTransaction, int] = field(default_factory=dict)
    heads: dict[UUID, Head] = field(default_factory=dict)

    def collect(self, session: Session, flushed: UOWTransaction) -> None:
        """After a flush: note every row it wrote. The trail itself is not noted."""
        # Not session.deleted: a row removed as an orphan of a relationship is only known to the flush itself.
        removed = [state.obj() for state, (is_delete, listed_only) in flushed.states.items() if is_delete]
        changed = [row for row in session.dirty if not any(row is each for each in removed)]
        for op, rows in (("create", session.new), ("update", changed), ("delete", removed)):
            for row in rows:
                if isinstance(row, TRAIL):
                    continue
                chain = chain_of(row)
                told = isinstance(row, Event)  # whole, among the entry's events
                if change := Change(chain, row, {}) if told else change_of(op, row, self._salt(chain)):
                    self.pending.append(change)

    def mark(self, savepoint: SessionTransaction) -> None:
        """A savepoint begins here."""
        self.marks[savepoint] = len(self.pending)

    def rewind(self, savepoint: SessionTransaction) -> None:
        """A savepoint was rolled back: what was written since it began never happened."""
        del self.pending[self.marks.pop(savepoint, len(self.pending)) :]

    def append(self, connection: Connection, verb: Verb, *, undone: bool = False) -> None:
        """Chain one entry for each review touched, and one for the system where it was. Nothing runs after this."""
        chains = {change.chain for change in self.pending} | {opening.review_id for opening in verb.openings}
        for chain in sorted(chains, key=str):  # in one order everywhere, so that two writers cannot block each other
            mine = [change for change in self.pending if change.chain == chain]
            changes = [change.told for change in mine if change.event is None]
            payloads = payloads_of(each for change in mine for each in change.sealed)
            body: dict[str, Any] = {
                "events": [facts_of(change.event) for change in mine if change.event is not None],
                "changes": changes,
                "openings": sorted([*opening[1:]] for opening in verb.openings if opening.review_id == chain),
            }
            if payloads:
                body["commits"] = [payload.told for payload in payloads]
            if undone:
                body["undone"] = True
            salted = any(is_salted(told) for change in changes for cell in change["cells"].values() for told in cell)
            salt = self._salt(chain) if salted else None
            _chain_entry(connection, verb, chain, body, read=self.heads.get(chain), payloads=payloads, salt=salt)
        self.pending.clear()
        self.salts.clear()
        self.heads.clear()

    def _salt(self, chain: UUID) -> bytes:
        if chain not in self.salts:
            self.salts[chain] = os.urandom(SALT_BYTES)
        return self.salts[chain]


def _chain_entry(
    connection: Connection,
    verb: Verb,
    chain: UUID,
    body: dict[str, Any],
    *,
    read: Head | None,
    payloads: list[Payload],
    salt: bytes | None,
) -> None:
    """By plain statements: every verb of everybody ends with these, and a unit of work costs as much again.

    `read` is where the chain ended when the review was locked: if that still holds, it need not be asked again.
    """
    seq = _added(connection, verb, chain, body, read) if read is not None else None
    if seq is None:
        seq = _added(connection, verb, chain, body, _locked_head(connection, chain))
    if seq is None:
        raise ChangedMeanwhile("audit_head", str(chain))
    if payloads:
        connection.execute(_PAYLOAD, [payload.row(chain, seq) for payload in payloads])
    if salt is not None:
        connection.execute(_SALT, {"chain": chain, "seq": seq, "salt": salt})


def _added(connection: Connection, verb: Verb, chain: UUID, body: dict[str, Any], head: Head | None) -> int | None:
    """Write the entry after this one, None being before the first; its number, or None where the chain went on."""
    last, prev = head or (0, FIRST)
    seq = last + 1
    whole = {"v": VERSION, "chain": str(chain), "seq": seq, "at": _plain(verb.at), "actor": _actor(verb.by), **body}
    if verb.via is not None:
        whole["via"] = verb.via.told
    data = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    hashed = chain_hash(prev=prev, chain=chain, seq=seq, body=data)
    entry = {"chain": chain, "seq": seq, "at": verb.at, "body": data, "prev": prev, "hash": hashed}
    if head is None:
        connection.execute(_ENTRY, entry)
        connection.execute(_HEAD, {"chain": chain, "seq": seq, "hash": hashed})
        return seq
    if connection.dialect.name == "postgresql":
        return seq if connection.execute(_MOVED_WITH_ENTRY, _its(entry)).rowcount else None
    if not connection.execute(_MOVED, _its(entry)).rowcount:
        return None
    connection.execute(_ENTRY, entry)
    return seq


def _its(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {f"its_{name}": value for name, value in entry.items()}


def _locked_head(connection: Connection, chain: UUID) -> Head | None:
    """Where the chain ends, and nobody else adds to it until this transaction is over; None before its first entry."""
    head = connection.execute(_LOCKED_HEAD, {"its_chain": chain}).one_or_none()
    if head is None and connection.dialect.name == "postgresql":  # no row to lock yet; SQLite has one writer anyway
        connection.execute(_LOCK, {"chain": str(chain)})
        head = connection.execute(_LOCKED_HEAD, {"its_chain": chain}).one_or_none()
    return None if head is None else Head(*head)


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
