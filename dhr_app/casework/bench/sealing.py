"""What sealing costs: one value opened beside the bare cipher, and a table of them read beside sqlalchemy-utils’."""

from __future__ import annotations

import gc
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, ForeignKey, MetaData, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from dhr_app.casework.bench.ground import Ground, prepare
from dhr_app.casework.house import at_work
from dhr_app.casework.principal import people_in
from dhr_app.database.base import SealedRow
from dhr_app.database.envelope import Envelope, Place, seal, unseal
from dhr_app.database.keyring import holding
from dhr_app.database.models.review import Review
from dhr_app.database.sealed import Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.roles import Role

VALUES, ROWS, REVIEWS, ROUNDS, GENERATION, PAD = 2_000, 2_000, 10, 25, 1, 32
NAME = "measured.name"
OPEN_GOAL, CHEAPER_GOAL = 2.0, 3.0
_HEADER, _LENGTH = struct.Struct(">BI"), struct.Struct(">H")


@dataclass(frozen=True)
class SealingFigures:
    """Microseconds (medians): opening one value, and reading one field of a row beyond a plain column.

    `theirs_us` is None where sqlalchemy-utils is not installed.
    """

    open_us: float
    cipher_us: float
    ours_us: float
    theirs_us: float | None

    @property
    def over_cipher(self) -> float:
        """How many times longer opening takes than the bare cipher with the same associated data."""
        return self.open_us / self.cipher_us

    @property
    def cheaper(self) -> float | None:
        """How many times less a sealed field costs than one of sqlalchemy-utils’ AesGcmEngine."""
        return None if self.theirs_us is None else self.theirs_us / self.ours_us

    def as_json(self) -> dict[str, float | None]:
        """The keys that other programs read."""
        return {
            "open_us": round(self.open_us, 2),
            "cipher_us": round(self.cipher_us, 2),
            "open_over_cipher": round(self.over_cipher, 2),
            "field_us": round(self.ours_us, 2),
            "sqlalchemy_utils_field_us": None if self.theirs_us is None else round(self.theirs_us, 2),
            "cheaper": None if self.cheaper is None else round(self.cheaper, 2),
        }


def in_lines(figures: SealingFigures) -> Iterator[str]:
    """The figures as people read them, with the goals they are held against."""
    yield f"Opening one value: {figures.over_cipher:.2f} times the bare cipher (goal: at most {OPEN_GOAL})"
    if figures.cheaper is None:
        yield f"A sealed field: {figures.ours_us:.1f} µs beyond a plain one (sqlalchemy-utils is not installed)"
    else:
        yield (
            f"A sealed field beyond a plain one: {figures.cheaper:.1f} times cheaper than sqlalchemy-utils’"
            f" AesGcmEngine (goal: at least {CHEAPER_GOAL})"
        )


def measure_sealing(folder: Path, *, values: int = VALUES, rows: int = ROWS, rounds: int = ROUNDS) -> SealingFigures:
    """Measure on an installation with a few reviews, and tables of their own in the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    open_us, cipher_us = _opening(AESGCM(os.urandom(32)), values, rounds)
    ground = prepare(folder / "instance", REVIEWS)
    try:
        with at_work(ground.house):
            ours_us, theirs_us = _reading(ground, folder, rows, rounds)
    finally:
        ground.house.database.dispose()
    return SealingFigures(open_us, cipher_us, ours_us, theirs_us)


# --- One value -------------------------------------------------------------------------------------------------------


def _opening(cipher: AESGCM, values: int, rounds: int) -> tuple[float, float]:
    """Microseconds to open a value, ours and by the bare cipher, in turns so that noise falls on both alike."""
    made = []
    for number in range(values):
        place = Place(NAME, uuid4(), uuid4())
        made.append((place, seal(f"Septimus Harding {number}".encode(), place, cipher, GENERATION, pad=PAD)))
    bare = [(bytes(envelope), place.row, place.review) for place, envelope in made]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_each(lambda: [unseal(envelope, place, cipher) for place, envelope in made], values))
        theirs.append(_each(lambda: [_bare(cipher, *each) for each in bare], values))
    return median(ours), median(theirs)


def _bare(cipher: AESGCM, stored: bytes, row: UUID, review: UUID) -> bytes:
    """The least that opening can be: the same associated data from the same values, the cipher, the padding off."""
    name, length = NAME.encode(), _LENGTH.pack
    bound = b"".join((b"dhr1", stored[:5], length(len(name)), name, length(16), row.bytes, length(16), review.bytes))
    return cipher.decrypt(stored[5:17], stored[17:], bound).rstrip(b"\0")[:-1]


def _each(work: Callable[[], object], times: int) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) / times * 1e6


# --- A table of them -------------------------------------------------------------------------------------------------


class _Base(DeclarativeBase):
    metadata = MetaData()


class _Review(_Base):
    __tablename__ = "review"
    id: Mapped[UUID] = mapped_column(primary_key=True)


class _Plain(_Base):
    __tablename__ = "plain"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    name: Mapped[str] = mapped_column(String)


class _Ours(SealedRow, _Base):
    __tablename__ = "ours"
    name_ct: Mapped[Envelope | None] = sealed_column()
    name = Sealed(NAME, column="name_ct", data_class=DataClass.IDENTITIES, kind=str, pad=PAD)


def _theirs() -> type[Any] | None:
    """The same table with sqlalchemy-utils' encrypted column, if it is installed: the tests bring it."""
    try:
        from sqlalchemy_utils import StringEncryptedType  # noqa: PLC0415 - may not be there
        from sqlalchemy_utils.types.encrypted.encrypted_type import AesGcmEngine  # noqa: PLC0415
    except ImportError:
        return None

    class TheirBase(DeclarativeBase):
        metadata = MetaData()

    class Theirs(TheirBase):
        __tablename__ = "theirs"
        id: Mapped[UUID] = mapped_column(primary_key=True)
        review_id: Mapped[UUID] = mapped_column()
        name: Mapped[str] = mapped_column(StringEncryptedType(String, "a key of the moment", AesGcmEngine))

    return Theirs


