"""The migrations make exactly what the models say, whole or not at all, and are never undone to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Column, Engine, Text, inspect
from sqlalchemy.exc import DatabaseError, IntegrityError

from dhr_app.database import migrations
from dhr_app.database.base import Base
from dhr_app.database.engine import main_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = main_engine(f"sqlite:///{tmp_path}/dhr.db", create=True)
    yield made
    made.dispose()


def test_migrations_and_models_agree() -> None:
    assert migrations.differences() == []


def test_alembic_finds_nothing_to_add_either(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_column_a_check_and_a_trigger_that_only_one_side_has_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = Base.metadata.__class__(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(copied)  # copies tables, not what listens to them: the triggers stay behind
    copied.tables["agency"].append_column(Column("nickname", Text))
    copied.tables["agency"].append_constraint(CheckConstraint("from_on < to_on", name="in_order"))
    monkeypatch.setattr(migrations, "AuditEntry", SimpleNamespace(metadata=copied))
    found = migrations.differences()
    assert "only the models have table agency: nickname TEXT" in found
    assert "only the models have table agency: CONSTRAINT ck_agency_in_order CHECK (from_on < to_on)" in found
    assert sum(line.startswith("only the migrations make trigger event_no_") for line in found) == 2


def test_an_empty_database_is_taken_to_the_newest_step_once(engine: Engine) -> None:
    assert migrations.upgrade(engine) == (None, migrations.newest())
    assert migrations.upgrade(engine) == (migrations.newest(), migrations.newest())
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


@pytest.mark.parametrize("change", ["UPDATE event SET kind = 'moved'", "DELETE FROM event", "DELETE FROM audit_entry"])
def test_a_migrated_trail_can_only_be_added_to(engine: Engine, change: str) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO event (id, kind, happened_on, recorded_at, ordinal, recorded_by_name, details) "
            "VALUES ('a', 'told', '2026-06-03', '2026-06-03', 1, 'a test', '{}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO audit_entry (chain, seq, at, body, prev, hash) "
            "VALUES ('a', 1, '2026-06-03', x'00', x'00', x'01')"
        )
        with pytest.raises(IntegrityError, match="append-only"):
            connection.exec_driver_sql(change)


def test_a_step_that_fails_leaves_nothing_half_made(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE telling (id TEXT)")  # one of the last that the first step makes
    with pytest.raises(DatabaseError, match="already exists"):
        migrations.upgrade(engine)
    assert inspect(engine).get_table_names() == ["telling"]


def test_rows_that_refer_to_nothing_stop_a_step(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(
            "INSERT INTO agency (id, name, short_name, kind, leads_reviews, successor_id) "
            "VALUES ('a', 'A', 'A', 'other', 0, 'gone')"
        )
    with pytest.raises(ValueError, match="agency"):
        migrations.upgrade(engine)


def test_the_first_step_is_not_undone_and_nothing_is_lost_by_trying(engine: Engine) -> None:
    migrations.upgrade(engine)
    with pytest.raises(RuntimeError, match="cannot be undone"):
        migrations.downgrade(engine, "base")
    with engine.connect() as connection:
        assert migrations.revision(connection) == migrations.newest()
    assert set(inspect(engine).get_table_names()) >= set(Base.metadata.tables)


def test_references_are_minded_again_after_a_migration(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
