"""Sealed values found under an older key, and sealed again with today's, each only if nobody changed it meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Select, Uuid, bindparam, func, literal, select, tuple_, type_coerce, update
from sqlalchemy.orm import Mapper, registry

from dhr_app.database.base import Base
from dhr_app.database.changes import NO_REVIEW, Change
from dhr_app.database.envelope import HEADER, CannotOpen, Envelope, Place, seal, unseal
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.keyring import Cell, Keyring
from dhr_app.database.keystore import NOBODY, SYSTEM_CLASS, Domain
from dhr_app.database.named_session import NamedSession
from dhr_app.database.sealed import Sealed, sealed_on

SCANNED_AT_ONCE = 1000


@dataclass(frozen=True)
class SealedColumn:
    """One sealed column of one table."""

    mapper: Mapper[Any]
    attribute: Sealed[Any]

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.mapper.class_.__tablename__)

    @property
    def name(self) -> str:
        """Table and attribute, as errors name them."""
        return f"{self.table}.{self.attribute.name}"

    def raw(self) -> Any:
        """The column as bytes, which may be compared and cut."""
        return type_coerce(self.mapper.column_attrs[self.attribute.column].columns[0], LargeBinary())

    def named(self, name: str | None) -> Any:
        """A column that may not be there: then nobody."""
        return literal(NOBODY, Uuid()) if name is None else self.mapper.columns[name]

    @property
    def chain(self) -> Any:
        """The review whose chain tells of the row; the system's own where there is none."""
        if self.table == "review":
            return self.mapper.columns["id"]
        return self.mapper.columns["review_id"] if "review_id" in self.mapper.columns else literal(NO_REVIEW, Uuid())


@dataclass(frozen=True)
class Found:
    """One sealed value under an older key, where it is: no content, and no envelope either."""

    row: UUID
    chain: UUID
    domain: Domain
    generation: int


@dataclass(frozen=True)
class Resealed:
    """What became of some values: sealed again, changed by somebody else meanwhile, or not to be opened (which)."""

    done: int = 0
    overtaken: int = 0
    unreadable: tuple[UUID, ...] = ()


def sealed_columns(models: registry = Base.registry) -> list[SealedColumn]:
    """Every sealed column, in one order."""
    mappers = sorted(models.mappers, key=lambda mapper: mapper.class_.__name__)
    return [SealedColumn(mapper, attribute) for mapper in mappers for attribute in sealed_on(mapper.class_).values()]


def older(
    session: NamedSession, column: SealedColumn, today: Mapping[Domain, int], *, review_id: UUID | None = None
) -> Iterator[Found]:
    """The values of a column that another generation than today's seals, review by review.

    A domain that is not in `today` is left out: its key is destroyed, or its rows are not asked for.
    """
    for found in _every(session, column, review_id):
        if found.generation != today.get(found.domain, found.generation):
            yield found


def reseal(
    session: NamedSession, keyring: Keyring, column: SealedColumn, found: Sequence[Found], today: Mapping[Domain, int]
) -> Resealed:
    """Seal these values again with today's keys, in a verb in the keyring's own name; it locks their reviews first."""
    for chain in sorted({each.chain for each in found} - {NO_REVIEW}, key=str):
        session.lock(chain)
    session.hold()
    where = {each.row: each for each in found}
    new: dict[UUID, tuple[Envelope, Envelope]] = {}
    unreadable = []
    for row_id, stored, agency_id in session.execute(_stored(column, list(where), column.attribute.agency)).all():
        if stored is None or Envelope(stored).generation == today.get(where[row_id].domain):
            continue
        try:
            new[row_id] = Envelope(stored), _sealed_again(keyring, column, where[row_id], Envelope(stored), agency_id)
        except (CannotOpen, KeyUnavailable):
            unreadable.append(row_id)
    done = _swapped(session, column, new)
    for row_id in done:
        session.trail.pending.append(_told(column, where[row_id], *new[row_id]))
    return Resealed(len(done), len(found) - len(done) - len(unreadable), tuple(unreadable))