def _reading(ground: Ground, folder: Path, rows: int, rounds: int) -> tuple[float, float | None]:
    """Microseconds of CPU that one sealed field costs beyond a plain one, ours and sqlalchemy-utils'."""
    theirs = _theirs()
    tables: list[type[Any]] = [_Plain, _Ours, *([theirs] if theirs else [])]
    engine = create_engine(f"sqlite:///{folder / 'measured.db'}")
    try:
        person = _coordinator(ground)
        reviews = _fill(ground, person, engine, tables, rows)
        ring = ground.house.keyring(person, at=ground.house.clock.now())
        for review_id in reviews:
            ring.announce(review_id, [DataClass.IDENTITIES], at=ground.house.clock.now())
        took: dict[type[Any], list[float]] = {table: [] for table in tables}
        with holding(ring):
            for number in range(rounds + 1):
                for table in tables:
                    seconds = _read(engine, table)
                    if number:  # the first round only warms up
                        took[table].append(seconds / rows * 1e6)
        beyond = [_beyond(took[_Plain], took[table]) for table in tables[1:]]
        return beyond[0], beyond[1] if theirs else None
    finally:
        engine.dispose()


def _beyond(plain: list[float], other: list[float]) -> float:
    """Round by round, since a machine that is slow for a while is slow for all tables of a round."""
    return median(more - less for less, more in zip(plain, other, strict=True))


def _read(engine: Engine, table: type[Any]) -> float:
    """Seconds of CPU to load every row and read its one field; what other measurements left behind is not counted."""
    gc.collect()
    gc.disable()
    try:
        began = process_time()
        with Session(engine) as session:
            for row in session.scalars(select(table).order_by(table.id)):
                row.name  # noqa: B018 - reading is what is measured
        return process_time() - began
    finally:
        gc.enable()


def _fill(ground: Ground, person: Person, engine: Engine, tables: list[type[Any]], rows: int) -> list[UUID]:
    """The same names in every table; the reviews they belong to."""
    for table in tables:
        table.metadata.create_all(engine)
    with ground.house.reading() as session:
        reviews = list(session.scalars(select(Review.id).order_by(Review.reference)))
    # Nothing is added to this transaction: it lends the keys that seal.
    with ground.house.transaction(by=person, at=ground.house.clock.now()), Session(engine) as session:
        session.add_all(_Review(id=review_id) for review_id in reviews)
        for number in range(rows):
            review_id, name = reviews[number % len(reviews)], f"Septimus Harding {number}"
            session.add_all(
                table(review_id=review_id, name=name)
                if table is _Ours
                else table(id=uuid4(), review_id=review_id, name=name)
                for table in tables
            )
        session.commit()
    return reviews


def _coordinator(ground: Ground) -> Person:
    with ground.house.reading() as session:
        return people_in(session, [Role.COORDINATOR])[0]
