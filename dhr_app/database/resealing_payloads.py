"""What the audit trail keeps of sealed values, sealed again with today's keys beside the values themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.database.changes import Change
from dhr_app.database.errors import KeyUnavailable, SealError
from dhr_app.database.keyring import Keyring
from dhr_app.database.keystore import NOBODY, SYSTEM_CLASS, Domain
from dhr_app.database.models.audit import AuditPayload
from dhr_app.database.named_session import NamedSession
from dhr_app.database.payloads import reseal_payload


@dataclass(frozen=True)
class Group:
    """The payloads of one chain that one generation of one key seals, or (generation 0) none yet."""

    chain: UUID
    domain: Domain
    generation: int
    rows: int


def older_payloads(
    session: NamedSession, today: Mapping[Domain, int], *, review_id: UUID | None = None
) -> Iterator[Group]:
    """The payloads that another generation than today's seals; a domain that is not in `today` is left out."""
    for group in _groups(session, review_id):
        if group.generation != today.get(group.domain, group.generation):
            yield group


def reseal_payloads(
    session: NamedSession, keyring: Keyring, group: Group, *, after: int, at_most: int
) -> tuple[int, int, list[int]]:
    """Seal the next payloads of a group again, in a verb in the keyring's own name.

    Returns how many, the last one's number in its chain, and the numbers of those that cannot be opened.
    """
    session.hold()
    rows = session.scalars(
        select(AuditPayload)
        .where(
            AuditPayload.chain == group.chain,
            AuditPayload.record_class == group.domain.record_class,
            AuditPayload.subject_id == group.domain.subject_id,
            AuditPayload.generation == group.generation,
            AuditPayload.seq > after,
        )
        .order_by(AuditPayload.seq)
        .limit(at_most)
        .with_for_update()
    ).all()
    done, unreadable = 0, []
    for row in rows:
        before = row.sealed
        try:
            reseal_payload(row, keyring)
        except (SealError, KeyUnavailable):
            unreadable.append(row.seq)
            continue
        done += 1
        cells = {"sealed": [_hash(before), _hash(row.sealed)]}
        named = f"{row.chain}:{row.seq}:{row.record_class}:{row.subject_id}"
        told = {"op": "reseal", "table": "audit_payload", "row": named, "cells": cells}
        session.trail.pending.append(Change(group.chain, None, told))
    session.flush()
    return done, max((row.seq for row in rows), default=after), unreadable


def payload_domains(session: NamedSession) -> set[Domain]:
    """Every domain under whose key some payload is sealed, though the row that it tells of may be gone."""
    return {group.domain for group in _groups(session, None) if group.generation}


def counted_payloads(
    session: NamedSession, generations: Collection[tuple[Domain, int]]
) -> dict[tuple[Domain, int], int]:
    """How many payloads these generations of keys still seal, of those that seal any."""
    found: dict[tuple[Domain, int], int] = {}
    for group in _groups(session, None) if generations else ():
        if (key := (group.domain, group.generation)) in generations:
            found[key] = found.get(key, 0) + group.rows
    return found


def _groups(session: NamedSession, review_id: UUID | None) -> Iterator[Group]:
    named = AuditPayload.chain, AuditPayload.record_class, AuditPayload.subject_id, AuditPayload.generation
    asked = select(*named, func.count().label("rows")).group_by(*named).order_by(*named)
    for row in session.execute(asked if review_id is None else asked.where(AuditPayload.chain == review_id)).all():
        review = NOBODY if row.record_class == SYSTEM_CLASS else row.chain
        domain = Domain(review, row.record_class, row.subject_id)
        yield Group(row.chain, domain, row.generation, row.rows)


def _hash(stored: bytes) -> str:
    return "sha256:" + hashlib.sha256(stored).hexdigest()
