"""The invented county behind the pages, its coordinator at a browser, and what most tests on actions begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.planning import act, recommend
from tests.reviews import Case, County
from tests.stories.visitor import Visitor


@pytest.fixture
def county(bare_county: County) -> County:
    """The county, its agencies and people, with no review yet."""
    return bare_county


@pytest.fixture
def visitor(county: County, client: FlaskClient, sign_in: Callable[..., Person]) -> Visitor:
    """The coordinator at a browser."""
    sign_in(client)
    return Visitor(client)


@pytest.fixture
def case(county: County) -> Case:
    """A review of the panel, as it stands today."""
    case = county.review(Stage.PANEL, at=NOW - timedelta(days=30))
    case.at = NOW - timedelta(hours=1)
    return case


@pytest.fixture
def action_id(case: Case) -> UUID:
    """An action of that review’s only recommendation."""
    return act(case, recommend(case, "4"))
