"""The session: no change without a name, none before the writer's turn, and none without its audit entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any, NoReturn
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, Update, Uuid, bindparam, column, inspect, select, table, text
from sqlalchemy import event as sa_event
from sqlalchemy.orm import InstanceState, Mapper, Session, SessionTransaction, UOWTransaction

from dhr_app.database.audit import Head, Trail
from dhr_app.database.context import Verb
from dhr_app.database.errors import ChangedMeanwhile, UnnamedChange
from dhr_app.database.guard import UNTOLD, named
from dhr_app.database.models.audit import AuditHead

# SQLite lets its writers wait by sleeping ever longer; threads of one process take turns here, as they come.
# PostgreSQL would let them all commit at once; as Python runs one thread at a time, they would only interrupt each
# other at every wait for the server: one after the other each is sooner done (docs/running.md has the figures).
_TURNS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()
TURN_SECONDS = 1.0  # after so long the database's own lock decides
COMMIT_TURN_SECONDS = 0.02  # after so long it is the server that is slow, or somebody waits there for this very commit
_REVIEW = table("review", column("id", Uuid))
_ONE_PICTURE = {"sqlite": "BEGIN", "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"}
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class NamedSession(Session):
    """A session that reads, or, with a verb, changes in somebody's name. `transaction()` alone commits it."""

    def __init__(self, engine: Engine, verb: Verb | None = None) -> None:
        super().__init__(bind=engine, expire_on_commit=False)
        self.verb, self.trail = verb, Trail()
        self._holding = False
        self._turn: Lock | None = None
        self._notes: dict[str, Any] = {}
        self._locked: Any = None  # the review, held here so that it is not forgotten before it is asked for

    @property
    def by_sqlite(self) -> bool:
        """Whether SQLite's one writer lock is what has to be taken."""
        return bool(self.get_bind().dialect.name == "sqlite")

    def lock(self, review_id: UUID, *, read: type[Any] | None = None) -> None:
        """Let nobody else change this review until the end; what was loaded before is read again when next asked for.

        On SQLite it waits for the one writer lock, on PostgreSQL for the review's row, which is loaded as the class
        `read` where one is given, so that it need not be asked for again. Called first in a verb, before anything is
        changed: raises UnnamedChange otherwise, since unsaved changes would be lost.
        """
        if self.verb is None:
            raise UnnamedChange("A review was locked outside a transaction.")
        if self._changed():
            raise UnnamedChange("Lock the review before changing anything.")
        fresh = not self._holding
        self._hold()
        if fresh or not self.by_sqlite:
            self.expire_all()
        if not self.by_sqlite:  # and read in the same journey to the server
            statement = _locking(read)  # type: ignore[arg-type]  # a class can be hashed, whatever mypy holds
            self._locked = self.execute(statement, {"its_id": review_id}).one_or_none()
            if self._locked is not None and self._locked.seq is not None:
                self.trail.heads[review_id] = Head(self._locked.seq, self._locked.hash)

    def queue(self, name: str) -> None:
        """Let only one at a time go on who does what is called so, until the end: for what has no row to lock yet.

        On SQLite it waits for the one writer lock.
        """
        self.hold()
        if not self.by_sqlite:
            self.execute(_ONE_AT_A_TIME, {"name": name})

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what changed. Raises UnnamedChange without a verb, ChangedMeanwhile where a row is not as read."""
        if self._changed():
            if self.verb is None:
                raise UnnamedChange("Something was changed outside transaction(by=…, at=…).")
            self.hold()
            with self.writing():
                super().flush(objects)
        else:
            super().flush(objects)

    def hold(self) -> None:
        """Become the writer before the first change. What was only read is expired; what changed must still be true."""
        if self._holding:
            return
        self._hold()
        touched = [*self.dirty, *self.deleted]
        for row in list(self.identity_map.values()):
            if not any(row is each for each in touched):
                self.expire(row)
        for row in touched:
            self._must_still_be_true(row)

    def swap(self, statement: Update, each: Sequence[Mapping[str, Any]]) -> int:
        """Execute an update for each of these, which sets a row only where it is still as it was read.

        Not through the rows' objects: what is sealed anew is not a new version, and nobody's form is stale for it.
        Returns how many were still so; the caller tells of them in the trail. Raises UnnamedChange without a verb.
        """
        if self.verb is None:
            raise UnnamedChange("Something was changed outside transaction(by=…, at=…).")
        self.hold()
        with self.writing() as connection:
            return connection.execute(statement, each).rowcount

    def begin_nested(self) -> SessionTransaction:
        """A savepoint; the writer lock comes first, since outside a transaction SQLite would begin one of its own."""
        if self.verb is None:
            raise UnnamedChange("A savepoint was begun outside a transaction.")
        self.hold()
        return super().begin_nested()

    def commit(self) -> NoReturn:
        """Refused: the end of `transaction()` commits."""
        raise UnnamedChange("Only the end of transaction() commits.")

    def rollback(self) -> None:
        """Refused in a verb: raise instead, or use a savepoint."""
        if self.verb is not None:
            raise UnnamedChange("Only leaving transaction() by an error rolls it back; a savepoint may be.")
        super().rollback()

    def come_to_an_end(self) -> None:
        """Wait until no other thread is writing down what its verb did, but not for long; for `Database` only."""
        if not self.by_sqlite:
            self._take_turn(COMMIT_TURN_SECONDS)

    def finish(self) -> None:
        """Commit, the audit entries last; for `Database` only."""
        super().commit()
        self._pass_on()

    def abandon(self) -> None:
        """Roll back; for `Database` only."""
        super().rollback()
        self._pass_on()

    def close(self) -> None:
        """Let go of the connection, and of the writer's turn."""
        super().close()
        self._pass_on()

    def _hold(self) -> None:
        if not self._holding and self.by_sqlite:
            connection = self.connection()
            self._take_turn(TURN_SECONDS)
            with self.writing():
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        self._holding = True

    def _take_turn(self, seconds: float) -> None:
        turn = _TURNS.setdefault(self.get_bind().engine, Lock())
        self._turn = turn if turn.acquire(timeout=seconds) else None

    def _pass_on(self) -> None:
        if self._turn is not None:
            self._turn.release()
            self._turn = None

    def _changed(self) -> bool:
        return bool(self.new or self.deleted) or any(self.is_modified(row) for row in self.dirty)

    def _must_still_be_true(self, row: Any) -> None:
        state: InstanceState[Any] = inspect(row)
        known = {**state.dict, **state.committed_state}
        read = [each for each in state.mapper.column_attrs if each.key in known]
        identity = dict(zip(state.mapper.primary_key, state.identity or (), strict=True))
        now = (
            self.connection()
            .execute(
                select(*[each.columns[0] for each in read])
                .where(*[key == value for key, value in identity.items()])
                .with_for_update()
            )
            .one_or_none()
        )
        if now is None or any(known[each.key] != value for each, value in zip(read, now, strict=True)):
            raise ChangedMeanwhile(row.__tablename__, ":".join(str(value) for value in identity.values()))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Let the session's connection change rows until the block ends; for this room only."""
        connection = self.connection()
        with named(connection) as self._notes:
            yield connection

    def told(self) -> None:
        """Every change so far has its entry, so that it may be committed; for this room only."""
        self._notes.pop(UNTOLD, None)


