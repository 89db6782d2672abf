"""A passkey at a real browser, whose own authenticator stands in for a telephone: added, used, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest
from playwright.sync_api import CDPSession, expect

from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.house import at_work
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker
from tests.factories import OPERATOR, PASSWORD

pytestmark = pytest.mark.browser

Arrive = Callable[..., Walker]

EVIDENCE = "Note of the call, folder Heron"

# A telephone that is unlocked by a finger, and whose owner says yes at once.
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The site by a name: browsers make no passkey for a number."""
    kept, named = site.house.settings.site_url, site.url.replace("127.0.0.1", "localhost")
    object.__setattr__(site.house.settings, "site_url", named)
    yield named
    object.__setattr__(site.house.settings, "site_url", kept)


@pytest.fixture
def email(site: Site) -> str:
    """Somebody new at the partnership: the demo’s people stay without a passkey."""
    email = f"emily.dunstable.{token_hex(4)}@barsetshire.example"
    with at_work(site.house):
        entry = AccountEntry("Emily Dunstable", email, Role.COORDINATOR, PASSWORD)
        create_account(entry, by=OPERATOR, at=site.house.clock.now())
    return email


def has_telephone(walker: Walker) -> tuple[CDPSession, str]:
    """Give a browser window a telephone; return how to speak to it."""
    wire = walker.page.context.new_cdp_session(walker.page)
    wire.send("WebAuthn.enable")
    return wire, wire.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE})["authenticatorId"]


def test_somebody_adds_a_passkey_signs_in_with_it_and_ends_it(arrive: Arrive, address: str, email: str) -> None:
    walker = arrive()
    wire, telephone = has_telephone(walker)
    walker.open(f"{address}/sign-in").write("Work e-mail address", email).write("Password", PASSWORD).press("Sign in")
    walker.follow("Your sign-ins").press("Add a passkey").sees_heading("Add a passkey")
    assert walker.faults() == []
    assert walker.faults_when_narrow() == []
    walker.press("Add the passkey").sees("Give the passkey a name")
    walker.write("What do you call it?", "Emily’s telephone").press("Add the passkey")
    walker.sees_heading("Your sign-ins").sees("The passkey is added.")
    assert walker.faults() == []
    assert walker.faults_when_narrow() == []

    walker.press("Add a passkey").write("What do you call it?", "The same again").press("Add the passkey")
    walker.sees("This device holds a passkey of yours already")
    expect(walker.main.locator("[data-passkey-trouble]")).to_be_focused()
    assert walker.faults() == []

    walker.page.get_by_role("button", name="Sign out").click()
    walker.sees_heading("Sign in")
    assert walker.faults() == []
    assert walker.faults_when_narrow() == []
    walker.page.get_by_role("button", name="Sign in with a passkey").focus()
    walker.page.keyboard.press("Enter")
    walker.sees_heading("What needs you today")

    walker.follow("Your sign-ins")
    walker.main.get_by_role("button", name="End the passkey Emily’s telephone").click()
    walker.sees("That passkey is ended.")
    walker.page.get_by_role("button", name="Sign out").click()
    walker.press("Sign in with a passkey").sees("The e-mail address or the password is not right.")
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": telephone, "isUserVerified": False})
    walker.press("Sign in with a passkey").sees("No passkey was used")
    expect(walker.main.locator(".govuk-error-summary:visible")).to_have_count(1)
    walker.write("Work e-mail address", email).write("Password", PASSWORD).press("Sign in")
    walker.sees_heading("What needs you today")


def test_a_passkey_does_in_place_of_the_password_where_two_people_are_asked(
    arrive: Arrive, site: Site, address: str, email: str
) -> None:
    walker = arrive()
    wire, telephone = has_telephone(walker)
    walker.open(f"{address}/sign-in").write("Work e-mail address", email).write("Password", PASSWORD).press("Sign in")
    page = f"{address}/reviews/{site.reference('seminar')}/conditions/agreed_to_correct"
    expect(walker.open(page).main.get_by_role("button", name="with a passkey")).to_have_count(0)
    walker.follow("Your sign-ins").press("Add a passkey").write("What do you call it?", "Telephone")
    walker.press("Add the passkey").sees("The passkey is added.")

    fill_statement(walker.open(page))
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": telephone, "isUserVerified": False})
    walker.press("Record the statement with a passkey").sees("No passkey was used")
    expect(walker.main.locator("[data-passkey-trouble]")).to_be_focused()
    assert walker.faults() == []
    assert walker.faults_when_narrow() == []
    expect(walker.main.get_by_label("What shows it?")).to_have_value(EVIDENCE)

    wire.send("WebAuthn.setUserVerified", {"authenticatorId": telephone, "isUserVerified": True})
    before = cookie_of(walker)
    walker.press("Record the statement with a passkey").told("The statement is recorded.")
    assert cookie_of(walker) != before
    walker.open(f"{address}/sign-ins/prove").press("Continue with a passkey").told("For five minutes")
    assert walker.faults() == []


def fill_statement(walker: Walker) -> None:
    walker.choose("Which stage do you agree to?", "Scoping").choose("How does it stand?", "Done")
    walker.date("On which day?").write("Who states this?", "Emily Dunstable, coordinator")
    walker.write("What shows it?", EVIDENCE)


def cookie_of(walker: Walker) -> str:
    """What the browser keeps of its sign-in."""
    return next(each["value"] for each in walker.page.context.cookies() if each["name"] == "dhr")


def test_a_passkey_is_offered_only_where_scripts_run(arrive: Arrive, address: str) -> None:
    walker = arrive(javascript=False).open(f"{address}/sign-in")
    expect(walker.main.get_by_role("button")).to_have_text(["Sign in"])
