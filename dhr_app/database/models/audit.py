"""The audit trail: entries chained by their hashes, one chain for each review and one for the system."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Table, UniqueConstraint, text
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, clear
from dhr_app.database.models.event import Event

APPEND_ONLY = ("audit_entry", "event")


class AuditEntry(Base):
    """One entry. `body` holds the exact bytes that were hashed; the unique (chain, prev) forbids a fork."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain", "prev"),)

    chain: Mapped[UUID] = clear(primary_key=True)
    seq: Mapped[int] = clear(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = clear()
    body: Mapped[bytes] = clear()
    prev: Mapped[bytes] = clear()
    hash: Mapped[bytes] = clear()


class AuditHead(Base):
    """Where a chain ends: a cache, not evidence."""

    __tablename__ = "audit_head"

    chain: Mapped[UUID] = clear(primary_key=True)
    seq: Mapped[int] = clear(BigInteger)
    hash: Mapped[bytes] = clear()


def append_only(table: str, dialect: str) -> tuple[str, ...]:
    """The statements that make a table refuse any change or removal of a row; for `create_all` and for migrations."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("update", "delete")
        )
    return (
        "CREATE OR REPLACE FUNCTION dhr_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION dhr_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION dhr_append_only()",
    )


@sa_event.listens_for(AuditEntry.__table__, "after_create")
@sa_event.listens_for(Event.__table__, "after_create")
def _protect(table: Table, connection: Connection, **options: Any) -> None:
    for statement in append_only(table.name, connection.dialect.name):
        connection.execute(text(statement))
