"""The administrator's list of accounts."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dhr_app.database.models import Account, AccountChange
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, StoppedClock, csrf_token, make_account
from tests.reviews import County
from tests.signing import with_authenticator
from tests.stories.visitor import Visitor


def test_the_administrator_sees_who_has_an_account_and_who_never_came(
    county: County, client: FlaskClient, sign_in
) -> None:
    police = county.agency("Police")
    make_account(county.house, Role.AGENCY_CONTRIBUTOR, name="Mark Robarts", agency_id=police)
    sign_in(client, Role.ADMINISTRATOR, name="Arabella Trefoil")
    page = client.get("/accounts")
    assert page.status_code == 200
    for words in ("Mark Robarts", "Agency contributor", "Barsetshire Police", "Never", "3 June 2026 at 10:30am"):
        assert words in page.text


@pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.AUDITOR, Role.INDEPENDENT_CHAIR, Role.AGENCY_CONTRIBUTOR])
def test_the_list_of_accounts_is_for_those_who_let_people_in(
    county: County, client: FlaskClient, sign_in, role: Role
) -> None:
    sign_in(client, role, agency_id=county.agency("Police") if role is Role.AGENCY_CONTRIBUTOR else None)
    assert client.get("/accounts").status_code == 403


def test_somebody_is_found_by_part_of_their_name_which_stands_in_no_address(
    county: County, client: FlaskClient, sign_in
) -> None:
    make_account(county.house, Role.AUDITOR, name="Patience Oriel")
    make_account(county.house, Role.AUDITOR, name="Mark Robarts")
    sign_in(client)
    visitor = Visitor(client).open("/accounts").send({"name": "ORIE"}, button="Find")
    assert (visitor.path, "Patience Oriel" in visitor.text, "Mark Robarts" in visitor.text) == (
        "/accounts",
        True,
        False,
    )
    visitor.send({"name": "%"}, button="Find")
    assert "Nobody with that in their name or address has an account." in visitor.text


def test_one_s_own_account_offers_nothing_to_change(county: County, client: FlaskClient, sign_in) -> None:
    own = sign_in(client, Role.ADMINISTRATOR)
    page = client.get(f"/accounts/{own.id}")
    assert "This is your own account" in page.text
    assert f"/accounts/{own.id}/block" not in page.text
    for step in ("block", "change"):
        assert client.get(f"/accounts/{own.id}/{step}").status_code == 403


def test_an_administrator_s_pages_name_no_review(county: County, client: FlaskClient, sign_in) -> None:
    case = county.review(Stage.PANEL, seats=True)
    seated = county.who(Role.INDEPENDENT_CHAIR)
    sign_in(client, Role.ADMINISTRATOR)
    for path in ("", f"/{seated.id}", f"/{seated.id}/block", f"/{seated.id}/change", "/invitations", "/agreements",
                 "/agreements/new", "/invitations/new"):  # fmt: skip
        page = client.get(f"/accounts{path}")
        assert page.status_code == 200, path
        assert case.reference not in page.text
    assert "1 review" in client.get(f"/accounts/{seated.id}").text


def test_an_administrator_alone_takes_away_an_authenticator_that_was_lost(
    app: Flask, county: County, client: FlaskClient, sign_in
) -> None:
    person, _ = make_account(county.house, Role.AUDITOR)
    sign_in(client, Role.ADMINISTRATOR)
    visitor = Visitor(client).open(f"/accounts/{person.id}")
    assert "lost their authenticator" not in visitor.text  # there is none
    with_authenticator(person, at=NOW)
    coordinator = Visitor(app.test_client())
    sign_in(coordinator.client)
    assert "lost their authenticator" not in coordinator.open(f"/accounts/{person.id}").text
    visitor.open(f"/accounts/{person.id}").send(button="Take away the lost authenticator")
    assert "The lost authenticator is taken away." in visitor.text
    assert "lost their authenticator" not in visitor.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/accounts/{account}/change"),
        ("POST", "/accounts/{account}/change"),
        ("POST", "/accounts/{account}/forget-factor"),
        ("POST", "/accounts/changes/{account}/confirm"),
        ("POST", "/accounts/invitations/{account}/confirm"),
    ],
)
def test_a_screen_left_open_is_no_way_to_power(
    county: County, client: FlaskClient, sign_in, clock: StoppedClock, method: str, path: str
) -> None:
    somebody, _ = make_account(county.house, Role.PANEL_MEMBER, agency_id=county.agency("Police"))
    sign_in(client, Role.ADMINISTRATOR)
    sent = {"csrf_token": csrf_token(client, "/help"), "role": "administrator"}
    clock.advance(minutes=6)
    answer = client.open(path.format(account=somebody.id), method=method, data=sent if method == "POST" else None)
    if answer.status_code == 403:  # what was chosen is given back, with the way to the proof
        assert "Show that it is you first" in answer.text
        assert "/sign-ins/prove?next=" in answer.text
    else:
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-ins/prove")
    with county.house.reading() as session:
        assert session.get_one(Account, somebody.id).role == Role.PANEL_MEMBER.value
        assert session.scalar(select(func.count()).select_from(AccountChange)) == 0
