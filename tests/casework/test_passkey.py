"""Passkeys: adding one, signing in by it, ending it, and everything that is no sign-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from dhr_app.casework.account import WrongSignIn, person_for_token, sign_in
from dhr_app.casework.account_page import account_page
from dhr_app.casework.again import check_proof
from dhr_app.casework.authenticator import forget_factor
from dhr_app.casework.half_sign_in import CodeNeeded
from dhr_app.casework.house import House, at_work
from dhr_app.casework.passkey import (
    NAMELESS,
    NO_ANSWER,
    NOT_TAKEN,
    add_passkey,
    begin_passkey,
    end_passkey,
    options_of,
    own_passkeys,
    passkeys_offered,
)
from dhr_app.casework.passkey_answer import Begun
from dhr_app.casework.passkey_sign_in import begin_passkey_sign_in, sign_in_with_passkey
from dhr_app.casework.relying_party import RelyingParty, relying_party
from dhr_app.casework.throttle import TooManyTries
from dhr_app.database.models import Account, Event, Passkey, SignInAttempt
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, OPERATOR, PASSWORD, make_account
from tests.passkeys import FALSE_ORIGIN, SITE, Device, at_the_site, with_passkey
from tests.signing import HERE, with_authenticator

MINUTE = timedelta(minutes=1)


@pytest.fixture
def site(house: House) -> Iterator[House]:
    """The house at an address for which browsers make passkeys."""
    with at_work(at_the_site(house)) as moved:
        yield moved


@pytest.fixture
def somebody(site: House) -> Person:
    return make_account(site)[0]


@pytest.fixture
def phone(somebody: Person) -> Device:
    return with_passkey(somebody, at=NOW)


def begun(at=NOW) -> Begun:
    return begin_passkey_sign_in(address=HERE, at=at)


def enters(answer: str, token: str, at=NOW) -> str:
    return sign_in_with_passkey(token, answer, address=HERE, at=at)


def signs_in(device: Device, at=NOW) -> str:
    asked = begun(at)
    return enters(device.sign(asked.options), asked.token, at)


def refused(house: House, answer: str, token: str, at=NOW) -> None:
    before = count(house, Happened.SIGN_IN_FAILED)
    with pytest.raises(WrongSignIn):
        enters(answer, token, at)
    assert count(house, Happened.SIGN_IN_FAILED) == before + 1


def place(token: str) -> UUID:
    """The sign-in of a token."""
    signed_in = person_for_token(token, at=NOW)
    assert signed_in is not None
    return signed_in.id


def count(house: House, kind: Happened) -> int:
    with house.reading() as session:
        return session.scalar(select(func.count()).select_from(Event).where(Event.kind == kind.value)) or 0


# --- For which site -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("site_url", "expected"),
    [
        ("https://dhr.kent.gov.uk", RelyingParty("dhr.kent.gov.uk", "https://dhr.kent.gov.uk")),
        ("https://DHR.kent.gov.uk:443/here", RelyingParty("dhr.kent.gov.uk", "https://dhr.kent.gov.uk")),
        ("https://dhr.kent.gov.uk:8443", RelyingParty("dhr.kent.gov.uk", "https://dhr.kent.gov.uk:8443")),
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("http://dhr.kent.gov.uk", None),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]:8000", None),
    ],
)
def test_passkeys_are_made_for_the_site_of_its_public_address(house, site_url, expected):
    object.__setattr__(house.settings, "site_url", site_url)
    assert relying_party(house.settings) == expected


def test_a_site_without_such_an_address_offers_none(house):
    person = make_account(house)[0]
    assert not passkeys_offered()
    with pytest.raises(OutOfReach):
        begin_passkey(by=person, at=NOW)
    with pytest.raises(OutOfReach):
        begun()


# --- Adding one -----------------------------------------------------------------------------------------------------


def test_what_a_browser_is_asked_to_make(site, somebody, phone):
    asked = json.loads(options_of(begin_passkey(by=somebody, at=NOW), by=somebody, at=NOW) or "")
    assert asked["rp"]["id"] == SITE
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert [each["type"] for each in asked["excludeCredentials"]] == ["public-key"]


def test_one_is_added_by_its_name_and_ends_the_other_sign_ins(site):
    person, email = make_account(site)
    here, elsewhere = (sign_in(email, PASSWORD, address=HERE, at=NOW) for _ in range(2))
    token, device = begin_passkey(by=person, at=NOW), Device()
    answer = device.make(options_of(token, by=person, at=NOW))
    add_passkey(token, " Telephone ", answer, here=place(here), by=person, at=NOW)
    (line,) = own_passkeys(by=person, at=NOW)
    assert (line.name, line.made_at, line.last_used_at) == ("Telephone", NOW, None)
    assert person_for_token(here, at=NOW)
    assert person_for_token(elsewhere, at=NOW) is None
    assert count(site, Happened.PASSKEY_ADDED) == 1
    signs_in(device, NOW + MINUTE)
    assert own_passkeys(by=person, at=NOW)[0].last_used_at == NOW + MINUTE


def test_a_name_that_is_missing_leaves_the_challenge_good(site, somebody):
    token, device = begin_passkey(by=somebody, at=NOW), Device()
    answer = device.make(options_of(token, by=somebody, at=NOW))
    for name, given, sentence in ((" ", answer, NAMELESS), ("Telephone", "", NO_ANSWER)):
        with pytest.raises(Invalid) as wrong:
            add_passkey(token, name, given, here=None, by=somebody, at=NOW)
        assert wrong.value.fields == {"name": sentence}
    add_passkey(token, "Telephone", answer, here=None, by=somebody, at=NOW)


@pytest.mark.parametrize("device", [Device(origin=FALSE_ORIGIN), Device(verifies=False)], ids=["origin", "unverified"])
def test_one_from_elsewhere_or_of_nobody_in_particular_is_not_added(site, somebody, device):
    token = begin_passkey(by=somebody, at=NOW)
    not_added(somebody, token, device.make(options_of(token, by=somebody, at=NOW)))


def test_a_challenge_for_one_is_good_once_for_five_minutes_and_for_whoever_asked(site, somebody):
    other = make_account(site)[0]
    token, device = begin_passkey(by=somebody, at=NOW), Device()
    answer = device.make(options_of(token, by=somebody, at=NOW))
    assert options_of(token, by=other, at=NOW) is None
    not_added(other, token, answer)
    not_added(somebody, token, answer, at=NOW + timedelta(minutes=5))
    not_added(somebody, begin_passkey(by=somebody, at=NOW), answer)
    add_passkey(token, "Telephone", answer, here=None, by=somebody, at=NOW)
    assert options_of(token, by=somebody, at=NOW) is None
    with pytest.raises(Invalid):
        add_passkey(token, "Telephone", answer, here=None, by=somebody, at=NOW)


def test_a_passkey_that_is_known_is_not_added_again_by_anybody(site, somebody, phone):
    other = make_account(site)[0]
    token = begin_passkey(by=other, at=NOW)
    not_added(other, token, phone.make(options_of(token, by=other, at=NOW)))


@pytest.mark.parametrize(
    "answer",
    ["no JSON", "{}", "[" * 5000, '{"id": "a", "rawId": "a", "response": {}}', "\ud800"],
    ids=["words", "empty", "deep", "hollow", "half a letter"],
)
def test_what_is_no_answer_adds_nothing_and_lets_nobody_in(site, somebody, answer):
    not_added(somebody, begin_passkey(by=somebody, at=NOW), answer)
    refused(site, answer, begun().token)


def not_added(person: Person, token: str, answer: str, at=NOW) -> None:
    with pytest.raises(Invalid) as wrong:
        add_passkey(token, "Telephone", answer, here=None, by=person, at=at)
    assert wrong.value.fields == {"name": NOT_TAKEN}
    assert own_passkeys(by=person, at=at) == ()


# --- Signing in -----------------------------------------------------------------------------------------------------


def test_whoever_holds_one_is_signed_in_without_a_name_a_password_or_a_code(site, somebody, phone):
    with_authenticator(somebody, at=NOW)
    signed_in = person_for_token(signs_in(phone), at=NOW)
    assert signed_in is not None
    assert signed_in.person.id == somebody.id
    check_proof(signed_in.proved_at, at=NOW + 4 * MINUTE)
    with site.reading() as session:
        assert all(session.scalars(select(SignInAttempt.succeeded)))
    assert count(site, Happened.PASSKEY_USED) == count(site, Happened.SIGNED_IN) == 1


def test_a_password_alone_leads_to_the_code_whoever_has_a_passkey(site, monkeypatch):
    person, email = make_account(site)
    with_passkey(person, at=NOW)
    monkeypatch.setitem(site.settings.__dict__, "second_factor", True)
    with pytest.raises(CodeNeeded):
        sign_in(email, PASSWORD, address=HERE, at=NOW)


def test_whoever_asked_nobody_for_a_finger_is_refused(site, phone):
    phone.verifies = False
    asked = begun()
    refused(site, phone.sign(asked.options), asked.token)


def test_one_that_is_unknown_is_refused(site, somebody, phone):
    stranger, asked = Device(handle=somebody.id.bytes), begun()
    refused(site, stranger.sign(asked.options), asked.token)


def test_one_that_signs_with_another_key_is_refused(site, phone):
    asked = begun()
    false = Device(handle=phone.handle, credential_id=phone.credential_id)
    refused(site, false.sign(asked.options), asked.token)


def test_one_that_says_it_is_somebody_elses_is_refused(site, phone):
    phone.handle = make_account(site)[0].id.bytes
    asked = begun()
    refused(site, phone.sign(asked.options), asked.token)


def test_one_of_a_blocked_account_is_refused(site, somebody, phone):
    with site.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, somebody.id).blocked_on = NOW.date()
    asked = begun()
    refused(site, phone.sign(asked.options), asked.token)


def test_an_answer_to_another_challenge_or_too_late_or_to_none_is_refused(site, phone):
    first, second = begun(), begun()
    refused(site, phone.sign(first.options), second.token)
    refused(site, phone.sign(first.options), "no such token")
    refused(site, phone.sign(first.options), first.token, NOW + timedelta(minutes=5))
    assert enters(phone.sign(first.options), first.token, NOW + timedelta(minutes=4, seconds=59))


def test_a_challenge_for_adding_one_signs_nobody_in(site, somebody, phone):
    token = begin_passkey(by=somebody, at=NOW)
    asked = json.loads(options_of(token, by=somebody, at=NOW) or "")
    refused(site, phone.sign(json.dumps({"rpId": SITE, "challenge": asked["challenge"]})), token)


def test_answers_that_are_wrong_are_counted_by_passkey_and_network(site, phone):
    waiting = begun()
    for _ in range(site.settings.sign_in_tries):
        refused(site, phone.sign(waiting.options), "no such token")
    with pytest.raises(TooManyTries):
        signs_in(phone)
    assert count(site, Happened.SIGN_IN_THROTTLED) == 1
    signs_in(phone, NOW + timedelta(minutes=site.settings.sign_in_tries_window + 1))


def test_challenges_are_not_made_without_end(site):
    for _ in range(30):
        begun()
    with pytest.raises(TooManyTries):
        begun()


def test_tries_at_a_password_keep_nobody_from_their_passkey(site):
    person, email = make_account(site)
    phone = with_passkey(person, at=NOW)
    for _ in range(site.settings.sign_in_tries):
        with pytest.raises(WrongSignIn):
            sign_in(email, "not the password", address=HERE, at=NOW)
    assert signs_in(phone)


def test_a_count_of_nought_is_taken_always(site, somebody):
    token, device = begin_passkey(by=somebody, at=NOW), Device(step=0)
    add_passkey(token, "Synced", device.make(options_of(token, by=somebody, at=NOW)), here=None, by=somebody, at=NOW)
    assert signs_in(device)
    assert signs_in(device)
    assert count(site, Happened.PASSKEY_WENT_BACK) == 0


def test_a_count_that_goes_back_lets_in_and_is_told_to_the_administrators(site, somebody, phone):
    phone.count = 7
    signs_in(phone)
    phone.count = 7
    phone.step = 0
    assert signs_in(phone)
    assert count(site, Happened.PASSKEY_WENT_BACK) == 1
    administrator = make_account(site, Role.ADMINISTRATOR)[0]
    history = account_page(somebody.id, by=administrator, at=NOW).history
    assert "A passkey’s count went back: it may be a copy" in [done.what for done in history]


# --- Ending one -----------------------------------------------------------------------------------------------------


def test_one_that_was_ended_lets_nobody_in_and_the_other_sign_ins_end_with_it(site, somebody, phone):
    here, elsewhere = signs_in(phone), signs_in(phone)
    (line,) = own_passkeys(by=somebody, at=NOW)
    end_passkey(line.id, here=place(here), by=somebody, at=NOW)
    assert own_passkeys(by=somebody, at=NOW) == ()
    assert person_for_token(here, at=NOW)
    assert person_for_token(elsewhere, at=NOW) is None
    asked = begun()
    refused(site, phone.sign(asked.options), asked.token)
    end_passkey(line.id, here=None, by=somebody, at=NOW)
    assert count(site, Happened.PASSKEY_ENDED) == 1


def test_nobody_ends_somebody_elses(site, somebody, phone):
    (line,) = own_passkeys(by=somebody, at=NOW)
    with pytest.raises(OutOfReach):
        end_passkey(line.id, here=None, by=make_account(site)[0], at=NOW)


def test_whoever_takes_a_lost_authenticator_away_ends_the_passkeys_too(site, somebody, phone):
    administrator = make_account(site, Role.ADMINISTRATOR)[0]
    assert account_page(somebody.id, by=administrator, at=NOW).may_forget_factor
    forget_factor(somebody.id, by=administrator, at=NOW)
    with site.reading() as session:
        assert session.scalars(select(Passkey.ended_at)).all() == [NOW]
    asked = begun()
    refused(site, phone.sign(asked.options), asked.token)
