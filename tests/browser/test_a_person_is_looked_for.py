"""A person is looked for by a name misspelt, and found; the name stands in no address on the way."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

QUESTION = "Name, address, date of birth or crime number"


@pytest.mark.parametrize("phone", [True, False], ids=["on a telephone", "at a desk"])
def test_a_coordinator_looks_for_somebody_and_goes_to_the_record(
    arrive: Callable[..., Walker], site: Site, phone: bool
) -> None:
    walker = arrive(phone=phone).sign_in(Role.COORDINATOR).go_to("Search")
    walker.write(QUESTION, "a").press("Search").sees("Enter at least 2 letters or figures.")
    assert (walker.status, walker.faults()) == (422, [])

    walker.write(QUESTION, "Tikler, rosa").press("Search").sees("2 records found").sees("Rosamund Tickler")
    walker.sees("Name: sounds or is spelled alike")
    assert urlsplit(walker.page.url)[2:] == ("/search", "", "found")
    assert walker.faults() + ([] if phone else walker.faults_when_narrow()) == []
    assert not site.sealed_in(walker.page.url)

    walker.click(walker.main.get_by_role("link", name="Victim 1").first).sees_heading("People").sees("Rosamund Tickler")
    address = urlsplit(walker.page.url)
    assert address.query == ""
    assert walker.main.locator(f"#{address.fragment}").inner_text() == "Victim 1"


def test_somebody_is_found_without_javascript_and_nobody_says_what_to_try(arrive: Callable[..., Walker]) -> None:
    walker = arrive(javascript=False).sign_in(Role.STEERING_CHAIR).go_to("Search")
    walker.write(QUESTION, "Plomacy").press("Search").sees("Lavinia Plomacy").sees("Clementina Plomacy")
    walker.write(QUESTION, "Nobody At All").press("Search").sees("Try a part of the name, or another spelling.")
    assert walker.main.get_by_label(QUESTION, exact=True).input_value() == "Nobody At All"


def test_the_chair_of_the_steering_group_reads_what_the_check_for_duplicates_does(
    arrive: Callable[..., Walker],
) -> None:
    walker = arrive().sign_in(Role.STEERING_CHAIR).go_to("Search")
    walker.follow("The check for the same person in other reviews").sees_heading("The same person in other reviews")
    assert walker.faults() + walker.faults_when_narrow() == []
    walker.press("Turn the check on").sees("Choose the reason.")
    assert (walker.status, walker.faults()) == (422, [])
