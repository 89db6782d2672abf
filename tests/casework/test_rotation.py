"""Keys changed while people work: nothing wrong, nothing old, nobody's form refused, no interruption that matters."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import bindparam, func, select, text, update

from dhr_app.casework import rotation
from dhr_app.casework.house import House, at_work
from dhr_app.casework.key_status import in_lines, key_status
from dhr_app.casework.people import PersonEntry, correct_person
from dhr_app.casework.purposes import KEY_ROTATION
from dhr_app.casework.scene import changing
from dhr_app.database import keycare, resealing
from dhr_app.database.deep import Deep
from dhr_app.database.envelope import Envelope
from dhr_app.database.errors import KeyUnavailable, SealError, UnnamedChange
from dhr_app.database.keyring import holding
from dhr_app.database.models import AuditEntry, AuditPayload, Event, InvolvedPerson
from dhr_app.database.resealing import sealed_columns
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County

DAY = timedelta(days=1)


@pytest.fixture
def case(county: County) -> Case:
    """One review among a dozen that have sealed values."""
    return county.review(Stage.PANEL)


def rotated(house: House, reference: str | None = None, **more) -> rotation.Rotated:
    house.clock.advance(hours=1)  # type: ignore[attr-defined]
    settings = {"wait": lambda seconds: None, "say": lambda line: None, "settle": 0.0}
    return rotation.rotate(house, reference, **{**settings, **more})


def victim(house: House, case: Case) -> InvolvedPerson:
    with house.reading() as session:
        return session.scalars(
            select(InvolvedPerson)
            .where(InvolvedPerson.review_id == case.row.id)
            .order_by(InvolvedPerson.number)
            .limit(1)
        ).one()


def name_of(house: House, case: Case) -> str | None:
    by = case.county.coordinator
    with holding(house.keyring(by, at=house.clock.now())) as ring:
        ring.announce(case.row.id, [DataClass.IDENTITIES], at=house.clock.now())
        return victim(house, case).full_name


def generations(house: House) -> dict[str, set[int]]:
    """Of each sealed column the generations that seal its values."""
    found: dict[str, set[int]] = {}
    with house.database.engine.connect() as connection:
        for column in sealed_columns():
            heads = connection.scalars(select(func.substr(column.raw(), 2, 4)).where(column.raw().is_not(None)))
            if seen := {int.from_bytes(head, "big") for head in heads}:
                found[column.name] = seen
    return found


def test_every_sealed_value_and_payload_is_under_a_new_key_and_says_what_it_said(county, case):
    house = county.house
    before = name_of(house, case)
    done = rotated(house)
    assert done.complete
    assert done.resealed > 50
    assert set.union(*generations(house).values()) == {2}
    assert rotation.older_cells(house) == {}
    assert name_of(house, case) == before
    with house.reading() as session:
        assert verify(session) == []
        assert set(session.scalars(select(AuditPayload.generation))) == {2}
    states = {(key.state, key.generation) for key in keycare.every_key(house.database.keystore)}
    assert states == {("retired", 1), ("active", 2)}


def test_the_trail_lists_the_new_envelope_of_every_value_and_still_holds_cell_by_cell(county, case):
    house = county.house
    rotated(house, case.reference)
    with house.reading() as session:
        bodies = [
            json.loads(body)
            for body in session.scalars(
                select(AuditEntry.body).where(AuditEntry.chain == case.row.id).order_by(AuditEntry.seq)
            )
        ]
        resealed = [change for body in bodies for change in body["changes"] if change["op"] == "reseal"]
        assert {change["table"] for change in resealed} >= {"involved_person", "audit_payload"}
        assert {body["actor"]["name"] for body in bodies if any(c["op"] == "reseal" for c in body["changes"])} == {
            KEY_ROTATION.name
        }
        assert verify(session, also=[Deep(session)]) == []


def test_one_review_alone_can_have_new_keys(county, case):
    house, other = county.house, county.review(Stage.SCOPING)
    done = rotated(house, case.reference)
    assert done.complete
    keys = {(key.domain.review_id, key.state, key.generation) for key in keycare.every_key(house.database.keystore)}
    assert {(state, number) for review, state, number in keys if review == case.row.id} == {
        ("active", 2),
        ("retired", 1),
    }
    assert {(state, number) for review, state, number in keys if review == other.row.id} == {("active", 1)}
    assert set(case.happened("keys_")) == {"keys_rotation_begun", "keys_rotated"}
    with pytest.raises(OutOfReach):
        rotated(house, "DHR-NONE")


def test_a_form_that_was_open_meanwhile_is_not_stale(county, case):
    house = county.house
    row = victim(house, case)
    rotated(house)
    correct_person(
        case.reference,
        row.id,
        PersonEntry(full_name="Ada Harding-Bold", died_on="2025-12"),
        row.version,
        by=county.coordinator,
        at=house.clock.now(),
    )
    assert name_of(house, case) == "Ada Harding-Bold"
    assert victim(house, case).version == row.version + 1


def renamed(house: House, case: Case, name: str) -> None:
    """Somebody corrects the victim's name, in a thread of their own as the server would."""
    row = victim(house, case)

    def work() -> None:
        with at_work(house):
            entry = PersonEntry(full_name=name, died_on="2025-12")
            by, at = case.county.coordinator, house.clock.now()
            correct_person(case.reference, row.id, entry, row.version, by=by, at=at)

    with ThreadPoolExecutor(1) as somebody:
        somebody.submit(work).result()


