"""Passkeys at a browser: the pages around them, and the forms by which script and server talk."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dhr_app import create_app
from dhr_app.casework.house import House
from dhr_app.casework.passkey import NAMELESS, NO_ANSWER, NOT_TAKEN
from dhr_app.workflows.person import PROOF_LASTS
from tests.factories import NOW, PASSWORD, StoppedClock, csrf_token, make_account, submit
from tests.passkeys import FALSE_ORIGIN, Device, at_the_site
from tests.web.reading import elements

BEGIN, ADD, SIGN = "/sign-ins/passkeys/begin", "/sign-ins/passkeys/add", "/sign-in/passkey"


@pytest.fixture
def browser(house: House) -> FlaskClient:
    """A browser at a site that takes passkeys."""
    return create_app(house=at_the_site(house)).test_client()


@pytest.fixture
def email(house: House, browser: FlaskClient) -> str:
    """Somebody who is signed in there by their password, and their address."""
    address = make_account(house)[1]
    submit(browser, "/sign-in", {"email": address, "password": PASSWORD})
    return address


def press(browser: FlaskClient, path: str, page: str = "/sign-ins", **data: str) -> TestResponse:
    return browser.post(path, data={**data, "csrf_token": csrf_token(browser, page)}, follow_redirects=True)


def to_make(page: TestResponse) -> str:
    return str(elements(page.text).select_one("form[data-passkey=make]")["data-options"])


def adds(browser: FlaskClient, device: Device, name: str = "Work laptop") -> TestResponse:
    answer = device.make(to_make(press(browser, BEGIN)))
    return press(browser, ADD, page=ADD, name=name, answer=answer)


def signs_in(browser: FlaskClient, device: Device, path: str = SIGN) -> TestResponse:
    token = csrf_token(browser)
    asked = browser.post(f"{SIGN}/begin", data={"csrf_token": token})
    assert asked.mimetype == "application/json"
    return browser.post(path, data={"csrf_token": token, "answer": device.sign(asked.text)})


def said(answer: TestResponse, box: str) -> str:
    assert answer.status_code == 422
    return elements(answer.text).select_one(f"#{box}-error").get_text(" ", strip=True).removeprefix("Error: ")


def signs_out(browser: FlaskClient) -> None:
    press(browser, "/sign-out")


def test_one_is_added_and_signs_in_to_where_the_person_was_going(browser, email):
    phone = Device()
    page = adds(browser, phone)
    assert "The passkey is added." in page.text
    passkeys = elements(page.text).select("table")[1].get_text()
    assert "Work laptop" in passkeys
    assert "Not yet" in passkeys
    signs_out(browser)
    assert signs_in(browser, phone, f"{SIGN}?next=/reviews").location == "/reviews"
    assert browser.get("/reviews").status_code == 200
    assert "Not yet" not in browser.get("/sign-ins").text


def test_what_is_wrong_with_a_new_one_is_said_and_there_is_another_try(browser, email):
    page = press(browser, BEGIN)
    answer = Device().make(to_make(page))
    assert said(press(browser, ADD, page=ADD, name="", answer=answer), "name") == NAMELESS
    assert said(press(browser, ADD, page=ADD, name="Telephone"), "name") == NO_ANSWER
    assert said(press(browser, ADD, page=ADD, name="T" * 61, answer=answer), "name").startswith("Use 60 characters")
    false = Device(origin=FALSE_ORIGIN).make(to_make(browser.get(ADD)))
    again = press(browser, ADD, page=ADD, name="Telephone", answer=false)
    assert said(again, "name") == NOT_TAKEN
    assert to_make(again) != to_make(page)
    answer = Device().make(to_make(again))
    assert "The passkey is added." in press(browser, ADD, page=ADD, name="Telephone", answer=answer).text


def test_adding_and_ending_ask_for_a_fresh_proof(browser, email, clock: StoppedClock):
    adds(browser, Device())
    ending = elements(browser.get("/sign-ins").text).select_one("form[action*=passkeys][action$=end]")["action"]
    clock.moment = NOW + PROOF_LASTS
    for path in (BEGIN, ending):
        assert "Show that it is you" in press(browser, path).text
    assert browser.get(ADD).location.startswith("/sign-ins/prove")


def test_one_that_was_ended_is_refused_in_the_words_of_a_wrong_password(browser, email):
    phone = Device()
    page = adds(browser, phone)
    ending = elements(page.text).select_one("form[action*=passkeys][action$=end]")["action"]
    assert "That passkey is ended." in press(browser, ending).text
    signs_out(browser)
    refused = signs_in(browser, phone, f"{SIGN}?next=/reviews")
    wrong = submit(browser, "/sign-in?next=/reviews", {"email": email, "password": "not the password"})
    assert said(refused, "email") == said(wrong, "email") == "The e-mail address or the password is not right."
    (form,) = elements(refused.text).select("form:not([data-passkey])")
    assert form["action"] == "/sign-in?next=/reviews"
    assert browser.get(SIGN).location == "/sign-in"


def test_without_a_scripts_help_the_pages_are_as_they_were(browser, email):
    assert elements(browser.get("/sign-ins").text).select_one("[data-passkeys]").has_attr("hidden")
    signs_out(browser)
    assert elements(browser.get("/sign-in").text).select_one("[data-passkeys]").has_attr("hidden")


def test_a_site_that_takes_none_says_nothing_of_them(house, client, clock):
    assert "asskey" not in client.get("/sign-in").text
    submit(client, "/sign-in", {"email": make_account(house)[1], "password": PASSWORD})
    assert "asskey" not in client.get("/sign-ins").text
    assert press(client, BEGIN).status_code == 404
    assert client.get(ADD).location == "/sign-ins"


def test_too_many_tries_are_told_with_429(browser):
    for _ in range(30):
        last = browser.post(f"{SIGN}/begin", data={"csrf_token": csrf_token(browser)})
    assert last.status_code == 200
    tired = browser.post(f"{SIGN}/begin", data={"csrf_token": csrf_token(browser)})
    assert tired.status_code == 429
    assert browser.post(SIGN, data={"csrf_token": csrf_token(browser), "answer": "{}"}).status_code == 429


def test_another_sites_form_signs_nobody_in(house, browser, email):
    phone = Device()
    adds(browser, phone)
    signs_out(browser)
    asked = browser.post(f"{SIGN}/begin", data={"csrf_token": csrf_token(browser)})
    answer = phone.sign(asked.text)
    assert browser.post(SIGN, data={"answer": answer}).status_code == 400
    other = create_app(house=at_the_site(house)).test_client()
    assert said(press(other, SIGN, page="/sign-in", answer=answer), "email")
