"""Inviting, seating and an agency’s contact or substitutes take a proof of the moment, and no word is lost by it."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dhr_app.casework.agency_contact import set_contact
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.database.models import Account, AgencyContact, Invitation, Membership
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, TODAY, StoppedClock, csrf_token, make_account, submit
from tests.reviews import Case, County
from tests.web.reading import elements

TYPED = {"name": "Arabella Trefoil", "email": "arabella.trefoil@barsetshire.example"}


@pytest.fixture
def police(county: County) -> UUID:
    agency_id = county.agency("Police")
    entry = AgreementEntry("information_sharing", agency_id, signed_on=TODAY)
    add_agreement(entry, by=county.coordinator, at=NOW)
    return agency_id


def comes_in(app: Flask, county: County, role: Role, agency_id: UUID | None = None) -> tuple[UUID, FlaskClient]:
    person, email = make_account(county.house, role, agency_id=agency_id)
    client = app.test_client()
    submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    return person.id, client


def late(client: FlaskClient, clock: StoppedClock, path: str, sent: dict[str, str]):
    """A form is sent six minutes after its sender last showed who they are."""
    token = csrf_token(client, "/help")
    clock.advance(minutes=6)
    return client.post(path, data={**sent, "csrf_token": token})


def counted(county: County, model: type) -> int:
    with county.house.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def given_back(answer, path: str, *words: str) -> None:
    """What was typed is on the page, beside the way to the proof that leads to the form."""
    assert answer.status_code == 403
    page = elements(answer.text)
    assert page.select_one("main h1").get_text(strip=True) == "Show that it is you first"
    kept = [area.get_text().strip() for area in page.select("main textarea")]
    for word in words:
        assert word in kept
    assert page.select_one("main a[href*='/sign-ins/prove']")["href"] == f"/sign-ins/prove?next={path}"


def test_an_invitation(app: Flask, county: County, police: UUID, clock: StoppedClock) -> None:
    path = "/accounts/invitations/new"
    _, client = comes_in(app, county, Role.COORDINATOR)
    sent = {**TYPED, "role": "agency_contributor", "organisation": f"agency:{police}"}
    given_back(late(client, clock, path, sent), path, *TYPED.values())
    assert counted(county, Invitation) == 0
    assert client.get(path).location == f"/sign-ins/prove?next={path}"
    assert submit(client, f"/sign-ins/prove?next={path}", {"password": PASSWORD}).location == path
    assert submit(client, path, sent).status_code == 303
    assert counted(county, Invitation) == 1


def test_a_mail_that_is_sent_again(app: Flask, county: County, police: UUID, clock: StoppedClock) -> None:
    _, client = comes_in(app, county, Role.COORDINATOR)
    sent = {**TYPED, "role": "agency_contributor", "organisation": f"agency:{police}"}
    submit(client, "/accounts/invitations/new", sent)
    with county.house.reading() as session:
        row = session.scalars(select(Invitation)).one()
    answer = late(client, clock, f"/accounts/invitations/{row.id}/send-again", {})
    assert answer.location.startswith("/sign-ins/prove")


def test_a_seat(app: Flask, county: County, clock: StoppedClock) -> None:
    case: Case = county.review(Stage.PANEL)
    seated = counted(county, Membership)
    member, _ = make_account(county.house, Role.PANEL_MEMBER, agency_id=county.agency("Police"))
    _, client = comes_in(app, county, Role.COORDINATOR)
    path = f"/reviews/{case.reference}/members"
    page = elements(client.get(path).text)
    name = page.select_one("main form select")["name"]
    answer = late(client, clock, path, {name: str(member.id)})
    assert answer.location == f"/sign-ins/prove?next={path}"  # nothing was typed that could be lost
    assert counted(county, Membership) == seated
    assert client.get(path).status_code == 200  # to read who sits takes no proof
    submit(client, f"/sign-ins/prove?next={path}", {"password": PASSWORD})
    assert submit(client, path, {name: str(member.id)}).status_code == 303
    assert counted(county, Membership) == seated + 1


def test_an_agency_s_contact(app: Flask, county: County, police: UUID, clock: StoppedClock) -> None:
    person, _ = make_account(county.house, Role.AGENCY_CONTRIBUTOR, agency_id=police)
    _, client = comes_in(app, county, Role.COORDINATOR)
    path = f"/accounts/contacts/{police}"
    answer = late(client, clock, path, {"account_id": str(person.id)})
    assert answer.location == f"/sign-ins/prove?next={path}"
    assert counted(county, AgencyContact) == 0
    submit(client, f"/sign-ins/prove?next={path}", {"password": PASSWORD})
    assert submit(client, path, {"account_id": str(person.id)}).status_code == 303
    assert counted(county, AgencyContact) == 1


def test_a_substitute_and_the_end_of_one(app: Flask, county: County, police: UUID, clock: StoppedClock) -> None:
    contact_id, client = comes_in(app, county, Role.AGENCY_CONTRIBUTOR, police)
    colleague, _ = make_account(county.house, Role.AGENCY_CONTRIBUTOR, agency_id=police)
    set_contact(police, contact_id, by=county.coordinator, at=NOW)
    path = "/owed/colleagues"
    given_back(late(client, clock, path, TYPED), path, *TYPED.values())
    assert counted(county, Invitation) == 0
    assert client.get(path).status_code == 200
    end = f"{path}/{colleague.id}/end"
    assert client.get(end).location == f"/sign-ins/prove?next={end}"
    submit(client, f"/sign-ins/prove?next={path}", {"password": PASSWORD})
    assert submit(client, path, TYPED).status_code == 303
    assert counted(county, Invitation) == 1
    with county.house.reading() as session:
        assert session.get_one(Account, colleague.id).blocked_on is None
