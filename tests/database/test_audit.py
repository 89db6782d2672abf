"""The audit trail: one entry for what one verb did, chained, append-only, and found out when it was touched."""

from __future__ import annotations

import json
import threading
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from dhr_app.database.audit import SYSTEM_CHAIN, chain_hash, record
from dhr_app.database.engine import main_engine
from dhr_app.database.errors import UnnamedChange
from dhr_app.database.models import AuditEntry, Event
from dhr_app.database.models.audit import append_only
from dhr_app.database.session import Database
from dhr_app.database.verify import verify
from tests.database.examples import AT, ON, ON_POSTGRESQL, ON_SQLITE, Case, Human, Part, SignIn, Somebody


def bodies(ground, chain):
    with ground.db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.chain == chain).order_by(AuditEntry.seq))
        return [json.loads(entry.body) for entry in entries]


def breaks(ground, chain=None):
    with ground.db.reading() as session:
        return [found.what for found in verify(session, chain)]


@pytest.fixture
def case(ground):
    case = ground.case()
    for number in range(3):
        with ground.db.transaction(by=ground.who, at=AT) as session:
            row = session.get_one(Case, case.id)
            row.counted += 1
            record(session, "counted", review_id=case.id, happened_on=ON, subject=row, details={"number": number})
    return case


def test_an_entry_tells_who_when_and_what_was_said_and_changed(ground, case):
    body = bodies(ground, case.id)[-1]
    assert body["actor"] == {"id": str(ground.who.id), "name": "Asha Patel", "role": "coordinator"}
    assert (body["at"], body["seq"], body["chain"]) == ("2026-06-03T09:30:00.000000+00:00", 4, str(case.id))
    assert body["changes"] == [{"op": "update", "table": "review", "row": str(case.id), "cells": {"counted": [2, 3]}}]
    (event,) = body["events"]
    assert (event["kind"], event["details"], event["subject_type"]) == ("counted", {"number": 2}, "review")
    assert breaks(ground) == []


def test_free_text_and_sealed_values_never_stand_in_an_entry(ground, case):
    human = ground.human(case, full_name="Jane Canary", part=Part.CHILD)
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        session.get_one(Case, case.id).note = "A note about the Canary family"
        session.get_one(Human, human.id).full_name = "Jane Second"
    with ground.db.reading() as session:
        whole = b"".join(session.scalars(select(AuditEntry.body)))
    for word in (b"Canary", b"Second", b"note about"):
        assert word not in whole
    cells = {key: value for change in bodies(ground, case.id)[-1]["changes"] for key, value in change["cells"].items()}
    assert cells["note"][0] is None
    assert cells["note"][1].startswith("salted:")
    assert all(each.startswith("sha256:") for each in cells["full_name_ct"])
    created = bodies(ground, case.id)[-2]["changes"][0]["cells"]
    assert created["part"] == [None, "child"]
    assert created["full_name_ct"][1] == cells["full_name_ct"][0]


def test_rows_of_no_review_go_to_the_systems_chain(ground, case):
    ground.add(SignIn(settings={"a": 1}))
    assert [change["table"] for change in bodies(ground, SYSTEM_CHAIN)[0]["changes"]] == ["sign_in_example"]


def test_a_verb_that_touches_two_reviews_writes_in_both_chains(ground, case):
    other = ground.case("DHR-2026-002")
    with ground.db.transaction(by=ground.who, at=AT) as session:
        for each in (case, other):
            session.get_one(Case, each.id).counted = 9
    assert bodies(ground, case.id)[-1]["changes"][0]["row"] == str(case.id)
    assert bodies(ground, other.id)[-1]["changes"][0]["row"] == str(other.id)
    assert breaks(ground) == []


