"""No way to write passes that is not a named session’s own: while reading, in a verb, and after its first flush."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import FeatureNotSupported, ReadOnlySqlTransaction
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import InvalidRequestError, OperationalError
from sqlalchemy.orm import Session

from dhr_app.database.errors import Unannounced, UnnamedChange
from dhr_app.database.models import AuditEntry
from tests.database.examples import AT, ON_POSTGRESQL, ON_SQLITE, Case, ExampleBase, Human, Part
from tests.ways_to_write import every_form, not_refused

HUMAN = ExampleBase.metadata.tables["human"]
NEW = {"id": UUID(int=1), "review_id": UUID(int=2), "part": Part.CHILD}
FORMS = every_form(HUMAN, NEW, {"part": Part.CHILD})


@contextmanager
def moment(ground, name):
    """A session while reading, in a verb before any change, or after its first flush."""
    if name == "reading":
        with ground.request(), ground.db.reading() as session:
            yield session
        return
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        if name == "after a flush":
            session.add(Case(reference="flushed"))
            session.flush()
        yield session


MOMENTS = pytest.mark.parametrize("when", ["reading", "before a change", "after a flush"])


@pytest.fixture
def jane(ground):
    return ground.human(ground.case(), full_name="Jane")


def passing(ways, refusal=UnnamedChange):
    """Those of these ways that were not refused."""
    found = []
    for told, way in ways:
        try:
            way()
        except refusal:
            continue
        found.append(told)
    return found


def as_it_was(ground, jane):
    """Whether one person and no table is there as before, and no change without its entry."""
    with ground.raw.connect() as connection:
        people = connection.execute(select(HUMAN.c.id, HUMAN.c.part)).all()
        cases = connection.scalar(text("select count(*) from review"))
        told = connection.scalars(select(AuditEntry.seq)).all()
    return people == [(jane.id, Part.VICTIM)] and cases + 1 == len(told)


@MOMENTS
def test_no_text_and_no_statement_of_core_writes(ground, jane, when):
    with moment(ground, when) as session:
        assert not_refused(session, FORMS) == []
        assert session.scalars(select(Human.id)).all() == [jane.id]
    assert as_it_was(ground, jane)


@MOMENTS
def test_no_bulk_method_writes(ground, jane, when):
    child = {**NEW, "id": jane.id, "review_id": jane.review_id}
    ways = [
        lambda session: session.bulk_insert_mappings(Human, [child]),
        lambda session: session.bulk_update_mappings(Human, [child]),
        lambda session: session.bulk_save_objects([Human(review_id=jane.review_id)]),
        lambda session: session.execute(update(Human), [child]),
        lambda session: session.execute(insert(Human), [child, child]),
        lambda session: session.query(Human).delete(),
    ]
    for way in ways:
        with pytest.raises((UnnamedChange, Unannounced)), moment(ground, when) as session:
            way(session)
    assert as_it_was(ground, jane)


@MOMENTS
@ON_SQLITE
def test_sqlite_itself_refuses_what_the_driver_is_asked(ground, jane, when):
    with moment(ground, when) as session:
        driver = session.connection().connection.driver_connection
        ways = [
            ("update", lambda: driver.execute("UPDATE human SET part = 'child'")),
            ("insert", lambda: driver.executemany("INSERT INTO human (id) VALUES ('1')", [()])),
            ("create", lambda: driver.execute("CREATE TABLE copied (x)")),
        ]
        assert passing(ways, sqlite3.OperationalError) == []
    assert as_it_was(ground, jane)


@MOMENTS
@ON_POSTGRESQL
def test_psycopg_judges_what_it_is_asked_and_copy_too(ground, jane, when):
    change = "UPDATE human SET part = 'child'"
    with moment(ground, when) as session:
        driver = session.connection().connection.driver_connection
        cursor = driver.cursor()
        ways = [
            ("connection", lambda: driver.execute(change)),
            ("bytes", lambda: cursor.execute(change.encode())),
            ("composed", lambda: cursor.execute(psycopg.sql.SQL(change))),
            ("many", lambda: cursor.executemany(change, [()])),
            ("stream", lambda: list(cursor.stream(f"{change} RETURNING id"))),
            ("copy", lambda: cursor.copy("COPY human (id) FROM STDIN").__enter__()),
            ("autocommit", lambda: driver.execute("COMMIT")),
        ]
        assert passing(ways) == []
    assert as_it_was(ground, jane)


@MOMENTS
@ON_POSTGRESQL
def test_a_cursor_that_the_server_keeps_takes_nothing_that_changes_rows(ground, jane, when):
    with (
        pytest.raises(FeatureNotSupported),
        moment(ground, when) as session,
        session.connection().connection.driver_connection.cursor("kept") as cursor,
    ):
        cursor.execute("WITH x AS (DELETE FROM human RETURNING id) SELECT id FROM x")
    assert as_it_was(ground, jane)


def test_while_reading_the_database_itself_refuses_whoever_goes_past_the_guard(ground, jane):
    with ground.db.reading() as session:
        driver = session.connection().connection.driver_connection
        past = driver if ground.sqlite else psycopg.Cursor(driver)
        with pytest.raises((sqlite3.OperationalError, ReadOnlySqlTransaction), match=r"read-?only"):
            past.execute("delete from human")


def test_another_session_and_the_engine_write_nothing(ground, jane):
    child = update(HUMAN).values(part=Part.CHILD)
    with Session(ground.db.engine) as session, pytest.raises(UnnamedChange):
        session.execute(child)
    with Session(ground.db.engine) as session:
        session.add(Case(reference="unnamed"))
        with pytest.raises(UnnamedChange):
            session.commit()
    with pytest.raises(UnnamedChange), ground.db.engine.begin() as connection:
        connection.execute(child)
    driver = ground.db.engine.raw_connection()
    with pytest.raises((sqlite3.OperationalError, UnnamedChange)):
        driver.cursor().execute("UPDATE human SET part = 'child'")
    driver.close()
    assert as_it_was(ground, jane)


def test_what_was_flushed_is_committed_by_nothing_but_the_end_with_its_entry(ground, jane):
    def committed_early(session):
        session.add(Case(reference="early"))
        session.flush()
        session.connection().commit()

    with pytest.raises(UnnamedChange, match="committed"):
        ground.verb(committed_early)
    assert as_it_was(ground, jane)
    ground.case("after it")  # the connection that was refused serves the next
    assert as_it_was(ground, jane)


def test_whoever_goes_on_after_a_refused_commit_commits_no_change_without_its_entry(ground, jane):
    def goes_on(session):
        session.add(Case(reference="early"))
        session.flush()
        with pytest.raises(UnnamedChange):
            session.connection().commit()

    with pytest.raises(InvalidRequestError):
        ground.verb(goes_on)
    assert as_it_was(ground, jane)


def test_no_connection_commits_each_statement(ground, jane):
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session, pytest.raises(UnnamedChange):
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    assert as_it_was(ground, jane)


def test_what_the_named_session_writes_itself_passes_whatever_its_form(ground, jane):
    moved = update(HUMAN).values(part=Part.CHILD).returning(HUMAN.c.id).cte("moved")
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        session.hold()
        with session.writing() as connection:
            if not ground.sqlite:
                assert connection.execute(select(moved.c.id)).scalar_one() == jane.id
                with connection.connection.cursor().copy("COPY review (id) FROM STDIN"):
                    pass
            connection.execute(update(HUMAN).prefix_with("/*+ hint */").values(part=Part.CHILD))
        with pytest.raises(UnnamedChange):
            connection.execute(update(HUMAN).values(part=Part.VICTIM))
        with session.begin_nested():
            session.add(Case(reference="in a savepoint"))
    with ground.db.reading() as session:
        assert session.scalar(select(Human.part)) is Part.CHILD
        assert session.scalars(select(Case.reference).order_by(Case.reference)).all()[1:] == ["in a savepoint"]


@ON_SQLITE
def test_sqlite_lets_a_verb_write_only_while_it_writes(ground):
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.add(Case(reference="one"))
        session.flush()
        ask = session.connection().exec_driver_sql
        assert ask("PRAGMA query_only").scalar_one() == 1
        with session.writing():
            assert ask("PRAGMA query_only").scalar_one() == 0
        with pytest.raises(OperationalError), session.writing():
            ask("UPDATE nowhere SET x = 1")
        assert ask("PRAGMA query_only").scalar_one() == 1
