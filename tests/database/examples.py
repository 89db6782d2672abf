"""Small tables and people to try the ground with: a review, a person, a paper of an agency, a relative, a sign-in."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Engine, ForeignKey, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, relationship

from dhr_app.database.base import CONVENTION, KEPT_AS, Identified, SealedRow, clear, code
from dhr_app.database.keyring import Keyring, holding
from dhr_app.database.named_session import NamedSession
from dhr_app.database.sealed import Sealed, sealed_column
from dhr_app.database.session import Database

# For what only one of the two engines has; without it a test runs on both.
ON_SQLITE = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("ground", [pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)
AT = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)
ON = date(2026, 6, 3)


class ExampleBase(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = dict(KEPT_AS)


class Part(enum.StrEnum):
    VICTIM = "victim"
    CHILD = "child"


class Case(Identified, ExampleBase):
    __tablename__ = "review"
    reference: Mapped[str] = code()
    note: Mapped[str | None] = clear(why="an example of a clear text")
    looked_at: Mapped[datetime | None] = clear(unaudited="a last-seen time")
    counted: Mapped[int] = clear(default=0)
    people: Mapped[list[Human]] = relationship(cascade="all, delete-orphan")


class Human(SealedRow, ExampleBase):
    __tablename__ = "human"
    part: Mapped[Part] = clear(default=Part.VICTIM)
    full_name_ct: Mapped[bytes | None] = sealed_column()
    alias_ct: Mapped[bytes | None] = sealed_column()
    born_ct: Mapped[bytes | None] = sealed_column()
    known_ct: Mapped[bytes | None] = sealed_column()
    notes_ct: Mapped[bytes | None] = sealed_column(deferred=True)

    full_name = Sealed("person.full_name", column="full_name_ct", data_class="identities", kind=str)
    alias = Sealed("person.alias", column="alias_ct", data_class="identities", kind=str)
    born = Sealed("person.born", column="born_ct", data_class="identities", kind=date)
    known = Sealed("person.known", column="known_ct", data_class="identities", kind=bool, hide_null=True)
    notes = Sealed("person.notes", column="notes_ct", data_class="working_papers", kind=str, pad=256)


class Paper(SealedRow, ExampleBase):
    __tablename__ = "paper"
    agency_id: Mapped[UUID] = clear()
    body_ct: Mapped[bytes | None] = sealed_column()
    facts_ct: Mapped[bytes | None] = sealed_column()
    body = Sealed("paper.body", column="body_ct", data_class="working_papers", kind=str, agency="agency_id")
    facts = Sealed("paper.facts", column="facts_ct", data_class="working_papers", kind=dict, agency="agency_id")


class Relative(SealedRow, ExampleBase):
    __tablename__ = "relative"
    name_ct: Mapped[bytes | None] = sealed_column()
    name = Sealed("relative.name", column="name_ct", data_class="family", kind=str, subject="id")


class SignIn(Identified, ExampleBase):
    __tablename__ = "sign_in_example"
    secret_ct: Mapped[bytes | None] = sealed_column()
    settings: Mapped[dict[str, Any] | None] = clear(JSON)
    account_id: Mapped[UUID | None] = clear(ForeignKey("review.id"))
    secret = Sealed("sign_in.secret", column="secret_ct", data_class="system", kind=bytes)


@dataclass(frozen=True)
class Somebody:
    """A person as far as the ground looks."""

    name: str
    id: UUID | None = field(default_factory=uuid4)
    role: str = "coordinator"


@dataclass
class Ground:
    """A main database and a keystore of their own, and a way round every guard for those who attack: `raw`."""

    folder: Path
    db: Database
    raw: Engine
    raw_keystore: Engine
    url: str
    who: Somebody = field(default_factory=lambda: Somebody("Asha Patel"))
    closed: set[tuple[UUID | None, str]] = field(default_factory=set)
    ring: Keyring | None = None

    @property
    def sqlite(self) -> bool:
        return self.raw.dialect.name == "sqlite"

    def close(self) -> None:
        self.raw.dispose()
        self.raw_keystore.dispose()
        self.db.dispose()

    @contextmanager
    def locked(self, engine: Engine, *tables: str) -> Iterator[None]:
        """Somebody else holds these tables and lets nobody write: on SQLite the whole file."""
        with engine.connect() as other:
            held = ", ".join(tables)
            other.exec_driver_sql("begin exclusive" if self.sqlite else f"lock table {held} in exclusive mode")
            yield
            other.exec_driver_sql("rollback")

    def may_open(
        self, person: Somebody, review_id: UUID | None, data_class: str, *, agency_id: UUID | None, on: date
    ) -> bool:
        return (review_id, data_class) not in self.closed

    def keyring(self, who: Somebody | None = None) -> Keyring:
        return Keyring(who or self.who, ON, self.db.keystore, policy=self.may_open, record_access=self.db.record_access)

    @contextmanager
    def request(self, who: Somebody | None = None) -> Iterator[Keyring]:
        """One request: a keyring of its own."""
        with holding(self.keyring(who)) as ring:
            yield ring

    def tamper(self, sql: str, **values: Any) -> None:
        """Do by SQL what somebody with the file could do."""
        with self.raw.begin() as connection:
            connection.execute(text(sql), values)

    def stored(self, row: Any, column: str) -> bytes:
        with self.raw.connect() as connection:
            table = row.__tablename__
            query = text(f"select {column} from {table} where id = :id")  # noqa: S608
            return bytes(connection.execute(query, {"id": row.id.hex}).scalar_one())

    def put(self, row: Any, column: str, value: bytes | None) -> None:
        table = row.__tablename__
        self.tamper(f"update {table} set {column} = :value where id = :id", value=value, id=row.id.hex)  # noqa: S608

    def case(self, reference: str = "DHR-2026-001") -> Case:
        with self.db.transaction(by=self.who, at=AT) as session:
            case = Case(reference=reference)
            session.add(case)
        return case

    def verb(self, work: Callable[[NamedSession], Any]) -> Any:
        """One verb with a keyring of its own."""
        with self.request(), self.db.transaction(by=self.who, at=AT) as session:
            return work(session)

    def failing(self, work: Callable[[NamedSession], Any]) -> None:
        """One verb that fails with RuntimeError after its work."""

        def fails(session: NamedSession) -> None:
            work(session)
            session.flush()
            raise RuntimeError

        self.verb(fails)

    def add(self, *rows: Any) -> None:
        with self.db.transaction(by=self.who, at=AT) as session:
            session.add_all(rows)

    def human(self, case: Case, **values: Any) -> Human:
        with self.request(), self.db.transaction(by=self.who, at=AT) as session:
            human = Human(review_id=case.id, **values)
            session.add(human)
        return human

    def read(self, row: Any, name: str) -> Any:
        """Open one value in a request of its own, announced as it must be."""
        classes = ("identities", "working_papers", "family")
        with self.request() as ring:
            ring.announce(row.review_id, classes, at=AT)
            with self.db.reading() as session:
                return getattr(session.get_one(type(row), row.id), name)


def bent(stored: bytes) -> bytes:
    """A sealed value with its last byte changed, whatever that was: it opens nothing."""
    return stored[:-1] + bytes([stored[-1] ^ 1])