def test_a_savepoint_that_was_rolled_back_leaves_no_trace(ground, case):
    with ground.db.transaction(by=ground.who, at=AT) as session:
        row = session.get_one(Case, case.id)
        row.counted = 10
        outer = session.begin_nested()
        row.counted = 11
        with session.begin_nested():
            session.add(Case(reference="never"))
        outer.rollback()
        with session.begin_nested():
            row.note = "kept"
    changes = bodies(ground, case.id)[-1]["changes"]
    assert [change["cells"].keys() for change in changes] == [{"counted"}, {"note"}]
    with ground.db.reading() as session:
        assert session.get_one(Case, case.id).counted == 10
        assert len(session.scalars(select(Case)).all()) == 1
    assert breaks(ground) == []


def test_a_transaction_that_changes_nothing_writes_nothing(ground, case):
    before = len(bodies(ground, case.id))
    with ground.db.transaction(by=ground.who, at=AT) as session:
        row = session.get_one(Case, case.id)
        row.counted = row.counted
        row.looked_at = AT
    assert len(bodies(ground, case.id)) == before
    with ground.db.reading() as session:
        assert session.get_one(Case, case.id).looked_at == AT


def test_a_deleted_row_is_told_with_what_was_there_deferred_columns_too(ground, case):
    human = ground.human(case, full_name="Jane", notes="long")
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.delete(session.get_one(Human, human.id))
    (change,) = bodies(ground, case.id)[-1]["changes"]
    assert change["op"] == "delete"
    assert change["cells"]["notes_ct"][0].startswith("sha256:")
    assert change["cells"]["notes_ct"][1] is None


def test_a_row_removed_as_an_orphan_is_told_too(ground, case):
    human = ground.human(case, full_name="Jane", notes="long")
    with ground.db.transaction(by=ground.who, at=AT) as session:
        owner = session.get_one(Case, case.id)
        owner.people.remove(session.get_one(Human, human.id))
    (change,) = bodies(ground, case.id)[-1]["changes"]
    assert (change["op"], change["cells"]["notes_ct"][1]) == ("delete", None)


def test_an_old_value_that_was_not_loaded_is_told_all_the_same(ground, case):
    with ground.db.transaction(by=ground.who, at=AT) as session:
        row = session.get_one(Case, case.id)
        session.lock(case.id)
        row.counted = 7
    assert bodies(ground, case.id)[-1]["changes"][0]["cells"] == {"counted": [3, 7]}


def test_an_event_needs_a_verb_and_holds_codes_only(ground, case):
    with ground.db.reading() as session, pytest.raises(UnnamedChange):
        record(session, "x", happened_on=ON)
    with ground.db.transaction(by=ground.who, at=AT) as session:
        for bad in ("Jane Doe", "He said: no", "line\nbreak", ["Jane Doe"], ""):
            with pytest.raises(ValueError, match="not a code"):
                record(session, "x", happened_on=ON, details={"what": bad})
        record(
            session,
            "x",
            happened_on=ON,
            details={"a": "DHR-2026-014", "b": 3, "c": True, "d": None, "e": ON, "f": [uuid4()], "g": "panel member"},
        )
    assert breaks(ground) == []


def test_events_of_one_verb_keep_their_order(ground, case):
    with ground.db.transaction(by=ground.who, at=AT) as session:
        for kind in ("first", "second", "third"):
            record(session, kind, review_id=case.id, happened_on=ON)
    with ground.db.reading() as session:
        kinds = session.scalars(
            select(Event.kind).where(Event.kind != "counted").order_by(Event.recorded_at, Event.ordinal)
        ).all()
    assert kinds == ["first", "second", "third"]


@pytest.mark.parametrize("table", ["audit_entry", "event"])
@pytest.mark.parametrize("act", ["update {0} set {1} = {1}", "delete from {0}"])
def test_the_trail_refuses_change_and_removal(ground, case, table, act):
    column = {"audit_entry": "seq", "event": "kind"}[table]
    with pytest.raises(DBAPIError, match="append-only"):
        ground.tamper(act.format(table, column))
    assert breaks(ground) == []