def counted(
    session: NamedSession, generations: Iterable[tuple[Domain, int]], *, models: registry = Base.registry
) -> dict[tuple[Domain, int], int]:
    """How many values these generations of keys still seal, of those that seal any."""
    asked, found = set(generations), dict[tuple[Domain, int], int]()
    for column in sealed_columns(models) if asked else ():
        for each in _every(session, column, None):
            if (key := (each.domain, each.generation)) in asked:
                found[key] = found.get(key, 0) + 1
    return found


def _every(session: NamedSession, column: SealedColumn, review_id: UUID | None) -> Iterator[Found]:
    """Every value of a column that is there, some at a time: only the head of each envelope is read."""
    after: tuple[UUID, UUID] | None = None
    while True:
        rows = session.execute(_page(column, review_id, after)).all()
        for row in rows:
            review = NOBODY if column.attribute.data_class == SYSTEM_CLASS else row.chain
            domain = Domain(review, str(column.attribute.data_class), row.subject)
            yield Found(row.id, row.chain, domain, Envelope(row.head).generation)
        if len(rows) < SCANNED_AT_ONCE:
            return
        after = rows[-1].chain, rows[-1].id


def _page(column: SealedColumn, review_id: UUID | None, after: tuple[UUID, UUID] | None) -> Select[Any]:
    chain, row_id = column.chain, column.mapper.columns["id"]
    page = (
        select(
            row_id.label("id"),
            chain.label("chain"),
            column.named(column.attribute.subject).label("subject"),
            func.substr(column.raw(), 1, HEADER.size).label("head"),
        )
        .where(column.raw().is_not(None))
        .order_by(chain, row_id)
        .limit(SCANNED_AT_ONCE)
    )
    if review_id is not None:
        page = page.where(chain == review_id)
    if after is not None:
        page = page.where(tuple_(chain, row_id) > tuple_(literal(after[0], Uuid()), literal(after[1], Uuid())))
    return page


def _stored(column: SealedColumn, row_ids: list[UUID], agency: str | None = None) -> Select[Any]:
    """What stands in these rows, and whose agency's it is."""
    row_id = column.mapper.columns["id"]
    return select(row_id, column.raw(), column.named(agency)).where(row_id.in_(row_ids)).order_by(row_id)


def _sealed_again(keyring: Keyring, column: SealedColumn, found: Found, old: Envelope, agency_id: UUID) -> Envelope:
    """The same value under today's key. Raises CannotOpen or KeyUnavailable."""
    attribute = column.attribute
    place = Place(attribute.logical, found.row, found.domain.review_id)
    agency = None if attribute.agency is None else agency_id
    cell = Cell(column.table, attribute.name, attribute.data_class, found.domain, agency, place)
    value = unseal(old, place, keyring.for_the_trail(cell, old.generation))
    generation, cipher = keyring.sealing(cell)
    return seal(value, place, cipher, generation, pad=attribute.pad)


def _swapped(session: NamedSession, column: SealedColumn, new: Mapping[UUID, tuple[Envelope, Envelope]]) -> list[UUID]:
    """Put each new envelope in the place of the old one, where that still stands; which rows those were."""
    if not new:
        return []
    stored = column.mapper.column_attrs[column.attribute.column].columns[0]
    statement = (
        update(column.mapper.local_table)  # type: ignore[arg-type]
        .where(column.mapper.columns["id"] == bindparam("this"), column.raw() == bindparam("old", type_=LargeBinary()))
        .values({stored.name: bindparam("new", type_=stored.type)})
    )
    each = [{"this": row_id, "old": bytes(old), "new": again} for row_id, (old, again) in new.items()]
    if session.swap(statement, each) == len(new):
        return list(new)
    now = {row_id: bytes(held or b"") for row_id, held, _ in session.execute(_stored(column, list(new)))}
    return [row_id for row_id, (_, again) in new.items() if now.get(row_id) == bytes(again)]


def _told(column: SealedColumn, found: Found, old: Envelope, new: Envelope) -> Change:
    cells = {column.attribute.column: [_hash(old), _hash(new)]}
    return Change(found.chain, None, {"op": "reseal", "table": column.table, "row": str(found.row), "cells": cells})


def _hash(envelope: Envelope) -> str:
    return "sha256:" + hashlib.sha256(bytes(envelope)).hexdigest()
