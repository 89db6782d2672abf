"""Attacks on signing in: seen codes, planted and captured cookies, and guesses at who has an account."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dhr_app import create_app
from dhr_app.casework.account import WrongSignIn, person_for_token, sign_in, sign_out, touch
from dhr_app.casework.authenticator import confirm_authenticator, forget_factor
from dhr_app.casework.half_sign_in import CodeNeeded, enter_code, half_of
from dhr_app.casework.house import House, at_work
from dhr_app.casework.sign_ins import end_all_sign_ins, end_sign_in
from dhr_app.database.base import Base
from dhr_app.database.models import Account, Authenticator, RecoveryCode, SignIn
from dhr_app.database.registry import domains_in_use
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, OPERATOR, PASSWORD, make_account, submit
from tests.installations import Installation
from tests.signing import HERE, begun, code_of, with_authenticator

MINUTE = timedelta(minutes=1)


@pytest.fixture
def somebody(installation: Installation) -> tuple[Person, str]:
    """A coordinator, and the address they sign in with."""
    return make_account(installation.house)


@pytest.fixture
def client(installation: Installation) -> FlaskClient:
    """A browser of nobody's."""
    return create_app(house=installation.house).test_client()


def half(email: str, at=NOW) -> str:
    """The token between the password and the code."""
    with pytest.raises(CodeNeeded) as asked:
        sign_in(email, PASSWORD, address=HERE, at=at)
    return asked.value.token


def enters(email: str, code: str, at=NOW) -> bool:
    """Whether password and code let somebody in."""
    try:
        return person_for_token(enter_code(half(email, at), code, address=HERE, at=at).token, at=at) is not None
    except Invalid:
        return False


