"""A death is not reviewed: the decision is taken, everybody owed is told, and it is reconsidered or directed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dhr_app.workflows.roles import Role
from tests.browser.journey import Journey
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser


@pytest.fixture
def not_reviewed(arrive: Callable[..., Walker]) -> Journey:
    """A death that was decided not to be reviewed, by clicking."""
    coordinator, chair = arrive().sign_in(Role.COORDINATOR), arrive().sign_in(Role.STEERING_CHAIR)
    journey = Journey.begin(coordinator, chair, victims=("Ottilie Penhallow",))
    journey.add_relative("Silas Penhallow", "brother")
    journey.ask("Barsetshire Police")
    journey.take("Begin scoping")
    coordinator.follow("Decision")
    journey.decide("Not to review", against=True)
    coordinator.sees("has no effect yet")
    journey.take("Decide not to review")
    return journey


def test_a_decision_not_to_review_is_told_and_reconsidered(not_reviewed: Journey) -> None:
    overview = not_reviewed.see_overview().sees("Still to be told").sees("Tell each family member, and how to respond")
    overview.sees("Tell the Home Office, with reasons")
    not_reviewed.tell_everybody_owed()

    overview.press("Reconsider the decision")
    not_reviewed.fill_move(overview).press("Reconsider the decision")
    overview.sees("There is a problem").sees("Give the reason.")
    assert overview.status == 422
    assert overview.faults() == []
    overview.write("The reason", "The inquest found what the police had not known.").press("Reconsider the decision")
    overview.told("The decision not to review is being reconsidered.").sees("Commission the review")


def test_the_secretary_of_state_directs_a_review_that_was_refused(not_reviewed: Journey) -> None:
    overview = not_reviewed.see_overview()
    overview.main.get_by_text("Other steps").click()
    overview.follow("Record a direction to review").sees("What must be in place")
    overview.follow("The Secretary of State’s direction is on file.")
    not_reviewed.state()
    not_reviewed.see_overview().main.get_by_text("Other steps").click()
    overview.follow("Record a direction to review")
    not_reviewed.fill_move(overview).press("Record a direction to review")
    overview.told("The Secretary of State directed a review.").sees("Begin the chair’s report")