@ON_SQLITE
@pytest.mark.parametrize("table", ["audit_entry", "event"])
def test_the_trail_refuses_replacement(ground, case, table):
    with pytest.raises(IntegrityError, match="append-only"):
        ground.tamper(f"insert or replace into {table} select * from {table}")  # noqa: S608
    assert breaks(ground) == []


def test_an_entry_cannot_be_changed_through_the_session_either(ground, case):
    def rewrite():
        with ground.db.transaction(by=ground.who, at=AT) as session:
            for entry in session.scalars(select(AuditEntry)):
                entry.body = b"{}"

    with pytest.raises(DBAPIError, match="append-only" if ground.sqlite else "permission denied"):
        rewrite()


def open_wide(ground):
    """What somebody with the file or a superuser’s password can do first: take the triggers away."""
    for table in ("audit_entry", "event"):
        for act in ("update", "delete") if ground.sqlite else ():
            ground.tamper(f"drop trigger {table}_no_{act}")
        if not ground.sqlite:
            ground.tamper(f"alter table {table} disable trigger user")


def other_words(ground):
    """The second entry’s body with another name in it."""
    with ground.raw.connect() as connection:
        body = bytes(connection.execute(text("select body from audit_entry where seq = 2")).scalar_one())
    assert b"Asha" in body
    return body.replace(b"Asha", b"Usha")


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("update audit_entry set body = :other_words where seq = 2", "not what was hashed"),
        ("update audit_entry set hash = :zeros where seq = 2", "not what was hashed"),
        ("update audit_entry set prev = :few_zeros where seq = 3", "does not follow"),
        ("delete from audit_entry where seq = 2", "expected entry 2, found 3"),
        ("delete from audit_entry where seq = 4", "does not end where it should"),
        ("update audit_entry set seq = 9 where seq = 4", "expected entry 4, found 9"),
        ("delete from audit_head", "entries but no end"),
        ("update audit_head set seq = 3", "does not end where it should"),
        ("delete from audit_entry", "does not end where it should"),
        ("update event set happened_on = '2026-06-04' where cast(details as text) like '%2%'", "is not what its entry"),
        ("delete from event where cast(details as text) like '%2%'", "is gone"),
        ("update audit_entry set body = :brackets where seq = 4", "not what was hashed"),
    ],
)
def test_verify_finds_what_was_done_to_the_trail(ground, case, sql, found):
    assert breaks(ground, case.id) == breaks(ground) == []
    open_wide(ground)
    forged = {"other_words": other_words(ground), "zeros": bytes(32), "few_zeros": bytes(31), "brackets": b"[]"}
    ground.tamper(sql, **{name: value for name, value in forged.items() if f":{name}" in sql})
    assert any(found in what for what in breaks(ground, case.id))
    assert any(found in what for what in breaks(ground))


@ON_SQLITE
@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("update audit_entry set body = cast(body as text) where seq = 2", "not what was hashed"),
        ("update event set happened_on = 'soon' where details like '%2%'", "an event cannot be read"),
    ],
)
def test_verify_finds_what_is_of_another_kind_than_its_column(ground, case, sql, found):
    open_wide(ground)
    ground.tamper(sql)
    assert any(found in what for what in breaks(ground, case.id))
    assert any(found in what for what in breaks(ground))


def test_an_event_without_an_entry_is_found(ground, case):
    columns = [column.name for column in Event.__table__.columns if column.name != "id"]
    names = ", ".join(columns)
    forged = f"insert into event (id, {names}) select :id, {names} from event limit 1"  # noqa: S608
    ground.tamper(forged, id=uuid4().hex)
    assert any("is not what its entry says" in what for what in breaks(ground, case.id))


@ON_SQLITE
def test_an_event_of_no_review_that_could_be_is_a_finding_and_not_an_error(ground, case):
    open_wide(ground)
    ground.tamper("update event set review_id = 'nowhere' where details like '%2%'")
    assert "a row of event names no review" in breaks(ground)


