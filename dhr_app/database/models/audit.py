"""The audit trail: entries chained by their hashes, one chain for each review and one for the system."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, LargeBinary, Table, UniqueConstraint, text
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, clear, code
from dhr_app.database.models.event import Event

APPEND_ONLY = ("audit_entry", "event")  # as the first migration made them: it reads this, so nothing is added here
NEVER_CHANGED = (*APPEND_ONLY, "audit_leaf", "audit_checkpoint")


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


class AuditSalt(Base):
    """What an entry's clear texts were hashed with. It goes when what they said is destroyed; the entry stays."""

    __tablename__ = "audit_salt"

    chain: Mapped[UUID] = clear(primary_key=True)
    seq: Mapped[int] = clear(BigInteger, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = clear()


class AuditPayload(Base):
    """What the sealed cells of one data key held before and after an entry: to the entry's `commit` what it speaks of.

    Sealed with that data key, so that it is sealed anew when the key is and lost when the key is destroyed: rows may be
    re-sealed and removed. `generation` is 0 where the key was not to be had and only the envelopes are kept.
    """

    __tablename__ = "audit_payload"

    chain: Mapped[UUID] = clear(primary_key=True)
    seq: Mapped[int] = clear(BigInteger, primary_key=True, autoincrement=False)
    record_class: Mapped[str] = code(primary_key=True)
    subject_id: Mapped[UUID] = clear(primary_key=True)
    generation: Mapped[int] = clear(index=True)
    sealed: Mapped[bytes] = clear(LargeBinary)


class AuditLeaf(Base):
    """One leaf of the log of all chains: where a chain stood when a checkpoint was made. Leaves are counted from 0."""

    __tablename__ = "audit_leaf"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    position: Mapped[int] = clear(BigInteger, primary_key=True, autoincrement=False)
    chain: Mapped[UUID] = clear()
    seq: Mapped[int] = clear(BigInteger)
    hash: Mapped[bytes] = clear()


class AuditCheckpoint(Base):
    """A signed note of the log's size and root. The same bytes stand in a file of their own, which leaves the host."""

    __tablename__ = "audit_checkpoint"

    number: Mapped[int] = clear(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = clear()
    reason: Mapped[str] = code()
    size: Mapped[int] = clear(BigInteger)
    root: Mapped[bytes] = clear()
    note: Mapped[str] = clear(why="made of the installation's name, a number and hashes")


TRAIL = (AuditEntry, AuditHead, AuditSalt, AuditPayload, AuditLeaf, AuditCheckpoint)


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
@sa_event.listens_for(AuditLeaf.__table__, "after_create")
@sa_event.listens_for(AuditCheckpoint.__table__, "after_create")
@sa_event.listens_for(Event.__table__, "after_create")
def _protect(table: Table, connection: Connection, **options: Any) -> None:
    for statement in append_only(table.name, connection.dialect.name):
        connection.execute(text(statement))
