"""What lies sealed: found by nobody who copies the databases, moved by nobody who may write to them."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Update, inspect, select, text, update

from dhr_app.database.envelope import OVERHEAD, Envelope
from dhr_app.database.errors import SealError
from dhr_app.database.named_session import NamedSession
from dhr_app.database.sealed import Sealed, sealed_on
from tests.installations import Installation
from tests.sealed_rows import (
    Place,
    Rows,
    at_hand,
    bare_review,
    fill,
    may_be_once,
    put_envelope,
    reading,
    sealed_models,
    table_of,
)


@pytest.fixture
def reviews(installation: Installation) -> list[UUID]:
    """Two reviews with nothing in them yet."""
    return [bare_review(installation), bare_review(installation)]


def dump(installation: Installation, what: str) -> str:
    """Every row of a database as somebody who copies it has it, bytes in hexadecimal."""
    engine = installation.main if what == "main" else installation.keystore
    with engine.connect() as connection:
        if installation.engine == "sqlite":
            return "\n".join(_driver(connection).iterdump())
        tables = inspect(connection).get_table_names()
        cursor = _driver(connection).cursor()
        return "\n".join(_copied(cursor, table) for table in tables)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _copied(cursor, table: str) -> str:
    with cursor.copy(f"COPY {table} TO STDOUT") as rows:
        return b"".join(bytes(each) for each in rows).decode()


def files(installation: Installation) -> Iterator[Path]:
    """Every file of the installation, with the server’s own: tables, write-ahead log, its log of errors."""
    if installation.engine == "postgresql":
        with installation.main.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.scalar(text("SELECT setting FROM pg_settings WHERE name = 'data_directory'")))
        yield from (path for path in folder.rglob("*") if path.is_file())
    yield from (path for path in installation.ground.instance.rglob("*") if path.is_file())


@pytest.fixture
def places(installation: Installation, reviews: list[UUID]) -> list[Place]:
    """A word in every sealed column there is, in both reviews."""
    found = fill(installation, reviews)
    assert {place.model for place in found} == set(sealed_models())
    return found


@pytest.fixture
def reader(installation: Installation, reviews: list[UUID]) -> Iterator[NamedSession]:
    """Somebody who may open everything: what is refused is refused by the seal alone."""
    with reading(installation.house, installation.county.coordinator, reviews) as session:
        yield session


def test_t01_no_sealed_word_is_found_in_a_dump_or_in_any_file(installation, places, reader):
    assert all(getattr(reader.get_one(place.model, place.row), place.name) == place.value for place in places)
    in_clear = installation.house.settings.partnership  # looking finds what is there
    dumped = dump(installation, "main") + dump(installation, "keystore")
    assert in_clear in dumped
    hexadecimal = dumped.lower()
    words = {place.word for place in places}
    assert [word for word in words if word in dumped or word.encode().hex() in hexadecimal] == []
    contents = {path: path.read_bytes() for path in files(installation)}
    assert [path.name for path, content in contents.items() if in_clear.encode() in content]
    assert [(path.name, word) for path, held in contents.items() for word in words if word.encode() in held] == []


def test_t03_a_value_pasted_into_another_row_opens_nowhere(installation, reviews):
    places = fill(installation, reviews[:1], each=2)
    pairs = [
        (one, other)
        for one in places
        for other in places
        if (one.model, one.name) == (other.model, other.name) and one.row != other.row
    ]
    assert {one.model for one, _ in pairs} == {model for model in sealed_models() if not may_be_once(model)}
    assert pairs
    kept = {place: stored(installation, place) for place in places}
    assert len(set(kept.values())) == len(places)
    installation.tamper(*(pasted(other, kept[one]) for one, other in pairs))
    with reading(installation.house, installation.county.coordinator, reviews) as session:
        for _, other in pairs:
            with pytest.raises(SealError):
                getattr(session.get_one(other.model, other.row), other.name)


def test_t04_a_value_pasted_into_another_column_or_review_opens_nowhere(places, reader):
    """Every sealed value in every sealed column, of both reviews: each opens in its own place alone."""
    rows = {place: reader.get_one(place.model, place.row) for place in places}
    kept = {place: bytes(getattr(row, place.column)) for place, row in rows.items()}
    opened = []
    for target, row in rows.items():
        for source, envelope in kept.items():
            put_envelope(row, target.attribute(), envelope)
            try:
                opened.append((source, target, getattr(row, target.name)))
            except SealError:
                continue
        put_envelope(row, target.attribute(), kept[target])
    assert {(source, target) for source, target, _ in opened} == {(place, place) for place in places}
    assert all(value == place.value for place, _, value in opened)


def test_t07_no_changed_byte_and_no_truncated_envelope_opens(places, reader):
    place = next(each for each in places if each.attribute().logical == "involved_person.full_name")
    row = reader.get_one(place.model, place.row)
    good = bytes(getattr(row, place.column))
    changed = [good[:at] + bytes([other]) + good[at + 1 :] for at in range(len(good)) for other in range(256)]
    cut = [good[:length] for length in range(len(good))] + [good[first:] for first in range(1, len(good))]
    longer = [good + b"\0", good + good, b"\0" + good, good[:-1] + b"\0" + good[-1:]]
    for bad in [*changed, *cut, *longer]:
        put_envelope(row, place.attribute(), bad)
        if bad == good:
            assert getattr(row, place.name) == place.value
            continue
        with pytest.raises(SealError) as refusal:
            getattr(row, place.name)
        assert place.value not in str(refusal.value)
    assert len(changed) + len(cut) > 256 * OVERHEAD


def test_t07_a_changed_byte_in_the_database_is_named_and_survives_a_save(installation, reviews, places):
    """One error that names column and row; and saving the row with what was not read keeps the bytes as they are."""
    place = next(each for each in places if each.attribute().logical == "notification.account")
    good = stored(installation, place)
    bad = good[:-1] + bytes([good[-1] ^ 1])
    installation.tamper(pasted(place, bad))
    by = installation.county.coordinator
    with reading(installation.house, by, reviews) as session, pytest.raises(SealError) as refusal:
        getattr(session.get_one(place.model, place.row), place.name)
    assert str(refusal.value) == f"The sealed value notification.account of row {place.row} cannot be opened."
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None
    with at_hand(installation.house, by) as transaction, pytest.raises(SealError), transaction as session:
        session.get_one(place.model, place.row).account = "Something else"
    assert stored(installation, place) == bad


def test_t09_the_length_of_an_envelope_tells_no_answer(installation, reviews):
    """Whatever the answer: a choice, a day, nothing said where that is hidden, a name of any usual length."""
    by, put = installation.county.coordinator, Rows(installation)
    checked = 0
    for model in sealed_models():
        row_id = put.later(table_of(model), review_id=reviews[0])
        put.now()
        with at_hand(installation.house, by) as transaction, transaction as session:
            row = session.get_one(model, row_id)
            for attribute in sealed_on(model).values():
                lengths = set()
                for answer in answers(attribute):
                    attribute.replace(row, answer)
                    lengths.add(len(getattr(row, attribute.column)))
                    checked += 1
                assert len(lengths) == 1, f"{attribute.logical} is as long as its answer: {lengths}"
                assert (lengths.pop() - OVERHEAD) % 32 == 0, attribute.logical
    assert checked > 2 * len(sealed_models())


def answers(attribute: Sealed[Any]) -> list[Any]:
    """Values of one kind that must not be told apart: of a text, any that fills less than its padding."""
    kind = attribute.kind.python
    nothing = [None] if attribute.hide_null else []
    if issubclass(kind, enum.Enum):
        return [*kind, *nothing]
    shortest, longest = "", "é" * ((attribute.pad - 2) // 2)
    by_kind: dict[type, list[Any]] = {
        bool: [True, False],
        date: [date(1900, 1, 1), date(2026, 12, 31)],
        int: [0, 10**15],
        bytes: [b"", b"x" * (attribute.pad - 2)],
        str: [shortest, longest],
        dict: [{}, {"a": longest[: attribute.pad // 2 - 10]}],
        list: [[], [longest[: attribute.pad // 2 - 10]]],
    }
    return by_kind[kind] + nothing


def stored(installation: Installation, place: Place) -> bytes:
    """The bytes as they lie in the table."""
    table = table_of(place.model)
    with installation.main.connect() as connection:
        kept = connection.scalar(select(table.c[place.column]).where(table.c.id == place.row))
    assert kept is not None
    return bytes(kept)


def pasted(place: Place, envelope: bytes) -> Update:
    """What a database administrator may do: put other bytes there."""
    table = table_of(place.model)
    return update(table).where(table.c.id == place.row).values({place.column: Envelope(envelope)})
