"""The deep proof: what every row holds now is what the trail last said that it holds, cell for cell.

Associated data stops a sealed value from being put anywhere else, but not an older value of the same cell from being
put back. No key is needed: the trail tells an envelope by its hash, a text by its hash with the entry's salt, a code as
it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Mapper, Session, registry

from dhr_app.database.audit import SYSTEM_CHAIN
from dhr_app.database.base import Base
from dhr_app.database.changes import is_salted, tell, tell_unsalted
from dhr_app.database.models.audit import TRAIL, AuditSalt
from dhr_app.database.models.event import Event
from dhr_app.database.verify import AT_ONCE, Break, Witness

NOT_COMPARED = (*TRAIL, Event)  # which the trail's own proof covers


@dataclass(slots=True)
class _Said:
    """What the trail last said of one row: of each cell what, and in which entry. `since` is the body's version."""

    since: int
    cells: dict[str, tuple[Any, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One cell, or with no `column` one whole row, that is not as the trail says."""

    chain: UUID
    seq: int | None
    table: str
    row: str
    column: str | None
    what: str

    def __str__(self) -> str:
        place = f"{self.table} {self.row}" if self.column is None else f"{self.table}.{self.column} of row {self.row}"
        return f"{place} {self.what}"


class Deep:
    """Summons a witness to each chain who compares every row of these models: `verify(…, also=[deep])`."""

    def __init__(self, session: Session, *, models: registry = Base.registry) -> None:
        found = (mapper for mapper in models.mappers if mapper.class_ not in NOT_COMPARED)
        self.mappers = sorted(found, key=_table)
        self.tables_of = _peopled(session, self.mappers)

    @property
    def chains(self) -> set[UUID]:
        """Every chain that some row belongs to: one without an entry would not be looked at otherwise."""
        return set(self.tables_of)

    def __call__(self, session: Session, chain: UUID) -> DeepWitness:
        """The witness of one chain."""
        return DeepWitness(session, chain, self.mappers, self.tables_of.get(chain, set()))


class DeepWitness(Witness):
    """Hears what was said of each row of one chain, then reads the rows."""

    def __init__(self, session: Session, chain: UUID, mappers: list[Mapper[Any]], peopled: set[str]) -> None:
        self._session, self._chain, self._mappers, self._peopled = session, chain, mappers, peopled
        self._said: dict[str, dict[str, _Said]] = defaultdict(dict)

    def hear(self, seq: int, content: dict[str, Any]) -> None:
        """Keeps the last word on each cell; of a row that was deleted, none."""
        for change in content["changes"]:
            rows, identity = self._said[change["table"]], change["row"]
            if change["op"] == "delete":
                rows.pop(identity, None)
                continue
            if change["op"] == "create" or identity not in rows:
                rows[identity] = _Said(content["v"])
            rows[identity].cells.update({name: (told[1], seq) for name, told in change["cells"].items()})

    def breaks(self) -> Iterator[Break]:
        """Every difference, as a break of the chain."""
        for difference in self.differences():
            yield Break(self._chain, difference.seq, str(difference))

    def differences(self) -> Iterator[Difference]:
        """Cells and rows that differ, table by table."""
        kept = select(AuditSalt.seq, AuditSalt.salt).where(AuditSalt.chain == self._chain)
        salts = {row.seq: row.salt for row in self._session.execute(kept)}
        for mapper in self._mappers:
            table = _table(mapper)
            said = self._said.get(table, {})
            if not said and table not in self._peopled:
                continue
            query = _rows(mapper, self._chain)
            if query is None:
                continue
            try:
                for row in self._session.execute(query.execution_options(yield_per=AT_ONCE)):
                    yield from self._compare(mapper, table, tuple(row), said, salts)
            except (ValueError, TypeError, LookupError):
                yield Difference(self._chain, None, table, "", None, "holds something that cannot be read")
                continue
            for identity, last in sorted(said.items()):
                seq = max((seq for _, seq in last.cells.values()), default=None)
                yield Difference(self._chain, seq, table, identity, None, "is gone, and no entry says that it went")

    def _compare(
        self, mapper: Mapper[Any], table: str, row: tuple[Any, ...], said: dict[str, _Said], salts: dict[int, bytes]
    ) -> Iterator[Difference]:
        columns = _columns(mapper)
        live = {attribute.key: value for attribute, value in zip(columns, row, strict=True)}
        identity = ":".join(str(live[mapper.get_property_by_column(key).key]) for key in mapper.primary_key)
        last = said.pop(identity, None)
        if last is None:
            yield Difference(self._chain, None, table, identity, None, "was not made by anything the trail tells of")
            return
        for attribute in columns:
            column, name = attribute.property.columns[0], attribute.key
            if column.info.get("unaudited") or column is mapper.version_id_col:
                continue
            told, seq = last.cells.get(name, (None, None))
            if seq is None and (last.since < 2 or _is_default(column, live[name])):
                continue  # entries of version 1 did not tell defaults; a column added since filled itself with its own
            salted = is_salted(told)
            if salted and seq not in salts:
                continue  # the missing salt is a finding of its own, or was destroyed with the records
            if seq is not None and not salted and isinstance(told, str) and told.startswith("sha256:"):
                now = tell_unsalted(column, live[name])
            else:
                now = tell(column, live[name], salts.get(seq or 0, b""))
            if now != told:
                yield Difference(self._chain, seq, table, identity, name, "is not what the trail last said")


@cache
def _columns(mapper: Mapper[Any]) -> tuple[InstrumentedAttribute[Any], ...]:
    return tuple(getattr(mapper.class_, attribute.key) for attribute in mapper.column_attrs)


def _is_default(column: Column[Any], value: Any) -> bool:
    """Whether a cell holds what its column fills in by itself."""
    filled = [getattr(default, "arg", None) for default in (column.default, column.server_default)]
    return value is not None and str(value) in [str(each) for each in filled if each is not None]


def _chain_column(mapper: Mapper[Any]) -> Any:
    """The column by which a table's rows belong to chains; None where all are the system's."""
    name = "id" if _table(mapper) == "review" else "review_id"
    return getattr(mapper.class_, name, None)


def _rows(mapper: Mapper[Any], chain: UUID) -> Select[Any] | None:
    """The rows of a table that belong to a chain; None where none can."""
    by = _chain_column(mapper)
    if by is None:
        return select(*_columns(mapper)) if chain == SYSTEM_CHAIN else None
    if chain == SYSTEM_CHAIN:
        return select(*_columns(mapper)).where(by.is_(None))
    return select(*_columns(mapper)).where(by == chain)


def _peopled(session: Session, mappers: list[Mapper[Any]]) -> dict[UUID, set[str]]:
    """Which tables hold rows of which chain."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for mapper in mappers:
        by = _chain_column(mapper)
        if by is None:
            found[SYSTEM_CHAIN].add(_table(mapper))
            continue
        for chain in session.scalars(select(by).distinct()):
            found[chain or SYSTEM_CHAIN].add(_table(mapper))
    return found


def _table(mapper: Mapper[Any]) -> str:
    return mapper.local_table.name  # type: ignore[attr-defined]
