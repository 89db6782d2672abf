"""A notification is entered by a browser that runs no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dhr_app.workflows.roles import Role
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser


def test_two_people_who_died_are_entered_without_javascript(arrive: Callable[..., Walker]) -> None:
    walker = arrive(javascript=False).sign_in(Role.COORDINATOR)
    walker.go_to("Reviews").press("Record a death")
    walker.choose("What kind of review may this become?", "Domestic Homicide Review")
    names = walker.main.get_by_label("Full name", exact=True)
    names.fill("Honoria Trefoil")
    walker.press("Add another person who died")

    assert [name.input_value() for name in names.all()] == ["Honoria Trefoil", ""]
    assert walker.group("What kind of review may this become?").get_by_label("Domestic Homicide Review").is_checked()
    names.last.fill("Ambrose Trefoil")
    walker.date("On which day did the partnership become aware of the death?")
    walker.press("Record the death").told("The death is recorded.")

    walker.follow("People").sees("Honoria Trefoil").sees("Ambrose Trefoil")


def test_a_person_added_by_mistake_is_taken_away_without_javascript(arrive: Callable[..., Walker]) -> None:
    walker = arrive(javascript=False).sign_in(Role.COORDINATOR).open("/reviews/new")
    names = walker.main.get_by_label("Full name", exact=True)
    names.fill("Honoria Trefoil")
    walker.press("Add another person who died").press("Take away person 2")

    assert [name.input_value() for name in names.all()] == ["Honoria Trefoil"]
