"""Attacks on the keys: stolen dumps, swapped and bent key rows, a stale worker, somebody who opens everything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from dhr_app.adapters.keys import DevelopmentFile, kept
from dhr_app.adapters.keys.credential import CredentialFile, add_key
from dhr_app.casework import key_health, rotation
from dhr_app.casework.house import House, at_work
from dhr_app.casework.installation import open_ready
from dhr_app.casework.people import open_people
from dhr_app.casework.tombstones import open_heeding
from dhr_app.database import keycare
from dhr_app.database.errors import KeyUnavailable, MasterKeyUnknown, SealError
from dhr_app.database.keyring import announce, holding
from dhr_app.database.keystore import Domain, Keystore
from dhr_app.database.keytable import of, review_key
from dhr_app.database.models import Event, InvolvedPerson
from dhr_app.database.named_session import NamedSession
from dhr_app.database.session import Database
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from tests.installations import ON_SQLITE, Installation
from tests.reviews import Case

NAME = "involved_person.full_name"


def opened(house: House, case: Case) -> str | None:
    """The victim's name, as the coordinator reads it."""
    by, at = case.county.coordinator, house.clock.now()
    with house.with_keys(by, at=at):
        announce(case.row.id, [DataClass.IDENTITIES], at=at)
        with house.reading() as session:
            return _victim(session, case).full_name


def _victim(session: NamedSession, case: Case) -> InvolvedPerson:
    people = select(InvolvedPerson).where(InvolvedPerson.review_id == case.row.id).order_by(InvolvedPerson.number)
    return session.scalars(people.limit(1)).one()


def quickly(house: House, **more: Any) -> rotation.Rotated:
    house.clock.advance(hours=1)  # type: ignore[attr-defined]
    return rotation.rotate(house, **{"wait": lambda seconds: None, "say": lambda line: None, "settle": 0.0, **more})


# --- T2: whoever stole both dumps, but not the master key ------------------------------------------------------------


def test_t02_with_both_databases_but_without_the_master_key_nothing_opens(installation: Installation) -> None:
    case = installation.county.notified()
    house = installation.house
    assert opened(house, case) == "Ada Harding"
    key = house.settings.instance / "development.key"
    key.rename(key.with_suffix(".kept"))
    for said in ("is not there: put it back", "wrapped by another key"):
        with pytest.raises(SealError, match=r"involved_person\.full_name"):
            opened(house, case)
        for each in keycare.every_key(house.database.keystore):
            with pytest.raises(KeyUnavailable, match=said):
                house.database.keystore.key(each.domain, each.generation)
        if not key.exists():
            DevelopmentFile(key, env="testing").begin()  # as on the thief's machine: a key, but not the one


def test_t02_nothing_starts_where_another_master_key_was_put_in_place(installation: Installation) -> None:
    case, settings = installation.county.notified(), installation.house.settings
    open_ready(settings).database.dispose()
    key = settings.instance / "development.key"
    key.rename(key.with_suffix(".kept"))
    DevelopmentFile(key, env="testing").begin()
    before = keycare.every_key(installation.house.database.keystore)
    for start in (open_ready, open_heeding):
        with pytest.raises(MasterKeyUnknown, match=r"\(keys: 1\): put the right one back, or run `dhr keys recover`"):
            start(settings)
    assert keycare.every_key(installation.house.database.keystore) == before
    key.with_suffix(".kept").rename(key)
    open_heeding(settings).database.dispose()
    assert opened(installation.house, case) == "Ada Harding"


@ON_SQLITE
def test_t02_no_master_key_and_no_data_key_is_in_a_copy_of_the_instance(
    installation: Installation, tmp_path: Path
) -> None:
    master = tmp_path / "run" / "master"
    master.parent.mkdir()
    add_key(master)
    instance = installation.house.settings.instance
    (instance / "development.key").unlink(missing_ok=True)
    provider = CredentialFile(master, instance)
    keystore = Keystore(installation.house.database.keystore.engine, provider, env="production")
    house = replace(installation.house, database=Database(installation.house.database.engine, keystore))
    with at_work(house):
        installation.county.house = house
        case = installation.county.notified()
        assert opened(house, case) == "Ada Harding"
        deks = [keystore.key(each.domain, each.generation).dek for each in keycare.every_key(keystore)]
    house.database.dispose()
    stolen = tmp_path / "stolen"
    shutil.copytree(instance, stolen)
    needles = [*deks, bytes.fromhex(master.read_text()), b"Ada Harding"]
    needles += [needle.hex().encode() for needle in needles[:-1]]
    files = [file for file in stolen.rglob("*") if file.is_file()]
    assert {"dhr.db", "keystore.db"} <= {file.name for file in files}
    assert not [file.name for file in files for needle in needles if needle in file.read_bytes()]


