"""Signing in with an organisation’s own account at a browser: the whole way, and every turn that it may take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.casework.account_block import block
from dhr_app.casework.house import House, at_work
from dhr_app.casework.tenant import organisations, turn_off
from dhr_app.casework.tenant_confirming import confirm_tenant
from dhr_app.database.models import Account, Event, SignIn, Tenant, TenantIdentity
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, StoppedClock, csrf_token, make_account, submit
from tests.identity_provider import CLIENT, IdentityProvider
from tests.passkeys import at_the_site
from tests.reviews import County
from tests.signing import code_of, with_authenticator
from tests.stories.visitor import Visitor
from tests.tenants import (
    SORRY,
    binds,
    comes_back,
    goes,
    link,
    link_of_invitation,
    sentence,
    signs_in,
    with_key,
    with_tenant,
)
from tests.web.reading import soup

AWAY = "Your organisation’s sign-in does not answer at the moment. Sign in with your password, or try again later."


@pytest.fixture
def open_to_tenants(county: County, house: House, provider: IdentityProvider) -> Iterator[House]:
    """The house with a key of its own."""
    with at_work(with_key(house, provider)) as made:
        yield made


@pytest.fixture
def app(open_to_tenants: House) -> Flask:
    return create_app(house=open_to_tenants)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def tenant_id(open_to_tenants: House, county: County, provider: IdentityProvider) -> UUID:
    return with_tenant(open_to_tenants, county.agency("Police"), provider.issuer)


@pytest.fixture
def officer(
    open_to_tenants: House, county: County, app: Flask, provider: IdentityProvider, tenant_id: UUID
) -> tuple[Person, str]:
    """Somebody of the police who joined their account to the tenant, as “officer-7”."""
    person, email = make_account(open_to_tenants, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    browser = app.test_client()
    submit(browser, "/sign-in", {"email": email, "password": PASSWORD})
    assert binds(browser, provider, "officer-7").location == "/sign-ins"
    assert "You can sign in with the account that you have at work." in browser.get("/sign-ins").text
    browser.post("/sign-out", data={"csrf_token": csrf_token(browser, "/sign-ins")})
    return person, email


def reasons(house: House) -> list[str]:
    with house.reading() as session:
        rows = session.scalars(select(Event).where(Event.kind == "tenant_refused").order_by(Event.recorded_at))
        return [row.details["reason"] for row in rows]


def rows(house: House, model: type) -> list:
    with house.reading() as session:
        return list(session.scalars(select(model)))


def test_somebody_signs_in_and_goes_on_to_where_they_were_going(client, provider, tenant_id, officer):
    assert client.get("/owed").location == "/sign-in?next=/owed"
    page = soup(client, "/sign-in?next=/owed")
    way = page.find("a", string="Sign in with your organisation’s account")["href"]
    address = goes(client, tenant_id, way)
    answer = comes_back(client, provider.signs_in(address, "officer-7"))
    assert answer.location == "/owed"
    assert client.get("/owed").status_code == 200


def test_what_a_tenant_says_of_names_and_addresses_is_kept_nowhere(
    open_to_tenants, client, provider, tenant_id, officer
):
    signs_in(client, provider, tenant_id, "officer-7")
    (row,) = rows(open_to_tenants, TenantIdentity)
    assert (row.account_id, row.issuer, row.subject) == (officer[0].id, provider.issuer, "officer-7")
    with open_to_tenants.reading() as session:
        assert "somebody.else@barsetshire.example" not in session.scalars(select(Account.email)).all()


def test_who_was_invited_has_an_account_without_a_password(open_to_tenants, county, client, provider, tenant_id):
    path = link_of_invitation(open_to_tenants, county)
    page = soup(client, path)
    assert page.find("button", string=lambda text: "account" in text and "Use your" in text) is not None
    address = link(client.post(f"{path}/organisation", data={"csrf_token": csrf_token(client, path)}))
    assert comes_back(client, provider.signs_in(address, "officer-8")).location == "/"
    assert client.get("/").status_code in (200, 302)
    assert client.get(path).status_code == 404
    assert signs_in(client.application.test_client(), provider, tenant_id, "officer-8").location == "/"
    (row,) = [row for row in rows(open_to_tenants, Account) if row.email == "arabella@barsetshire.example"]
    assert (row.role, row.agency_id) == (Role.AGENCY_CONTRIBUTOR, county.agency("Police"))


def test_an_invitation_to_another_agency_is_offered_no_tenant(open_to_tenants, county, client, provider, tenant_id):
    path = link_of_invitation(open_to_tenants, county, agency="Probation")
    assert "Use your" not in client.get(path).text
    answer = client.post(f"{path}/organisation", data={"csrf_token": csrf_token(client, path)})
    assert (answer.status_code, sentence(answer)) == (422, SORRY)


def test_without_word_of_two_factors_our_own_code_is_asked_for(open_to_tenants, client, provider, tenant_id, officer):
    secret, _ = with_authenticator(officer[0], at=NOW)
    assert signs_in(client, provider, tenant_id, "officer-7").location == "/sign-in/code"
    assert client.get("/owed").location == "/sign-in?next=/owed"
    assert submit(client, "/sign-in/code", {"code": code_of(secret, NOW)}).status_code == 302
    assert client.get("/owed").status_code == 200
    assert [row.tenant_id for row in rows(open_to_tenants, SignIn)][-1:] != []


def test_with_word_of_two_factors_no_code_is_asked_for(client, provider, tenant_id, officer):
    with_authenticator(officer[0], at=NOW)
    provider.set(claims={"amr": ["pwd", "mfa"]})
    assert signs_in(client, provider, tenant_id, "officer-7").location == "/"


@pytest.mark.parametrize(("seconds_ago", "proved"), [(0, True), (600, False), (None, False)])
def test_it_counts_as_a_proof_where_the_tenant_asked_just_now(
    client, provider, tenant_id, officer, seconds_ago, proved
):
    signed_in = None if seconds_ago is None else int(NOW.timestamp()) - seconds_ago
    provider.set(claims={"auth_time": signed_in})
    signs_in(client, provider, tenant_id, "officer-7")
    answer = client.post("/sign-ins/authenticator/begin", data={"csrf_token": csrf_token(client, "/sign-ins")})
    assert answer.location.startswith("/sign-ins/authenticator") is proved
    assert proved or "If you have no password here" in client.get("/sign-ins/prove").text


def test_turning_it_off_ends_the_sign_ins_that_came_through_it(
    open_to_tenants, county, app, client, provider, tenant_id, officer
):
    other = app.test_client()
    submit(other, "/sign-in", {"email": officer[1], "password": PASSWORD})
    signs_in(client, provider, tenant_id, "officer-7")
    address = goes(waiting := app.test_client(), tenant_id)
    turn_off(tenant_id, by=make_account(open_to_tenants, Role.ADMINISTRATOR)[0], at=NOW)
    assert client.get("/owed").location == "/sign-in?next=/owed"
    assert "was turned off" in client.get("/sign-in").text
    assert other.get("/owed").status_code == 200
    assert sentence(comes_back(waiting, provider.signs_in(address, "officer-7"))) == SORRY
    assert "Sign in with your organisation" not in app.test_client().get("/sign-in").text


def test_whoever_is_blocked_is_told_what_everybody_is_told(
    open_to_tenants, county, client, provider, tenant_id, officer
):
    block(officer[0].id, "concern", by=county.who(Role.ADMINISTRATOR), at=NOW)
    refused = signs_in(client, provider, tenant_id, "officer-7")
    unknown = signs_in(client, provider, tenant_id, "nobody")
    assert [(one.status_code, sentence(one)) for one in (refused, unknown)] == [(422, SORRY)] * 2
    assert reasons(open_to_tenants) == ["blocked", "identity_unknown"]


def test_a_tenant_that_does_not_answer_is_said_to_be_away(open_to_tenants, county, client, tenant_id):
    away = with_tenant(open_to_tenants, county.agency("Probation"), "http://127.0.0.1:9/tenant")
    data = {"tenant_id": str(away), "csrf_token": csrf_token(client, "/sign-in/organisation")}
    answer = client.post("/sign-in/organisation", data=data)
    assert (answer.status_code, sentence(answer)) == (503, AWAY)


def test_it_is_read_again_once_it_signs_by_another_key(client, provider, tenant_id, officer):
    before = provider.asked()["keys"]
    provider.set(second_key=True)
    assert signs_in(client, provider, tenant_id, "officer-7").location == "/"
    assert provider.asked()["keys"] == before + 1
    assert signs_in(client.application.test_client(), provider, tenant_id, "officer-7").location == "/"
    assert provider.asked()["keys"] == before + 1


def test_ten_minutes_are_enough(client, provider, tenant_id, officer, clock: StoppedClock):
    address = provider.signs_in(goes(client, tenant_id), "officer-7")
    clock.moment += timedelta(minutes=10)
    assert sentence(comes_back(client, address)) == SORRY


def test_a_page_that_asks_whose_account_begins_nothing(open_to_tenants, client, tenant_id):
    assert client.get(f"/sign-in/organisation?tenant_id={tenant_id}").status_code == 200
    with client.session_transaction() as session:
        assert "going" not in session


def test_an_administrator_enters_one_and_turns_it_off_and_on(open_to_tenants, county, client, sign_in, provider):
    sign_in(client, Role.ADMINISTRATOR)
    agency_id = str(county.agency("Police"))
    entry = {"agency_id": agency_id, "issuer": "https://login.example/common/v2.0", "client_id": "dhr"}
    refused = submit(client, "/accounts/organisations/new", entry)
    assert (refused.status_code, "any organisation" in refused.text) == (422, True)
    taken = submit(client, "/accounts/organisations/new", {**entry, "issuer": provider.issuer})
    assert taken.location == "/accounts/organisations"
    (row,) = rows(open_to_tenants, Tenant)
    confirm_tenant(row.id, by=county.coordinator, at=NOW)
    for button, state in (("Turn off", "Off"), ("Turn on", "On")):
        page = soup(client, "/accounts/organisations")
        form = page.select_one("main form")
        assert button in form.get_text()
        token = form.find("input", {"name": "csrf_token"})["value"]
        assert client.post(form["action"], data={"csrf_token": token}).status_code == 303
        assert state in soup(client, "/accounts/organisations").select_one("main .moj-badge").get_text()


# --- Showing once more that it is you -------------------------------------------------------------------------------

SILENT = "Your organisation’s sign-in did not show that it asked you, just now, who you are. Nothing was changed."


def asked_again(client: FlaskClient, then: str = "/sign-ins/authenticator") -> str:
    """Press the button on the page that asks for a proof, and say where the link leads."""
    form = soup(client, f"/sign-ins/prove?next={then}").select_one("main form[action*=organisation]")
    token = form.find("input", {"name": "csrf_token"})["value"]
    return link(client.post(form["action"], data={"csrf_token": token}))


def may_go_on(client: FlaskClient) -> bool:
    """Whether a step that needs a proof can be taken."""
    answer = client.post("/sign-ins/authenticator/begin", data={"csrf_token": csrf_token(client, "/sign-ins")})
    return answer.location.startswith("/sign-ins/authenticator")


@pytest.fixture
def come_in(client: FlaskClient, provider: IdentityProvider, tenant_id: UUID, officer: tuple[Person, str]) -> None:
    """The officer came through the tenant, which did not say when it asked them."""
    provider.set(claims={"auth_time": None})
    signs_in(client, provider, tenant_id, "officer-7")
    assert not may_go_on(client)
    provider.set()


@pytest.mark.usefixtures("come_in")
def test_a_tenant_that_asked_just_now_shows_it_and_the_cookie_before_is_dead(open_to_tenants, client, provider):
    before = client.get_cookie("dhr").value
    answer = comes_back(client, provider.signs_in(asked_again(client), "officer-7"))
    assert answer.location == "/sign-ins/authenticator"
    assert may_go_on(client)
    copied = client.application.test_client()
    copied.set_cookie("dhr", before)
    assert copied.get("/owed").location == "/sign-in?next=/owed"
    with open_to_tenants.reading() as session:
        (event,) = session.scalars(select(Event).where(Event.kind == "proved_again"))
    assert event.details == {"permission": "home.see", "by": "tenant"}


@pytest.mark.usefixtures("come_in")
@pytest.mark.parametrize("seconds_ago", [None, 120, -120])
def test_one_that_does_not_say_so_shows_nothing_and_a_passkey_is_named(open_to_tenants, client, provider, seconds_ago):
    said = None if seconds_ago is None else int(NOW.timestamp()) - seconds_ago
    provider.set(claims={"auth_time": said})
    answer = comes_back(client, provider.signs_in(asked_again(client), "officer-7"))
    assert answer.location == "/sign-ins/prove?next=/sign-ins/authenticator"
    page = client.get(answer.location).text
    assert SILENT in page
    assert "Use a passkey or your password" in page
    assert not may_go_on(client)
    assert reasons(open_to_tenants) == ["claim_auth_time"]


@pytest.mark.usefixtures("come_in")
def test_somebody_else_at_the_tenant_shows_nothing_in_the_same_words(open_to_tenants, county, client, provider):
    for subject in ("officer-9", "nobody"):
        if subject == "officer-9":
            _, email = make_account(open_to_tenants, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
            other = client.application.test_client()
            submit(other, "/sign-in", {"email": email, "password": PASSWORD})
            binds(other, provider, subject)
        answer = comes_back(client, provider.signs_in(asked_again(client), subject))
        assert SILENT in client.get(answer.location).text
    assert not may_go_on(client)
    assert reasons(open_to_tenants) == ["another_person", "identity_unknown"]


@pytest.mark.usefixtures("come_in")
def test_an_answer_counts_in_the_sign_in_that_asked_alone_and_once(
    open_to_tenants, client, provider, tenant_id, officer
):
    address = provider.signs_in(asked_again(client), "officer-7")
    with client.session_transaction() as session:
        going = session["going"]
    provider.set(claims={"auth_time": None})
    other = client.application.test_client()
    signs_in(other, provider, tenant_id, "officer-7")
    with other.session_transaction() as session:
        session["going"] = going  # whoever could write this browser’s cookie
    comes_back(other, address)
    assert not may_go_on(other)
    assert comes_back(client, address).location == "/sign-ins"
    assert not may_go_on(client)
    assert reasons(open_to_tenants) == ["another_person", "no_question"]


@pytest.mark.usefixtures("open_to_tenants")
def test_who_came_by_password_is_not_led_there(client, officer):
    submit(client, "/sign-in", {"email": officer[1], "password": PASSWORD})
    assert "Show it at your organisation" not in client.get("/sign-ins/prove").text
    token = csrf_token(client, "/sign-ins")
    answer = client.post("/sign-ins/prove/organisation", data={"csrf_token": token})
    assert answer.location == "/sign-ins"


def test_who_followed_an_invitation_may_add_a_passkey_whatever_the_tenant_says(
    open_to_tenants, county, provider, tenant_id, clock: StoppedClock
):
    browser = create_app(house=at_the_site(open_to_tenants)).test_client()
    path = link_of_invitation(open_to_tenants, county)
    provider.set(claims={"auth_time": None})
    address = link(browser.post(f"{path}/organisation", data={"csrf_token": csrf_token(browser, path)}))
    comes_back(browser, provider.signs_in(address, "officer-8"))
    assert "Add a passkey now" in browser.get("/sign-ins").text
    assert may_go_on(browser)
    clock.advance(minutes=5)
    assert not may_go_on(browser)
    assert "If you have no password here, you need a passkey" in browser.get("/sign-ins/prove").text


def test_one_is_offered_once_somebody_else_than_who_entered_it_confirms_it(open_to_tenants, county, app, provider):
    def office(role: Role) -> Visitor:
        visitor = Visitor(app.test_client())
        submit(visitor.client, "/sign-in", {"email": make_account(open_to_tenants, role)[1], "password": PASSWORD})
        return visitor

    administrator, coordinator = office(Role.ADMINISTRATOR), office(Role.COORDINATOR)
    administrator.open("/accounts/organisations/new").send(
        {"agency_id": str(county.agency("Police")), "issuer": provider.issuer, "client_id": CLIENT}
    )
    assert "It is offered once somebody else confirms it" in administrator.text
    assert "Waits for a second person" in administrator.text
    assert "Somebody else confirms it, until" in administrator.open("/accounts/invitations").text
    assert "1 proposal" in coordinator.open("/today").text
    assert provider.issuer in coordinator.open("/accounts/invitations").text
    assert organisations() == {}
    coordinator.send(button="Confirm")
    assert "People of the organisation may sign in there from now on." in coordinator.text
    assert "Nobody waits for an invitation" in coordinator.text
    assert len(organisations()) == 1
    assert "Confirmed by" in administrator.open("/accounts/organisations").text
