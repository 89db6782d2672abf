"""A trail that was broken: whoever watches is told by the health page, people by their first page, and nothing goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dhr_app import create_app, jobs
from dhr_app.casework.disposal import confirm, second
from dhr_app.casework.dispose_command import NotReady, dispose
from dhr_app.casework.last_proof import trail_holds
from dhr_app.casework.trail_proof import prove_trail
from dhr_app.database.models.audit import AuditEntry
from dhr_app.workflows.errors import NotYet
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.disposals import POLICY, last_day_over, noticed
from tests.factories import PASSWORD, StoppedClock, make_account, submit
from tests.installations import Installation
from tests.queries import asked_by
from tests.reviews import Case
from tests.web.reading import elements

BANNER = (
    "The audit trail does not hold. Nothing is destroyed until it has been looked into: tell the person who runs the"
    " system."
)
FIRST_PAGES = {Role.COORDINATOR: "/today", Role.STEERING_CHAIR: "/overview", Role.AUDITOR: "/trail"}


@pytest.fixture
def case(installation: Installation) -> Case:
    return installation.county.review(Stage.SCOPING)


@pytest.fixture
def app(installation: Installation) -> Flask:
    return create_app(house=installation.house)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def night(installation: Installation) -> Callable[[], None]:
    """The nightly job that proves the trail, each time a little later."""
    (job,) = (each for each in jobs.JOBS if each.name == "prove_trail")
    clock = installation.house.clock
    assert isinstance(clock, StoppedClock)

    def work() -> None:
        clock.advance(minutes=1)
        jobs.run(job, installation.house)

    return work


def tampered(installation: Installation, case: Case) -> Callable[[], None]:
    """An entry of the review’s chain is changed by SQL; what is returned puts it back."""
    where = (AuditEntry.chain == case.row.id, AuditEntry.seq == 2)
    with installation.main.connect() as connection:
        body = connection.scalars(select(AuditEntry.body).where(*where)).one()
    changed = update(AuditEntry).where(*where)
    installation.tamper(changed.values(body=body.replace(b'"name":"', b'"name":"x')))
    return lambda: installation.tamper(changed.values(body=body))


def banners(page: str) -> list[str]:
    return [" ".join(each.get_text().split()) for each in elements(page).select(".govuk-notification-banner__heading")]


def test_the_health_page_is_red_from_the_proof_on_until_a_proof_holds(
    installation: Installation, case: Case, client: FlaskClient, night: Callable[[], None]
) -> None:
    night()
    assert (client.get("/health").status_code, client.get("/health").json) == (200, {"status": "ok"})
    mend = tampered(installation, case)
    assert client.get("/health").status_code == 200  # the page itself proves nothing
    night()
    red = client.get("/health")
    assert (red.status_code, red.json) == (503, {"status": "red", "questions": ["audit"]})
    assert client.get("/alive").status_code == 200
    assert client.get("/sign-in").status_code == 200
    mend()
    night()
    assert client.get("/health").json == {"status": "ok"}


def test_of_two_proofs_of_one_moment_the_broken_one_counts(installation: Installation, case: Case) -> None:
    at = installation.house.clock.now()
    for _ in range(4):
        mend = tampered(installation, case)
        assert prove_trail(installation.house, at=at) != ()
        mend()
        assert prove_trail(installation.house, at=at) == ()
        assert not trail_holds()


def test_the_health_page_asks_two_things_and_opens_nothing(
    installation: Installation, case: Case, client: FlaskClient, night: Callable[[], None]
) -> None:
    tampered(installation, case)
    night()
    assert asked_by(installation.house, lambda: client.get("/health")) == 2
    assert asked_by(installation.house, lambda: client.get("/alive")) == 0


@pytest.mark.parametrize("role", FIRST_PAGES)
def test_who_has_to_know_sees_it_on_their_first_page_while_it_lasts(
    installation: Installation, case: Case, client: FlaskClient, night: Callable[[], None], role: Role
) -> None:
    _, email = make_account(installation.house, role)
    submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    assert client.get("/").headers["Location"] == FIRST_PAGES[role]
    night()
    assert BANNER not in banners(client.get(FIRST_PAGES[role]).text)
    mend = tampered(installation, case)
    night()
    page = client.get(FIRST_PAGES[role])
    assert (page.status_code, banners(page.text)) == (200, [BANNER])
    mend()
    night()
    assert BANNER not in banners(client.get(FIRST_PAGES[role]).text)


def test_it_stays_in_sight_where_the_trail_is_asked_for_what_it_does_not_have(
    installation: Installation, case: Case, client: FlaskClient, night: Callable[[], None]
) -> None:
    tampered(installation, case)
    night()
    _, email = make_account(installation.house, Role.AUDITOR)
    submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    page = client.get("/trail?review=DHR-1999-001")
    assert (page.status_code, banners(page.text)) == (422, [BANNER])


def test_a_broken_trail_freezes_a_disposal_at_both_ends(installation: Installation) -> None:
    county = installation.county
    case = last_day_over(county.review(Stage.CLOSED))
    number = noticed(case)
    confirm(case.reference, number, by=county.chair, at=case.at)
    installation.tamper("UPDATE disposal SET policy = 'Another policy'")
    with pytest.raises(NotYet) as refusal:
        second(case.reference, number, case.reference, by=county.coordinator, at=case.at)
    assert [reason.condition for reason in refusal.value.reasons] == ["trail"]
    installation.tamper("UPDATE disposal SET policy = :policy", policy=POLICY)
    second(case.reference, number, case.reference, by=county.coordinator, at=case.at)
    installation.tamper("UPDATE disposal SET policy = 'Another policy'")
    with pytest.raises(NotReady, match="audit trail"):
        dispose(county.house, case.reference, (), at=case.at, say=lambda step: None)
    kept = county.house.database.keystore.domains()
    assert {state for domain, states in kept.items() if domain.review_id == case.row.id for state in states} == {
        "active"
    }
