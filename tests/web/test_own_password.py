"""One’s own password: changed after a fresh proof, and whoever knew the old one is out everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.casework.own_password import SAME
from dhr_app.database.models import Account, Event, Message
from tests.factories import NOW, PASSWORD, StoppedClock, make_account, submit
from tests.signing import code_of, with_authenticator
from tests.web.reading import elements
from tests.web.test_sign_ins import comes_in, is_in

NEW = "walrus lantern Plumstead seven"
PAGE = "/sign-ins/password"


def choose(browser: FlaskClient, password: str):
    return submit(browser, PAGE, {"password": password})


def fits(house: House, client: FlaskClient, email: str, password: str) -> bool:
    return (
        submit(client.application.test_client(), "/sign-in", {"email": email, "password": password}).status_code == 302
    )


def test_the_old_one_opens_nothing_any_more_and_the_new_one_does(house, client, clock: StoppedClock):
    person, email = make_account(house)
    elsewhere, here = comes_in(client, email), comes_in(client, email)
    assert "Choose a new password" in here.get("/sign-ins").text
    assert choose(here, NEW).location == "/sign-ins"
    assert "Your password is changed. Your other sign-ins have ended." in here.get("/sign-ins").text
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert (fits(house, client, email, PASSWORD), fits(house, client, email, NEW)) == (False, True)
    with house.reading() as session:
        (event,) = session.scalars(select(Event).where(Event.kind == "password_changed"))
        (mail,) = session.scalars(select(Message).where(Message.account_id == person.id))
    assert (event.recorded_by_id, event.subject_id, event.details) == (person.id, person.id, {})
    assert mail.subject == "Your password was changed"
    assert "was changed on 3 June 2026 at 10:30" in mail.body
    assert person.name not in mail.body


def test_it_is_changed_as_often_as_one_likes_on_one_day(house, client):
    _, email = make_account(house)
    here = comes_in(client, email)
    assert [choose(here, f"{NEW} {number}").status_code for number in range(3)] == [303, 303, 303]


def test_whoever_waits_to_give_the_code_after_the_old_password_is_let_in_no_more(house, client):
    person, email = make_account(house)
    secret, recovery = with_authenticator(person, at=NOW)
    here, half = client.application.test_client(), client.application.test_client()
    for browser in (here, half):
        answer = submit(browser, "/sign-in", {"email": email, "password": PASSWORD})
        assert answer.location.startswith("/sign-in/code")
    submit(here, "/sign-in/code", {"code": recovery[0]})
    assert choose(here, NEW).status_code == 303
    submit(half, "/sign-in/code", {"code": code_of(secret, NOW + timedelta(seconds=30))})
    assert not is_in(half)


def test_without_a_fresh_proof_one_is_asked_for_it_and_nothing_is_changed(house, client, clock: StoppedClock):
    _, email = make_account(house)
    here = comes_in(client, email)
    clock.advance(minutes=5)
    assert here.get(PAGE).location == f"/sign-ins/prove?next={PAGE}"
    assert choose(here, NEW).location.startswith("/sign-ins/prove")
    with house.reading() as session:
        assert session.scalars(select(Event).where(Event.kind == "password_changed")).all() == []
    assert fits(house, client, email, PASSWORD)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Choose a password."),
        ("too short", "The password must have 12 characters or more."),
        ("passwordpassword", "This password is one of those that are tried first."),
        (PASSWORD, SAME),
        ("x" * 257, "256 characters or"),
    ],
)
def test_one_that_may_not_be_chosen_is_refused_beside_its_box_and_shown_again_nowhere(house, client, typed, sentence):
    person, email = make_account(house)
    here = comes_in(client, email)
    with house.reading() as session:
        before = session.get_one(Account, person.id).password_hash
    answer = choose(here, typed)
    assert answer.status_code == 422
    page = elements(answer.text)
    assert sentence in page.select_one("#password-error").get_text(" ", strip=True)
    assert page.select_one("input[name=password]").get("value", "") == ""
    with house.reading() as session:
        assert session.get_one(Account, person.id).password_hash == before
