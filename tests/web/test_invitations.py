"""Invitations at a browser: from the form to the first sign-in, and every way in which a link opens nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.casework import outbox
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.block_list import bar_address
from dhr_app.casework.house import House
from dhr_app.database.models import Account, AccountChange, AuditEntry, Conflict, Invitation, Membership, Message
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, TODAY, StoppedClock, make_account, submit
from tests.mailserver import mail_server, text_of
from tests.reviews import County
from tests.stories.visitor import Visitor

CHOSEN = "four quiet wolds at dusk"
ADDRESS = "arabella.trefoil@barsetshire.example"


@pytest.fixture
def police(county: County) -> UUID:
    """An agency with an agreement in force."""
    agency_id = county.agency("Police")
    entry = AgreementEntry("information_sharing", agency_id, signed_on=TODAY)
    add_agreement(entry, by=county.coordinator, at=NOW)
    return agency_id


def invite(visitor: Visitor, agency_id: UUID, *, role: Role = Role.AGENCY_CONTRIBUTOR, email: str = ADDRESS) -> Visitor:
    visitor.open("/accounts/invitations/new")
    values = {"name": "Arabella Trefoil", "email": email, "role": role.value, "organisation": f"agency:{agency_id}"}
    return visitor.send(values, button="Invite")


def link_of(house: House, client: FlaskClient) -> str:
    """The path of the newest invitation’s link, as the mail on this machine shows it."""
    with house.reading() as session:
        message = session.scalars(
            select(Message).where(Message.invitation_id.is_not(None)).order_by(Message.made_at.desc(), Message.id)
        ).first()
    assert message is not None
    found = re.search(r'href="(/invitation/[^"]+)"', client.get(f"/inbox/{message.id}").text)
    assert found is not None
    return found[1]


def row(house: House, model: type = Invitation):
    with house.reading() as session:
        return session.scalars(select(model)).one()


def test_whoever_is_invited_chooses_a_password_and_comes_in_once(
    county: County, visitor: Visitor, police: UUID, app, clock: StoppedClock
) -> None:
    invite(visitor, police).was_taken()
    assert "Arabella Trefoil" in visitor.text
    guest = app.test_client()
    link = link_of(county.house, guest)
    for _ in range(2):  # looking uses nothing up
        assert "Agency contributor" in guest.get(link).text.replace("agency contributor", "Agency contributor")
    short = submit(guest, link, {"password": "short"})
    assert (short.status_code, "12 characters or more" in short.text) == (422, True)
    common = submit(guest, link, {"password": "Liverpool 2026!"})
    assert (common.status_code, "Choose three words" in common.text) == (422, True)
    assert "Liverpool" not in common.text
    assert submit(guest, link, {"password": CHOSEN}).location == "/sign-in"
    assert guest.get(link).status_code == 404
    assert submit(guest, "/sign-in", {"email": ADDRESS, "password": CHOSEN}).status_code == 302
    assert guest.get("/owed").status_code == 200
    with county.house.reading() as session:
        account = session.scalars(select(Account).where(Account.email == ADDRESS)).one()
    assert (account.role, account.agency_id) == ("agency_contributor", police)


def test_whoever_was_put_on_a_block_list_by_their_address_is_barred_from_the_first_moment(
    county: County, visitor: Visitor, police: UUID, app
) -> None:
    case = county.review()
    bar_address(case.reference, ADDRESS, by=county.coordinator, at=case.wait(minutes=1))
    invite(visitor, police).was_taken()
    guest = app.test_client()
    assert submit(guest, link_of(county.house, guest), {"password": CHOSEN}).location == "/sign-in"
    (barred,) = case.rows(Conflict)
    with county.house.reading() as session:
        assert barred.account_id == session.scalars(select(Account.id).where(Account.email == ADDRESS)).one()
    assert barred.why == "taken_over"


def test_only_the_hash_of_the_link_is_kept(county: County, visitor: Visitor, police: UUID, app) -> None:
    invite(visitor, police)
    with county.house.reading() as session:
        assert "/invitation/" not in session.scalars(select(Message.body)).one()
    token = link_of(county.house, app.test_client()).rpartition("/")[2]
    assert len(token) >= 43
    kept = row(county.house)
    assert kept.token_sha256 is not None
    with county.house.reading() as session:
        bodies = b"".join(entry.body for entry in session.scalars(select(AuditEntry)))
        assert session.scalars(select(Message.body)).one().count(token) == 0
    assert token.encode() not in bodies
    assert ADDRESS.encode() not in bodies


def test_the_mail_names_no_review_and_nobody_and_its_link_opens(
    county: County, visitor: Visitor, police: UUID, app
) -> None:
    case = county.review()
    invite(visitor, police)
    with mail_server() as server:
        settings = replace(county.house.settings, mail_url=server.url, mail_from="dhr@barsetshire.example")
        assert outbox.deliver(replace(county.house, settings=settings), at=NOW).sent == 1
    (letter,) = server.taken
    words = f"{letter['Subject']} {text_of(letter)}"
    assert letter["To"] == ADDRESS
    for name in (case.reference, "Ada", "Harding", "Arabella", "Trefoil", county.coordinator.name, "Police"):
        assert name not in words
    link = re.search(r"(/invitation/[\w-]{43})\s", words)
    assert link is not None
    assert app.test_client().get(link[1]).status_code == 200


@pytest.mark.parametrize("why", ["used", "withdrawn", "too old"])
def test_a_dead_link_says_whom_to_ask_and_the_same_whyever(
    county: County, visitor: Visitor, police: UUID, app, clock: StoppedClock, why: str
) -> None:
    invite(visitor, police)
    guest = app.test_client()
    link = link_of(county.house, guest)
    if why == "used":
        submit(guest, link, {"password": CHOSEN})
    elif why == "withdrawn":
        visitor.open("/accounts/invitations").send(button="Withdraw").was_taken()
    else:
        clock.advance(days=14)
    page = app.test_client().get(link)
    said = " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2].partition("</main>")[0]).split())
    with county.house.reading() as session:
        inviter = session.get_one(Invitation, row(county.house).id).made_by_id
        email = session.get_one(Account, inviter).email
    assert page.status_code == 404
    assert said.endswith(f"Otherwise ask the coordinator who invited you for another: {email}")
    for word in ("used", "withdrawn", "expired", "account"):
        assert word not in said
    assert guest.post(link, data={"password": CHOSEN}).status_code in (400, 404)


def test_a_link_that_nobody_made_opens_nothing_and_is_counted(county: County, client: FlaskClient) -> None:
    for number in range(30):
        assert client.get(f"/invitation/guess-{number}").status_code == 404
    tired = client.get("/invitation/guess-30")
    assert tired.status_code == 429
    assert "Retry-After" in tired.headers


def test_sending_again_makes_another_link_for_another_fortnight(
    county: County, visitor: Visitor, police: UUID, app, clock: StoppedClock
) -> None:
    invite(visitor, police)
    guest = app.test_client()
    first = link_of(county.house, guest)
    clock.advance(days=13)
    visitor = again_signed_in(county, app)
    visitor.open("/accounts/invitations").send(button="Send again").was_taken()
    assert guest.get(first).status_code == 404
    second = link_of(county.house, guest)
    clock.advance(days=13)
    assert guest.get(second).status_code == 200
    states = []
    with county.house.reading() as session:
        states = list(session.scalars(select(Message.state).order_by(Message.made_at)))
    assert states == ["withdrawn", "pending"]


def again_signed_in(county: County, app) -> Visitor:
    client = app.test_client()
    _, email = make_account(county.house, Role.COORDINATOR)
    submit(client, "/sign-in", {"email": email, "password": "three calm herons"})
    return Visitor(client)


def test_without_an_agreement_nobody_is_invited_and_the_page_says_how_to_put_it_right(
    county: County, visitor: Visitor
) -> None:
    invite(visitor, county.agency("Police"))
    assert visitor.status == 422
    assert visitor.errors() == [
        "No agreement with Barsetshire Police is in force. Record one under “Agreements”, then invite them."
    ]
    with county.house.reading() as session:
        assert session.scalars(select(Invitation)).all() == []


def test_an_agreement_that_ended_stops_the_link_too(
    county: County, visitor: Visitor, police: UUID, app, clock: StoppedClock
) -> None:
    invite(visitor, police)
    guest = app.test_client()
    link = link_of(county.house, guest)
    visitor.open("/accounts/agreements")
    (end,) = visitor.links("/end")
    visitor.open(end).send({"ends_on-day": "3", "ends_on-month": "6", "ends_on-year": "2026"}).was_taken()
    assert guest.get(link).status_code == 200  # its last day
    clock.advance(days=1)
    assert guest.get(link).status_code == 404
    visitor = again_signed_in(county, app)
    visitor.open("/accounts/invitations").send(button="Send again")
    assert "The agreement has ended" in visitor.page.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Enter their name."),
        ("email", "arabella", "Enter one work e-mail address, like name@organisation.org."),
        ("role", "", "Choose their role."),
        ("role", "emperor", "Choose one of the answers shown."),
        ("organisation", "", "Choose where they come from. Whoever is not in the list needs an agreement first."),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_box(
    county: County, visitor: Visitor, police: UUID, field: str, value: str, sentence: str
) -> None:
    visitor.open("/accounts/invitations/new")
    right = {
        "name": "Arabella Trefoil",
        "email": ADDRESS,
        "role": "agency_contributor",
        "organisation": f"agency:{police}",
    }
    visitor.send({**right, field: value}, button="Invite")
    assert (visitor.status, visitor.errors()) == (422, [sentence])
    with county.house.reading() as session:
        assert session.scalars(select(Invitation)).all() == []


def test_an_address_is_invited_once(county: County, visitor: Visitor, police: UUID) -> None:
    invite(visitor, police).was_taken()
    assert invite(visitor, police, email=ADDRESS.upper()).errors() == [
        "Somebody was invited at this address already. Send that invitation again, or withdraw it."
    ]
    _, taken = make_account(county.house, Role.AUDITOR)
    assert invite(visitor, police, email=taken).errors() == ["Somebody already signs in with this e-mail address."]


def test_an_office_waits_for_another_person_on_the_page(
    county: County, visitor: Visitor, police: UUID, app, sign_in: Callable[..., Person]
) -> None:
    invite(visitor, police, role=Role.AUDITOR).was_taken()
    assert "Waiting for a second person" in visitor.text
    assert "Somebody else confirms it." in visitor.text
    path = f"/accounts/invitations/{row(county.house).id}/confirm"
    visitor.open("/accounts/invitations")
    token = visitor.value("csrf_token")
    assert visitor.client.post(path, data={"csrf_token": token}).status_code == 403
    second = app.test_client()
    sign_in(second, Role.STEERING_CHAIR)
    chair = Visitor(second).open("/accounts/invitations")
    chair.send(button="Confirm").was_taken()
    assert row(county.house).agreed_by_id is not None
    assert "The mail is about to go" in chair.text


def test_a_role_or_review_that_was_sent_along_is_ignored(county: County, visitor: Visitor, police: UUID, app) -> None:
    case = county.review()
    invite(visitor, police)
    guest = app.test_client()
    link = link_of(county.house, guest)
    more = {"role": "administrator", "agency_id": "", "review_id": str(case.row.id), "email": "other@elsewhere.example"}
    assert submit(guest, link, {"password": CHOSEN, **more}).status_code == 303
    with county.house.reading() as session:
        account = session.get_one(Account, row(county.house).account_id)
        assert (account.role, account.email, account.agency_id) == ("agency_contributor", ADDRESS, police)
        assert session.scalars(select(Membership).where(Membership.account_id == account.id)).all() == []
    visitor.open(f"/accounts/{account.id}/block")
    token = visitor.value("csrf_token")
    visitor.client.post(
        f"/accounts/{account.id}/block", data={"reason": "away", "role": "auditor", "csrf_token": token}
    )
    with county.house.reading() as session:
        blocked = session.get_one(Account, account.id)
        assert (blocked.role, blocked.blocked_on) == ("agency_contributor", TODAY)
        assert session.scalars(select(AccountChange)).all() == []


def test_a_coordinator_who_is_blocked_leaves_no_open_invitation(
    county: County, visitor: Visitor, police: UUID, app, sign_in: Callable[..., Person]
) -> None:
    invite(visitor, police)
    link = link_of(county.house, app.test_client())
    client = app.test_client()
    sign_in(client, Role.ADMINISTRATOR)
    inviter = row(county.house).made_by_id
    Visitor(client).open(f"/accounts/{inviter}/block").send({"reason": "concern"}).was_taken()
    assert app.test_client().get(link).status_code == 404
    assert visitor.client.get("/accounts").location == "/sign-in?next=/accounts"


def test_a_mail_goes_no_more_once_the_invitation_is_withdrawn(county: County, visitor: Visitor, police: UUID) -> None:
    invite(visitor, police)
    visitor.open("/accounts/invitations").send(button="Withdraw").was_taken()
    assert row(county.house, Message).state == "withdrawn"


def test_the_link_is_dead_at_the_very_end_of_the_fortnight(
    county: County, visitor: Visitor, police: UUID, app, clock: StoppedClock
) -> None:
    invite(visitor, police)
    guest = app.test_client()
    link = link_of(county.house, guest)
    assert row(county.house).expires_at == NOW + timedelta(days=14)
    clock.advance(days=14, seconds=-1)
    assert guest.get(link).status_code == 200
    clock.advance(seconds=1)
    assert guest.get(link).status_code == 404
