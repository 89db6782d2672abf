"""The code after the password at a browser: nothing is open before it, and what is wrong is said beside its box."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dhr_app import create_app
from dhr_app.casework.house import House
from dhr_app.database.models import Account, Event, SignInAttempt, Statement
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, OPERATOR, PASSWORD, StoppedClock, make_account, submit
from tests.reviews import County
from tests.signing import code_of, secret_to_set_up, with_authenticator
from tests.web.reading import elements, soup

NOT_RIGHT = (
    "That code is not right, or it was used before. Wait until your authenticator shows the next one, and enter that."
)


@pytest.fixture
def strict(house: House) -> FlaskClient:
    """A browser at an installation that asks everybody for a second factor, as production does."""
    return create_app(house=replace(house, settings=replace(house.settings, second_factor=True))).test_client()


def password(client: FlaskClient, email: str, path: str = "/sign-in") -> TestResponse:
    return submit(client, path, {"email": email, "password": PASSWORD})


def code(client: FlaskClient, typed: str, path: str = "/sign-in/code") -> TestResponse:
    return submit(client, path, {"code": typed})


def said(answer: TestResponse, box: str = "code") -> str:
    assert answer.status_code == 422
    page = elements(answer.text)
    assert page.select_one(f"input[name={box}]").get("value", "") == ""
    return page.select_one(f"#{box}-error").get_text(" ", strip=True).removeprefix("Error: ")


def test_whoever_has_an_authenticator_is_asked_for_its_code_and_then_where_they_were_going(house, client):
    person, email = make_account(house)
    secret, _ = with_authenticator(person, at=NOW)
    answer = password(client, email, "/sign-in?next=/reviews")
    assert answer.location == "/sign-in/code?next=/reviews"
    assert client.get("/reviews").location == "/sign-in?next=/reviews"
    assert said(code(client, "000000")) == NOT_RIGHT
    assert said(code(client, "")) == "Enter the code that your authenticator shows."
    assert code(client, code_of(secret, NOW), answer.location).location == "/reviews"
    assert client.get("/reviews").status_code == 200


def test_the_page_of_the_code_shows_no_secret_once_it_is_set_up(house, client):
    person, email = make_account(house)
    secret, _ = with_authenticator(person, at=NOW)
    password(client, email)
    page = client.get("/sign-in/code")
    assert "<svg" not in page.text.split("<main")[1].split("</main>")[0]
    assert secret[:4] not in page.text


def test_whoever_has_none_is_led_to_set_one_up_and_is_let_in_by_its_first_code(house, strict):
    person, email = make_account(house)
    assert password(strict, email).location == "/sign-in/code"
    page = soup(strict, "/sign-in/code")
    secret = secret_to_set_up(person, at=NOW)
    assert page.select_one("main code").get_text() == " ".join(secret[at : at + 4] for at in range(0, 32, 4))
    assert page.select_one("main svg title").get_text() == "QR code for your authenticator app"
    assert said(code(strict, "12345")) == NOT_RIGHT
    assert strict.get("/").location == "/sign-in?next=/"
    answer = code(strict, code_of(secret, NOW))
    codes = [each.get_text() for each in elements(answer.text).select("main li code")]
    assert len(codes) == 10
    assert all(len(each.replace(" ", "")) * 4 == 112 for each in codes)
    assert strict.get("/").status_code == 302
    assert strict.get("/").location != "/sign-in?next=/"
    assert codes[0] not in strict.get("/sign-ins").text
    assert "You have 10 recovery codes left" in strict.get("/sign-ins").text


def test_a_recovery_code_lets_in_once_however_it_is_typed_and_says_how_many_are_left(house, client, clock):
    person, email = make_account(house)
    _, codes = with_authenticator(person, at=NOW)
    password(client, email)
    assert code(client, f" {codes[3].upper().replace(' ', '-')} ").status_code == 302
    assert "You used a recovery code and have 9 left." in client.get("/sign-ins").text
    other = client.application.test_client()
    password(other, email)
    assert said(code(other, codes[3])) == NOT_RIGHT
    assert code(other, codes[4]).status_code == 302


def test_new_recovery_codes_end_those_before(house, client):
    person, email = make_account(house)
    secret, codes = with_authenticator(person, at=NOW)
    password(client, email)
    code(client, code_of(secret, NOW))
    answer = _post(client, "/sign-ins/recovery-codes")
    new = [each.get_text() for each in elements(answer.text).select("main li code")]
    assert len(set(new) - set(codes)) == 10
    other = client.application.test_client()
    password(other, email)
    assert said(code(other, codes[0])) == NOT_RIGHT
    assert code(other, new[0]).status_code == 302


def _post(client: FlaskClient, path: str) -> TestResponse:
    token = elements(client.get("/sign-ins").text).select_one("input[name=csrf_token]")["value"]
    return client.post(path, data={"csrf_token": token})


def test_between_password_and_code_there_are_ten_minutes(house, client, clock: StoppedClock):
    person, email = make_account(house)
    with_authenticator(person, at=NOW)
    password(client, email, "/sign-in?next=/reviews")
    clock.advance(minutes=10)
    answer = client.get("/sign-in/code?next=/reviews")
    assert answer.location == "/sign-in?next=/reviews"
    assert "That took too long, or was done before." in client.get(answer.location).text


def test_whoever_is_blocked_meanwhile_starts_from_the_beginning(house, client):
    person, email = make_account(house)
    secret, _ = with_authenticator(person, at=NOW)
    password(client, email)
    page = client.get("/sign-in/code")
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, person.id).blocked_on = NOW.date()
    token = elements(page.text).select_one("input[name=csrf_token]")["value"]
    answer = client.post("/sign-in/code", data={"code": code_of(secret, NOW), "csrf_token": token})
    assert answer.location == "/sign-in"
    assert client.get("/").location == "/sign-in?next=/"


def test_too_many_wrong_codes_are_counted_with_wrong_passwords(house, client, clock: StoppedClock):
    person, email = make_account(house)
    secret, _ = with_authenticator(person, at=NOW)
    password(client, email)
    for _ in range(house.settings.sign_in_tries):
        assert said(code(client, "000000")) == NOT_RIGHT
    assert code(client, code_of(secret, NOW)).status_code == 429
    assert password(client.application.test_client(), email).status_code == 429
    clock.advance(minutes=15)
    password(client, email)
    assert code(client, code_of(secret, clock.now())).status_code == 302
    with house.reading() as session:
        kinds = list(session.scalars(select(Event.kind)))
        assert session.scalars(select(SignInAttempt.succeeded)).all().count(False) == house.settings.sign_in_tries
    assert kinds.count("code_refused") == house.settings.sign_in_tries


def test_without_a_password_the_page_of_the_code_leads_back(client):
    assert client.get("/sign-in/code").location == "/sign-in"


def signed_in(house: House, client: FlaskClient, role: Role, at: datetime) -> tuple[Person, str]:
    """Somebody with an authenticator, signed in by the code of the half minute before."""
    person, email = make_account(house, role)
    secret, _ = with_authenticator(person, at=at)
    password(client, email)
    assert code(client, code_of(secret, at, steps=-1)).status_code == 302
    return person, secret


def test_the_second_person_gives_password_and_code_in_one_form(
    county: County, house: House, client: FlaskClient, clock: StoppedClock
) -> None:
    case = county.review()
    path = f"/reviews/{case.reference}/statements/{case.state('agreed_to_correct')}/second"
    clock.moment = case.at
    _, secret = signed_in(house, client, Role.STEERING_CHAIR, case.at)
    right = {"sure": "y", "password": PASSWORD}
    assert said(submit(client, path, right)) == "Enter the code that your authenticator shows."
    assert said(submit(client, path, {**right, "code": code_of(secret, case.at, steps=-1)})) == NOT_RIGHT
    wrong = submit(client, path, {**right, "password": "wrong", "code": code_of(secret, case.at)})
    assert said(wrong, "password").startswith("That was not right.")
    assert elements(wrong.text).select_one("#code-error") is None
    assert [row.counts for row in case.rows(Statement)] == [False]
    assert submit(client, path, {**right, "code": code_of(secret, case.at)}).status_code == 303
    assert [row.counts for row in case.rows(Statement)] == [True]


def test_taking_the_trail_out_asks_after_five_minutes_who_it_is(house, client, clock: StoppedClock):
    _, secret = signed_in(house, client, Role.AUDITOR, NOW)
    clock.advance(minutes=5)
    token = elements(client.get("/trail").text).select_one("input[name=csrf_token]")["value"]
    answer = client.post("/trail/whole", data={"csrf_token": token}, headers={"Referer": "http://localhost/trail"})
    assert answer.location == "/sign-ins/prove?next=/trail"
    proof = {"password": PASSWORD, "code": code_of(secret, clock.now())}
    assert submit(client, answer.location, proof).location == "/trail"
    with client.post("/trail/whole", data={"csrf_token": token}) as whole:  # nobody reads it, and no file stays open
        assert whole.mimetype == "application/jsonl"
    clock.advance(minutes=5)
    assert client.post("/trail/table", data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize("path", ["/sign-ins/authenticator/begin", "/sign-ins/recovery-codes"])
def test_changing_what_one_signs_in_with_asks_for_proof(house, client, clock: StoppedClock, path):
    signed_in(house, client, Role.COORDINATOR, NOW)
    clock.advance(minutes=6)
    assert _post(client, path).location.startswith("/sign-ins/prove?next=")


def test_another_authenticator_takes_the_place_of_the_first_and_ends_other_sign_ins(house, client):
    person, secret = signed_in(house, client, Role.COORDINATOR, NOW)
    with house.reading() as session:
        email = session.get_one(Account, person.id).email
    other = client.application.test_client()
    password(other, email)
    assert code(other, code_of(secret, NOW)).status_code == 302
    assert _post(client, "/sign-ins/authenticator/begin").location == "/sign-ins/authenticator"
    new = secret_to_set_up(person, at=NOW)
    assert said(code(client, code_of(secret, NOW, steps=1), "/sign-ins/authenticator")) == NOT_RIGHT
    assert code(client, code_of(new, NOW), "/sign-ins/authenticator").status_code == 200
    assert other.get("/").location == "/sign-in?next=/"
    assert client.get("/sign-ins").status_code == 200
    password(other, email)
    assert said(code(other, code_of(secret, NOW, steps=1))) == NOT_RIGHT
    assert code(other, code_of(new, NOW, steps=1)).status_code == 302
