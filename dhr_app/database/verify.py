"""Does the audit trail still stand: every entry where it was put, saying what it said, and agreed by what it tells of.

A chain is read once, from its first entry to its last. Witnesses listen: to the events it tells, to what was kept
beside its entries and, for a deep proof, to every row it speaks of (database/deep.py). Each then looks what there is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from dhr_app.database.audit import EVENT_KEYS, FIRST, SYSTEM_CHAIN, chain_hash, facts_of
from dhr_app.database.changes import is_salted
from dhr_app.database.forgetting import SALTS, is_destroyed
from dhr_app.database.models.audit import AuditEntry, AuditHead, AuditPayload, AuditSalt
from dhr_app.database.models.event import Event

AT_ONCE = 2000


@dataclass(frozen=True)
class Break:
    """One place where the trail does not hold. `seq` is None where no entry can be named."""

    chain: UUID
    seq: int | None
    what: str


class Witness(Protocol):
    """Listens to a chain's entries in their order, then says where what there is differs from what it heard."""

    def hear(self, seq: int, content: dict[str, Any]) -> None:
        """One entry. Raises LookupError, TypeError or ValueError where it does not say what entries say."""
        ...

    def breaks(self) -> Iterator[Break]:
        """What differs, once the whole chain was heard."""
        ...


class Summons(Protocol):
    """Calls a witness to one chain."""

    @property
    def chains(self) -> set[UUID]:
        """Chains that must be looked at though no entry may name them."""
        ...

    def __call__(self, session: Session, chain: UUID) -> Witness:
        """The witness."""
        ...


def verify(session: Session, review_id: UUID | None = None, *, also: Sequence[Summons] = ()) -> list[Break]:
    """Every break in one review's chain, or, without one, in all chains. An empty list is a good trail."""
    summoned: list[Callable[[Session, UUID], Witness]] = [_Events, _Beside, *also]
    if review_id is not None:
        return list(_breaks(session, review_id, summoned))
    found = []
    chains = {SYSTEM_CHAIN}.union(*(each.chains for each in also))
    for column in (AuditEntry.chain, AuditHead.chain, Event.review_id):
        for named in session.scalars(select(_raw(column)).where(column.is_not(None)).distinct()):
            try:
                chains.add(named if isinstance(named, UUID) else UUID(named))
            except (ValueError, TypeError, AttributeError):
                found.append(Break(SYSTEM_CHAIN, None, f"a row of {column.class_.__tablename__} names no review"))
    return found + [each for chain in sorted(chains, key=str) for each in _breaks(session, chain, summoned)]


def _breaks(session: Session, chain: UUID, summoned: list[Callable[[Session, UUID], Witness]]) -> Iterator[Break]:
    witnesses = [summon(session, chain) for summon in summoned]
    prev, expected = FIRST, 0
    entries = select(_raw(AuditEntry.seq), _raw(AuditEntry.body), _raw(AuditEntry.prev), _raw(AuditEntry.hash))
    asked = entries.where(AuditEntry.chain == chain).order_by(AuditEntry.seq).execution_options(yield_per=AT_ONCE)
    with session.execute(asked) as found:  # left before its end, PostgreSQL would keep the rest at hand
        for entry in found:
            expected += 1
            wrong = _what_is_wrong(chain, expected, prev, tuple(entry), witnesses)
            if wrong:  # what comes after cannot be judged any more
                yield Break(chain, expected, wrong)
                return
            prev = entry[3]
    yield from _head_breaks(session, chain, expected, prev)
    for witness in witnesses:
        yield from witness.breaks()


def _what_is_wrong(
    chain: UUID, expected: int, prev: bytes, entry: tuple[Any, ...], witnesses: list[Witness]
) -> str | None:
    seq, body, said_prev, said_hash = entry
    if seq != expected:
        return f"expected entry {expected}, found {seq}"
    if said_prev != prev:
        return "does not follow the entry before it"
    if not isinstance(body, bytes) or said_hash != chain_hash(prev=prev, chain=chain, seq=seq, body=body):
        return "is not what was hashed"
    try:
        content = json.loads(body.decode())
        if content["seq"] != seq or content["chain"] != str(chain):
            return "speaks of another place in the trail"
        for witness in witnesses:
            witness.hear(seq, content)
    except (ValueError, LookupError, TypeError, AttributeError):
        return "cannot be read"
    return None


