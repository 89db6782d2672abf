"""What signing in left behind is swept a day later, and nothing that may still be answered or counted is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from dhr_app import jobs
from dhr_app.casework import question_sweep
from dhr_app.casework.account import WrongSignIn, sign_in
from dhr_app.casework.half_sign_in import CodeNeeded, half_of
from dhr_app.casework.house import House, at_work
from dhr_app.casework.passkey_again import begin_proof, prove_by_passkey
from dhr_app.casework.passkey_sign_in import begin_passkey_sign_in, sign_in_with_passkey
from dhr_app.casework.question_sweep import KEPT, sweep_questions, sweep_tries
from dhr_app.casework.tenant_question import ask_to_sign_in
from dhr_app.casework.throttle import TooManyTries
from dhr_app.database.models import Event, HalfSignIn, PasskeyChallenge, SignIn, SignInAttempt, TenantQuestion
from dhr_app.database.verify import verify
from tests.factories import NOW, PASSWORD, StoppedClock, make_account
from tests.identity_provider import IdentityProvider
from tests.passkeys import at_the_site, with_passkey
from tests.reviews import County
from tests.signing import with_authenticator
from tests.tenants import with_key, with_tenant

HERE = "198.51.100.7"
SECOND = timedelta(seconds=1)


@pytest.fixture
def site(bare_county: County, provider: IdentityProvider) -> Iterator[House]:
    """A house that takes passkeys, and sign-ins through tenants."""
    with at_work(at_the_site(with_key(bare_county.house, provider))) as made:
        yield made


def left(house: House) -> tuple[int, int]:
    with house.reading() as session:
        challenges, questions = (
            session.scalar(select(func.count()).select_from(model)) or 0 for model in (PasskeyChallenge, TenantQuestion)
        )
    return challenges, questions


def test_both_are_swept_a_day_later_whether_they_were_answered_or_not(
    site: House, bare_county: County, provider: IdentityProvider
) -> None:
    person, _ = make_account(site)
    phone = with_passkey(person, at=NOW)  # whose challenge is answered
    begin_passkey_sign_in(address=HERE, at=NOW)
    tenant_id = with_tenant(site, bare_county.agency("Police"), provider.issuer)
    ask_to_sign_in(tenant_id, address=HERE, at=NOW)
    assert left(site) == (2, 1)
    assert sweep_questions(site, at=NOW + KEPT) == (0, 0)
    assert sweep_questions(site, at=NOW + KEPT + SECOND) == (2, 1)
    assert left(site) == (0, 0)
    later = NOW + KEPT + SECOND
    asked = begin_passkey_sign_in(address=HERE, at=later)  # the passkey itself is still there
    assert sign_in_with_passkey(asked.token, phone.sign(asked.options), address=HERE, at=later)
    with site.reading() as session:
        assert verify(session) == []


def test_what_waits_for_an_answer_is_left_alone(site: House) -> None:
    person, _ = make_account(site)
    phone = with_passkey(person, at=NOW)
    at = NOW + KEPT + SECOND
    entering = begin_passkey_sign_in(address=HERE, at=at)
    sign_in_with_passkey(entering.token, phone.sign(entering.options), address=HERE, at=at)
    with site.reading() as session:
        place = session.scalars(select(SignIn.id)).one()
    asked = begin_proof(place, by=person, at=at)
    assert sweep_questions(site, at=at + SECOND) == (1, 0)
    answer = phone.sign(asked.options)
    assert prove_by_passkey(asked.token, answer, "home.see", sign_in=place, address=HERE, by=person, at=at + SECOND)


def test_many_go_some_at_a_time_and_the_job_says_how_many(
    site: House, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(question_sweep, "BATCH", 2)
    for number in range(5):
        begin_passkey_sign_in(address=f"203.0.{number}.7", at=NOW)
    clock.moment = NOW + KEPT + SECOND
    job = next(job for job in jobs.JOBS if job.name == "sweep_questions")
    with caplog.at_level("INFO"):
        jobs.run(job, site)
        jobs.run(job, site)
    assert left(site) == (0, 0)
    said = [line for line in caplog.messages if line.startswith("sweep_questions")]
    assert said == ["sweep_questions: 5 old challenges of passkeys and 0 questions to organisations were removed"]


def tries(house: House) -> list[tuple[str, bool]]:
    with house.reading() as session:
        rows = select(SignInAttempt.network, SignInAttempt.succeeded).order_by(SignInAttempt.at, SignInAttempt.id)
        return [(row.network, row.succeeded) for row in session.execute(rows)]


def fails(email: str, *, address: str = HERE, at: datetime) -> None:
    with pytest.raises(WrongSignIn):
        sign_in(email, "not the password", address=address, at=at)


def test_half_sign_ins_and_tries_go_a_day_later_and_the_trail_keeps_that_they_happened(site: House) -> None:
    person, email = make_account(site)
    with_authenticator(person, at=NOW)
    fails(email, at=NOW)
    with pytest.raises(CodeNeeded):
        sign_in(email, PASSWORD, address=HERE, at=NOW)
    with site.reading() as session:
        before = session.scalars(select(Event.kind).order_by(Event.recorded_at, Event.id)).all()
    assert {"sign_in_failed", "code_asked"} <= set(before)
    assert sweep_tries(site, at=NOW + KEPT) == (0, 0)
    assert sweep_tries(site, at=NOW + KEPT + SECOND) == (1, 2)
    assert sweep_tries(site, at=NOW + KEPT + SECOND) == (0, 0)
    with site.reading() as session:
        after = session.scalars(select(Event.kind).order_by(Event.recorded_at, Event.id)).all()
        assert session.scalars(select(HalfSignIn)).all() == []
        assert verify(session) == []
    assert after == before


def test_a_sweep_in_the_middle_of_somebody_s_tries_gives_them_no_more(site: House) -> None:
    _, email = make_account(site)
    at = NOW + KEPT + SECOND
    fails(email, at=NOW)
    for _ in range(site.settings.sign_in_tries):
        fails(email, at=at)
    assert sweep_tries(site, at=at) == (0, 1)
    with pytest.raises(TooManyTries):
        sign_in(email, PASSWORD, address=HERE, at=at)


def test_a_window_that_is_longer_than_a_day_is_waited_for(site: House) -> None:
    _, email = make_account(site)
    fails(email, at=NOW)
    long = replace(site, settings=replace(site.settings, sign_in_tries_window=3 * 24 * 60))
    assert sweep_tries(long, at=NOW + timedelta(days=3)) == (0, 0)
    assert sweep_tries(long, at=NOW + timedelta(days=3) + SECOND) == (0, 1)


def test_a_try_that_a_question_names_waits_for_it_and_who_is_half_in_stays(site: House) -> None:
    person, email = make_account(site)
    with_authenticator(person, at=NOW)
    begin_passkey_sign_in(address=HERE, at=NOW)
    later = NOW + KEPT + SECOND
    with pytest.raises(CodeNeeded) as half:
        sign_in(email, PASSWORD, address=HERE, at=later)
    assert sweep_tries(site, at=later) == (0, 0)
    assert sweep_questions(site, at=later) == (1, 0)
    assert sweep_tries(site, at=later) == (0, 1)
    assert half_of(half.value.token, at=later) is not None
    assert len(tries(site)) == 1
