"""The invented county at work, for every test of the casework."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import pytest

from dhr_app.casework.house import House, at_work
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import StoppedClock
from tests.installations import Ground
from tests.reviews import County


@dataclass(frozen=True)
class Shelf:
    """An installation with one review ready at every stage, its people, and where the reviews are."""

    ground: Ground
    accounts: dict[tuple[Role, int], UUID]
    ready: dict[Stage, tuple[str, datetime]]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, workshop: House, workplace: Ground, empty_ground: Ground) -> Shelf:
    """Made once: to take a review along its way costs more than most tests."""
    workplace.lay_out(empty_ground)
    with at_work(replace(workshop, clock=StoppedClock())) as house:
        county = County(house)
        ready = {stage: county.review(stage) for stage in Stage}
        for role in Role:
            county.who(role)
    workshop.database.dispose()
    kept = workplace.copy(tmp_path_factory.mktemp("shelf") / "instance")
    return Shelf(kept, county.accounts, {stage: (case.reference, case.at) for stage, case in ready.items()})


@pytest.fixture
def county(workshop: House, workplace: Ground, shelf: Shelf) -> Iterator[County]:
    """The county with its people, and a review ready at each stage."""
    workplace.lay_out(shelf.ground)
    with at_work(replace(workshop, clock=StoppedClock())) as house:
        yield County(house, dict(shelf.accounts), dict(shelf.ready))
    workshop.database.dispose()


@pytest.fixture
def bare_county(house: House) -> County:
    """The county before anything happened: no review yet."""
    return County(house)
