"""Attacks on signing in through an agency’s tenant: by its own administrator, between browsers, and by made-up tokens.

The provider is real, and answers as the attacker has it answer (tests/identity_provider.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dhr_app import create_app
from dhr_app.casework.house import House, at_work
from dhr_app.database.models import Account, Event, SignIn, TenantIdentity
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, make_account, submit
from tests.identity_provider import CLIENT, IdentityProvider
from tests.installations import Installation
from tests.tenants import SORRY, binds, comes_back, goes, sentence, signs_in, with_key, with_tenant

pytestmark = pytest.mark.slow  # beside an identity provider

OFFICER = "officer-7"


@dataclass
class Scene:
    """A house whose police have a tenant, the officer who is joined to it, and a browser of nobody's."""

    house: House
    provider: IdentityProvider
    tenant_id: UUID
    officer: Person
    email: str
    installation: Installation

    def browser(self) -> FlaskClient:
        return create_app(house=self.house).test_client()

    def attempt(self, subject: str = OFFICER) -> TestResponse:
        """The whole way in a browser of its own."""
        return signs_in(self.browser(), self.provider, self.tenant_id, subject)

    def reasons(self) -> list[str]:
        """Why sign-ins were refused, as the trail tells it."""
        with self.house.reading() as session:
            kept = session.scalars(select(Event).where(Event.kind == "tenant_refused").order_by(Event.recorded_at))
            return [row.details["reason"] for row in kept]

    def is_refused(self, answer: TestResponse, reason: str) -> None:
        """Refused with the one sentence, nobody signed in, and the reason in the trail alone."""
        assert (answer.status_code, sentence(answer)) == (422, SORRY)
        assert self.reasons()[-1] == reason
        with self.house.reading() as session:
            assert [row.tenant_id for row in session.scalars(select(SignIn))] == [None]  # by the password, to join
            assert verify(session) == []


@pytest.fixture
def scene(installation: Installation, provider: IdentityProvider) -> Iterator[Scene]:
    with at_work(with_key(installation.house, provider)) as house:
        agency_id = installation.county.agency("Police")
        tenant_id = with_tenant(house, agency_id, provider.issuer)
        officer, email = make_account(house, Role.AGENCY_CONTRIBUTOR, agency_id=agency_id)
        made = Scene(house, provider, tenant_id, officer, email, installation)
        browser = made.browser()
        submit(browser, "/sign-in", {"email": email, "password": PASSWORD})
        assert binds(browser, provider, OFFICER).location == "/sign-ins"
        yield made


def test_t33_the_address_in_a_token_finds_no_account(scene: Scene) -> None:
    scene.provider.set(claims={"email": scene.email, "preferred_username": scene.email, "upn": scene.email})
    scene.is_refused(scene.attempt("stranger"), "identity_unknown")


def test_t33_another_tenant_s_person_of_the_same_name_is_nobody(scene: Scene) -> None:
    other = with_tenant(scene.house, scene.installation.county.agency("Probation"), scene.provider.other)
    scene.provider.set(claims={"email": scene.email})
    scene.is_refused(signs_in(scene.browser(), scene.provider, other, OFFICER), "identity_unknown")


def test_t33_a_tenant_vouches_for_nobody_of_another_agency(scene: Scene) -> None:
    with scene.house.transaction(by=scene.installation.county.coordinator, at=NOW) as session:
        session.get_one(Account, scene.officer.id).agency_id = scene.installation.county.agency("Probation")
    scene.is_refused(scene.attempt(), "another_agency")


def test_t33_an_identity_that_is_one_account_s_is_joined_to_no_other(scene: Scene) -> None:
    agency_id = scene.installation.county.agency("Police")
    _, email = make_account(scene.house, Role.AGENCY_CONTRIBUTOR, agency_id=agency_id)
    browser = scene.browser()
    submit(browser, "/sign-in", {"email": email, "password": PASSWORD})
    assert binds(browser, scene.provider, OFFICER).status_code == 303
    assert scene.reasons() == ["identity_of_another"]
    with scene.house.reading() as session:
        assert [row.account_id for row in session.scalars(select(TenantIdentity))] == [scene.officer.id]


@pytest.mark.parametrize("issuer", ["common", "organizations", "consumers", "{tenantid}"])
def test_t33_an_address_that_stands_for_any_tenant_cannot_be_entered(scene: Scene, issuer: str) -> None:
    with pytest.raises(Invalid, match="issuer"):
        with_tenant(
            scene.house,
            scene.installation.county.agency("Probation"),
            f"https://login.microsoftonline.com/{issuer}/v2.0",
        )


