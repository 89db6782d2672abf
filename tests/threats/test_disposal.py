"""A backup from before a disposal opens nothing of it: neither the database’s, nor the keystore’s once it is heeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from dhr_app.casework import tombstones
from dhr_app.casework.people import open_people
from dhr_app.database.base import Base
from dhr_app.database.errors import KeyUnavailable, SealError, ValueDestroyed
from dhr_app.database.keyring import announce
from dhr_app.database.keytable import metadata as keystore_tables
from dhr_app.database.keytable import review_key
from dhr_app.database.models import AuditPayload, InvolvedPerson
from dhr_app.database.payloads import commit_of
from dhr_app.workflows.destroyed import Destroyed
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.stages import Stage
from tests.disposals import disposed
from tests.installations import Installation
from tests.reviews import Case

NAME = "Ada Harding"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def copied(engine: Any, tables: Sequence[Any]) -> Rows:
    """Every row, as a backup of today holds it."""
    with engine.connect() as connection:
        return {each.name: [dict(row._mapping) for row in connection.execute(select(each))] for each in tables}


def restored(tamper: Any, tables: Sequence[Any], rows: Rows) -> None:
    """The backup in the place of whatever stands there."""
    for table in reversed(tables):
        tamper(delete(table))
    for table in tables:
        if rows[table.name]:
            tamper(insert(table).values(list(rows[table.name])))


def opened(installation: Installation, case: Case) -> str | None:
    """The name of who died, as the coordinator’s keyring opens it."""
    house, by, at = installation.house, installation.county.coordinator, case.at
    with house.with_keys(by, at=at):
        announce(case.row.id, [DataClass.IDENTITIES], at=at)
        with house.reading() as session:
            people = select(InvolvedPerson).where(InvolvedPerson.review_id == case.row.id)
            return session.scalars(people).one().full_name


def unreadable_payloads(installation: Installation, case: Case) -> tuple[int, int]:
    """How many payloads of the trail there are of the review, and how many of them nothing opens."""
    house, by, at = installation.house, installation.county.coordinator, case.at
    with house.with_keys(by, at=at), house.reading() as session:
        keyring = house.keyring(by, at=at)
        keyring.announce(case.row.id, [DataClass.IDENTITIES, DataClass.WORKING_PAPERS], at=at)
        rows = session.scalars(
            select(AuditPayload).where(
                AuditPayload.chain == case.row.id,
                AuditPayload.record_class.in_(["identities", "working_papers"]),
                AuditPayload.generation > 0,
            )
        ).all()
        closed = 0
        for row in rows:
            try:
                commit_of(row, keyring)
            except (SealError, KeyUnavailable):
                closed += 1
        return len(rows), closed


@pytest.fixture
def case(installation: Installation) -> Case:
    return installation.county.review(Stage.NOT_REVIEWED)


def test_t11_an_old_main_database_beside_the_keystore_of_today_opens_nothing(
    installation: Installation, case: Case
) -> None:
    tables = [table for table in Base.metadata.sorted_tables if not table.name.startswith("alembic")]
    backup = copied(installation.main, tables)
    assert opened(installation, case) == NAME
    disposed(case)
    restored(installation.tamper, tables, backup)
    with pytest.raises(SealError) as trouble:
        opened(installation, case)
    assert type(trouble.value) is SealError  # the restored database knows of no two people who confirmed it
    there, closed = unreadable_payloads(installation, case)
    assert there == closed > 0


def test_t11_an_old_keystore_opens_nothing_once_the_tombstones_are_applied(
    installation: Installation, case: Case
) -> None:
    backup = copied(installation.keystore, keystore_tables.sorted_tables)
    disposed(case)
    restored(installation.tamper_keystore, keystore_tables.sorted_tables, backup)
    assert opened(installation, case) == NAME  # which is why nothing starts on it (test_tombstones.py)
    tombstones.apply(installation.house, at=case.wait(minutes=1))
    with pytest.raises(ValueDestroyed):
        opened(installation, case)


def test_t11_both_restored_open_nothing_once_the_tombstones_are_applied(installation: Installation, case: Case) -> None:
    tables = [table for table in Base.metadata.sorted_tables if not table.name.startswith("alembic")]
    main, keys = copied(installation.main, tables), copied(installation.keystore, keystore_tables.sorted_tables)
    disposed(case)
    restored(installation.tamper, tables, main)
    restored(installation.tamper_keystore, keystore_tables.sorted_tables, keys)
    tombstones.apply(installation.house, at=case.wait(minutes=1))
    with pytest.raises(SealError) as trouble:
        opened(installation, case)
    assert type(trouble.value) is SealError


def test_t11_the_wrapped_bytes_are_gone_from_the_keystore_and_a_page_shows_words(
    installation: Installation, case: Case
) -> None:
    disposed(case)
    with installation.keystore.connect() as connection:
        kept = select(review_key.c.wrapped).where(review_key.c.review_id == case.row.id)
        assert set(connection.scalars(kept)) == {None}
    page = open_people(case.reference, by=installation.county.coordinator, at=case.wait(minutes=1))
    assert {type(one.entry.full_name) for one in page.people} == {Destroyed}


def test_t11_a_key_called_destroyed_that_no_disposal_destroyed_is_not_shown_as_destroyed(
    installation: Installation, case: Case
) -> None:
    installation.tamper_keystore("UPDATE review_key SET state = 'destroyed', wrapped = NULL")
    with pytest.raises(SealError):
        open_people(case.reference, by=installation.county.coordinator, at=case.wait(minutes=1))
