"""Setting an authenticator up, losing it, and changing the keys under it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from dhr_app.casework.account import sign_in
from dhr_app.casework.authenticator import (
    codes_left,
    confirm_authenticator,
    forget_factor,
    has_authenticator,
    make_recovery_codes,
    to_set_up,
)
from dhr_app.casework.half_sign_in import CodeNeeded, HalfOver, enter_code
from dhr_app.casework.house import House
from dhr_app.casework.nightly import _domains_used
from dhr_app.casework.rotation import rotate
from dhr_app.database.keystore import NOBODY, SYSTEM_CLASS, Domain
from dhr_app.database.models import Authenticator, Event
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, make_account
from tests.signing import HERE, begun, code_of, with_authenticator


@pytest.fixture
def person(house: House) -> tuple[Person, str]:
    return make_account(house)


@pytest.fixture
def administrator(house: House) -> Person:
    return make_account(house, Role.ADMINISTRATOR)[0]


def counts(house: House, person: Person) -> bool:
    with house.reading() as session:
        return has_authenticator(session, person.id)


def half(email: str) -> str:
    with pytest.raises(CodeNeeded) as asked:
        sign_in(email, PASSWORD, address=HERE, at=NOW)
    return asked.value.token


def test_it_counts_only_once_it_is_confirmed(house, person):
    secret = begun(person[0], at=NOW)
    assert not counts(house, person[0])
    with pytest.raises(Invalid):
        confirm_authenticator("000000", by=person[0], at=NOW)
    assert not counts(house, person[0])
    assert sign_in(person[1], PASSWORD, address=HERE, at=NOW)
    confirm_authenticator(code_of(secret, NOW), by=person[0], at=NOW)
    assert counts(house, person[0])
    assert to_set_up(person[0].id, at=NOW) is None


def test_beginning_again_makes_another_secret_and_the_one_before_is_none(house, person):
    first = begun(person[0], at=NOW)
    second = begun(person[0], at=NOW)
    assert first != second
    with pytest.raises(Invalid):
        confirm_authenticator(code_of(first, NOW), by=person[0], at=NOW)
    assert len(confirm_authenticator(code_of(second, NOW), by=person[0], at=NOW)) == 10


def test_recovery_codes_need_an_authenticator(person):
    with pytest.raises(Invalid, match="Set up an authenticator first"):
        make_recovery_codes(by=person[0], at=NOW)


def test_an_administrator_takes_a_lost_one_away_and_every_sign_in_ends(house, person, administrator):
    secret, _ = with_authenticator(person[0], at=NOW)
    waiting = half(person[1])
    forget_factor(person[0].id, by=administrator, at=NOW)
    assert not counts(house, person[0])
    with house.reading() as session:
        assert codes_left(session, person[0].id) == 0
        told = session.scalars(select(Event).where(Event.kind == "authenticator_taken_away")).one()
    assert (told.recorded_by_id, told.subject_id) == (administrator.id, person[0].id)
    with pytest.raises(HalfOver):
        enter_code(waiting, code_of(secret, NOW), address=HERE, at=NOW)


def test_nobody_takes_away_their_own_nor_does_anybody_else(house, person, administrator):
    for whose, by in ((administrator, administrator), (administrator, person[0]), (person[0], person[0])):
        with_authenticator(whose, at=NOW)
        with pytest.raises(NotAllowed):
            forget_factor(whose.id, by=by, at=NOW)
        assert counts(house, whose)
    with house.reading() as session:
        assert len(session.scalars(select(Event).where(Event.kind == "refused")).all()) == 3


def test_an_account_that_there_is_not_is_out_of_reach(administrator):
    with pytest.raises(OutOfReach):
        forget_factor(NOBODY, by=administrator, at=NOW)


def test_codes_are_good_after_the_keys_were_changed(house, person):
    secret, _ = with_authenticator(person[0], at=NOW)
    with house.reading() as session:
        before = session.scalars(select(Authenticator.secret_ct)).one()
        assert Domain(NOBODY, SYSTEM_CLASS) in set(_domains_used(session))
    rotate(house, wait=lambda _: None, say=lambda _: None, settle=0)
    with house.reading() as session:
        assert session.scalars(select(Authenticator.secret_ct)).one() != before
    assert enter_code(half(person[1]), code_of(secret, NOW), address=HERE, at=NOW).token


def test_the_trail_says_what_was_done_and_holds_no_code(house, person):
    _, codes = with_authenticator(person[0], at=NOW)
    enter_code(half(person[1]), codes[0], address=HERE, at=NOW)
    with house.reading() as session:
        kinds = list(session.scalars(select(Event.kind).order_by(Event.recorded_at, Event.ordinal)))
    assert [kind for kind in kinds if kind not in ("account_created", "opened")][:1] == ["authenticator_set_up"]
    assert {"code_asked", "recovery_code_used", "signed_in"} <= set(kinds)