def test_a_chain_hashed_anew_over_what_cannot_be_read_is_a_finding_and_not_an_error(ground, case):
    open_wide(ground)
    with ground.raw.connect() as connection:
        prev = connection.execute(text("select prev from audit_entry where seq = 4")).scalar_one()
    forged = chain_hash(prev=prev, chain=case.id, seq=4, body=b"[]")
    ground.tamper("update audit_entry set body = :body, hash = :hash where seq = 4", body=b"[]", hash=forged)
    assert breaks(ground, case.id) == ["cannot be read"]


def test_two_entries_that_changed_places_are_found(ground, case):
    open_wide(ground)
    for old, new in ((2, 20), (3, 2), (20, 3)):
        ground.tamper("update audit_entry set seq = :new where seq = :old", old=old, new=new)
    assert breaks(ground, case.id) != []


def test_the_hash_covers_every_part():
    chain, prev, other = uuid4(), b"p" * 32, b"q" * 32
    hashes = {
        chain_hash(prev=prev, chain=chain, seq=1, body=b"b"),
        chain_hash(prev=other, chain=chain, seq=1, body=b"b"),
        chain_hash(prev=prev, chain=uuid4(), seq=1, body=b"b"),
        chain_hash(prev=prev, chain=chain, seq=2, body=b"b"),
        chain_hash(prev=prev, chain=chain, seq=1, body=b"c"),
    }
    assert len(hashes) == 5


def test_a_fork_is_forbidden_by_the_table_itself(ground, case):
    fork = (
        "insert into audit_entry (chain, seq, at, body, prev, hash)"
        " select chain, 99, at, body, prev, hash from audit_entry where seq = 2"
    )
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        ground.tamper(fork)


def test_four_writers_at_once_fork_no_chain_and_lose_no_change(ground):
    patient = Database(main_engine(ground.url), ground.db.keystore)
    cases = [ground.case(f"DHR-2026-00{number}") for number in range(2)]
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for turn in range(10):
                case = cases[turn % 2]
                with patient.transaction(by=Somebody(name), at=AT) as session:
                    session.lock(case.id)
                    session.get_one(Case, case.id).counted += 1
                    record(session, "counted", review_id=case.id, happened_on=ON)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(f"Writer {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    patient.engine.dispose()
    assert failures == []
    assert breaks(ground) == []
    with ground.raw.connect() as connection:
        assert connection.execute(text("select counted from review")).scalars().all() == [20, 20]
        assert connection.execute(text("select count(*) from audit_entry")).scalar_one() == 2 + 40


@ON_POSTGRESQL
def test_who_reads_a_locked_review_is_entered_before_whoever_locked_it(ground, case):
    """Whoever locked it read there where the chain ended, and that is no longer so when they write their entry."""
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.lock(case.id, read=Case)
        elsewhere = threading.Thread(
            target=ground.db.record_access,
            kwargs={"review_id": case.id, "classes": ["identities"], "by": Somebody("Reader"), "at": AT},
        )
        elsewhere.start()
        elsewhere.join(10)
        assert not elsewhere.is_alive(), "a reader must not wait for whoever locked the review"
        session.get_one(Case, case.id).counted += 1
    last = bodies(ground, case.id)[-2:]
    assert [(body["seq"], body["actor"]["name"]) for body in last] == [(5, "Reader"), (6, "Asha Patel")]
    assert breaks(ground) == []


def test_a_locked_review_is_read_anew_with_the_lock(ground, case):
    with ground.db.transaction(by=ground.who, at=AT) as session:
        row = session.get_one(Case, case.id)
        ground.tamper("update review set counted = 41")
        session.lock(case.id, read=Case)
        assert row.counted == 41


def test_postgresql_has_its_own_words_for_append_only():
    statements = append_only("audit_entry", "postgresql")
    assert any("TRUNCATE" in each for each in statements)
    assert any("BEFORE UPDATE OR DELETE" in each for each in statements)
