"""Showing once more by a passkey that it is you: in one sign-in, of one account, once; counted as passwords are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from webauthn.helpers import bytes_to_base64url

from dhr_app.casework.account import SignedIn, WrongSignIn, person_for_token, sign_in, sign_out
from dhr_app.casework.again import WRONG, check_proof, prove_again
from dhr_app.casework.house import House, at_work
from dhr_app.casework.passkey import begin_passkey, end_passkey, own_passkeys
from dhr_app.casework.passkey_again import begin_proof, prove_by_passkey, proves_by_passkey
from dhr_app.casework.passkey_answer import Begun
from dhr_app.casework.passkey_sign_in import begin_passkey_sign_in, sign_in_with_passkey
from dhr_app.casework.throttle import TooManyTries
from dhr_app.database.models import Event, SignIn
from dhr_app.workflows.errors import Invalid, OutOfReach, ProofNeeded
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, make_account
from tests.passkeys import FALSE_ORIGIN, Device, at_the_site, with_passkey

HERE = "198.51.100.7"
LATER = NOW + timedelta(minutes=10)


class Somebody:
    """Somebody with a passkey, signed in by their password ten minutes ago."""

    def __init__(self, house: House, role: Role = Role.COORDINATOR) -> None:
        self.house = house
        self.person, self.email = make_account(house, role)
        self.phone = with_passkey(self.person, at=NOW)
        self.token = sign_in(self.email, PASSWORD, address=HERE, at=NOW)

    @property
    def place(self) -> UUID:
        """Their sign-in."""
        return _place(self.token)

    def begin(self) -> Begun:
        return begin_proof(self.place, by=self.person, at=LATER)

    def prove(self, answer: str, token: str, *, place: UUID | None = None, at: datetime = LATER) -> str | None:
        where = place or self.place
        return prove_by_passkey(token, answer, "disposal.confirm", sign_in=where, address=HERE, by=self.person, at=at)

    def refused(self, answer: str, token: str, *, place: UUID | None = None, at: datetime = LATER) -> None:
        before = self.count(Happened.PROOF_REFUSED)
        with pytest.raises(Invalid) as wrong:
            self.prove(answer, token, place=place, at=at)
        assert wrong.value.fields == {"password": WRONG}
        assert self.count(Happened.PROOF_REFUSED) == before + 1
        with pytest.raises(ProofNeeded):
            check_proof(_signed_in(self.token).proved_at, at=LATER)

    def count(self, kind: Happened) -> int:
        with self.house.reading() as session:
            return session.scalar(select(func.count()).select_from(Event).where(Event.kind == kind.value)) or 0


def _signed_in(token: str) -> SignedIn:
    found = person_for_token(token, at=LATER)
    assert found is not None
    return found


def _place(token: str) -> UUID:
    return _signed_in(token).id


@pytest.fixture(autouse=True)
def site(house: House) -> Iterator[House]:
    """A house at an address for which browsers make passkeys."""
    with at_work(at_the_site(house)) as made:
        yield made


@pytest.fixture
def somebody(site: House) -> Somebody:
    return Somebody(site)


def test_the_right_one_proves_it_for_five_minutes_and_gives_the_browser_a_new_token(somebody: Somebody) -> None:
    place, asked = somebody.place, somebody.begin()
    fresh = somebody.prove(somebody.phone.sign(asked.options), asked.token)
    assert fresh is not None
    assert person_for_token(somebody.token, at=LATER) is None
    assert _place(fresh) == place
    check_proof(_signed_in(fresh).proved_at, at=LATER + timedelta(minutes=4))
    assert own_passkeys(by=somebody.person, at=LATER)[0].last_used_at == LATER
    with somebody.house.reading() as session:
        (event,) = session.scalars(select(Event).where(Event.kind == Happened.PROVED_AGAIN.value))
    assert (event.recorded_by_id, event.details) == (
        somebody.person.id,
        {"permission": "disposal.confirm", "by": "passkey"},
    )


def test_a_password_gives_a_new_token_too(somebody: Somebody) -> None:
    place = somebody.place
    fresh = prove_again(PASSWORD, "home.see", sign_in=place, address=HERE, by=somebody.person, at=LATER)
    assert fresh is not None
    assert (person_for_token(somebody.token, at=LATER), _place(fresh)) == (None, place)
    with somebody.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_a_browser_whose_sign_in_has_ended_gets_no_new_token(somebody: Somebody) -> None:
    signed_in, asked = _signed_in(somebody.token), somebody.begin()
    sign_out(signed_in, at=LATER)
    assert somebody.prove(somebody.phone.sign(asked.options), asked.token, place=signed_in.id) is None
    assert person_for_token(somebody.token, at=LATER) is None


def test_an_answer_is_good_once(somebody: Somebody) -> None:
    asked = somebody.begin()
    answer = somebody.phone.sign(asked.options)
    somebody.token = str(somebody.prove(answer, asked.token))
    with pytest.raises(Invalid):
        somebody.prove(answer, asked.token)


def test_a_wrong_answer_uses_the_challenge_up(somebody: Somebody) -> None:
    asked = somebody.begin()
    somebody.refused("{}", asked.token)
    somebody.refused(somebody.phone.sign(asked.options), asked.token)


def test_somebody_elses_passkey_is_refused_as_a_wrong_password_is(somebody: Somebody) -> None:
    other = Somebody(somebody.house, Role.ADMINISTRATOR)
    asked = somebody.begin()
    somebody.refused(other.phone.sign(asked.options), asked.token)
    with pytest.raises(Invalid) as wrong:
        prove_again("wrong", "home.see", sign_in=somebody.place, address=HERE, by=somebody.person, at=LATER)
    assert wrong.value.fields == {"password": WRONG}


def test_a_passkey_that_says_it_is_somebody_elses_is_refused_and_one_that_says_nothing_is_not(
    somebody: Somebody,
) -> None:
    asked, handle = somebody.begin(), somebody.phone.handle
    somebody.phone.handle = make_account(somebody.house)[0].id.bytes
    somebody.refused(somebody.phone.sign(asked.options), asked.token)
    somebody.phone.handle, asked = handle, somebody.begin()
    answer = somebody.phone.sign(asked.options).replace(f', "userHandle": "{bytes_to_base64url(handle)}"', "")
    assert "userHandle" not in answer
    assert somebody.prove(answer, asked.token)


def test_an_answer_counts_in_the_sign_in_that_asked_and_in_no_other_of_theirs(somebody: Somebody) -> None:
    asked = somebody.begin()
    elsewhere = sign_in(somebody.email, PASSWORD, address=HERE, at=NOW)
    somebody.refused(somebody.phone.sign(asked.options), asked.token, place=_place(elsewhere))


def test_what_another_person_was_asked_is_no_challenge_of_mine(somebody: Somebody) -> None:
    theirs = Somebody(somebody.house, Role.ADMINISTRATOR).begin()
    somebody.refused(somebody.phone.sign(theirs.options), theirs.token)


def test_what_was_asked_for_a_sign_in_or_a_new_passkey_proves_nothing_and_the_other_way_round(
    somebody: Somebody,
) -> None:
    at_the_door = begin_passkey_sign_in(address=HERE, at=LATER)
    somebody.refused(somebody.phone.sign(at_the_door.options), at_the_door.token)
    adding, asked = begin_passkey(by=somebody.person, at=LATER), somebody.begin()
    somebody.refused(somebody.phone.sign(asked.options), adding)
    asked = somebody.begin()
    with pytest.raises(WrongSignIn):
        sign_in_with_passkey(asked.token, somebody.phone.sign(asked.options), address=HERE, at=LATER)


def test_five_minutes_later_it_is_too_late(somebody: Somebody) -> None:
    asked = somebody.begin()
    somebody.refused(somebody.phone.sign(asked.options), asked.token, at=LATER + timedelta(minutes=5))


@pytest.mark.parametrize("wrong", [{"verifies": False}, {"origin": FALSE_ORIGIN}])
def test_without_a_finger_or_from_a_false_page_it_is_refused(somebody: Somebody, wrong: dict[str, object]) -> None:
    vars(somebody.phone).update(wrong)
    asked = somebody.begin()
    somebody.refused(somebody.phone.sign(asked.options), asked.token)


def test_one_that_was_ended_proves_nothing_and_is_not_asked_for(somebody: Somebody) -> None:
    asked = somebody.begin()
    (own,) = own_passkeys(by=somebody.person, at=LATER)
    end_passkey(own.id, here=somebody.place, by=somebody.person, at=LATER)
    somebody.refused(somebody.phone.sign(asked.options), asked.token)
    assert not proves_by_passkey(somebody.person)
    with pytest.raises(OutOfReach):
        somebody.begin()


def test_a_browser_is_asked_for_their_own_passkeys_only(somebody: Somebody) -> None:
    Somebody(somebody.house, Role.ADMINISTRATOR)
    assert proves_by_passkey(somebody.person)
    options = somebody.begin().options
    assert options.count('"public-key"') == 1
    assert '"userVerification": "required"' in options


def test_wrong_answers_and_wrong_passwords_are_counted_together(somebody: Somebody) -> None:
    tries = somebody.house.settings.sign_in_tries
    for number in range(tries):
        if number % 2:
            somebody.refused("{}", somebody.begin().token)
        else:
            with pytest.raises(Invalid):
                prove_again("wrong", "home.see", sign_in=somebody.place, address=HERE, by=somebody.person, at=LATER)
    asked = somebody.begin()
    answer = somebody.phone.sign(asked.options)
    with pytest.raises(TooManyTries):
        somebody.prove(answer, asked.token)
    assert somebody.count(Happened.SIGN_IN_THROTTLED) == 1


def test_right_answers_are_never_too_many_and_a_count_that_goes_back_is_told(somebody: Somebody) -> None:
    for _ in range(somebody.house.settings.sign_in_tries + 2):
        asked = somebody.begin()
        somebody.token = str(somebody.prove(somebody.phone.sign(asked.options), asked.token))
    assert somebody.count(Happened.PASSKEY_WENT_BACK) == 0
    somebody.phone.count = 0
    asked = somebody.begin()
    assert somebody.prove(somebody.phone.sign(asked.options), asked.token)
    assert somebody.count(Happened.PASSKEY_WENT_BACK) == 1


def test_a_device_nobody_knows_is_refused(somebody: Somebody) -> None:
    asked = somebody.begin()
    somebody.refused(Device(handle=somebody.person.id.bytes).sign(asked.options), asked.token)
