"""The invented county at work, for every test of the casework."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from dhr_app.casework.house import House, at_work, open_house
from dhr_app.settings import Settings, load
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import StoppedClock
from tests.reviews import County


@dataclass(frozen=True)
class Shelf:
    """An instance with one review ready at every stage, its people, and where the reviews are."""

    settings: Settings
    accounts: dict[tuple[Role, int], UUID]
    ready: dict[Stage, tuple[str, datetime]]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, empty_instance: Path, empty_settings: Settings) -> Shelf:
    """Made once: to take a review along its way costs more than most tests."""
    instance = tmp_path_factory.mktemp("shelf") / "instance"
    shutil.copytree(empty_instance, instance, symlinks=True)
    settings = _moved(empty_settings, instance)
    house = replace(open_house(settings), clock=StoppedClock())
    with at_work(house):
        county = County(house)
        ready = {stage: county.review(stage) for stage in Stage}
        for role in Role:
            county.who(role)
    house.database.dispose()
    return Shelf(settings, county.accounts, {stage: (case.reference, case.at) for stage, case in ready.items()})


@pytest.fixture(scope="session")
def empty_settings(empty_instance: Path) -> Settings:
    """The settings of an instance that is only copied."""
    return load({"DHR_ENV": "testing", "DHR_INSTANCE": str(empty_instance), "DHR_SECRET_KEY": "s" * 40})


def _moved(settings: Settings, instance: Path) -> Settings:
    return replace(
        settings,
        instance=instance,
        database_url=f"sqlite:///{instance / 'dhr.db'}",
        keystore_url=f"sqlite:///{instance / 'keystore.db'}",
    )


@pytest.fixture
def county(shelf: Shelf, tmp_path: Path) -> Iterator[County]:
    """The county with its people, and a review ready at each stage."""
    instance = tmp_path / "county"
    shutil.copytree(shelf.settings.instance, instance, symlinks=True)
    house = replace(open_house(_moved(shelf.settings, instance)), clock=StoppedClock())
    with at_work(house):
        yield County(house, dict(shelf.accounts), dict(shelf.ready))
    house.database.dispose()


@pytest.fixture
def bare_county(house: House) -> County:
    """The county before anything happened: no review yet."""
    return County(house)
