"""Who may do what in PostgreSQL: the tables are the owner’s, and the program’s own role gets only what it needs.

A program that is broken into can then neither rewrite the audit trail nor switch off what guards it. SQLite has no
roles: whoever has the file may do everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, Engine, inspect, make_url, text

from dhr_app.database.engine import translating

KEPT = "SELECT, INSERT"
ORDINARY = "SELECT, INSERT, UPDATE, DELETE"
READ = "SELECT"
READ_ONLY = ("alembic_version",)
_OWNS = text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    " AND pg_has_role(current_user, relowner, 'MEMBER')"
)
_CHANGES = text("SELECT has_table_privilege(:table, :rights) OR has_any_column_privilege(:table, 'UPDATE')")


def role_of(url: str) -> str:
    """The role that a database’s address signs in as. Raises ValueError where it names none."""
    role = make_url(url).username
    if not role:
        raise ValueError("The address of a database with an owner of its own must name the role that works with it.")
    return role


def give(engine: Engine, *, to: str, append_only: Collection[str] = ()) -> None:
    """Give this role exactly what the program needs on the owner’s tables, and take away whatever else it was given.

    `engine` is the owner’s. Safe to repeat; does nothing on SQLite. Raises DatabaseUnavailable.
    """
    if engine.dialect.name == "sqlite":
        return
    with translating(), engine.begin() as connection:
        name = engine.dialect.identifier_preparer.quote
        role = name(to)
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}"))
        for table in sorted(inspect(connection).get_table_names()):
            rights = READ if table in READ_ONLY else KEPT if table in append_only else ORDINARY
            connection.execute(text(f"GRANT {rights} ON {name(table)} TO {role}"))


def excess(connection: Connection, *, append_only: Collection[str] = ()) -> list[str]:
    """What the role of this connection is or may and must not, in words; empty where all is well, and on SQLite."""
    return [] if connection.dialect.name == "sqlite" else list(_excess(connection, append_only))


def _excess(connection: Connection, append_only: Collection[str]) -> Iterator[str]:
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        yield "is a superuser"
        return  # who may do anything: the rest would say nothing new
    if connection.scalar(text("SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user")):
        yield "may make roles"
    if connection.scalar(_OWNS):
        yield "owns tables"
    if connection.scalar(text("SELECT has_schema_privilege('public', 'CREATE')")):
        yield "may make tables"
    for table in sorted({*append_only, *READ_ONLY} & {*inspect(connection).get_table_names()}):
        if connection.scalar(_CHANGES, {"table": table, "rights": "DELETE, TRUNCATE, TRIGGER"}):
            yield f"may change {table}"
