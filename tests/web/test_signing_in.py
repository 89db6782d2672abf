"""Coming in and going out: by the right password only, and with the same words for every wrong one."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from dhr_app.casework import account, passwords
from dhr_app.casework.house import House
from dhr_app.database.models import Account, Event, SignIn, SignInAttempt
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, OPERATOR, PASSWORD, StoppedClock, make_account, submit
from tests.stories.visitor import Visitor

WRONG = "not the password"


def try_password(client: FlaskClient, email: str, password: str = WRONG, **options: Any) -> TestResponse:
    return submit(client, "/sign-in", {"email": email, "password": password}, **options)


def events(house: House) -> list[str]:
    with house.reading() as session:
        return list(session.scalars(select(Event.kind).order_by(Event.recorded_at, Event.ordinal)))


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.COORDINATOR, "/today"),
        (Role.ADMINISTRATOR, "/accounts"),
        (Role.STEERING_CHAIR, "/overview"),
        (Role.AGENCY_CONTRIBUTOR, "/owed"),
        (Role.AUDITOR, "/trail"),
    ],
)
def test_each_role_lands_on_what_it_must_do_next(client, sign_in, role, home):
    sign_in(client, role)
    assert client.get("/").location == home


def test_after_signing_in_a_person_is_where_they_were_going(house, client):
    _, email = make_account(house)
    asked = client.get("/")
    assert asked.location == "/sign-in?next=/"
    answer = submit(client, "/sign-in?next=/reviews/DHR-2026-001", {"email": email, "password": PASSWORD})
    assert answer.location == "/reviews/DHR-2026-001"


def test_the_day_of_a_report_outlasts_the_sign_in_and_a_search_word_does_not(house, client):
    assert client.get("/reviews?q=Harding").location == "/sign-in?next=/reviews"
    _, email = make_account(house, Role.STEERING_MEMBER)
    asked = client.get("/overview/report?as-at=2026-05-31")
    answer = submit(client, asked.location, {"email": email, "password": PASSWORD})
    assert answer.location == "/overview/report?as-at=2026-05-31"


def test_whom_to_tell_and_of_which_step_outlast_the_sign_in(county, house, client):
    told = f"/reviews/{county.review(Stage.PANEL).reference}/told"
    _, email = make_account(house)
    asked = client.get(f"{told}?whom=family&about=commission:2")
    answer = submit(client, asked.location, {"email": email, "password": PASSWORD})
    assert Visitor(client).open(answer.location).value("about") == "commission:2"
    assert parse_qs(urlsplit(answer.location).query) == {"whom": ["family"], "about": ["commission:2"]}


@pytest.mark.parametrize(
    "asked",
    [
        "/reviews/DHR-2026-001/report/new?draft=6f1c1c1e-0d3c-4d5e-9a53-5f5b3b8f8f11",
        "/reviews/DHR-2026-001/report/new?paper=action_plan",
        "/reviews/DHR-2026-001/drafts/new?document=3",
        "/seminars/new?review=DHR-2026-001&review=DHR-2026-002",
    ],
)
def test_what_a_form_was_opened_for_outlasts_the_sign_in(house, client, asked):
    _, email = make_account(house)
    answer = submit(client, client.get(asked).location, {"email": email, "password": PASSWORD})
    assert answer.location == asked


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\/evil.example",
        "evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:x=1\r\n",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(house, client, elsewhere):
    _, email = make_account(house)
    answer = submit(
        client,
        "/sign-in",
        {"email": email, "password": PASSWORD},
        query_string={"next": elsewhere},
    )
    assert answer.status_code == 302
    assert answer.location == "/"


def test_unknown_wrong_and_blocked_are_told_the_same(house, client):
    _, known = make_account(house)
    person, blocked = make_account(house)
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, person.id).blocked_on = NOW.date()
    answers = [
        try_password(client, "nobody@barsetshire.example"),
        try_password(client, known),
        try_password(client, blocked, PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {422}
    for answer in answers:
        assert "The e-mail address or the password is not right." in answer.text
        assert PASSWORD not in answer.text


def test_a_password_is_checked_as_slowly_for_somebody_who_does_not_exist(house, client, monkeypatch):
    checked = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, password: str) -> bool:
        checked.append(password)
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    try_password(client, "nobody@barsetshire.example")
    assert checked == [WRONG]
    assert not passwords.fits("nobody has this password", None, house.settings)


def test_an_address_is_known_in_capitals_and_with_spaces(house, client):
    _, email = make_account(house)
    assert try_password(client, f"  {email.upper()} ", PASSWORD).status_code == 302


def test_what_is_missing_is_said_beside_its_box(client):
    page = submit(client, "/sign-in", {"email": " ", "password": ""})
    assert page.status_code == 422
    assert 'href="#email"' in page.text
    assert "Enter your work e-mail address." in page.text
    assert 'href="#password"' in page.text
    assert "Enter your password." in page.text
    assert "<title>Error: Sign in" in " ".join(page.text.split())


def test_a_password_of_a_megabyte_is_not_hashed(house, client, monkeypatch):
    _, email = make_account(house)
    monkeypatch.setattr(passwords, "fits", lambda *args: pytest.fail("it was"))
    assert try_password(client, email, "x" * 257).status_code == 422


def test_too_many_wrong_passwords_close_an_account_for_a_while_and_not_for_good(
    house: House, client: FlaskClient, clock: StoppedClock
):
    _, email = make_account(house)
    for _ in range(house.settings.sign_in_tries):
        assert try_password(client, email).status_code == 422
        clock.advance(seconds=30)
    page = try_password(client, email, PASSWORD)
    assert page.status_code == 429
    assert "try again at 10:46am" in page.text
    assert page.headers["Retry-After"] == "600"
    clock.advance(minutes=10)
    assert try_password(client, email, PASSWORD).status_code == 302


def test_tries_that_are_not_taken_are_in_the_audit_trail_once_a_minute(house, client, clock):
    _, email = make_account(house)
    for _ in range(house.settings.sign_in_tries):
        try_password(client, email)
    for _ in range(3):
        assert try_password(client, email).status_code == 429
    assert events(house).count("sign_in_throttled") == 1
    clock.advance(seconds=61)
    assert try_password(client, email).status_code == 429
    assert events(house).count("sign_in_throttled") == 2


def test_a_refused_try_does_not_make_the_wait_longer(house, client, clock):
    _, email = make_account(house)
    for _ in range(house.settings.sign_in_tries):
        try_password(client, email)
    clock.advance(minutes=14)
    assert try_password(client, email).status_code == 429
    clock.advance(minutes=1)
    assert try_password(client, email, PASSWORD).status_code == 302


def test_one_network_cannot_try_everybody(house, client):
    _, email = make_account(house)
    for number in range(30):
        here = {"REMOTE_ADDR": f"198.51.100.{number + 1}"}
        assert try_password(client, f"{number}@barsetshire.example", environ_overrides=here).status_code == 422
    again = {"REMOTE_ADDR": "198.51.100.77"}
    assert try_password(client, email, PASSWORD, environ_overrides=again).status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.1"}
    assert try_password(client, email, PASSWORD, environ_overrides=elsewhere).status_code == 302


def test_every_try_is_in_the_audit_trail_without_the_address_typed(house, client, sign_in):
    try_password(client, "secret.address@elsewhere.example")
    sign_in(client)
    assert sorted(events(house)) == ["account_created", "sign_in_failed", "signed_in"]  # all at one moment
    with house.reading() as session:
        bodies = session.scalars(text("select body from audit_entry")).all()
        assert not any(b"secret.address" in bytes(body) for body in bodies)
        assert [attempt.succeeded for attempt in session.scalars(select(SignInAttempt))] == [False, True]


def test_only_the_hash_of_the_token_is_kept(house, client, sign_in):
    sign_in(client)
    with client.session_transaction() as session:
        token = session["_user_id"]
    with house.reading() as memory:
        row = memory.scalars(select(SignIn)).one()
        assert row.token_sha256 != token.encode()
        assert account.person_for_token(token, at=NOW) is not None
    assert len(token) >= 43


def test_a_hash_of_weaker_parameters_is_renewed_at_the_next_sign_in(house, client):
    person, email = make_account(house)
    weaker = passwords._hasher(9, 1).hash(PASSWORD)
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, person.id).password_hash = weaker
    assert try_password(client, email, PASSWORD).status_code == 302
    with house.reading() as session:
        renewed = session.get_one(Account, person.id).password_hash
    assert renewed != weaker
    assert not passwords.outdated(renewed, house.settings)


@pytest.mark.parametrize(("password", "field"), [("short", "password"), ("x" * 257, "password")])
def test_a_password_has_a_length_that_is_neither_too_short_nor_too_long(house, password, field):
    with pytest.raises(Invalid) as wrong:
        account.create_account(
            account.AccountEntry("Asha Patel", "asha@barsetshire.example", Role.COORDINATOR, password),
            by=OPERATOR,
            at=NOW,
        )
    assert list(wrong.value.fields) == [field]


def test_two_accounts_cannot_share_an_address(house):
    _, email = make_account(house)
    with pytest.raises(Invalid) as wrong:
        account.create_account(
            account.AccountEntry("Somebody", email.upper(), Role.AUDITOR, PASSWORD), by=OPERATOR, at=NOW
        )
    assert list(wrong.value.fields) == ["email"]