def test_what_somebody_changes_between_reading_and_sealing_is_theirs(county, case, monkeypatch):
    house, plain, met = county.house, resealing.reseal, list[str]()

    def after_somebody_else(session, ring, column, found, today):
        if column.name == "involved_person.full_name" and not met:
            met.append(column.name)
            renamed(house, case, "Theirs")
        return plain(session, ring, column, found, today)

    monkeypatch.setattr(rotation, "reseal", after_somebody_else)
    done = rotated(house)
    assert done.complete
    assert done.overtaken == 1
    assert name_of(house, case) == "Theirs"


def test_a_value_that_is_not_as_it_was_read_is_neither_written_nor_told(county, case):
    house, row = county.house, victim(county.house, case)
    column = next(each for each in sealed_columns() if each.name == "involved_person.full_name")
    table, row_id = InvolvedPerson, column.mapper.columns["id"]
    with house.transaction(by=KEY_ROTATION, at=house.clock.now()) as session:
        old, new = {"this": row.id, "old": b"what it was"}, {"this": row.id, "old": bytes(row.full_name_ct or b"")}
        as_it_was = row_id == bindparam("this"), column.raw() == bindparam("old")
        statement = update(table).where(*as_it_was).values(age_band="adult")
        assert session.swap(statement, [old]) == 0
        assert session.swap(statement, [old, new]) == 1
    assert victim(house, case).version == row.version
    with house.reading() as session, pytest.raises(UnnamedChange):
        session.swap(statement, [new])


def test_where_one_of_many_was_changed_meanwhile_only_the_others_are_written_and_told(county, case, monkeypatch):
    house, plain, met = county.house, resealing._swapped, list[UUID]()

    def after_somebody_else(session, column, new):
        if column.name == "involved_person.full_name" and not met:
            mine = next(row_id for row_id in new if row_id == victim_id)
            met.append(mine)
            new = {**new, mine: (Envelope(b"as it was read, and is no more"), new[mine][1])}
        return plain(session, column, new)

    victim_id = victim(house, case).id
    monkeypatch.setattr(resealing, "_swapped", after_somebody_else)
    done = rotated(house)
    assert met == [victim_id]
    assert (done.complete, done.overtaken) == (True, 1)
    with house.reading() as session:
        assert verify(session, also=[Deep(session)]) == []


