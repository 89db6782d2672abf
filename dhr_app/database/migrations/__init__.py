"""How the main database came to be as it is: step after step, and whether the steps lead to what the models say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from dhr_app.database.engine import main_engine, translating
from dhr_app.database.models import AuditEntry

HERE = Path(__file__).parent
THROWN_AWAY = "sqlite:///:memory:"
_PART = re.compile(r"""(?:[^,()"']|"[^"]*"|'[^']*'|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+""")


def upgrade(engine: Engine, to: str = "head") -> tuple[str | None, str | None]:
    """Take the database to the newest step, or to an earlier one, all of it or nothing.

    Returns the step before and the step now. Raises DatabaseUnavailable when it is locked or gone.
    """
    with translating(), _changing(engine) as connection:
        before = revision(connection)
        command.upgrade(_config(connection), to)
        return before, revision(connection)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to an earlier step, where each later one can be undone. Raises what the step raises."""
    with translating(), _changing(engine) as connection:
        command.downgrade(_config(connection), to)


def revision(connection: Connection) -> str | None:
    """The step this database is at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The step that this version of the program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def make_migration(words: str) -> Path:
    """Write the next step from what the models say now. It is a draft: read it, and tidy it, before it lands."""
    engine = main_engine(THROWN_AWAY, create=True)
    with engine.connect() as connection:
        config = _config(connection)
        command.upgrade(config, "head")
        last = int(newest() or 0)
        rev_id = f"{last + 1:04}"
        command.revision(config, message=words, autogenerate=True, rev_id=rev_id)
    return next((HERE / "versions").glob(f"{rev_id}_*.py"))


def differences() -> list[str]:
    """What the models say and the migrations do not make, or the other way round; empty where they agree.

    Two throw-away databases are made, one by each, and their tables, indexes and triggers compared word by word:
    unlike Alembic's own comparison this sees checks and triggers too.
    """
    by_migrations, by_models = main_engine(THROWN_AWAY, create=True), main_engine(THROWN_AWAY, create=True)
    upgrade(by_migrations)
    AuditEntry.metadata.create_all(by_models)
    with by_migrations.connect() as made, by_models.connect() as said:
        found, wanted = _described(made), _described(said)
    lines = [f"only the models have {line}" for line in sorted(wanted - found)]
    return lines + [f"only the migrations make {line}" for line in sorted(found - wanted)]


def _described(connection: Connection) -> set[str]:
    """Every part of every definition in an SQLite database, one line each, whatever their order."""
    rows = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'alembic%'"
    )
    return {
        f"{kind} {name}: {' '.join(part.split())}"
        for kind, name, sql in rows
        for part in (_parts(sql) if kind == "table" else [sql])
    }


def _parts(sql: str) -> list[str]:
    """The columns and constraints of a CREATE TABLE statement."""
    return _PART.findall(sql[sql.index("(") + 1 : sql.rindex(")")])


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """One transaction that changes tables. SQLite rebuilds a table to change it, so references are checked last."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
            if connection.dialect.name == "sqlite":
                _refuse_broken_references(connection)
            connection.commit()
        finally:
            connection.rollback()
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")
                connection.rollback()


def _refuse_broken_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise ValueError(f"a migration left rows that refer to nothing, in {sorted({row[0] for row in broken})}")