# --- T6: whoever swaps or bends rows of keys -------------------------------------------------------------------------


def test_t06_keys_that_were_swapped_between_reviews_open_neither(installation: Installation) -> None:
    cases = [installation.county.notified() for _ in range(2)]
    keys = []
    for case in cases:
        with installation.house.database.keystore.asked() as connection:
            row = connection.execute(select(review_key).where(_identities(case))).one()
        keys.append({"kek_id": row.kek_id, "wrapped": row.wrapped, "binding": row.binding})
    for columns in (("wrapped",), ("wrapped", "binding"), ("binding",)):
        for case, others in zip(cases, reversed(keys), strict=True):
            changed = {name: others[name] for name in columns}
            installation.tamper_keystore(update(review_key).where(_identities(case)).values(changed))
        for case in cases:
            with pytest.raises(SealError, match=r"^The sealed value involved_person\.full_name of row [0-9a-f-]+ "):
                opened(installation.house, case)
        for case, mine in zip(cases, keys, strict=True):
            installation.tamper_keystore(update(review_key).where(_identities(case)).values(mine))
            assert opened(installation.house, case) == "Ada Harding"


def test_t06_a_byte_changed_anywhere_in_a_key_row_is_one_seal_error_that_names_column_and_row(
    installation: Installation,
) -> None:
    case = installation.county.notified()
    with installation.house.database.keystore.asked() as connection:
        good = connection.execute(select(review_key).where(_identities(case))).one()
    with installation.house.reading() as session:
        row = _victim(session, case).id
    for column, bent in _bent(good):
        installation.tamper_keystore(update(review_key).where(_identities(case)).values({column: bent}))
        with pytest.raises(SealError) as raised:
            opened(installation.house, case)
        assert str(raised.value) == f"The sealed value {NAME} of row {row} cannot be opened."
        assert raised.value.__cause__ is None
        installation.tamper_keystore(
            update(review_key).where(_identities(case)).values({column: getattr(good, column)})
        )
    assert opened(installation.house, case) == "Ada Harding"


@ON_SQLITE
@pytest.mark.parametrize("column", ["wrapped", "binding", "kek_id", "state", "generation", "created_at"])
@pytest.mark.parametrize("rubbish", ["'text'", "x'00'", "17", "-1.5", "''"])
def test_t06_rubbish_of_another_type_in_a_key_row_is_the_same_seal_error(
    installation: Installation, column: str, rubbish: str
) -> None:
    case = installation.county.notified()
    installation.tamper_keystore(f"update review_key set {column} = {rubbish}")  # noqa: S608
    if column == "created_at":  # says nothing about the key: opening does not read it
        assert opened(installation.house, case) == "Ada Harding"
        return
    with pytest.raises(SealError, match=rf"^The sealed value {NAME} of row "):
        opened(installation.house, case)


def _bent(row: Any) -> Iterator[tuple[str, Any]]:
    """Each change to one byte of each part of a key's row."""
    for column in ("wrapped", "binding"):
        stored = bytes(getattr(row, column))
        for place in range(len(stored)):
            yield column, stored[:place] + bytes([stored[place] ^ 0x80]) + stored[place + 1 :]
        yield column, stored[:-1]
        yield column, b""
    for place in range(len(row.kek_id)):
        yield "kek_id", row.kek_id[:place] + chr(ord(row.kek_id[place]) ^ 1) + row.kek_id[place + 1 :]
    yield from (("state", state) for state in ("retired", "destroyed", "activ", "", "Active"))
    yield from (("generation", number) for number in (0, 2, 257))


