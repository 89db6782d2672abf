"""A row of every model that holds sealed values, each value a word of its own: for who looks whether it can be found.

The rows are put in by SQL and no rule has seen them; what is sealed in them is sealed as the program seals it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Table,
    UniqueConstraint,
    Uuid,
    insert,
    select,
)
from sqlalchemy.orm.attributes import set_committed_value

from dhr_app.casework.house import House
from dhr_app.database.base import Base
from dhr_app.database.envelope import Envelope
from dhr_app.database.keyring import Keyring, holding
from dhr_app.database.models import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.database.sealed import Sealed, sealed_on
from dhr_app.database.types import UTCDateTime
from dhr_app.workflows.permissions import Person
from tests.factories import NOW, TODAY
from tests.installations import Installation

_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """One sealed attribute of one row, and the word that was put there."""

    model: type[Any]
    name: str
    row: UUID
    review: UUID
    value: Any

    def attribute(self) -> Sealed[Any]:
        """What seals it."""
        return sealed_on(self.model)[self.name]

    @property
    def column(self) -> str:
        """The column it lies in."""
        return self.attribute().column

    @property
    def word(self) -> str:
        """What to look for: of a day its date."""
        value = self.value
        if isinstance(value, dict | list):
            return str(next(iter(value.values() if isinstance(value, dict) else value)))
        return value.decode() if isinstance(value, bytes) else str(value)


def table_of(model: type[Any]) -> Table:
    """A model’s table."""
    table: Table = model.__table__
    return table


def every_sealed_model() -> list[type[Any]]:
    """Every model with a sealed attribute, in the order of their names."""
    found = {mapper.class_ for mapper in Base.registry.mappers if sealed_on(mapper.class_)}
    return sorted(found, key=lambda model: model.__name__)


def sealed_models() -> list[type[Any]]:
    """Those whose rows are of a review; what is the system’s own is tried in threats/test_sign_in.py."""
    return [model for model in every_sealed_model() if model is Review or "review_id" in table_of(model).columns]


def bare_review(installation: Installation) -> UUID:
    """A review with nothing in it, not even its notification."""
    return Rows(installation).put(table_of(Review))


def fill(installation: Installation, reviews: list[UUID], *, each: int = 1) -> list[Place]:
    """Put rows of every sealed model into these reviews, as many of `each` as its uniqueness allows; where is what."""
    by, places, put = installation.county.coordinator, list[Place](), Rows(installation)
    rows = [
        (model, put.later(table_of(model), review_id=review), review)
        for model in sealed_models()
        for review in reviews
        for _ in range(1 if may_be_once(model) else each)
    ]
    put.now()
    with at_hand(installation.house, by) as transaction, transaction as session:
        for model, row_id, review in rows:
            row = session.get_one(model, row_id)
            for name, attribute in sealed_on(model).items():
                value = _word(attribute, next(_numbers))
                setattr(row, name, value)
                places.append(Place(model, name, row_id, review, value))
    return places


@dataclass
class Rows:
    """Rows put in by SQL, each with a value in every column that needs one, and with whatever it refers to."""

    installation: Installation
    waiting: list[Any] = field(default_factory=list)
    targets: dict[str, UUID] = field(default_factory=dict)

    def put(self, table: Table) -> UUID:
        """One row, now."""
        row_id = self.later(table)
        self.now()
        return row_id

    def later(self, table: Table, **given: UUID) -> UUID:
        """One row, with the others, when `now` is called."""
        number, row_id = next(_numbers), uuid4()
        given["id"] = row_id
        needed = [column for column in table.columns if not column.nullable and column.name not in given]
        self.waiting.append(
            insert(table).values({column.name: self._value(column, number) for column in needed} | given)
        )
        return row_id

    def now(self) -> None:
        """Put in what waits."""
        self.installation.tamper(*self.waiting)
        self.waiting.clear()

    def _value(self, column: Column[Any], number: int) -> Any:
        for reference in column.foreign_keys:
            return self._target(reference.column.table)
        return _plain_value(column, number)

    def _target(self, table: Table) -> UUID:
        if table.name not in self.targets:
            with self.installation.main.connect() as connection:
                there = connection.scalar(select(table.c.id).limit(1))
            self.targets[table.name] = there or self.later(table)
        return self.targets[table.name]


@contextmanager
def at_hand(house: House, by: Person) -> Iterator[Any]:
    """A transaction with a keyring that opens everything: whom the policy lets open what is not what is tried here."""
    with holding(open_ring(house, by)):
        yield house.database.transaction(by=by, at=NOW)


def open_ring(house: House, by: Person) -> Keyring:
    """A keyring whose policy always says yes."""
    database = house.database
    return Keyring(by, TODAY, database.keystore, policy=_anything, record_access=database.record_access)


@contextmanager
def reading(house: House, by: Person, reviews: Iterable[UUID]) -> Iterator[NamedSession]:
    """One request that may open everything of these reviews, announced as it must be."""
    classes = {attribute.data_class for model in sealed_models() for attribute in sealed_on(model).values()}
    with holding(open_ring(house, by)) as ring:
        for review in reviews:
            ring.announce(review, classes, at=NOW)
        with house.reading() as session:
            yield session


def put_envelope(row: Any, attribute: Sealed[Any], envelope: bytes) -> None:
    """Let a row that was read hold other sealed bytes, as if they had been read."""
    set_committed_value(row, attribute.column, Envelope(envelope))


def _anything(*args: object, **options: object) -> bool:
    return True


def may_be_once(model: type[Any]) -> bool:
    """Whether a review may have one row of it only, or one for each of what it refers to."""
    table = table_of(model)
    unique: list[Any] = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [each for each in table.indexes if each.unique]
    return any(all(column.name == "review_id" or column.foreign_keys for column in each.columns) for each in unique)


def _plain_value(column: Column[Any], number: int) -> Any:
    kept_as: Any = column.type
    choices = getattr(kept_as, "enum_class", None)
    if choices is not None:
        return next(iter(choices))
    by_type: dict[type, Any] = {
        Uuid: uuid4(), Boolean: False, Integer: number, Date: TODAY, DateTime: NOW, UTCDateTime: NOW, JSON: [],
    }  # fmt: skip
    for kind, value in by_type.items():
        if isinstance(kept_as, kind):
            return value
    return bytes(32) if kept_as.python_type is bytes else f"code-{number}"


def _word(attribute: Sealed[Any], number: int) -> Any:
    word = f"Zqcanary{number:05}x"
    kinds: dict[type, Any] = {
        str: word, bytes: word.encode(), dict: {"said": word}, list: [word], bool: True, int: 715_000_000 + number,
        date: date(1831, 1, 1) + timedelta(days=number),
    }  # fmt: skip
    python = attribute.kind.python
    return next(iter(python)) if issubclass(python, enum.Enum) else kinds[python]
