"""A coordinator’s morning: the mail says what is late, its link leads through the sign-in, and the job is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from dhr_app.casework.outbox import State, message_of
from dhr_app.casework.program import Program
from dhr_app.casework.reminding import remind
from dhr_app.database.models import Message
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.browser

# What each of two mornings’ mail is about, so that the one leaves the other’s job undone: its line, and the page.
JOBS = {
    False: ("Tell whoever notified the death", "I told …"),
    True: ("Send the Domestic Abuse Commissioner a copy", "I told …"),
}


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_from_the_mail_to_the_finished_job(arrive: Callable[..., Walker], site: Site, phone: bool) -> None:
    remind(site.house, TODAY, at=NOW)
    what, heading = JOBS[phone]
    walker = arrive(phone=phone).open("/inbox").sees_heading("Mail on this machine")
    assert walker.faults() == []
    to_coordinator = walker.main.get_by_role("listitem").filter(has_text=site.card(Role.COORDINATOR).email)
    walker.click(to_coordinator.get_by_role("link").first).sees("OFFICIAL-SENSITIVE").sees(f"{what} was due on")
    assert walker.faults() == []

    walker.click(_link_below(walker, what))
    asked = walker.page.url
    walker.sees_heading("Sign in")
    card = site.card(Role.COORDINATOR)
    walker.write("Work e-mail address", card.email).write("Password", card.password).press("Sign in")
    assert "/told" in walker.page.url, f"{asked} led to {walker.page.url}"
    walker.sees_heading(heading).date("On which day?").choose("How did you tell them?", "By letter")
    walker.press("Record it").told("Recorded.")

    walker.go_to("What needs you today")
    expect(walker.main.get_by_role("link", name=what)).to_have_count(0)
    assert remind(site.house, TODAY, at=NOW).digests == ()


def test_mail_that_was_refused_is_found_and_sent_again(arrive: Callable[..., Walker], site: Site) -> None:
    person = site.person(Role.INDEPENDENT_CHAIR)
    said = "550 5.1.1 No such person here"
    with site.house.database.transaction(by=Program("a test"), at=NOW) as session:
        day = TODAY - timedelta(days=1)
        row = message_of("digest", person.id, day, "1 thing is late", "Text\n", at=NOW)
        row.state, row.refused_with, row.tries = State.DEAD.value, said, 1
        session.add(row)
    walker = arrive().sign_in(Role.COORDINATOR).sees("Mail that was not delivered").follow("1 message")
    walker.sees_heading("Mail").sees(said).sees("Not tried again")
    assert walker.faults() + walker.faults_when_narrow() == []
    walker.click(walker.main.get_by_role("button", name="Try again to write to")).told(
        "It is tried again within a few minutes."
    ).sees("Tried again soon")
    with site.house.reading() as session:
        assert session.get_one(Message, row.id).state == State.PENDING


def _link_below(walker: Walker, what: str) -> Locator:
    """The link on the line after the one that says this."""
    return walker.main.locator(f"xpath=.//text()[contains(., '{what}')]/following-sibling::a[1]").first
