"""Every threat is met twice: by an installation on SQLite, and by one on PostgreSQL with roles of its own.

def test_t07_a_changed_byte_opens_nothing(installation):
    case = installation.county.review(Stage.PANEL)          # the verbs are at hand: the house is at work
    installation.tamper(update(Person).values(…))           # what a superuser could do
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from dhr_app.casework.house import at_work, open_house
from tests.factories import StoppedClock
from tests.installations import Ground, Installation, established
from tests.postgres import Postgres
from tests.reviews import County

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Ground]:
    """A new installation on an engine, made once in a run; tests work in copies of it."""

    @cache
    def on(engine: str) -> Ground:
        server: Postgres | None = request.getfixturevalue("postgres") if engine == "postgresql" else None
        return established(tmp_path_factory.mktemp(engine) / "instance", server)

    return on


@pytest.fixture(params=ENGINES)
def installation(
    request: pytest.FixtureRequest, fresh: Callable[[str], Ground], tmp_path: Path
) -> Iterator[Installation]:
    """A house of its own for each test, with the county and its people in it and no review yet."""
    ground = fresh(request.param).copy(tmp_path / "instance")
    with at_work(replace(open_house(ground.settings), clock=StoppedClock())) as house:
        made = Installation(ground, house, County(house))
        yield made
    made.close()
    ground.remove()