def _head_breaks(session: Session, chain: UUID, seq: int, last: bytes) -> Iterator[Break]:
    head = session.execute(
        select(_raw(AuditHead.seq), _raw(AuditHead.hash)).where(AuditHead.chain == chain)
    ).one_or_none()
    if head is None and seq:
        yield Break(chain, None, "has entries but no end")
    elif head is not None and (head[0], head[1]) != (seq, last):
        yield Break(chain, None, "does not end where it should")


class _Events:
    """The events of the chain: each is what an entry told, and none is gone."""

    def __init__(self, session: Session, chain: UUID) -> None:
        self._session, self._chain = session, chain
        self._told: dict[str, bytes] = {}

    def hear(self, seq: int, content: dict[str, Any]) -> None:
        """Keeps a digest of each event: a chain may tell of a million."""
        for event in content["events"]:
            self._told[event["id"]] = _digest(event)

    def breaks(self) -> Iterator[Break]:
        """Events that differ, then those that are gone."""
        owner = None if self._chain == SYSTEM_CHAIN else self._chain
        columns = [getattr(Event, key) for key in EVENT_KEYS]
        query = select(*columns).where(Event.review_id == owner).execution_options(yield_per=AT_ONCE)
        try:
            for event in self._session.execute(query):
                if self._told.pop(str(event.id), None) != _digest(facts_of(event)):
                    yield Break(self._chain, None, f"event {event.id} is not what its entry says")
        except (ValueError, TypeError, LookupError):
            yield Break(self._chain, None, "an event cannot be read")
        for missing in self._told:
            yield Break(self._chain, None, f"event {missing} is gone")


class _Beside:
    """What is kept beside entries: the salts of clear texts, and the payloads of sealed cells, no more and no fewer."""

    def __init__(self, session: Session, chain: UUID) -> None:
        self._session, self._chain = session, chain
        self._payloads: set[tuple[int, str, UUID]] = set()
        self._salted: set[int] = set()
        self._destroyed: set[str] = set()

    def hear(self, seq: int, content: dict[str, Any]) -> None:
        """Notes what an entry commits to, and what it says was destroyed since."""
        for event in content["events"]:
            self._destroyed.update(event["details"].get("destroys", ()))
        for told in content.get("commits", ()):
            self._payloads.add((seq, told["class"], UUID(told["subject"])))
        for change in content["changes"]:
            if any(is_salted(told) for cell in change["cells"].values() for told in cell):
                self._salted.add(seq)

    def breaks(self) -> Iterator[Break]:
        """Payloads and salts that are gone, or that no entry tells of."""
        kept = select(_raw(AuditPayload.seq), _raw(AuditPayload.record_class), AuditPayload.subject_id).where(
            AuditPayload.chain == self._chain
        )
        there = {tuple(row) for row in self._session.execute(kept)}
        may_be_gone = {each for each in self._payloads if is_destroyed(self._destroyed, each[1], each[2])}
        yield from self._compare(self._payloads - (may_be_gone - there), there, "payload")
        salts = select(_raw(AuditSalt.seq)).where(AuditSalt.chain == self._chain)
        there = {(seq,) for seq in self._session.scalars(salts)}
        salted = {(seq,) for seq in self._salted}
        yield from self._compare(salted & there if SALTS in self._destroyed else salted, there, "salt")

    def _compare(self, told: set[Any], kept: set[Any], what: str) -> Iterator[Break]:
        for seq, *_ in sorted(told - kept, key=str):
            yield Break(self._chain, seq, f"its {what} is gone")
        for seq, *_ in sorted(kept - told, key=str):
            yield Break(self._chain, seq if isinstance(seq, int) else None, f"has a {what} that it does not tell of")


def _digest(event: dict[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(event, sort_keys=True, ensure_ascii=False).encode()).digest()


def _raw(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The column as the driver gives it: a blob replaced by a text must be a finding, not an error of the reader."""
    return type_coerce(column, NullType())
