"""T10: whoever has the database and a list of names cannot tell by the index who is on record."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework.duplicate_epochs import renew
from dhr_app.casework.duplicate_settings import turn_off, turn_on
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.search import search
from dhr_app.database.base import Base
from dhr_app.database.index_key import index_key
from dhr_app.database.models import IndexEpoch, IndexTerm
from dhr_app.workflows.duplicates import FEWEST, FULL_NAME, SOUND_AND_YEAR, Identity, indexed
from tests import duplicates
from tests.factories import NOW
from tests.installations import Installation

STRANGERS = [
    Identity(f"{given} {surname}", str(year))
    for given, surname, year in product(("Una", "Victor", "Wilma", "Xaver"), ("Vesey", "Waters", "Young"), (1961, 1984))
]


def kept(installation: Installation) -> list[IndexTerm]:
    """Every term there is, as somebody with the database finds them."""
    with installation.house.reading() as session:
        return list(session.scalars(select(IndexTerm).order_by(IndexTerm.row_id)))


def guessed(installation: Installation, one: Identity) -> list[UUID]:
    """Whose records a name could be, for an attacker who has even the key: both terms, as far as the name has them."""
    with installation.house.reading() as session:
        epoch = session.scalars(select(IndexEpoch).where(IndexEpoch.ended_at.is_(None))).one()
    key = index_key(installation.house.database.keystore, epoch.id)
    bits = {FULL_NAME: epoch.name_bits, SOUND_AND_YEAR: epoch.sound_bits}
    wanted = {(index, key.term(index, known, bits[index])) for index, known in indexed(one).items()}
    have: dict[UUID, set[tuple[str, int]]] = defaultdict(set)
    for row in kept(installation):
        have[row.row_id].add((row.index_name, row.term))
    return [row_id for row_id, its in have.items() if wanted <= its]


def test_t10_by_default_there_is_no_index_at_all(installation: Installation) -> None:
    duplicates.crowd(installation.county)
    assert kept(installation) == []
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(IndexEpoch)) == 0
    assert {domain.record_class for domain in installation.house.database.keystore.domains()} == {"identities"}


def test_t10_a_dictionary_of_names_matches_two_and_more_whoever_is_on_record(installation: Installation) -> None:
    duplicates.crowd(installation.county, 96, in_each=24)
    assert turn_on("agreed", by=installation.county.chair, at=NOW)
    on_record = [Identity(name, str(1950 + place % 50)) for place, name in enumerate(duplicates.names(96))]
    hits = [len(guessed(installation, one)) for one in on_record]
    assert min(hits) >= 1
    assert sum(hits) / len(hits) >= 2
    misses = [len(guessed(installation, one)) for one in STRANGERS]
    assert sum(misses) / len(misses) >= 2  # somebody who is not on record coincides with as many
    shared = Counter(frozenset(its) for its in _by_row(installation).values())
    assert 96 / 2 ** _bits(installation) >= 2
    assert sum(number for number in shared.values() if number > 1) > 96 * 0.75


def test_t10_the_same_names_under_another_key_have_other_terms(installation: Installation) -> None:
    duplicates.crowd(installation.county, 32, in_each=16)
    assert turn_on("agreed", by=installation.county.chair, at=NOW)
    before = _by_row(installation)
    assert renew(installation.house, at=NOW)
    after = _by_row(installation)
    assert set(after) == set(before)
    assert after != before


def test_t10_turned_off_nothing_of_it_is_left(installation: Installation) -> None:
    duplicates.crowd(installation.county, FEWEST)
    assert turn_on("agreed", by=installation.county.chair, at=NOW)
    assert kept(installation)
    turn_off("not_agreed", by=installation.county.chair, at=NOW)
    assert kept(installation) == []


def test_t10_what_was_looked_for_is_left_in_no_table(installation: Installation) -> None:
    county = installation.county
    duplicates.begin(county, PersonEntry(full_name="Basil Fothergill", address="2 Quay Row, Courcy"))
    assert [one.reference for one in search("Fothergil", by=county.coordinator, at=NOW).reviews] == ["DHR-2026-001"]
    assert search("Quay Row", by=county.coordinator, at=NOW).hits == 1
    assert search("Wiseman", by=county.coordinator, at=NOW).hits == 0
    with installation.main.connect() as connection:
        rows = [row for table in Base.metadata.sorted_tables for row in connection.execute(table.select())]
    held = b" ".join(each if isinstance(each, bytes) else str(each).encode() for row in rows for each in row).lower()
    assert b"basil" not in held
    for looked_for in (b"fothergil", b"quay", b"wiseman"):
        assert looked_for not in held
    assert held.count(b"searched") >= 3


def _by_row(installation: Installation) -> dict[UUID, set[tuple[str, int]]]:
    found: dict[UUID, set[tuple[str, int]]] = defaultdict(set)
    for row in kept(installation):
        found[row.row_id].add((row.index_name, row.term))
    return found


def _bits(installation: Installation) -> int:
    with installation.house.reading() as session:
        epoch = session.scalars(select(IndexEpoch).where(IndexEpoch.ended_at.is_(None))).one()
    return epoch.name_bits + epoch.sound_bits