def test_t34_an_answer_that_another_browser_asked_for_signs_nobody_in(scene: Scene) -> None:
    address = scene.provider.signs_in(goes(scene.browser(), scene.tenant_id), OFFICER)
    scene.is_refused(comes_back(scene.browser(), address), "no_question")
    victim = scene.browser()
    goes(victim, scene.tenant_id)
    scene.is_refused(comes_back(victim, address), "state")


def test_t34_an_answer_is_good_once(scene: Scene) -> None:
    browser = scene.browser()
    address = scene.provider.signs_in(goes(browser, scene.tenant_id), OFFICER)
    with browser.session_transaction() as session:
        kept = dict(session)
    assert comes_back(browser, address).location == "/"
    thief = scene.browser()
    with thief.session_transaction() as session:
        session.update(kept)
    assert sentence(comes_back(thief, address)) == SORRY
    assert scene.reasons() == ["no_question"]


def test_t34_a_code_that_was_used_is_refused_by_the_provider(scene: Scene) -> None:
    browser, other = scene.browser(), scene.browser()
    used = parse_qs(urlsplit(scene.provider.signs_in(goes(browser, scene.tenant_id), "stranger")).query)["code"][0]
    scene.is_refused(_with(scene, other, code=used), "code_not_taken")  # with another’s verifier


def test_t34_an_answer_in_another_tenant_s_name_is_refused(scene: Scene) -> None:
    for issuer, reason in ((scene.provider.other, "issuer_of_answer"), (None, "issuer_of_answer")):
        scene.provider.set(answer={"iss": issuer})
        scene.is_refused(scene.attempt(), reason)


def test_t34_an_answer_at_another_tenant_s_door_is_refused(scene: Scene) -> None:
    other = with_tenant(scene.house, scene.installation.county.agency("Probation"), scene.provider.other)
    browser = scene.browser()
    address = scene.provider.signs_in(goes(browser, scene.tenant_id), OFFICER)
    scene.is_refused(comes_back(browser, address.replace(str(scene.tenant_id), str(other))), "tenant")


def test_t34_an_answer_without_a_code_is_refused(scene: Scene) -> None:
    scene.provider.set(answer={"code": None, "error": "access_denied"})
    scene.is_refused(scene.attempt(), "no_code")


WRONG = [
    ({"nonce": "of another sign-in"}, "claim_nonce"),
    ({"nonce": None}, "claim_nonce"),
    ({"iss": "https://login.example/other"}, "claim_iss"),
    ({"iss": None}, "claim_iss"),
    ({"aud": "another-client"}, "claim_aud"),
    ({"aud": [CLIENT, "another-client"]}, "claim_azp"),
    ({"azp": "another-client"}, "claim_azp"),
    ({"exp": int((NOW - timedelta(minutes=2)).timestamp())}, "claim_exp"),
    ({"exp": None}, "claim_exp"),
    ({"iat": int((NOW + timedelta(minutes=2)).timestamp())}, "claim_iat"),
    ({"sub": None}, "claim_sub"),
    ({"sub": ""}, "claim_sub"),
    ({"at_hash": "of-another-token"}, "claim_at_hash"),
]


@pytest.mark.parametrize(("claims", "reason"), WRONG, ids=[f"{claims}" for claims, _ in WRONG])
def test_t34_a_token_made_for_another_or_at_another_time_is_refused(scene: Scene, claims: dict, reason: str) -> None:
    scene.provider.set(claims=claims)
    scene.is_refused(scene.attempt(), reason)


@pytest.mark.parametrize("alg", ["none", "HS256", "RS384", "PS256"])
def test_t35_a_token_is_taken_in_two_ways_alone_whatever_it_says_itself(scene: Scene, alg: str) -> None:
    scene.provider.set(alg=alg)
    scene.is_refused(scene.attempt(), "signature")


def test_t35_a_token_signed_by_another_key_of_the_same_name_is_refused(scene: Scene) -> None:
    scene.provider.set(another_key=True)
    scene.is_refused(scene.attempt(), "signature")


def _with(scene: Scene, browser: FlaskClient, **changed: str) -> TestResponse:
    """Come back with something else in the address."""
    address = urlsplit(scene.provider.signs_in(goes(browser, scene.tenant_id), OFFICER))
    query = {name: values[0] for name, values in parse_qs(address.query).items()} | changed
    return browser.get(f"{address.path}?{urlencode(query)}")