def test_one_that_was_broken_off_is_carried_on_and_not_begun_again(county, case):
    house, calls = county.house, []

    def broken_off(line: str) -> None:
        calls.append(line)
        if len(calls) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotated(house, say=broken_off)
    assert rotation.older_cells(house) != {}
    assert rotated(house).keys == 0
    assert set.union(*generations(house).values()) == {2}
    with house.reading() as session:
        begun = select(func.count()).where(Event.kind == Happened.KEYS_ROTATION_BEGUN)
        assert session.scalar(begun) == 1
    assert rotated(house).keys > 0
    assert set.union(*generations(house).values()) == {3}


def test_new_keys_are_committed_before_anything_is_sealed_with_them(county, case):
    house, first = county.house, []

    def look(line: str) -> None:
        first.append(line)
        if len(first) == 1:
            assert set.union(*generations(house).values()) == {1}
            keys = keycare.every_key(house.database.keystore)
            assert {key.generation for key in keys if key.state == "active"} == {2}

    rotated(house, say=look)
    assert "new keys were made" in first[0]


def test_one_value_that_no_key_opens_is_named_holds_its_old_key_back_and_stops_nothing_else(county, case):
    house, row = county.house, victim(county.house, case)
    house.database.engine.dispose()
    with house.database.engine.connect() as connection:
        stored = bytes(
            connection.scalar(text("select full_name_ct from involved_person where id = :id"), {"id": row.id.hex})
        )
    with replace_raw(house) as raw:
        raw.execute(
            text("update involved_person set full_name_ct = :bent where id = :id"),
            {"bent": stored[:-1] + bytes([stored[-1] ^ 1]), "id": row.id.hex},
        )
    done = rotated(house)
    assert not done.complete
    assert done.unreadable == {f"involved_person.full_name of row {row.id}"}
    assert rotation.older_cells(house) == {"involved_person.full_name": 1}
    opening = {
        key.domain.record_class
        for key in keycare.every_key(house.database.keystore)
        if key.state == "open_only" and key.domain.review_id == case.row.id
    }
    assert opening == {"identities"}
    with pytest.raises(SealError):
        name_of(house, case)


def replace_raw(house: House):
    """The main database past its guard."""
    from dhr_app.database.engine import main_engine

    return main_engine(house.settings.database_url).begin()


def test_a_retired_key_opens_nothing_and_is_destroyed_a_month_later(county, case):
    house = county.house
    rotated(house)
    now = house.clock.now()
    assert rotation.destroy_retired(house, at=now + DAY * 29) == (0, 0)
    old = next(key for key in keycare.every_key(house.database.keystore) if key.state == "retired")
    with pytest.raises(KeyUnavailable):
        house.database.keystore.key(old.domain, old.generation)
    gone, put_back = rotation.destroy_retired(house, at=now + DAY * 31)
    assert gone > 0
    assert put_back == 0
    assert rotation.destroy_retired(house, at=now + DAY * 32) == (0, 0)
    assert {key.state for key in keycare.every_key(house.database.keystore)} == {"active", "destroyed"}
    assert name_of(house, case)
    # The domain lives on: it takes new values and new keys.
    with changing(case.reference, "review.change", by=county.coordinator, at=house.clock.now()) as scene:
        scene.session.get_one(InvolvedPerson, victim(house, case).id).full_name = "Somebody New"
    assert rotated(house).complete


def test_a_retired_key_under_which_somebody_wrote_too_late_is_put_back_not_destroyed(county, case):
    house = county.house
    with house.database.engine.connect() as connection:
        old = bytes(connection.scalar(text("select full_name_ct from involved_person limit 1")))
        row_id = connection.scalar(text("select id from involved_person where full_name_ct = :old"), {"old": old})
    rotated(house)
    with replace_raw(house) as raw:
        raw.execute(text("update involved_person set full_name_ct = :old where id = :id"), {"old": old, "id": row_id})
    gone, put_back = rotation.destroy_retired(house, at=house.clock.now() + DAY * 31)
    assert (gone > 0, put_back) == (True, 1)
    assert rotated(house).complete
    assert set.union(*generations(house).values()) == {3}


