"""A review goes from notification to closure by clicking: what is still needed leads to where it is answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dhr_app.workflows.roles import Role
from tests.browser.journey import Journey
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

AGENCIES = ("Barsetshire Police", "Barset Refuge and Outreach")


@pytest.fixture
def chair(arrive: Callable[..., Walker]) -> Walker:
    """The steering group chair, at a window of their own."""
    return arrive().sign_in(Role.STEERING_CHAIR)


@pytest.mark.slow
@pytest.mark.parametrize("phone", [False, True], ids=["at a desk", "on a telephone"])
def test_a_review_goes_from_notification_to_closed_by_clicking(
    arrive: Callable[..., Walker], chair: Walker, phone: bool
) -> None:
    coordinator = arrive(phone=phone).sign_in(Role.COORDINATOR)
    journey = Journey.begin(coordinator, chair, victims=("Dorothea Wilmslow",))

    journey.see_overview().sees("Notification")
    journey.add_relative("Celia Wilmslow", "sister")
    journey.ask(*AGENCIES)
    journey.take("Begin scoping")

    _is_refused_while_a_return_is_out(journey)
    journey.take("Commission the review")
    journey.see_overview().sees("Still to be told")
    journey.tell_everybody_owed()
    assert coordinator.main.get_by_role("heading", name="Still to be told").count() == 0

    journey.take("Begin the chair’s report")
    journey.take("Submit to the Home Office")
    journey.take("Record that the report may be published")
    journey.take("Publish the report")
    journey.take("Close the review")

    journey.see_overview().sees("Closed")
    coordinator.follow("Timeline").sees("The review was closed")
    assert coordinator.faults() == []


def _is_refused_while_a_return_is_out(journey: Journey) -> None:
    """The step was ready when its page was opened; meanwhile one more agency was asked, so it is refused."""
    journey.mend_everything("Commission the review")
    too_early = journey.see_overview().another_tab().press("Commission the review")
    journey.ask("Probation Service, Barsetshire")
    journey.fill_move(too_early).press("Commission the review")
    assert too_early.status == 409
    too_early.sees_heading("This cannot be done yet").sees("Every agency asked has sent its return")
    assert too_early.faults() == []
    too_early.follow(
        "Every agency asked has sent its return, has nothing to return, or is closed as no reply after escalation."
    ).sees_heading("Scoping").close()
    journey.see_overview().sees("1 of 3 things still needed").follow("Timeline")
