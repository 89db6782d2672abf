"""The invented county behind the pages."""

from __future__ import annotations

import pytest

from tests.reviews import County


@pytest.fixture
def county(bare_county: County) -> County:
    """The county, its agencies and people, with no review yet."""
    return bare_county
