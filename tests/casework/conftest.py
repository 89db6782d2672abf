"""The invented county at work, for every test of the casework."""

from __future__ import annotations

import pytest

from dhr_app.casework.house import House, at_work
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, StoppedClock
from tests.reviews import County
from tests.shelves import BARE, Shelves

AT_WORK = ("the county with its people, and a review ready at each stage",)


@pytest.fixture(scope="session")
def county_at_work(shelves: Shelves, workshop: House, tower_clock: StoppedClock) -> tuple[str, ...]:
    """Where the county with a review at each stage stands on the shelves."""
    tower_clock.moment = NOW
    with at_work(workshop):
        county = County(workshop)
        shelves.lay_out(BARE, county)
        county.ready = {stage: county.review(stage) for stage in Stage}
        for role in Role:
            county.who(role)
        shelves.keep(AT_WORK, county)
    return AT_WORK


@pytest.fixture
def county(shelves: Shelves, county_at_work: tuple[str, ...], house: House) -> County:
    """The county with its people, and a review ready at each stage."""
    made = County(house, shelves, county_at_work)
    shelves.lay_out(county_at_work, made)
    return made
