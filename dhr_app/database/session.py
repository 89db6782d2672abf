"""The two ways into the memory: `reading()`, one consistent picture, and `transaction()`, a change with a name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine

from dhr_app.adapters.clock import london_date
from dhr_app.database import shown
from dhr_app.database.audit import record
from dhr_app.database.context import Actor, Verb, current_verb, current_via
from dhr_app.database.engine import translating
from dhr_app.database.errors import UnnamedChange
from dhr_app.database.guard import guard
from dhr_app.database.keystore import Keystore
from dhr_app.database.named_session import NamedSession

OPENED, REFUSED = "opened", "refused"

current_database: ContextVar[Database | None] = ContextVar("current_database", default=None)
current_session: ContextVar[NamedSession | None] = ContextVar("current_session", default=None)


class Database:
    """The main database and keystore of one installation. Thread-safe: sessions belong to their thread's context."""

    def __init__(self, engine: Engine, keystore: Keystore) -> None:
        self.engine, self.keystore = engine, keystore
        guard(engine)

    @contextmanager
    def reading(self) -> Iterator[NamedSession]:
        """A session on one consistent picture, which refuses every change. Inside another block, that block's session.

        Raises DatabaseUnavailable when the database is locked or gone.
        """
        outer = current_session.get()
        if outer is not None:
            yield outer
            return
        session = NamedSession(self.engine)
        with translating(), _in_context(session):
            yield session

    @contextmanager
    def transaction(self, *, by: Actor, at: datetime) -> Iterator[NamedSession]:
        """A session whose changes are committed with their audit entries at the end, or not at all after an error.

        `at` is aware and in UTC. Raises UnnamedChange without a name or inside another transaction, and
        DatabaseUnavailable when the database is locked or gone, with nothing half-written. Inside `reading()` it ends
        that picture: what was read there is read again when next asked for.
        """
        outer = current_session.get()
        if outer is not None and outer.verb is not None:
            raise UnnamedChange("A transaction was begun inside another: verbs share helpers, they do not call verbs.")
        if outer is not None:
            outer.rollback()
        with self._verb(by, at) as session:
            yield session

    def record_access(
        self, *, review_id: UUID | None, classes: Collection[str], among: int | None = None, by: Actor, at: datetime
    ) -> None:
        """Commit that somebody opens these classes of data, in a transaction of its own, before anything is opened.

        `among` tells how many reviews, where many are looked through at once. Of a review that is open to somebody in
        an emergency the entry says so.
        """
        details: dict[str, object] = {"classes": sorted(str(each) for each in classes)}
        if any(each.review_id == review_id for each in getattr(by, "emergencies", ())):
            details["emergency"] = True
        self._record(OPENED, by, at, review_id, details if among is None else {**details, "reviews": among})

    def record_refusal(
        self, *, review_id: UUID | None, what: str, reasons: Collection[str] = (), by: Actor, at: datetime
    ) -> None:
        """Commit that something was refused, after its rollback. `what` and `reasons` are codes, never sentences."""
        self._record(REFUSED, by, at, review_id, {"what": what, "reasons": list(reasons)})

    def dispose(self) -> None:
        """Close every pooled connection of both databases."""
        self.engine.dispose()
        self.keystore.engine.dispose()

    def _record(self, kind: str, by: Actor, at: datetime, review_id: UUID | None, details: dict[str, object]) -> None:
        outer = current_session.get()
        if outer is not None and outer.verb is not None:
            raise UnnamedChange(f"“{kind}” is recorded in a transaction of its own, not inside another.")
        with self._verb(by, at) as session:
            record(session, kind, happened_on=london_date(at), review_id=review_id, details=details)

    @contextmanager
    def _verb(self, by: Actor, at: datetime) -> Iterator[NamedSession]:
        verb = _named(by, at)
        session = NamedSession(self.engine, verb)
        with translating(), _in_context(session):
            try:
                yield session
                session.come_to_an_end()
                shown.tell(session, verb.openings)
                session.finish()
            except BaseException:
                session.abandon()
                self._keep_openings(verb)
                raise

    def _keep_openings(self, verb: Verb) -> None:
        """What a failed verb had opened was opened all the same, so it is entered though nothing else happened."""
        if not verb.openings:
            return
        session = NamedSession(self.engine, Verb(verb.by, verb.at))
        with _in_context(session):
            session.hold()
            shown.tell(session, verb.openings, undone=True)
            session.flush()
            with session.writing() as connection:
                session.trail.append(connection, verb, undone=True)
            session.finish()


@contextmanager
def using(database: Database) -> Iterator[Database]:
    """Let `reading()` and `transaction()` mean this database, in this thread, until the block ends."""
    token = current_database.set(database)
    try:
        yield database
    finally:
        current_database.reset(token)


def database() -> Database:
    """The database in use. Raises UnnamedChange where none was named."""
    found = current_database.get()
    if found is None:
        raise UnnamedChange("No database is in use here.")
    return found


@contextmanager
def reading() -> Iterator[NamedSession]:
    """`Database.reading` of the database in use."""
    with database().reading() as session:
        yield session


@contextmanager
def transaction(*, by: Actor, at: datetime) -> Iterator[NamedSession]:
    """`Database.transaction` of the database in use."""
    with database().transaction(by=by, at=at) as session:
        yield session


@contextmanager
def _in_context(session: NamedSession) -> Iterator[None]:
    tokens = current_session.set(session), current_verb.set(session.verb)
    try:
        yield
    finally:
        current_verb.reset(tokens[1])
        current_session.reset(tokens[0])
        session.close()


def _named(by: Actor, at: datetime) -> Verb:
    if not getattr(by, "name", None):
        raise UnnamedChange("A transaction needs the name of whoever makes the change.")
    if at.utcoffset() != timedelta(0):
        raise ValueError("The moment of a change must be aware and in UTC.")
    return Verb(by, at, via=current_via.get())
