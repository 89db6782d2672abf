"""A search among sealed names beside the same search among the same names in clear, on the same rows in one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice, product
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Engine, MetaData, String, Table, Uuid, insert, select

from dhr_app.casework.bench.ground import Ground, prepare
from dhr_app.casework.bench.rows import Row, bulk_writing
from dhr_app.casework.house import at_work
from dhr_app.casework.principal import people_in
from dhr_app.casework.search import search
from dhr_app.database.engine import main_engine
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.database.models.review import Review
from dhr_app.workflows.name_search import Sought
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

NAMES, REVIEWS, ROUNDS = 10_000, 60, 7
LOOKED_FOR = ("Kathryn Thorn", "Proudie", "slope", "Bill Quiverful")
AT = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)
GIVEN = ("Ada", "Anne-Marie", "Catherine", "Eleanor", "Francis", "Griselda", "Josiah", "Lily", "Obadiah", "Septimus",
         "Theophilus", "William", "Zoë")  # fmt: skip
PARTS = ("Ar", "Bol", "Craw", "Dum", "Fran", "Grant", "Hard", "Lup", "Mof", "Prou", "Quiv", "Rob", "Stan",
         "Thorn")  # fmt: skip
ENDS = ("abin", "bello", "by", "die", "er", "erful", "fat", "hope", "ing", "ley", "ly", "son", "thorne", "vil",
        "worth")  # fmt: skip

CLEAR = Table("clear_person", MetaData(), Column("id", Uuid, primary_key=True), Column("review_id", Uuid),
              Column("name", String))  # fmt: skip


@dataclass(frozen=True)
class SearchFigures:
    """Medians in milliseconds of one search among so many names in so many reviews: sealed, and in clear."""

    names: int
    reviews: int
    sealed_ms: float
    clear_ms: float

    @property
    def ratio(self) -> float:
        """How many times longer it takes because the names are sealed, and the trail is told before and after."""
        return self.sealed_ms / self.clear_ms

    def as_json(self) -> dict[str, float]:
        """The keys that other programs read."""
        return {
            "names": self.names,
            "reviews": self.reviews,
            "sealed_ms": round(self.sealed_ms, 1),
            "clear_ms": round(self.clear_ms, 1),
            "ratio": round(self.ratio, 2),
        }


def measure_search(folder: Path, *, names: int = NAMES, reviews: int = REVIEWS) -> SearchFigures:
    """Make an installation with so many people in so many reviews, and look for some of them round after round."""
    ground = prepare(folder, reviews)
    engine = main_engine(
        ground.house.settings.database_url
    )  # a plain engine: a House’s own lets no bulk writer through
    try:
        with at_work(ground.house):
            person = _coordinator(ground)
            _fill(ground, engine, person, names)
            took: tuple[list[float], list[float]] = ([], [])
            for number in range(ROUNDS + 1):
                for looked_for in LOOKED_FOR:
                    sealed, clear = _timed(ground, engine, person, looked_for)
                    if number:  # the first round only warms up
                        took[0].append(sealed)
                        took[1].append(clear)
        return SearchFigures(names, reviews, median(took[0]), median(took[1]))
    finally:
        engine.dispose()
        ground.house.database.dispose()


def _timed(ground: Ground, engine: Engine, person: Person, looked_for: str) -> tuple[float, float]:
    began = perf_counter()
    found = search(looked_for, by=person, at=AT)
    between = perf_counter()
    hits = sum(1 for _ in _among_the_clear(ground, engine, looked_for))
    ended = perf_counter()
    if found.hits != hits:
        raise RuntimeError("The two searches found different numbers of people.")
    return (between - began) * 1000, (ended - between) * 1000


def _among_the_clear(ground: Ground, engine: Engine, looked_for: str) -> Iterator[UUID]:
    sought = Sought(looked_for, ground.house.rule_book.nicknames)
    with engine.connect() as connection:
        for row_id, _, name in connection.execute(select(CLEAR).order_by(CLEAR.c.review_id)):
            if sought.in_name(name):
                yield row_id


def _coordinator(ground: Ground) -> Person:
    with ground.house.reading() as session:
        return people_in(session, [Role.COORDINATOR])[0]


def _fill(ground: Ground, engine: Engine, person: Person, names: int) -> None:
    """The same names sealed and in clear, the same number in each review, past the guards."""
    with ground.house.reading() as session:
        review_ids = list(session.scalars(select(Review.id).order_by(Review.reference)))
    every = (f"{given} {part}{end}" for part, end, given in cycle(product(PARTS, ENDS, GIVEN)))
    sealed: list[Row] = []
    clear: list[Row] = []
    with ground.house.transaction(by=person, at=AT):  # nothing is added to it: it lends the keys that seal
        for number, name in enumerate(islice(every, names)):
            row = InvolvedPerson(review_id=review_ids[number % len(review_ids)], full_name=name)
            sealed.append(_person(row, number))
            clear.append({"id": row.id, "review_id": row.review_id, "name": name})
    with bulk_writing(engine) as connection:
        CLEAR.create(connection)
        connection.execute(insert(InvolvedPerson), sealed)
        connection.execute(insert(CLEAR), clear)


def _person(row: InvolvedPerson, number: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "review_id": row.review_id,
        "version": 1,
        "part": "witness",
        "number": number,
        "sex": "not_known",
        "age_band": "not_known",
        "relationship_to_victim": "not_known",
        "full_name_ct": row.full_name_ct,
    }