def test_t29_wrong_unknown_and_blocked_are_told_the_same_and_each_costs_one_verification(
    installation, somebody, monkeypatch
):
    blocked, blocked_email = make_account(installation.house)
    with installation.house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, blocked.id).blocked_on = NOW.date()
    with_authenticator(somebody[0], at=NOW)
    checked = []
    verify_one = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, password: str) -> bool:
        checked.append(password)
        return verify_one(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    said = []
    for email, password in (
        (somebody[1], "not the password"),
        ("nobody@barsetshire.example", "not the password"),
        (blocked_email, PASSWORD),
        (blocked_email, "not the password"),
    ):
        checked.clear()
        with pytest.raises(WrongSignIn) as wrong:
            sign_in(email, password, address=HERE, at=NOW)
        said.append((wrong.value.sentence, len(checked)))
    assert said == [("The e-mail address or the password is not right.", 1)] * 4


def test_t31_a_code_and_every_older_one_are_good_once(installation, somebody):
    secret, _ = with_authenticator(somebody[0], at=NOW)
    first, second = code_of(secret, NOW, steps=-1), code_of(secret, NOW)
    assert enters(somebody[1], first)
    assert enters(somebody[1], second)
    for again in (first, second, first):
        assert not enters(somebody[1], again)
    assert enters(somebody[1], code_of(secret, NOW, steps=1))


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_t31_a_code_is_good_for_its_half_minute_and_the_two_beside_it(installation, somebody, steps, good):
    secret, _ = with_authenticator(somebody[0], at=NOW)
    assert enters(somebody[1], code_of(secret, NOW, steps=steps)) is good


def test_t31_the_code_that_set_it_up_is_used_up(installation, somebody):
    secret = begun(somebody[0], at=NOW)
    confirm_authenticator(code_of(secret, NOW), by=somebody[0], at=NOW)
    assert not enters(somebody[1], code_of(secret, NOW))
    assert enters(somebody[1], code_of(secret, NOW, steps=1))


@pytest.mark.parametrize("by_recovery_code", [False, True])
def test_t31_twenty_uses_of_one_code_at_once_let_one_in(installation, somebody, by_recovery_code):
    house: House = replace(installation.house, settings=replace(installation.house.settings, sign_in_tries=100))
    with at_work(house):
        secret, codes = with_authenticator(somebody[0], at=NOW)
        code = codes[0] if by_recovery_code else code_of(secret, NOW)
        halves = [half(somebody[1]) for _ in range(20)]

        def use(token: str) -> bool:
            with at_work(house):
                try:
                    enter_code(token, code, address=HERE, at=NOW)
                except Invalid:
                    return False
                return True

        with ThreadPoolExecutor(20) as threads:
            let_in = list(threads.map(use, halves))
        assert let_in.count(True) == 1
        with house.reading() as session:
            assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_t31_the_secret_is_sealed_and_recovery_codes_are_kept_hashed(installation, somebody):
    secret, codes = with_authenticator(somebody[0], at=NOW)
    with installation.main.connect() as connection:
        kept = connection.scalars(select(Authenticator.__table__.c.secret_ct)).all()
        hashes = connection.scalars(select(RecoveryCode.__table__.c.code_sha256)).all()
    assert len(hashes) == 10
    assert len({*codes}) == 10
    assert not any(secret.encode() in bytes(each) for each in kept)
    with installation.house.reading() as session:
        assert "system" in {domain.record_class for domain in domains_in_use(session, Base.registry)}
        assert verify(session) == []


def test_t36_a_cookie_from_before_the_code_or_the_password_opens_nothing(installation, somebody, client):
    secret, _ = with_authenticator(somebody[0], at=NOW)
    submit(client, "/sign-in", {"email": somebody[1], "password": PASSWORD})
    with client.session_transaction() as session:
        planted = session["half"]
        session["_user_id"] = planted  # as if whoever planted it hoped that it becomes the sign-in’s
    assert person_for_token(planted, at=NOW) is None
    assert client.get("/").location == "/sign-in?next=/"
    answer = submit(client, "/sign-in/code", {"code": code_of(secret, NOW)})
    assert answer.status_code == 302
    with client.session_transaction() as session:
        token = session["_user_id"]
        assert "half" not in session
    assert token != planted
    assert person_for_token(token, at=NOW) is not None
    assert person_for_token(planted, at=NOW) is None
    assert half_of(planted, at=NOW) is None


def _signs_out(house: House, token: str, person: Person) -> None:
    found = person_for_token(token, at=NOW)
    assert found is not None
    sign_out(found, at=NOW)


def _ends_it(house: House, token: str, person: Person) -> None:
    found = person_for_token(token, at=NOW)
    assert found is not None
    end_sign_in(found.id, by=person, at=NOW)


def _ends_all(house: House, token: str, person: Person) -> None:
    with house.transaction(by=person, at=NOW) as session:
        assert end_all_sign_ins(session, person.id, at=NOW) == 1


def _blocks(house: House, token: str, person: Person) -> None:
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, person.id).blocked_on = NOW.date()


def _forgets(house: House, token: str, person: Person) -> None:
    forget_factor(person.id, by=make_account(house, Role.ADMINISTRATOR)[0], at=NOW)


def _signs_in_twice_more(house: House, token: str, person: Person) -> None:
    with house.reading() as session:
        email = session.get_one(Account, person.id).email
    for _ in range(2):
        sign_in(email, PASSWORD, address=HERE, at=NOW + MINUTE)


@pytest.mark.parametrize("way", [_signs_out, _ends_it, _ends_all, _blocks, _forgets, _signs_in_twice_more])
def test_t37_a_captured_cookie_is_dead_once_its_sign_in_has_ended(
    installation: Installation, somebody, way: Callable[[House, str, Person], None]
):
    token = sign_in(somebody[1], PASSWORD, address=HERE, at=NOW)
    assert person_for_token(token, at=NOW) is not None
    way(installation.house, token, somebody[0])
    assert person_for_token(token, at=NOW) is None


def test_t38_a_page_being_read_does_not_bring_an_ended_sign_in_back(installation, somebody):
    token = sign_in(somebody[1], PASSWORD, address=HERE, at=NOW)
    in_flight = person_for_token(token, at=NOW)
    assert in_flight is not None
    end_sign_in(in_flight.id, by=somebody[0], at=NOW)
    touch(in_flight, at=NOW + 5 * MINUTE)
    assert person_for_token(token, at=NOW + 5 * MINUTE) is None
    with installation.house.reading() as session:
        assert session.scalars(select(SignIn)).one().last_seen_at == NOW
