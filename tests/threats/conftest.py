"""Every threat is met twice: by an installation on SQLite, and by one on PostgreSQL with roles of its own.

def test_t07_a_changed_byte_opens_nothing(installation):
    case = installation.county.review(Stage.PANEL)          # the verbs are at hand: the house is at work
    installation.tamper(update(Person).values(…))           # what a superuser could do
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from dhr_app.casework.house import House, at_work, open_house
from tests.factories import StoppedClock
from tests.installations import Ground, Installation, established
from tests.postgres import Postgres
from tests.reviews import County
from tests.shelves import BARE, Shelves

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Shelves]:
    """Where the installations on an engine stand, one after the other, and what tests there begin with."""

    @cache
    def on(engine: str) -> Shelves:
        server: Postgres | None = request.getfixturevalue("postgres") if engine == "postgresql" else None
        folder = tmp_path_factory.mktemp(engine)
        workplace = established(folder / "instance", server)
        with at_work(opened(workplace)) as house:
            made = Shelves(house, workplace, folder)
            made.keep(BARE, County(house))
        return made

    return on


@pytest.fixture(params=ENGINES)
def installation(request: pytest.FixtureRequest, grounds: Callable[[str], Shelves]) -> Iterator[Installation]:
    """A house opened for each test, with the county and its people in it and no review yet."""
    shelves = grounds(request.param)
    shelves.workplace.lay_out(shelves.kept[BARE].ground)
    with at_work(opened(shelves.workplace)) as house:
        shelves.workshop = house
        made = Installation(shelves.workplace, house, County(house, shelves))
        yield made
    made.close()


def opened(ground: Ground) -> House:
    """The house there, on the morning of the tests."""
    return replace(open_house(ground.settings), clock=StoppedClock())