def _identities(case: Case) -> Any:
    return of(Domain(case.row.id, DataClass.IDENTITIES.value))


# --- T13: a rotation that is cut off (twenty kills: tests/threats/test_rotation_killed.py) ---------------------------


@pytest.mark.parametrize("after", range(1, 9))
def test_t13_a_rotation_cut_off_between_any_two_steps_loses_nothing(installation: Installation, after: int) -> None:
    case = installation.county.notified()
    said: list[str] = []

    def cut_off(line: str) -> None:
        said.append(line)
        if len(said) == after:
            raise SystemExit

    try:
        quickly(installation.house, say=cut_off)
    except SystemExit:
        assert opened(installation.house, case) == "Ada Harding"
    assert quickly(installation.house).complete
    assert rotation.older_cells(installation.house) == {}
    assert opened(installation.house, case) == "Ada Harding"


# --- T14: a worker that remembers yesterday's key --------------------------------------------------------------------


def test_t14_what_a_stale_worker_seals_after_the_sweep_is_found_by_the_recount(installation: Installation) -> None:
    case, house = installation.county.notified(), installation.house
    by = installation.county.coordinator
    stale = house.keyring(by, at=house.clock.now())
    with holding(stale), house.transaction(by=by, at=house.clock.now()) as session:
        _victim(session, case).other_names = "Before"  # from here on it remembers generation 1
    waits: list[float] = []

    def the_worker_writes(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            with holding(stale), house.transaction(by=by, at=house.clock.now()) as session:
                row = _victim(session, case)
                row.other_names = "Written late"
                assert row.other_names_ct is not None
                assert row.other_names_ct.generation == 1

    done = quickly(house, wait=the_worker_writes, settle=120.0)
    assert waits == [120.0, 120.0]  # counted again, swept again, waited and counted again
    assert done.complete
    with house.reading() as session:
        envelope = _victim(session, case).other_names_ct
        assert envelope is not None
        assert envelope.generation == 2
    with house.with_keys(by, at=house.clock.now()):
        announce(case.row.id, [DataClass.IDENTITIES], at=house.clock.now())
        with house.reading() as session:
            assert _victim(session, case).other_names == "Written late"


def test_t14_it_waits_for_twice_as_long_as_a_key_may_be_remembered() -> None:
    assert rotation.SETTLE_SECONDS >= 2 * kept.SECONDS
    assert kept.SECONDS <= 60
    assert kept.KEYS <= 64


# --- T19: somebody who opens one review after the other --------------------------------------------------------------


def test_t19_the_eleventh_review_within_an_hour_is_written_down_and_turns_the_check_red(
    installation: Installation,
) -> None:
    house, by = installation.house, installation.county.coordinator
    cases = [installation.county.notified() for _ in range(12)]
    for case in cases[:10]:
        open_people(case.reference, by=by, at=house.clock.now())
    assert alarms(house) == []
    assert key_health.openings(house)[0] is True
    open_people(cases[0].reference, by=by, at=house.clock.now())  # the same again is no other review
    assert alarms(house) == []
    for case in cases[10:]:
        open_people(case.reference, by=by, at=house.clock.now())
    alarm = alarms(house)
    assert [(one.recorded_by_id, one.review_id, one.details) for one in alarm] == [(by.id, None, {"reviews": 11})]
    good, said = key_health.openings(house)
    assert (good, by.name in said) == (False, False)
    assert said.startswith("Once since yesterday")
    house.clock.advance(hours=25)  # type: ignore[attr-defined]
    assert key_health.openings(house)[0] is True


def test_t19_as_many_over_a_whole_day_are_ordinary_work(installation: Installation) -> None:
    house, by = installation.house, installation.county.coordinator
    for case in [installation.county.notified() for _ in range(12)]:
        house.clock.advance(minutes=7)  # type: ignore[attr-defined]
        open_people(case.reference, by=by, at=house.clock.now())
    assert alarms(house) == []


def alarms(house: House) -> list[Event]:
    with house.reading() as session:
        found = select(Event).where(Event.kind == Happened.MANY_REVIEWS_OPENED.value).order_by(Event.id)
        return list(session.scalars(found))
