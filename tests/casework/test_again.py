"""Typing one's password once more: counted and written down as a try at sign-in is, and nothing is done without it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from dhr_app.casework import account, passwords
from dhr_app.casework.again import WRONG, prove_again
from dhr_app.casework.house import House
from dhr_app.casework.throttle import TooManyTries
from dhr_app.database.models import Account, Event, SignInAttempt
from dhr_app.settings import Settings
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, StoppedClock, make_account

HERE = "198.51.100.7"


@pytest.fixture
def chair(house: House) -> tuple[Person, str]:
    """The chair of the steering group, and the address they sign in with."""
    return make_account(house, Role.STEERING_CHAIR)


def type_again(house: House, by: Person, password: str = PASSWORD, address: str = HERE) -> None:
    prove_again(password, "dispose.confirm", address=address, by=by, at=house.clock.now())


def told(house: House) -> list[tuple[str, object, object]]:
    kinds = (Happened.PROVED_AGAIN, Happened.PROOF_REFUSED, Happened.SIGN_IN_THROTTLED)
    with house.reading() as session:
        rows = session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.recorded_at, Event.id))
        return [(row.kind, row.recorded_by_id, row.details.get("permission")) for row in rows]


def test_the_right_password_is_taken_and_written_down(house: House, chair: tuple[Person, str]) -> None:
    by, _ = chair
    type_again(house, by)
    assert told(house) == [("proved_again", by.id, "dispose.confirm")]
    with house.reading() as session:
        assert [try_.succeeded for try_ in session.scalars(select(SignInAttempt))] == [True]


@pytest.mark.parametrize("wrong", ["three calm heron", PASSWORD.upper(), PASSWORD + " ", "", "x" * 300])
def test_a_wrong_one_is_refused_beside_its_box_and_written_down(
    house: House, chair: tuple[Person, str], wrong: str
) -> None:
    by, _ = chair
    with pytest.raises(Invalid) as refused:
        type_again(house, by, wrong)
    assert refused.value.fields == {"password": WRONG}
    assert told(house) == [("proof_refused", by.id, "dispose.confirm")]


def test_somebody_elses_password_is_a_wrong_one(house: House, chair: tuple[Person, str]) -> None:
    other = make_account(house)[0]
    with house.transaction(by=other, at=NOW) as session:
        session.hold()
        row = session.get_one(Account, other.id)
        row.password_hash = passwords.hashed("another one entirely", house.settings)
    with pytest.raises(Invalid):
        type_again(house, chair[0], "another one entirely")
    type_again(house, other, "another one entirely")


def test_wrong_ones_count_with_those_at_sign_in_and_end_with_them(
    house: House, chair: tuple[Person, str], clock: StoppedClock
) -> None:
    by, email = chair
    for number in range(house.settings.sign_in_tries):
        if number % 2:
            with pytest.raises(Invalid):
                type_again(house, by, "wrong")
        else:
            with pytest.raises(account.WrongSignIn):
                account.sign_in(email.upper(), "wrong", address=HERE, at=clock.now())
        clock.advance(seconds=1)
    with pytest.raises(TooManyTries):
        type_again(house, by)
    with pytest.raises(TooManyTries):
        account.sign_in(email, PASSWORD, address=HERE, at=clock.now())
    assert [kind for kind, _, _ in told(house)].count("sign_in_throttled") == 1
    clock.advance(minutes=15)
    type_again(house, by)


def test_too_many_are_refused_before_the_password_is_looked_at(
    house: House, chair: tuple[Person, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by, _ = chair
    for _ in range(house.settings.sign_in_tries):
        with pytest.raises(Invalid):
            type_again(house, by, "wrong")
    monkeypatch.setattr(passwords, "fits", lambda *_: pytest.fail("it was looked at"))
    with pytest.raises(TooManyTries):
        type_again(house, by)


def test_right_ones_are_never_too_many(house: House, chair: tuple[Person, str]) -> None:
    for _ in range(house.settings.sign_in_tries + 2):
        type_again(house, chair[0])


def test_a_network_that_tried_too_often_is_counted_too(house: House, chair: tuple[Person, str]) -> None:
    for number in range(30):
        with pytest.raises(account.WrongSignIn):
            account.sign_in(f"{number}@barsetshire.example", "wrong", address="198.51.100.9", at=NOW)
    with pytest.raises(TooManyTries):
        type_again(house, chair[0])
    type_again(house, chair[0], address="203.0.113.1")


def test_whoever_has_no_account_is_checked_as_slowly_and_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = Person(make_account(house)[0].id, "Nobody", Role.COORDINATOR)
    with house.transaction(by=stranger, at=NOW) as session:
        session.hold()
        session.delete(session.get_one(Account, stranger.id))
    kept: list[str | None] = []
    fits = passwords.fits

    def noted(typed: str, hashed: str | None, settings: Settings) -> bool:
        kept.append(hashed)
        return fits(typed, hashed, settings)

    monkeypatch.setattr(passwords, "fits", noted)
    with pytest.raises(Invalid):
        type_again(house, stranger)
    assert kept == [None]  # which passwords.fits checks against a hash of nobody's
