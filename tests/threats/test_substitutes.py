"""An agency's contact cannot try out addresses: whether one has an account elsewhere, the answer is the same."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.casework.account_block import block
from dhr_app.casework.agency_contact import set_contact
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.invitation import InvitationEntry, invite
from dhr_app.casework.invitations_page import NO_MAIL, invitations_page
from dhr_app.casework.substitutes import SubstituteEntry, invite_substitute
from dhr_app.database.models import Account, Invitation, Message
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, TODAY, make_account, submit
from tests.installations import Installation
from tests.stories.visitor import Visitor

IN_USE = {
    "a coordinator": Role.COORDINATOR,
    "a chair": Role.INDEPENDENT_CHAIR,
    "an administrator": Role.ADMINISTRATOR,
    "another agency's": Role.AGENCY_CONTRIBUTOR,
    "somebody blocked": Role.PANEL_MEMBER,
}


@pytest.fixture
def contact(installation: Installation) -> tuple[Person, str]:
    """The contact of an agency under an agreement, and their address."""
    police = installation.county.agency("Police")
    entry = AgreementEntry("information_sharing", police, signed_on=TODAY)
    add_agreement(entry, by=installation.county.coordinator, at=NOW)
    person, email = make_account(installation.house, Role.AGENCY_CONTRIBUTOR, agency_id=police)
    set_contact(police, person.id, by=installation.county.coordinator, at=NOW)
    return person, email


def in_use(installation: Installation, whose: str) -> str:
    role = IN_USE[whose]
    fire = installation.county.agency("Fire and Rescue")
    of_an_agency = role in (Role.AGENCY_CONTRIBUTOR, Role.PANEL_MEMBER)
    person, email = make_account(installation.house, role, agency_id=fire if of_an_agency else None)
    if whose == "somebody blocked":
        block(person.id, "left_post", by=installation.county.coordinator, at=NOW)
    return email


def without(page: Visitor, email: str) -> str:
    """The whole answer, without the address, the names of rows and the token of the form."""
    name, _, place = email.partition("@")
    text = str(page.page).replace(email, "ADDRESS").replace(f"{name}@<wbr/>{place}", "ADDRESS")
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    return re.sub(r'name="csrf_token" type="hidden" value="[^"]*"|value="Ij[^"]*"', "TOKEN", text)


def tried(installation: Installation, contact_email: str, email: str) -> list[tuple[int, str]]:
    """What the contact sees: on inviting, on inviting twice, on sending again, and on withdrawing."""
    client = create_app(house=installation.house).test_client()
    submit(client, "/sign-in", {"email": contact_email, "password": PASSWORD})
    visitor = Visitor(client).open("/owed/colleagues")
    typed = {"name": "Arabella Trefoil", "email": email}
    seen = []
    for step in (
        lambda: visitor.send(typed, button="Invite"),
        lambda: visitor.open("/owed/colleagues").send(typed, button="Invite"),
        lambda: visitor.open("/owed/colleagues").send(button="Send again"),
        lambda: visitor.open("/owed/colleagues"),
        lambda: visitor.send(button="Withdraw"),
    ):
        step()
        seen.append((visitor.status, without(visitor, email)))
    return seen


@pytest.mark.parametrize("whose", sorted(IN_USE))
def test_the_answer_is_the_same_whoever_has_the_address(
    installation: Installation, contact: tuple[Person, str], whose: str
) -> None:
    email = in_use(installation, whose)
    unknown = tried(installation, contact[1], "arabella.trefoil@police.example")
    assert tried(installation, contact[1], email) == unknown
    assert [status for status, _ in unknown] == [200, 422, 200, 200, 200]
    with installation.house.reading() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        rows = session.scalars(select(Invitation).where(Invitation.email == email)).all()
        mails = session.scalars(select(Message).where(Message.invitation_id.in_([row.id for row in rows]))).all()
        told = session.scalars(select(Message).where(Message.account_id == account.id)).all()
    assert mails == []  # no link is made for an address that is in use
    assert [row.token_sha256 for row in rows] == [None]
    assert ["already_here" in message.kind for message in told] == [True]
    assert "Trefoil" not in told[0].body
    assert account.role == IN_USE[whose].value


def test_an_address_that_somebody_else_invited_is_answered_the_same_and_gets_no_second_link(
    installation: Installation, contact: tuple[Person, str]
) -> None:
    county = installation.county
    for number, role in enumerate((Role.REPORT_AUTHOR, Role.AUDITOR)):  # one went out, one waits to be confirmed
        email = f"somebody.{number}@barsetshire.example"
        invite(InvitationEntry("Somebody", email, role, _police(installation)), by=county.coordinator, at=NOW)
        before = _mails(installation)
        unknown = tried(installation, contact[1], f"nobody.{number}@barsetshire.example")
        assert tried(installation, contact[1], email) == unknown
        with installation.house.reading() as session:
            found = select(Message.id).join(Invitation, Invitation.id == Message.invitation_id)
            assert len(session.scalars(found.where(Invitation.email == email)).all()) == (1 if number == 0 else 0)
        assert _mails(installation) >= before


def test_whom_the_contact_sees_on_the_page_they_are_told_of(
    installation: Installation, contact: tuple[Person, str]
) -> None:
    _, email = make_account(installation.house, Role.AGENCY_CONTRIBUTOR, agency_id=_police(installation))
    with pytest.raises(Invalid, match="work for your agency here already"):
        invite_substitute(SubstituteEntry("Ned Bunce", email), by=contact[0], at=NOW)


def test_an_old_invitation_that_opens_nothing_stands_in_nobody_s_way_and_the_coordinator_sees_what_did_not_go(
    installation: Installation, contact: tuple[Person, str]
) -> None:
    county, email = installation.county, "lucy@police.example"
    author = InvitationEntry("Lucy Robarts", email, Role.REPORT_AUTHOR, _police(installation))
    invite(author, by=county.coordinator, at=NOW)
    later = NOW + timedelta(days=14)
    invite_substitute(SubstituteEntry("Lucy Robarts", email), by=contact[0], at=later)
    in_the_way = in_use(installation, "a chair")
    invite_substitute(SubstituteEntry("Arabella Trefoil", in_the_way), by=contact[0], at=later)
    lines = {line.email: line for line in invitations_page(by=county.coordinator, at=later).sent}
    assert (lines[email].mail, lines[in_the_way].mail) == ("The mail is about to go", NO_MAIL)


def _police(installation: Installation) -> UUID:
    return installation.county.agency("Police")


def _mails(installation: Installation) -> int:
    with installation.house.reading() as session:
        return len(session.scalars(select(Message.id)).all())