@cache
def _locking(read: Any) -> Select[Any]:
    """The review's row, locked, and where its chain of the audit trail ends, which nobody is kept from extending."""
    review = _REVIEW if read is None else read.__table__
    chosen = [_REVIEW.c.id] if read is None else [read]
    return (
        select(*chosen, AuditHead.seq, AuditHead.hash)
        .select_from(review)
        .outerjoin(AuditHead, AuditHead.chain == review.c.id)
        .where(review.c.id == bindparam("its_id"))
        .with_for_update(of=review)
    )


@sa_event.listens_for(NamedSession, "after_begin")
def _begin(session: NamedSession, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return
    if session.verb is None:
        connection.exec_driver_sql(_ONE_PICTURE["sqlite" if session.by_sqlite else "postgresql"])


@sa_event.listens_for(Mapper, "before_delete")
def _read_what_goes(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    for attribute in mapper.column_attrs:  # the entry tells what was there, deferred columns too
        getattr(row, attribute.key)


@sa_event.listens_for(NamedSession, "after_flush")
def _collect(session: NamedSession, flushed: UOWTransaction) -> None:
    session.trail.collect(session, flushed)


@sa_event.listens_for(NamedSession, "after_transaction_create")
def _mark(session: NamedSession, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.trail.mark(transaction)


@sa_event.listens_for(NamedSession, "after_soft_rollback")
def _rewind(session: NamedSession, previous: SessionTransaction) -> None:
    if previous.nested:
        session.trail.rewind(previous)


@sa_event.listens_for(NamedSession, "before_commit")
def _append(session: NamedSession) -> None:
    if session.verb is None or session.in_nested_transaction():
        return
    session.flush()
    if session.trail.pending or session.verb.openings:
        session.hold()
        with session.writing() as connection:
            session.trail.append(connection, session.verb)
    session.told()
