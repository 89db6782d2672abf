"""Attacks on passkeys: a false site in between, an answer that was captured, a browser it was not asked of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from dhr_app.casework.account import WrongSignIn, person_for_token
from dhr_app.casework.house import House, at_work
from dhr_app.casework.passkey import add_passkey, begin_passkey, options_of, own_passkeys
from dhr_app.casework.passkey_sign_in import begin_passkey_sign_in, sign_in_with_passkey
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.permissions import Person
from tests.factories import NOW, make_account
from tests.installations import Installation
from tests.passkeys import FALSE_ORIGIN, Device, at_the_site, with_passkey
from tests.signing import HERE


@pytest.fixture
def site(installation: Installation) -> Iterator[House]:
    """The installation at an address for which browsers make passkeys."""
    with at_work(at_the_site(installation.house)) as moved:
        yield moved


@pytest.fixture
def somebody(site: House) -> Person:
    return make_account(site)[0]


@pytest.fixture
def phone(somebody: Person) -> Device:
    return with_passkey(somebody, at=NOW)


def enters(token: str, answer: str, at=NOW) -> bool:
    """Whether an answer lets somebody in."""
    try:
        return person_for_token(sign_in_with_passkey(token, answer, address=HERE, at=at), at=at) is not None
    except WrongSignIn:
        return False


def test_t32_what_a_false_site_passes_on_lets_nobody_in(site, phone):
    """It has a challenge made here, and its visitor’s passkey signs it: the browser wrote down where that was."""
    asked = begin_passkey_sign_in(address=HERE, at=NOW)
    phone.origin = FALSE_ORIGIN
    assert not enters(asked.token, phone.sign(asked.options))
    phone.origin = "http://dhr.barsetshire.example"
    again = begin_passkey_sign_in(address=HERE, at=NOW)
    assert not enters(again.token, phone.sign(again.options))
    with site.reading() as session:
        assert verify(session) == []


def test_t32_a_passkey_of_a_false_site_lets_nobody_in(site, phone):
    asked = begin_passkey_sign_in(address=HERE, at=NOW)
    options = {**json.loads(asked.options), "rpId": "dhr.barsetshire.example.evil.example"}
    assert not enters(asked.token, phone.sign(json.dumps(options)))


def test_t32_a_passkey_made_at_a_false_site_is_not_added(site, somebody):
    token, device = begin_passkey(by=somebody, at=NOW), Device(origin=FALSE_ORIGIN)
    answer = device.make(options_of(token, by=somebody, at=NOW))
    with pytest.raises(Invalid):
        add_passkey(token, "Telephone", answer, here=None, by=somebody, at=NOW)
    assert own_passkeys(by=somebody, at=NOW) == ()


def test_t31_an_answer_that_was_captured_lets_in_once(site, phone):
    asked = begin_passkey_sign_in(address=HERE, at=NOW)
    captured = phone.sign(asked.options)
    assert enters(asked.token, captured)
    assert not enters(asked.token, captured)
    other = begin_passkey_sign_in(address=HERE, at=NOW)
    assert not enters(other.token, captured)


def test_t31_a_challenge_is_good_for_five_minutes_and_for_one_try(site, phone):
    asked = begin_passkey_sign_in(address=HERE, at=NOW)
    assert not enters(asked.token, phone.sign(asked.options), NOW + timedelta(minutes=5))
    asked = begin_passkey_sign_in(address=HERE, at=NOW)
    assert not enters(asked.token, "{}")
    assert not enters(asked.token, phone.sign(asked.options))


def test_t29_every_refused_answer_is_told_the_same(site, somebody, phone):
    said = set()
    for answering in (
        Device(handle=somebody.id.bytes),
        Device(handle=somebody.id.bytes, credential_id=phone.credential_id),
        Device(handle=bytes(16), credential_id=phone.credential_id, key=phone.key),
        Device(handle=phone.handle, credential_id=phone.credential_id, key=phone.key, verifies=False),
        Device(handle=phone.handle, credential_id=phone.credential_id, key=phone.key, origin=FALSE_ORIGIN),
    ):
        asked = begin_passkey_sign_in(address=HERE, at=NOW)
        with pytest.raises(WrongSignIn) as wrong:
            sign_in_with_passkey(asked.token, answering.sign(asked.options), address=HERE, at=NOW)
        said.add(wrong.value.sentence)
    assert said == {WrongSignIn().sentence}
