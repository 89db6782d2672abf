"""Signing in with an organisation’s own account at a real browser, which goes to a real provider and comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from dhr_app.casework.house import at_work
from dhr_app.casework.tenant import TenantEntry, add_tenant, turn_off
from dhr_app.casework.tenant_confirming import confirm_tenant
from dhr_app.database.models import Account, Agency
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker
from tests.identity_provider import CLIENT, IdentityProvider

pytestmark = pytest.mark.browser

Arrive = Callable[..., Walker]


@pytest.fixture
def agency(site: Site, provider: IdentityProvider) -> Iterator[str]:
    """The name of the agency whose contributor the demo has, with a tenant; the site is at its own address."""
    settings = site.house.settings
    kept = {"tenant_key": settings.tenant_key, "site_url": settings.site_url}
    object.__setattr__(settings, "tenant_key", str(provider.key_file))
    object.__setattr__(settings, "site_url", site.url)
    with site.house.reading() as session:
        account = select(Account.agency_id).where(Account.email == site.card(Role.AGENCY_CONTRIBUTOR).email)
        agency_id = session.scalars(account).one()
        name = session.scalars(select(Agency.name).where(Agency.id == agency_id)).one()
    with at_work(site.house):
        by = site.person(Role.ADMINISTRATOR)
        tenant_id = add_tenant(TenantEntry(agency_id, provider.issuer, CLIENT), by=by, at=site.house.clock.now())
        confirm_tenant(tenant_id, by=site.person(Role.COORDINATOR), at=site.house.clock.now())
        yield name
        turn_off(tenant_id, by=by, at=site.house.clock.now())
    for setting, value in kept.items():
        object.__setattr__(settings, setting, value)


def test_somebody_joins_the_two_accounts_and_signs_in_by_the_other(arrive: Arrive, agency: str) -> None:
    at_home = arrive().sign_in(Role.AGENCY_CONTRIBUTOR).follow("Your sign-ins")
    at_home.press(f"Use your {agency} account").sees_heading(f"Go on to {agency}")
    assert at_home.faults() == []
    assert at_home.faults_when_narrow() == []
    signs_in_there(at_home, agency).sees("you can sign in with your organisation’s account as well")
    assert at_home.faults() == []
    assert at_home.faults_when_narrow() == []

    phone = chooses(arrive(phone=True), agency)
    assert phone.faults() == []
    for walker in (phone, chooses(arrive(javascript=False), agency)):
        walker.press("Continue")
        signs_in_there(walker, agency).sees_heading("What your agency owes")


def chooses(walker: Walker, agency: str) -> Walker:
    walker.open("/owed").sees_heading("Sign in").follow("Sign in with your organisation’s account")
    return walker.choose("Which organisation’s account do you have?", agency)


def signs_in_there(walker: Walker, agency: str) -> Walker:
    walker.press(f"Go on to {agency}’s sign-in")
    walker.page.get_by_label("Who are you?").fill("officer-12")
    walker.page.get_by_role("button", name="Sign in").click()
    return walker
