"""Many tries at once get no further than the same tries one after another."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select

from dhr_app.casework import account
from dhr_app.casework.account import WrongSignIn
from dhr_app.casework.house import House, at_work
from dhr_app.casework.throttle import TooManyTries, network_of
from dhr_app.database.models import SignInAttempt
from tests.factories import NOW, make_account


def outcome(house: House, email: str) -> str:
    with at_work(house):  # each thread is a request of its own
        try:
            account.sign_in(email, "not the password", address="198.51.100.7", at=NOW)
        except (WrongSignIn, TooManyTries) as refused:
            return type(refused).__name__
    return "in"


def test_tries_made_at_the_same_moment_are_all_counted(house):
    _, email = make_account(house)
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: outcome(house, email), range(16)))
    assert outcomes.count("WrongSignIn") == house.settings.sign_in_tries
    assert outcomes.count("TooManyTries") == 16 - house.settings.sign_in_tries
    with house.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == house.settings.sign_in_tries


def test_no_more_than_two_passwords_are_checked_at_once(house, monkeypatch):
    busy, most = [], []

    def slow(self: PasswordHasher, kept: str, password: str) -> bool:
        busy.append(1)
        most.append(len(busy))
        time.sleep(0.05)
        busy.pop()
        raise VerifyMismatchError

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda number: outcome(house, f"{number}@barsetshire.example"), range(6)))
    assert max(most) == 2


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        (None, "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_an_address_is_counted_with_its_neighbours(address, network):
    assert network_of(address) == network
