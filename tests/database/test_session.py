"""Reading and changing: named, whole, and never on what somebody else has changed meanwhile."""

from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from dhr_app.database import session as doors
from dhr_app.database.base import undeclared_columns
from dhr_app.database.engine import main_engine
from dhr_app.database.errors import ChangedMeanwhile, DatabaseUnavailable, UnnamedChange
from dhr_app.database.models import AuditEntry, Event
from tests.database.conftest import TRAIL
from tests.database.examples import AT, ON_POSTGRESQL, ON_SQLITE, Case, ExampleBase, Somebody


def counted(ground, case):
    with ground.raw.connect() as connection:
        return connection.execute(text("select counted from review where id = :id"), {"id": case.id.hex}).scalar_one()


def test_reading_refuses_every_change(ground):
    case = ground.case()
    with ground.db.reading() as session:
        session.get_one(Case, case.id).counted = 1
        with pytest.raises(UnnamedChange):
            session.flush()
    with ground.db.reading() as session:
        session.add(Case(reference="new"))
        with pytest.raises(UnnamedChange):
            session.scalars(select(Case)).all()
    with ground.db.reading() as session, pytest.raises(UnnamedChange):
        session.begin_nested()
    with ground.db.reading() as session, pytest.raises(UnnamedChange):
        session.commit()
    assert counted(ground, case) == 0


@pytest.mark.parametrize("by", [None, Somebody("")])
def test_a_transaction_needs_a_name(ground, by):
    with pytest.raises(UnnamedChange, match="name"), ground.db.transaction(by=by, at=AT):
        pass


@pytest.mark.parametrize("at", [datetime(2026, 6, 3), AT.astimezone(ZoneInfo("Europe/London"))])  # noqa: DTZ001
def test_a_transaction_needs_a_moment_in_utc(ground, at):
    with pytest.raises(ValueError, match="UTC"), ground.db.transaction(by=ground.who, at=at):
        pass


def test_a_transaction_inside_another_is_refused(ground):
    with (
        ground.db.transaction(by=ground.who, at=AT),
        pytest.raises(UnnamedChange, match="inside"),
        ground.db.transaction(by=ground.who, at=AT),
    ):
        pass


def test_a_verb_neither_commits_nor_rolls_back_by_itself(ground):
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.add(Case(reference="one"))
        for way in (session.commit, session.rollback):
            with pytest.raises(UnnamedChange):
                way()


def test_an_error_undoes_everything(ground):
    def work(session):
        session.add(Case(reference="one"))

    with pytest.raises(RuntimeError):
        ground.failing(work)
    with ground.db.reading() as session:
        assert session.scalars(select(Case)).all() == []
        assert session.scalars(select(AuditEntry)).all() == []


def test_a_naive_moment_is_refused_by_its_column(ground):
    case = ground.case()
    with pytest.raises(Exception, match="naive"), ground.db.transaction(by=ground.who, at=AT) as session:
        session.get_one(Case, case.id).looked_at = datetime(2026, 6, 3)  # noqa: DTZ001


def test_a_moment_comes_back_aware_and_in_utc(ground):
    case = ground.case()
    london = AT.astimezone(ZoneInfo("Europe/London"))
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.get_one(Case, case.id).looked_at = london
    with ground.db.reading() as session:
        kept = session.get_one(Case, case.id).looked_at
    assert kept == AT
    assert kept.utcoffset() == timedelta(0)


def test_reading_sees_one_picture_from_beginning_to_end(ground):
    case = ground.case()
    with ground.db.reading() as session:
        assert session.scalar(select(Case.counted)) == 0
        ground.tamper("update review set counted = 5")
        assert session.scalar(select(Case.counted)) == 0
    assert counted(ground, case) == 5


def test_reading_inside_a_block_is_that_block(ground):
    with ground.db.transaction(by=ground.who, at=AT) as session, ground.db.reading() as inner:
        assert inner is session
    with ground.db.reading() as session, ground.db.reading() as inner:
        assert inner is session


def test_a_change_inside_reading_ends_its_picture(ground):
    case = ground.case()
    with ground.db.reading() as reader:
        row = reader.get_one(Case, case.id)
        with ground.db.transaction(by=ground.who, at=AT) as session:
            session.get_one(Case, case.id).counted = 3
        assert row.counted == 3
        row.counted = 4
        with pytest.raises(UnnamedChange):
            reader.flush()


def test_what_was_read_before_the_lock_is_read_again_after_it(ground):
    case = ground.case()
    with ground.db.transaction(by=ground.who, at=AT) as session:
        row = session.get_one(Case, case.id)
        ground.tamper("update review set counted = 5")
        session.lock(case.id)
        row.counted += 1
    assert counted(ground, case) == 6


def test_a_row_read_before_somebody_else_changed_it_is_not_overwritten(ground):
    case = ground.case()

    def work(session):
        row = session.get_one(Case, case.id)
        ground.tamper("update review set note = 'theirs'")
        row.counted = 1

    with pytest.raises(ChangedMeanwhile):
        ground.verb(work)
    assert counted(ground, case) == 0


