"""A forgotten password at a browser: what the holder, the administrators and the second person see and may do."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.casework.way_in import take_back_all
from dhr_app.database.models import Account, Message, WayIn
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, StoppedClock, make_account, submit
from tests.signing import with_authenticator
from tests.stories.visitor import Visitor
from tests.ways_in import token_of
from tests.web.reading import elements

NEW = "walrus lantern Plumstead seven"
STATED = {"made_sure": "telephone", "with_factor": "no"}


def visits(app: Flask, house: House, role: Role = Role.ADMINISTRATOR) -> tuple[Person, Visitor]:
    """Somebody new who is signed in."""
    person, email = make_account(house, role)
    client = app.test_client()
    submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    return person, Visitor(client)


def link(house: House) -> str:
    """The path of the one link that is on its way."""
    with house.reading() as session:
        way_in_id = session.scalars(select(WayIn.id).where(WayIn.withdrawn_at.is_(None))).one()
    return f"/new-password/{token_of(house, way_in_id, at=NOW)}"


def test_from_the_sign_in_page_back_to_one_s_work(app: Flask, house: House) -> None:
    holder, email = make_account(house, Role.REPORT_AUTHOR)
    guest = Visitor(app.test_client())
    guest.open("/sign-in")
    assert "Forgotten your password?" in guest.text
    guest.open("/forgotten")
    assert "Ring the administrator of your partnership" in guest.text
    _, administrator = visits(app, house)
    administrator.open(f"/accounts/{holder.id}")
    assert "let them choose a new password" in administrator.text
    administrator.open(f"/accounts/{holder.id}/new-password").send(STATED, button="Send the link").was_taken()
    assert "The link is on its way to the address of the account." in administrator.text
    assert "I rang them at a number that we had before" in administrator.text
    mail = app.test_client()
    path = link(house)
    page = mail.get(path)
    assert (page.status_code, email in page.text) == (200, True)
    short = submit(mail, path, {"password": "short"})
    assert (short.status_code, "12 characters or more" in short.text) == (422, True)
    assert submit(mail, path, {"password": NEW}).location == "/sign-in"
    assert "Your new password is chosen" in mail.get("/sign-in").text
    assert submit(mail, "/sign-in", {"email": email, "password": NEW}).status_code == 302
    assert mail.get("/desk").status_code == 200
    administrator.open(f"/accounts/{holder.id}")
    assert "A new password was chosen by such a link" in administrator.text


def test_for_an_office_it_waits_for_the_second_person_on_the_page_where_changes_wait(app: Flask, house: House) -> None:
    holder, _ = make_account(house, Role.AUDITOR)
    asker, administrator = visits(app, house)
    _, second = visits(app, house, Role.STEERING_CHAIR)
    administrator.open(f"/accounts/{holder.id}/new-password")
    assert "Two people give their role, so two let them in" in administrator.text
    administrator.send({**STATED, "with_factor": "yes"}, button="Ask for it").was_taken()
    administrator.open("/accounts/invitations")
    assert "Somebody else confirms it." in administrator.text
    second.open("/accounts/invitations")
    assert f"{asker.name}" in second.text
    assert "Authenticator and passkeys go too" in second.text
    second.send(button="Confirm").was_taken()
    assert "Confirmed. The link is on its way" in second.text
    path = link(house)
    assert app.test_client().get(path).status_code == 200
    second.open(f"/accounts/{holder.id}").send(button="Take it back").was_taken()
    assert app.test_client().get(path).status_code == 404


def test_a_coordinator_s_day_counts_what_waits_for_them(app: Flask, house: House) -> None:
    holder, _ = make_account(house, Role.AUDITOR)
    _, administrator = visits(app, house)
    _, coordinator = visits(app, house, Role.COORDINATOR)
    assert "Accounts that wait for a second person" not in coordinator.open("/today").text
    administrator.open(f"/accounts/{holder.id}/new-password").send(STATED, button="Ask for it").was_taken()
    assert "Accounts that wait for a second person" in coordinator.open("/today").text


def test_a_proof_of_the_moment_is_asked_for_before_the_link_goes(app: Flask, house: House, clock: StoppedClock) -> None:
    holder, _ = make_account(house, Role.REPORT_AUTHOR)
    _, administrator = visits(app, house)
    path = f"/accounts/{holder.id}/new-password"
    administrator.open(path)
    clock.advance(minutes=5)
    answer = administrator.client.get(path)
    assert answer.location == f"/sign-ins/prove?next={path}"
    with house.reading() as session:
        assert session.scalars(select(WayIn)).all() == []


def test_a_dead_link_says_whom_to_ask_and_nothing_of_the_account(app: Flask, house: House) -> None:
    holder, email = make_account(house, Role.REPORT_AUTHOR)
    asker, administrator = visits(app, house)
    administrator.open(f"/accounts/{holder.id}/new-password").send(STATED, button="Send the link").was_taken()
    path = link(house)
    with house.transaction(by=asker, at=NOW) as session:
        take_back_all(session, holder.id, at=NOW)
    answer = app.test_client().get(path)
    main = elements(answer.text).select_one("main").get_text(" ", strip=True)
    assert answer.status_code == 404
    assert "This link opens nothing" in main
    assert "Ring the administrator of your partnership" in main
    for word in (email, holder.name, "withdrawn", "taken back"):
        assert word not in main


def test_nothing_is_offered_for_one_s_own_account_or_one_that_is_blocked(app: Flask, house: House) -> None:
    person, administrator = visits(app, house)
    holder, _ = make_account(house, Role.REPORT_AUTHOR)
    with house.transaction(by=person, at=NOW) as session:
        session.get_one(Account, holder.id).blocked_on = NOW.date()
    for whose, status in ((person, 403), (holder, 409)):
        administrator.open(f"/accounts/{whose.id}")
        assert "let them choose a new password" not in administrator.text
        assert administrator.client.get(f"/accounts/{whose.id}/new-password").status_code == status


def test_whoever_lost_the_authenticator_too_sets_up_another(app: Flask, house: House) -> None:
    holder, _ = make_account(house, Role.REPORT_AUTHOR)
    with_authenticator(holder, at=NOW)
    _, administrator = visits(app, house)
    stated = {**STATED, "with_factor": "yes"}
    administrator.open(f"/accounts/{holder.id}/new-password").send(stated, button="Send the link").was_taken()
    with house.reading() as session:
        body = session.scalars(select(Message.body).where(Message.way_in_id.is_not(None))).one()
    assert "Your authenticator, its recovery codes and your passkeys open nothing from then on" in body
    guest, path = app.test_client(), link(house)
    assert "you set up an authenticator anew" in guest.get(path).text
    submit(guest, path, {"password": NEW})
    assert "You then set up your authenticator anew." in guest.get("/sign-in").text
