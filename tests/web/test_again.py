"""Where two people are asked for, each of them types their password once more; without it nothing is done."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dhr_app import create_app
from dhr_app.casework.house import House, at_work
from dhr_app.database.models import Account, Event, Statement
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, StoppedClock, csrf_token, make_account, submit
from tests.papers import final_papers
from tests.passkeys import Device, at_the_site, with_passkey
from tests.reviews import Case, County
from tests.signing import code_of, with_authenticator
from tests.web.reading import elements, soup

STATED = {
    "answer": "done", "about": "scoping", "stated_by": "Mary Thorne, coordinator", "evidence": "A note of the call",
    "stated_on-day": "2", "stated_on-month": "6", "stated_on-year": "2026",
}  # fmt: skip
WRONG = "That was not right. Nothing was changed: use the password or the passkey that you sign in with."


@pytest.fixture
def case(county: County) -> Case:
    return county.review()


def stating(case: Case) -> str:
    return f"/reviews/{case.reference}/conditions/agreed_to_correct"


def settling(case: Case) -> str:
    return f"/reviews/{case.reference}/statements/{case.state('agreed_to_correct')}/second"


def signed(county: County) -> Case:
    """A review whose papers are final: they can be signed."""
    case = county.review(Stage.CHAIR_REPORT, seats=True)
    final_papers(case)
    return case


def refusal(answer: TestResponse) -> str:
    """The sentence beside the password's box; the page shows nothing that was typed into it."""
    assert answer.status_code == 422
    page = elements(answer.text)
    assert page.select_one("input[name=password]").get("value", "") == ""
    return page.select_one("#password-error").get_text(" ", strip=True).removeprefix("Error: ")


@pytest.mark.parametrize("name", sorted(name for name, each in CONDITIONS.items() if each.two_people))
def test_whoever_asks_a_second_person_is_asked_for_their_password(
    case: Case, client: FlaskClient, sign_in: Any, name: str
) -> None:
    sign_in(client)
    reference = signed(case.county).reference if CONDITIONS[name].files else case.reference
    page = soup(client, f"/reviews/{reference}/conditions/{name}")
    box = page.select_one("main form input[type=password]")
    assert box["autocomplete"] == "current-password"
    assert page.select_one(f"label[for={box['id']}]").get_text(strip=True) == "Your password"


def test_who_is_asked_alone_is_asked_for_no_password(county: County, client: FlaskClient, sign_in: Any) -> None:
    sign_in(client)
    reference = county.review(Stage.PANEL).reference
    assert not soup(client, f"/reviews/{reference}/conditions/specialist_on_panel").select("main [type=password]")


@pytest.mark.parametrize(("typed", "sentence"), [("", "Type your password once more."), ("wrong", WRONG)])
def test_without_the_password_nothing_is_stated_and_every_word_is_kept(
    case: Case, client: FlaskClient, sign_in: Any, typed: str, sentence: str
) -> None:
    sign_in(client)
    answer = submit(client, stating(case), {**STATED, "password": typed})
    assert refusal(answer) == sentence
    assert "A note of the call" in answer.text
    assert case.rows(Statement) == []
    answer = submit(client, stating(case), {**STATED, "password": PASSWORD})
    assert (answer.status_code, len(case.rows(Statement))) == (303, 1)


@pytest.mark.parametrize(("typed", "sentence"), [("", "Type your password once more."), ("wrong", WRONG)])
def test_without_the_password_nobody_agrees(
    case: Case, client: FlaskClient, sign_in: Any, typed: str, sentence: str
) -> None:
    path = settling(case)
    sign_in(client, Role.STEERING_CHAIR)
    assert refusal(submit(client, path, {"sure": "y", "password": typed})) == sentence
    assert [row.counts for row in case.rows(Statement)] == [False]
    assert submit(client, path, {"sure": "y", "password": PASSWORD}).status_code == 303
    assert [row.counts for row in case.rows(Statement)] == [True]


def test_the_box_and_the_password_are_both_asked_for_at_once(case: Case, client: FlaskClient, sign_in: Any) -> None:
    path = settling(case)
    sign_in(client, Role.STEERING_CHAIR)
    page = elements(submit(client, path, {}).text)
    said = [line.get_text(strip=True) for line in page.select(".govuk-error-summary__list li")]
    assert said == ["Tick the box once you have looked for yourself.", "Type your password once more."]


def test_whatever_else_is_missing_is_said_beside_it(case: Case, client: FlaskClient, sign_in: Any) -> None:
    sign_in(client)
    page = elements(submit(client, stating(case), {"answer": "done"}).text)
    said = [line.get_text(strip=True) for line in page.select(".govuk-error-summary__list li")]
    assert len(said) == 5
    assert "Type your password once more." in said
    assert "Say what shows it, and where it is kept." in said


def test_a_password_manager_is_told_whose_password_it_is_and_nothing_of_it_is_sent(
    case: Case, client: FlaskClient, sign_in: Any
) -> None:
    by = sign_in(client)
    box = soup(client, stating(case)).select_one("main form input[autocomplete=username]")
    assert (box.has_attr("hidden"), box.has_attr("name")) == (True, False)
    with case.county.house.reading() as session:
        assert box["value"] == session.get_one(Account, by.id).email