def test_a_row_somebody_else_removed_is_not_written_again(ground):
    case = ground.case()

    def work(session):
        row = session.get_one(Case, case.id)
        ground.tamper("delete from review")
        row.counted = 1

    with pytest.raises(ChangedMeanwhile):
        ground.verb(work)


def test_what_was_only_read_is_read_again_once_this_is_the_writer(ground):
    one, two = ground.case("one"), ground.case("two")
    with ground.db.transaction(by=ground.who, at=AT) as session:
        read, changed = session.get_one(Case, one.id), session.get_one(Case, two.id)
        ground.tamper("update review set counted = 5 where id = :id", id=one.id.hex)
        changed.counted = 1
        session.flush()
        assert read.counted == 5


def test_locking_after_a_change_is_refused_rather_than_losing_it(ground):
    case = ground.case()
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.get_one(Case, case.id).counted = 1
        with pytest.raises(UnnamedChange, match="before changing"):
            session.lock(case.id)
    with ground.db.reading() as session, pytest.raises(UnnamedChange):
        session.lock(case.id)


def test_who_queues_for_the_same_thing_waits_for_whoever_came_first(ground):
    def second(name: str) -> None:
        with ground.db.transaction(by=Somebody("Second"), at=AT) as session:
            session.queue(name)

    with ThreadPoolExecutor(1) as elsewhere, ground.db.transaction(by=ground.who, at=AT) as session:
        session.queue("numbers")
        with pytest.raises(DatabaseUnavailable):
            elsewhere.submit(second, "numbers").result()
        if not ground.sqlite:  # which has one writer, whatever for
            elsewhere.submit(second, "letters").result()
    second("numbers")


def test_reading_first_and_writing_later_never_fails_because_somebody_wrote_between(ground):
    one, two = ground.case("one"), ground.case("two")
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.scalars(select(Case)).all()
        ground.tamper("update review set counted = 9 where id = :id", id=one.id.hex)
        session.get_one(Case, two.id).counted = 1
    assert (counted(ground, one), counted(ground, two)) == (9, 1)


def test_until_it_changes_something_a_transaction_keeps_nobody_waiting(ground):
    case = ground.case()
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.get_one(Case, case.id)
        ground.tamper("update review set counted = 5")
    assert counted(ground, case) == 5


def test_a_locked_database_is_said_to_be_unavailable_and_nothing_is_half_written(ground):
    case = ground.case()
    with ground.locked(ground.raw, "review"):
        with pytest.raises(DatabaseUnavailable), ground.db.transaction(by=ground.who, at=AT) as session:
            session.get_one(Case, case.id).counted = 1
        with pytest.raises(DatabaseUnavailable), ground.db.transaction(by=ground.who, at=AT) as session:
            session.lock(case.id)
    assert counted(ground, case) == 0
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.get_one(Case, case.id).counted = 2
    assert counted(ground, case) == 2


@ON_SQLITE
def test_a_database_that_is_gone_is_unavailable_and_not_made_anew(ground, tmp_path):
    case = ground.case()
    away = tmp_path / "away"
    away.mkdir()
    files = list(tmp_path.glob("main.db*"))
    for file in files:
        file.rename(away / file.name)
    with pytest.raises(DatabaseUnavailable), ground.db.reading() as session:
        session.get_one(Case, case.id)
    with pytest.raises(DatabaseUnavailable), ground.db.transaction(by=ground.who, at=AT) as session:
        session.add(Case(reference="into nothing"))
    assert not (tmp_path / "main.db").exists()
    for file in files:
        (away / file.name).rename(file)
    with ground.db.reading() as session:
        assert session.get_one(Case, case.id).reference == "DHR-2026-001"


