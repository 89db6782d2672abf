"""The county as the tests of a morning’s mail begin with it."""

from __future__ import annotations

import pytest

from dhr_app.workflows.roles import Role
from tests.reviews import County


@pytest.fixture
def county(bare_county: County) -> County:
    """The county with a coordinator, and no review yet."""
    bare_county.who(Role.COORDINATOR)
    return bare_county