def test_the_status_counts_keys_and_what_is_still_under_an_older_one(county, case):
    house = county.house
    before = key_status(house)
    assert before.older == {}
    assert {line.state for line in before.lines} == {"active"}
    assert before.under_other_master_keys == 0
    house.clock.advance(hours=1)
    for key in keycare.every_key(house.database.keystore):
        house.database.keystore.new_key(key.domain, at=house.clock.now())
    after = key_status(house)
    assert after.older["involved_person.full_name"] > 0
    said = "\n".join(in_lines(after))
    assert "identities: " in said
    assert "open only" in said
    assert "Run `dhr keys rotate`" in said
    assert "No recovery shares were made" in said


def test_whoever_changes_the_master_key_is_told_how_many_keys_there_are_and_how_far_it_is(house, tmp_path):
    from dhr_app.adapters.keys.credential import CredentialFile, add_key
    from dhr_app.database.keystore import Domain, Keystore
    from dhr_app.database.session import Database

    path = tmp_path / "master"
    add_key(path)
    engine = house.database.keystore.engine
    keystore = Keystore(engine, CredentialFile(path, tmp_path / "instance"), env="testing")
    house = replace(house, database=Database(house.database.engine, keystore))
    for number in range(401):
        keystore.new_key(Domain(UUID(int=number + 1), "identities"), at=house.clock.now())
    said: list[str] = []
    add_key(path)
    assert rotation.rewrap(house, say=said.append, seconds=lambda: 0.0) == (401, 0)
    total, halfway = "401 keys are under another master key than today’s.", "{} of 401 keys were looked at."
    assert said == [total, halfway.format(200), halfway.format(400)]
    said.clear()
    add_key(path)
    passing = count(0, 2)  # two seconds go by from one look at the clock to the next
    assert rotation.rewrap(house, say=said.append, seconds=lambda: float(next(passing))) == (401, 0)
    assert said[:3] == [total, halfway.format(2), halfway.format(4)]
    assert len(said) == 201
    said.clear()
    assert rotation.rewrap(house, say=said.append) == (0, 0)
    assert said == ["0 keys are under another master key than today’s."]


def test_another_master_key_takes_over_every_key_and_what_cannot_be_unwrapped_is_counted(county, case, tmp_path):
    from dhr_app.adapters.keys.credential import CredentialFile, add_key
    from dhr_app.database.keystore import Keystore
    from dhr_app.database.session import Database

    path = tmp_path / "master"
    add_key(path)
    keystore = county.house.database.keystore
    recovered = {
        (key.domain, key.generation): keystore.key(key.domain, key.generation).dek
        for key in keycare.every_key(keystore)
    }
    filed = Keystore(keystore.engine, CredentialFile(path, tmp_path / "instance"), env="testing")
    house = replace(county.house, database=Database(county.house.database.engine, filed))
    done, failed = rotation.rewrap(house, say=lambda line: None)
    assert (done, failed) == (0, len(recovered))  # the development key is not in that file
    with keystore.work() as connection:
        from dhr_app.database.keytable import of, review_key

        for (domain, generation), dek in recovered.items():
            kek_id, wrapped = filed.provider.wrap(dek, domain.context(generation))
            connection.execute(review_key.update().where(of(domain)).values(kek_id=kek_id, wrapped=wrapped))
    new = add_key(path)
    assert key_status(house).under_other_master_keys == len(recovered)
    assert rotation.rewrap(house, say=lambda line: None) == (len(recovered), 0)
    assert rotation.rewrap(house, say=lambda line: None) == (0, 0)
    assert {key.kek_id for key in keycare.every_key(filed)} == {new}
    path.write_text(path.read_text().splitlines()[-1])
    assert {
        (key.domain, key.generation): filed.key(key.domain, key.generation).dek for key in keycare.every_key(filed)
    } == recovered
