"""Every step of the database goes up, and down where it can, on SQLite and on PostgreSQL; with rows in it too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from dhr_app.database import migrations
from dhr_app.database.base import Base
from dhr_app.database.engine import main_engine
from tests.postgres import MAIN, Postgres

# Everything of one PostgreSQL schema that a model or a step can make, one line each.
DESCRIBED = """
SELECT 'column ' || c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION SELECT 'constraint ' || c.relname || '.' || k.conname || ': ' || pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = 'public'::regnamespace
UNION SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
UNION SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database, and its owner’s way into it."""
    if request.param == "sqlite":
        made = main_engine(f"sqlite:///{tmp_path}/dhr.db", create=True)
    else:
        made = _new_on(request.getfixturevalue("postgres"))
    yield made
    made.dispose()


def _new_on(server: Postgres) -> Engine:
    return create_engine(server.url(server.database(MAIN), "owner"), poolclass=NullPool)


def steps() -> list[str]:
    """Every step, the newest first."""
    return [step.revision for step in ScriptDirectory(str(migrations.HERE)).walk_revisions()]


def described(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        return migrations._described(connection)
    found = connection.scalars(text(DESCRIBED))
    return {line for line in found if "alembic_version" not in line}


def test_each_step_that_is_undone_can_be_made_again(engine: Engine) -> None:
    migrations.upgrade(engine)
    for step, before in pairwise(steps()):
        with engine.connect() as connection:
            made = described(connection)
        migrations.downgrade(engine, before)
        with engine.connect() as connection:
            assert migrations.revision(connection) == before
        migrations.upgrade(engine, step)
        with engine.connect() as connection:
            assert described(connection) == made, f"down from {step} and up again"
        migrations.downgrade(engine, before)


def test_alembic_finds_nothing_to_add(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_first_step_is_not_undone(engine: Engine) -> None:
    migrations.upgrade(engine)
    with pytest.raises(RuntimeError, match="cannot be undone"):
        migrations.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) >= set(Base.metadata.tables)


@pytest.mark.slow
def test_on_postgresql_too_the_steps_lead_to_what_the_models_say(postgres: Postgres) -> None:
    """`dhr migrations-agree` compares on SQLite; here are PostgreSQL’s own words for both."""
    by_steps, by_models = _new_on(postgres), _new_on(postgres)
    migrations.upgrade(by_steps)
    Base.metadata.create_all(by_models)
    with by_steps.connect() as made, by_models.connect() as said:
        found, wanted = described(made), described(said)
    assert found - wanted == set()
    assert wanted - found == set()
    assert any(line.startswith("trigger") for line in found)
