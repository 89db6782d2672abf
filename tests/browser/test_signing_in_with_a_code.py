"""Password, authenticator and code at a real browser; a sign-in that is about to end; and words that outlast it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.authenticator import STEP_SECONDS
from dhr_app.casework.house import at_work
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker
from tests.factories import OPERATOR, PASSWORD
from tests.signing import code_of

pytestmark = pytest.mark.browser

Arrive = Callable[..., Walker]
WORDS = "Agreed on the telephone with the deputy."


@pytest.fixture
def email(site: Site) -> str:
    """Somebody new at the partnership: the demo’s people stay without an authenticator."""
    address = "gustavus.moffat@barsetshire.example"
    with at_work(site.house):
        entry = AccountEntry("Gustavus Moffat", address, Role.COORDINATOR, PASSWORD)
        create_account(entry, by=OPERATOR, at=site.house.clock.now())
    return address


def gives_password(walker: Walker, email: str) -> Walker:
    return walker.open("/sign-in").write("Work e-mail address", email).write("Password", PASSWORD).press("Sign in")


def test_somebody_sets_an_authenticator_up_and_signs_in_by_its_code(arrive: Arrive, site: Site, email: str) -> None:
    walker = gives_password(arrive(), email)
    walker.follow("Your sign-ins").sees_heading("Your sign-ins")
    assert walker.faults() == []
    assert walker.faults_when_narrow() == []
    walker.press("Set up an authenticator").sees_heading("Set up an authenticator")
    expect(walker.main.locator("svg title")).to_have_text("QR code for your authenticator app")
    assert walker.faults() == []
    assert walker.faults_when_narrow() == []
    secret = walker.main.locator("code").inner_text().replace(" ", "")
    walker.write("Code", code_of(secret, site.house.clock.now())).press("Continue")
    walker.sees_heading("Your recovery codes")
    assert walker.faults() == []
    assert walker.faults_when_narrow() == []
    recovery = walker.main.locator("li code").first.inner_text()
    walker.follow("I have kept them: continue").sees("You have 10 recovery codes left.")

    phone = gives_password(arrive(phone=True), email).sees_heading("Enter your code")
    assert phone.faults() == []
    phone.write("Code", "000000").press("Continue").sees("That code is not right")
    next_one = site.house.clock.now() + timedelta(seconds=STEP_SECONDS)
    phone.write("Code", code_of(secret, next_one)).press("Continue").sees_heading("What needs you today")

    third = gives_password(arrive(javascript=False), email)
    third.write("Code", recovery).press("Continue").sees("You used a recovery code and have 9 left.")
    walker.open("/today").sees("because you have signed in twice elsewhere since")


@pytest.fixture
def hurried(site: Site) -> Iterator[None]:
    """A site at which a sign-in ends two minutes and a second after the last page."""
    kept = site.house.settings.idle_minutes
    object.__setattr__(site.house.settings, "idle_minutes", 121 / 60)
    yield
    object.__setattr__(site.house.settings, "idle_minutes", kept)


@pytest.mark.usefixtures("hurried")
def test_two_minutes_before_the_end_one_is_asked_and_may_stay(arrive: Arrive) -> None:
    walker = arrive().sign_in(Role.COORDINATOR)
    dialog = walker.page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    expect(dialog).to_contain_text("In two minutes you are signed out here")
    assert walker.faults() == []
    with walker.page.expect_response("**/sign-ins/stay") as answer:
        walker.page.keyboard.press("Enter")
    assert answer.value.json()["last"] is False
    expect(dialog).to_be_hidden()
    walker.page.keyboard.press("Escape")


def test_what_was_typed_is_not_lost_when_the_sign_in_ended_all_the_same(arrive: Arrive, site: Site) -> None:
    walker = arrive().sign_in(Role.COORDINATOR)
    walker.open(f"/reviews/{site.reference('panel')}/conditions/agreed_to_correct")
    walker.write("What shows it?", WORDS)
    other = arrive().sign_in(Role.COORDINATOR).follow("Your sign-ins")
    other.press("End all but this one").sees_heading("Your sign-ins")
    walker.press("Record the statement")
    assert walker.status == 401
    expect(walker.main.get_by_label("Evidence")).to_have_value(WORDS)
    with walker.page.context.expect_page() as opened:
        walker.main.get_by_role("link", name="Sign in and open the form again (opens in a new tab)").click()
    again = Walker(opened.value, site)
    card = site.card(Role.COORDINATOR)
    again.write("Work e-mail address", card.email).write("Password", card.password).press("Sign in")
    expect(again.main.get_by_label("What shows it?")).to_have_value("")
    again.write("What shows it?", walker.main.get_by_label("Evidence").input_value())
    expect(again.main.get_by_label("What shows it?")).to_have_value(WORDS)
