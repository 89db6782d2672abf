"""The recommendations of a published review, brought in and taken on to the learning, by clicking."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.browser import answering
from tests.browser.journey import Journey
from tests.browser.walker import Walker
from tests.stories.test_real_recommendations import SHORTENED, all_that_is_said, published

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KNOWN_AS = "AI-644a9ef9"
# The agencies of the invented county that stand in the same place as those of the file.
ADDRESSEES = {"KMPT": "Barsetshire Mental Health NHS Trust", "Kent Police": "Barsetshire Police"}


def test_a_published_review_is_brought_in_and_taken_to_its_learning(arrive: Callable[..., Walker]) -> None:
    walker, chair = arrive().sign_in(Role.COORDINATOR), arrive().sign_in(Role.STEERING_CHAIR)
    review = next(each for each in published(SHORTENED) if each.known_as == KNOWN_AS)
    journey = Journey.begin(walker, chair, victims=("Somebody of the file",))
    journey.bring_in(Stage.PUBLICATION)
    journey.see_overview().follow("Timeline").sees("before this system")

    walker.follow("Overview").click(walker.main.get_by_role("link", name="Not given yet"))
    walker.write("What is the review called in public?", review.known_as)
    walker.write("In which year was the death?", str(review.death_year)).press("Save")
    walker.told("The public name is saved.").follow("Action plan")
    for one in review.recommendations:
        agencies = [ADDRESSEES[each] for each in one["addressed_to"]]
        answering.recommend(walker, one["rec_no"], one["fact"], agencies)
        answering.act_on(walker, one["rec_no"], agencies[0])
    walker.follow("Say how many the report makes in all")
    walker.write("How many recommendations does the report make in all?", str(review.in_report)).press("Save")
    walker.sees(f"{len(review.recommendations)} of {review.in_report} recommendations are entered here.")
    walker.sees(all_that_is_said(review))
    assert walker.faults() == []

    journey.add_relative("Judith Stukely", "mother")
    answering.report(walker.follow("Report"))
    journey.take("Publish the report")
    journey.see_overview().sees(Stage.SEMINAR.label)
    walker.follow("Learning")
    answering.learning(walker)
    answering.learning(walker)
    assert walker.faults() == []