def test_too_many_wrong_ones_say_until_when_and_a_right_one_is_not_taken_before(
    case: Case, client: FlaskClient, sign_in: Any, clock: StoppedClock
) -> None:
    path = settling(case)
    clock.moment = case.at
    by = sign_in(client, Role.STEERING_CHAIR)
    tries = case.county.house.settings.sign_in_tries
    for _ in range(tries):
        assert refusal(submit(client, path, {"sure": "y", "password": "wrong"})) == WRONG
    tired = refusal(submit(client, path, {"sure": "y", "password": PASSWORD}))
    assert tired.startswith("Too many wrong tries. Your account is not locked: try again at ")
    assert [row.counts for row in case.rows(Statement)] == [False]
    clock.advance(minutes=15)
    assert submit(client, path, {"sure": "y", "password": PASSWORD}).status_code == 303
    with case.county.house.reading() as session:
        kinds = list(session.scalars(select(Event.kind).where(Event.recorded_by_id == by.id).order_by(Event.id)))
    told = [kinds.count(kind) for kind in ("proof_refused", "sign_in_throttled", "proved_again")]
    assert told == [tries, 1, 1]


# --- With a passkey in place of the password ------------------------------------------------------------------------


@pytest.fixture
def site(county: County) -> House:
    """The county’s house, at an address for which browsers make passkeys."""
    return at_the_site(county.house)


@pytest.fixture
def chair(site: House, case: Case) -> tuple[FlaskClient, Device]:
    """The browser of the steering group’s chair, signed in by password and code, and a telephone with their passkey."""
    browser = create_app(house=site).test_client()
    person, email = make_account(site, Role.STEERING_CHAIR)
    with at_work(site):
        phone, (secret, _) = with_passkey(person, at=NOW), with_authenticator(person, at=NOW)
    submit(browser, "/sign-in", {"email": email, "password": PASSWORD})
    submit(browser, "/sign-in/code", {"code": code_of(secret, NOW)})
    return browser, phone


def asked_to_sign(browser: FlaskClient, path: str) -> str:
    """What the button beside the password asks a passkey to sign."""
    page = soup(browser, path)
    begin = page.select_one("main form button[data-prove]")["data-prove"]
    answer = browser.post(begin, data={"csrf_token": page.select_one("main form [name=csrf_token]")["value"]})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.text


def test_a_passkey_does_in_place_of_password_and_code(case: Case, chair: tuple[FlaskClient, Device]) -> None:
    (browser, phone), path = chair, settling(case)
    assert soup(browser, path).select("main form [name=code]")
    before = browser.get_cookie("dhr")
    assert before is not None
    answer = phone.sign(asked_to_sign(browser, path))
    assert submit(browser, path, {"sure": "y", "passkey_answer": answer}).status_code == 303
    assert [row.counts for row in case.rows(Statement)] == [True]
    assert browser.get("/reviews").status_code == 200
    copied = browser.application.test_client()
    copied.set_cookie("dhr", before.value)
    assert copied.get("/reviews").location.startswith("/sign-in")


def test_a_wrong_one_is_said_beside_the_password_and_nothing_is_done(
    case: Case, chair: tuple[FlaskClient, Device]
) -> None:
    (browser, phone), path = chair, settling(case)
    answer = phone.sign(asked_to_sign(browser, path))
    asked_to_sign(browser, path)  # another challenge takes the place of the first
    refused = submit(browser, path, {"sure": "y", "passkey_answer": answer})
    assert refusal(refused) == WRONG
    assert answer not in refused.text
    assert [row.counts for row in case.rows(Statement)] == [False]


def test_what_else_is_missing_is_said_and_neither_password_nor_code_is_missed(
    case: Case, chair: tuple[FlaskClient, Device]
) -> None:
    (browser, phone), path = chair, settling(case)
    page = elements(submit(browser, path, {"passkey_answer": phone.sign(asked_to_sign(browser, path))}).text)
    said = [line.get_text(strip=True) for line in page.select(".govuk-error-summary__list li")]
    assert said == ["Tick the box once you have looked for yourself."]
    assert page.select_one("[name=passkey_answer]").get("value", "") == ""


def test_an_empty_answer_is_no_way_past_the_password(case: Case, chair: tuple[FlaskClient, Device]) -> None:
    path = settling(case)
    assert refusal(submit(chair[0], path, {"sure": "y", "passkey_answer": ""})) == "Type your password once more."


def test_without_a_passkey_none_is_offered_none_is_taken_and_the_page_is_as_it_was(
    case: Case, client: FlaskClient, sign_in: Any
) -> None:
    path = settling(case)
    sign_in(client, Role.STEERING_CHAIR)
    assert soup(client, path).select("[data-prove], [name=passkey_answer]") == []
    sent = submit(client, path, {"sure": "y", "passkey_answer": "{}"})
    assert refusal(sent) == "Type your password once more."
    begun = client.post("/sign-ins/prove/passkey", data={"csrf_token": csrf_token(client, "/sign-ins")})
    assert begun.status_code == 404


def test_the_page_that_asks_before_a_step_takes_a_passkey_and_leads_back(
    chair: tuple[FlaskClient, Device], clock: StoppedClock
) -> None:
    browser, phone = chair
    clock.advance(minutes=10)
    asks = "/sign-ins/prove?next=/sign-ins"
    assert browser.get("/sign-ins/passkeys/add").location.startswith("/sign-ins/prove")
    answer = submit(browser, asks, {"passkey_answer": phone.sign(asked_to_sign(browser, asks))})
    assert answer.location == "/sign-ins"
    assert browser.get("/sign-ins/passkeys/add").location == "/sign-ins"  # no challenge waits there: not asked again
