"""Every form of SQL in which somebody could write past the objects of a session, for a table of one’s choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import DDL, Executable, Table, delete, insert, literal_column, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from dhr_app.database.errors import UnnamedChange

_TEXTS = [
    "UPDATE a_table SET a_column = NULL",
    "UPDATE /*+ hint */ a_table SET a_column = NULL",
    "UPDATE -- note\n a_table SET a_column = NULL",
    'UPDATE "a_table" SET a_column = NULL',
    'UPDATE "main"."a_table" SET a_column = NULL',
    'UPDATE "public"."a_table" SET a_column = NULL',
    'UPDATE a_table AS "x" SET a_column = NULL',
    "UPDATE [a_table] SET a_column = NULL",
    "UPDATE `a_table` SET a_column = NULL",
    "INSERT /*x*/ INTO a_table (a_column) VALUES (NULL)",
    "INSERT INTO [a_table] (a_column) VALUES (NULL)",
    "REPLACE INTO a_table (a_column) VALUES (NULL)",
    "DELETE /**/ FROM a_table",
    "MERGE INTO a_table USING review ON (true) WHEN MATCHED THEN DELETE",
    "WITH x AS (SELECT 1) UPDATE a_table SET a_column = NULL",
    "WITH x AS (SELECT 1) DELETE FROM a_table",
    "WITH x AS (SELECT 1) INSERT INTO a_table (a_column) VALUES (NULL)",
    "WITH x AS (DELETE FROM a_table RETURNING id) SELECT * FROM x",
    "EXPLAIN ANALYZE DELETE FROM a_table",
    "SELECT id INTO copied FROM a_table",
    "CREATE TABLE copied AS SELECT id FROM a_table",
    "CREATE TEMP TABLE copied (x int)",
    "TRUNCATE a_table",
    "COPY a_table (a_column) FROM STDIN",
    "DO $$ BEGIN DELETE FROM a_table; END $$",
    "CALL f()",
    "SELECT 1; DELETE FROM a_table",
    "DROP TABLE a_table",
    "VACUUM",
    "PRAGMA query_only=OFF",
    "SET ROLE NONE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT mine",
]


def every_form(table: Table, values: dict[str, Any], change: dict[str, Any]) -> list[str | Executable]:
    """Texts in the dialects of both engines, and statements of Core: `values` make a row, `change` is set in all."""
    (column,) = change
    texts = [each.replace("a_table", table.name).replace("a_column", column) for each in _TEXTS]
    return [*texts, *_core(table, values, change)]


def _core(table: Table, values: dict[str, Any], change: dict[str, Any]) -> list[Executable]:
    moved = update(table).values(change).returning(table.c.id).cte("moved")
    names = [table.c[name] for name in values]
    emptied = "DELETE FROM a_table".replace("a_table", table.name)
    return [
        insert(table).values(values),
        insert(table).prefix_with("/*x*/").values(values),
        insert(table).prefix_with("OR REPLACE").values(values),
        insert(table).from_select(names, select(*names)),
        update(table).values(change),
        update(table).prefix_with("/*+ hint */").values(change),
        delete(table),
        delete(table).prefix_with("/**/"),
        select(moved.c.id),
        select(table.c.id).suffix_with(f"; {emptied}"),
        select(literal_column("1 INTO copied")),
        DDL(emptied),
        CreateTable(table),
    ]


def not_refused(session: Session, statements: Iterable[str | Executable]) -> list[str]:
    """Those of these statements that pass, by the session or by its connection."""
    connection = session.connection()
    found = []
    for each in statements:
        if isinstance(each, str):
            ways = (_asking(session.execute, text(each)), _asking(connection.exec_driver_sql, each))
        else:
            ways = (_asking(session.execute, each), _asking(connection.execute, each))
        found += [str(each) for way in ways if not _refused(way)]
    return found


def _asking(how: Callable[[Any], Any], what: Any) -> Callable[[], Any]:
    return lambda: how(what)


def _refused(way: Callable[[], Any]) -> bool:
    try:
        way()
    except UnnamedChange:
        return True
    return False
