"""The administrator's list of accounts."""

from __future__ import annotations

from flask.testing import FlaskClient

from dhr_app.workflows.roles import Role
from tests.factories import make_account
from tests.reviews import County


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


def test_the_list_of_accounts_is_nobody_else_s(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    assert client.get("/accounts").status_code == 403