@ON_POSTGRESQL
def test_a_server_that_lets_nobody_in_is_unavailable_and_found_again_when_it_does(ground):
    case = ground.case()
    name = ground.db.engine.url.database
    elsewhere = create_engine(ground.raw.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with elsewhere.connect() as server:
        server.exec_driver_sql(f"alter database {name} allow_connections false")
        server.exec_driver_sql(
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"  # noqa: S608
        )
        with pytest.raises(DatabaseUnavailable), ground.db.reading() as session:
            session.get_one(Case, case.id)
        with pytest.raises(DatabaseUnavailable), ground.db.transaction(by=ground.who, at=AT) as session:
            session.add(Case(reference="into nothing"))
        server.exec_driver_sql(f"alter database {name} allow_connections true")
    elsewhere.dispose()
    with ground.db.reading() as session:
        assert session.scalars(select(Case.reference)).all() == ["DHR-2026-001"]


@ON_POSTGRESQL
def test_a_connection_that_is_cut_in_the_middle_leaves_nothing_half_written(ground):
    case = ground.case()

    def cut(session):
        session.get_one(Case, case.id).counted = 1
        session.flush()
        mine = session.connection().exec_driver_sql("select pg_backend_pid()").scalar_one()
        ground.tamper("select pg_terminate_backend(:mine)", mine=mine)

    with pytest.raises(DatabaseUnavailable):
        ground.verb(cut)
    assert counted(ground, case) == 0
    ground.verb(lambda session: setattr(session.get_one(Case, case.id), "counted", 2))
    assert counted(ground, case) == 2


def test_a_mistake_in_a_query_is_not_called_unavailable(ground):
    with pytest.raises(DBAPIError, match="nowhere"), ground.db.reading() as session:
        session.execute(text("select * from nowhere"))


@ON_POSTGRESQL
def test_postgresql_is_opened_in_utc_and_waits_for_nobody_for_ever(ground):
    with ground.db.engine.connect() as connection:
        values = [
            connection.exec_driver_sql(f"show {name}").scalar_one()
            for name in ("timezone", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        ]
    assert values == ["UTC", "400ms", "5min", "1min"]
    assert ground.db.engine.hide_parameters is True


def test_thirty_threads_that_read_and_announce_at_once_do_not_wait_for_each_other(ground):
    """Each holds a picture open while it writes on another connection that it opens something."""
    case = ground.case()
    together = threading.Barrier(30, timeout=60)
    failures: list[BaseException] = []

    def look() -> None:
        try:
            with ground.db.reading() as session:
                session.get_one(Case, case.id)
                together.wait()
                with ground.db.engine.connect() as another:
                    another.execute(text("select 1"))
                    together.wait()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@ON_POSTGRESQL
def test_a_commit_that_waits_for_a_row_lets_whoever_holds_that_row_commit(ground):
    """One thread at a time commits; but one that waits at the server is not waited for."""
    case = ground.case()

    def later():
        with ground.db.transaction(by=ground.who, at=AT) as session:
            session.get_one(Case, case.id).counted = 7

    with ThreadPoolExecutor(1) as elsewhere:
        with ground.db.transaction(by=ground.who, at=AT) as session:
            session.lock(case.id)
            late = elsewhere.submit(later)
            _until_somebody_waits_for_a_row(ground)
            session.get_one(Case, case.id).counted = 5
        with pytest.raises(ChangedMeanwhile):  # and not DatabaseUnavailable, for having waited too long
            late.result()
    assert counted(ground, case) == 5


def _until_somebody_waits_for_a_row(ground) -> None:
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with ground.raw.connect() as connection:
            if connection.exec_driver_sql(waiting).scalar_one():
                return
    pytest.fail("nobody ever waited for the row")


@ON_SQLITE
def test_sqlite_is_opened_with_its_safe_settings(ground):
    with ground.db.engine.connect() as connection:
        values = [
            connection.exec_driver_sql(f"pragma {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "recursive_triggers", "trusted_schema", "synchronous")
        ]
    assert values == ["wal", 1, 1, 0, 2]
    assert ground.db.engine.hide_parameters is True


def test_the_doors_of_the_module_use_the_database_in_use(ground):
    with pytest.raises(UnnamedChange, match="in use"), doors.reading():
        pass
    with doors.using(ground.db):
        with doors.transaction(by=ground.who, at=AT) as session:
            session.add(Case(reference="one"))
        with doors.reading() as session:
            assert session.scalar(select(Case.reference)) == "one"


def test_a_refusal_is_recorded_after_the_rollback(ground):
    case = ground.case()

    def work(session):
        session.get_one(Case, case.id).counted = 1

    with pytest.raises(RuntimeError):
        ground.failing(work)
    ground.db.record_refusal(review_id=case.id, what="commission", reasons=["scoping_in"], by=ground.who, at=AT)
    with ground.db.reading() as session:
        event = session.scalars(select(Event)).one()
        assert (event.kind, event.review_id) == ("refused", case.id)
        assert event.details == {"what": "commission", "reasons": ["scoping_in"]}
        assert session.get_one(Case, case.id).counted == 0


def test_every_column_of_the_ground_is_declared():
    assert undeclared_columns(ExampleBase.metadata) == []
    assert [each for each in TRAIL for column in each.columns if column.info.get("class") != "clear"] == []


def test_a_column_without_a_class_or_a_text_without_a_reason_is_found():
    from sqlalchemy import Column, Integer, MetaData, String, Table

    metadata = MetaData()
    Table("t", metadata, Column("a", Integer), Column("b", String, info={"class": "clear"}))
    assert undeclared_columns(metadata) == ["t.a: neither clear nor sealed", "t.b: clear text without a reason"]


def test_a_replaced_file_is_noticed_by_a_pooled_connection(tmp_path):
    path = tmp_path / "a.db"
    engine = main_engine(f"sqlite:///{path}", create=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("create table t (x)")
    path.rename(tmp_path / "b.db")
    sqlite3.connect(path).close()
    with engine.connect() as connection, pytest.raises(Exception, match="no such table"):
        connection.exec_driver_sql("select * from t")
    engine.dispose()
