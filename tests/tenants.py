"""An agency with a tenant, and a browser that goes to it and comes back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.house import House
from dhr_app.casework.invitation import InvitationEntry, invite
from dhr_app.casework.invitation_link import mint
from dhr_app.casework.tenant import TenantEntry, add_tenant
from dhr_app.casework.tenant_confirming import confirm_tenant
from dhr_app.database.models import Invitation
from dhr_app.workflows.roles import Role
from tests.factories import NOW, TODAY, csrf_token, make_account
from tests.identity_provider import CLIENT, IdentityProvider
from tests.reviews import County
from tests.web.reading import elements

SORRY = (
    "You could not be signed in with your organisation’s account. Sign in with your password, or ask the administrator "
    "of your partnership."
)


def with_key(house: House, provider: IdentityProvider, **settings: Any) -> House:
    """The same house, with the key that the provider knows it by."""
    return replace(house, settings=replace(house.settings, tenant_key=str(provider.key_file), **settings))


def with_tenant(house: House, agency_id: UUID, issuer: str) -> UUID:
    """The tenant of an agency, entered by an administrator and confirmed by another."""
    one, other = (make_account(house, Role.ADMINISTRATOR)[0] for _ in range(2))
    tenant_id = add_tenant(TenantEntry(agency_id, issuer, CLIENT), by=one, at=NOW)
    confirm_tenant(tenant_id, by=other, at=NOW)
    return tenant_id


def goes(client: FlaskClient, tenant_id: UUID, path: str = "/sign-in/organisation") -> str:
    """Choose an organisation, and say where the link leads."""
    data = {"tenant_id": str(tenant_id), "csrf_token": csrf_token(client, path)}
    return link(client.post(path, data=data))


def link(answer: TestResponse) -> str:
    """Where the page before a tenant's sign-in leads."""
    assert answer.status_code == 200, answer.text
    return str(elements(answer.text).select_one("main a.govuk-button")["href"])


def comes_back(client: FlaskClient, address: str) -> TestResponse:
    """Follow a provider's redirect to this site."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def signs_in(client: FlaskClient, provider: IdentityProvider, tenant_id: UUID, subject: str) -> TestResponse:
    """The whole way, from the sign-in page and back."""
    return comes_back(client, provider.signs_in(goes(client, tenant_id), subject))


def binds(client: FlaskClient, provider: IdentityProvider, subject: str) -> TestResponse:
    """Somebody who is signed in joins their account to their agency's tenant."""
    token = csrf_token(client, "/sign-ins")
    address = link(client.post("/sign-ins/organisation", data={"csrf_token": token}))
    return comes_back(client, provider.signs_in(address, subject))


def sentence(answer: TestResponse) -> str:
    """What is said at the top of the sign-in page."""
    page = elements(answer.text)
    return re.sub(r"\s+", " ", page.select_one(".govuk-error-summary__list").get_text(" ", strip=True))


def link_of_invitation(house: House, county: County, agency: str = "Police") -> str:
    """The path behind the link that was mailed to somebody of an agency."""
    agency_id = county.agency(agency)
    by = county.coordinator
    add_agreement(AgreementEntry("information_sharing", agency_id, signed_on=TODAY), by=by, at=NOW)
    entry = InvitationEntry("Arabella Trefoil", "arabella@barsetshire.example", Role.AGENCY_CONTRIBUTOR, agency_id)
    assert invite(entry, by=by, at=NOW)
    with house.transaction(by=by, at=NOW) as session:
        return mint(session, session.scalars(select(Invitation)).one(), house).removeprefix(house.settings.site_url)
