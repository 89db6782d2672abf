"""No form is taken from another site, and none that is refused takes its words with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dhr_app import create_app
from dhr_app.web import building, front, signing_in
from dhr_app.web.routes import Room
from tests.factories import PASSWORD, csrf_token, make_account

LETTER = "Her sister asked us to wait.\nWe waited – “as long as it takes”."


@pytest.fixture
def noting_app(house):
    """The application with one more room, in which notes are taken."""
    room = Room("notes", __name__)

    @room.form("/notes", permission="home.see")
    def notes():
        return "taken"

    return building.build(house, (front.room, signing_in.room, room))


def test_every_post_needs_the_token_of_our_own_form(noting_app, sign_in):
    client = noting_app.test_client()
    sign_in(client)
    assert client.post("/notes", data={"note": "x"}).status_code == 400
    assert client.post("/notes", data={"note": "x", "csrf_token": "made up"}).status_code == 400
    assert client.post("/notes", data={"note": "x", "csrf_token": csrf_token(client, "/nothing")}).text == "taken"


def test_signing_out_needs_it_too(client, sign_in):
    sign_in(client)
    assert client.post("/sign-out").status_code == 400
    assert client.get("/").location == "/today"
    assert client.get("/sign-out").location == "/"
    assert client.get("/").location == "/today"


def test_a_token_of_somebody_elses_session_is_refused(app, noting_app, sign_in):
    client = noting_app.test_client()
    sign_in(client)
    foreign = csrf_token(app.test_client())
    assert client.post("/notes", data={"note": "x", "csrf_token": foreign}).status_code == 400


def test_a_form_that_expired_gives_every_word_back(noting_app, sign_in):
    client = noting_app.test_client()
    sign_in(client)
    page = client.post("/notes", data={"what_was_said": LETTER, "csrf_token": "old", "password": "a secret"})
    assert page.status_code == 400
    assert "We waited – “as long as it takes”." in page.text
    assert "What was said" in page.text
    assert "Nothing was saved." in page.text
    assert "a secret" not in page.text


def test_a_form_sent_after_the_sign_in_ended_gives_every_word_back(noting_app, clock, sign_in):
    client = noting_app.test_client()
    sign_in(client)
    token = csrf_token(client, "/nothing")
    clock.advance(minutes=25)
    page = client.post("/notes", data={"what_was_said": "<b>" + LETTER, "csrf_token": token})
    assert page.status_code == 401
    assert "You have been signed out" in page.text
    assert "&lt;b&gt;Her sister asked us to wait." in page.text
    assert 'href="/sign-in?next=/notes"' in page.text


def test_a_form_may_be_open_as_long_as_the_sign_in(noting_app, clock, sign_in):
    client = noting_app.test_client()
    sign_in(client)
    token = csrf_token(client, "/nothing")
    for _ in range(10):
        clock.advance(minutes=19)
        client.get("/notes")
    assert client.post("/notes", data={"note": "x", "csrf_token": token}).text == "taken"


def test_over_https_a_form_needs_a_referrer_of_our_own_which_the_policy_lets_through(house, settings):
    secure = create_app(house=replace(house, settings=replace(settings, secure_cookies=True)))
    client = secure.test_client()
    _, email = make_account(house)
    https = {"base_url": "https://dhr.example"}
    page = client.get("/sign-in", **https)
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": email, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=data, **https).status_code == 400
    evil = {"Referer": "https://evil.example/"}
    assert client.post("/sign-in", data=data, headers=evil, **https).status_code == 400
    own = {"Referer": "https://dhr.example/sign-in"}
    assert client.post("/sign-in", data=data, headers=own, **https).status_code == 302
