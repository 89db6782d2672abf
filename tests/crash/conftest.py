"""The invented county behind a server that is killed."""

from __future__ import annotations

import pytest

from dhr_app.casework.house import House
from tests.reviews import County


@pytest.fixture
def county(house: House) -> County:
    """The county, its agencies and people, with no review yet."""
    return County(house)
