"""T28, T30, T37: who guesses passwords or floods the way in gets nowhere; a copied cookie is worth its owner’s."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dhr_app import create_app
from dhr_app.casework import passwords
from dhr_app.database.models import Account
from dhr_app.workflows.roles import Role
from tests.factories import NOW, OPERATOR, PASSWORD, StoppedClock, make_account, submit
from tests.installations import Installation

WRONG = "four restless herons"
UNKNOWN = "nobody@barsetshire.example"


@pytest.fixture
def front(installation: Installation) -> Flask:
    """The front door of the installation."""
    return create_app(house=installation.house)


def tried(client: FlaskClient, email: str, password: str = WRONG) -> TestResponse:
    return submit(client, "/sign-in", {"email": email, "password": password})


def comes_in(front: Flask, email: str) -> FlaskClient:
    client = front.test_client()
    assert tried(client, email, PASSWORD).status_code == 302
    return client


def copy_of(client: FlaskClient, front: Flask) -> FlaskClient:
    """What somebody has who captured the cookie."""
    cookie = client.get_cookie("dhr")
    assert cookie is not None
    other = front.test_client()
    other.set_cookie("dhr", cookie.value)
    return other


def is_in(client: FlaskClient) -> bool:
    return not (client.get("/help").location or "").startswith("/sign-in")


def test_t28_one_try_too_many_is_not_looked_at_and_whoever_is_in_already_stays(
    installation: Installation, front: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, email = make_account(installation.house)
    known = comes_in(front, email)
    stranger = front.test_client()
    for _ in range(installation.house.settings.sign_in_tries):
        assert tried(stranger, email).status_code == 422
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "fits", lambda *_: pytest.fail("The password was looked at."))
        assert tried(stranger, email, PASSWORD).status_code == 429
    assert is_in(known)
    clock = installation.house.clock
    assert isinstance(clock, StoppedClock)
    clock.advance(minutes=installation.house.settings.sign_in_tries_window)
    assert tried(stranger, email, PASSWORD).status_code == 302


def test_t30_fifty_at_once_are_checked_two_at_a_time_and_never_more_than_256_letters(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, busy, most, lengths = Lock(), [0], [0], set()
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, kept: str, password: str) -> bool:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            lengths.add(len(password))
        try:
            return verify(self, kept, password)
        finally:
            with lock:
                busy[0] -= 1

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    settings = installation.house.settings
    with ThreadPoolExecutor(50) as threads:
        right = list(threads.map(lambda _: passwords.fits("x" * 1_000_000, None, settings), range(50)))
    assert not any(right)
    assert most[0] <= 2
    assert lengths == {256}


def test_t37_a_captured_cookie_reaches_what_its_owner_reaches_now(installation: Installation, front: Flask) -> None:
    person, email = make_account(installation.house, Role.COORDINATOR)
    thief = copy_of(comes_in(front, email), front)
    assert thief.get("/today").status_code == 200
    with installation.house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, person.id).role = Role.ADMINISTRATOR.value
    assert thief.get("/today").status_code == 403
