"""A sign-in ends when it is left alone, when it is old, when it is ended, and at once when somebody is blocked."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.adapters.clock import london_date
from dhr_app.casework import account
from dhr_app.casework.account import SignedIn
from dhr_app.casework.bench.counting import count_queries
from dhr_app.database.models import Account, AuditEntry, SignIn
from dhr_app.workflows.roles import Role
from tests.factories import NOW, OPERATOR, PASSWORD, StoppedClock, csrf_token, make_account, submit


def is_in(client: FlaskClient) -> bool:
    return client.get("/").location != "/sign-in?next=/"


def sign_in_of(client: FlaskClient, clock: StoppedClock) -> SignedIn:
    """What the browser's token stands for now."""
    with client.session_transaction() as session:
        found = account.person_for_token(session["_user_id"], at=clock.now())
    assert found is not None
    return found


def copy_of(client: FlaskClient, app: Flask) -> FlaskClient:
    """Another browser with the same cookie: what somebody has who captured it."""
    cookie = client.get_cookie("dhr")
    assert cookie is not None
    other = app.test_client()
    other.set_cookie("dhr", cookie.value)
    return other


def test_reading_a_page_counts_as_activity(client, clock, sign_in):
    sign_in(client)
    for _ in range(4):
        clock.advance(minutes=19)
        assert is_in(client)


def test_a_sign_in_left_alone_for_twenty_minutes_is_over(client, clock, sign_in):
    sign_in(client)
    clock.advance(minutes=20)
    assert not is_in(client)


def test_a_sign_in_is_over_after_ten_hours_however_busy(client, clock, sign_in):
    sign_in(client)
    for _ in range(39):
        clock.advance(minutes=15)
        assert is_in(client)
    clock.advance(minutes=15)
    assert not is_in(client)


def test_last_seen_is_written_at_most_once_a_minute_and_leaves_no_audit_entry(house, client, clock, sign_in):
    sign_in(client)
    with house.reading() as session:
        entries = len(session.scalars(select(AuditEntry.seq)).all())
    with count_queries(house) as asked:
        for _ in range(10):
            clock.advance(seconds=20)
            client.get("/")
    assert len([one for one in asked if one.startswith("UPDATE sign_in ")]) == 3
    with house.reading() as session:
        assert len(session.scalars(select(AuditEntry.seq)).all()) == entries


def test_signing_out_kills_every_copy_of_the_cookie(app, client, sign_in):
    sign_in(client)
    other = copy_of(client, app)
    assert is_in(other)
    answer = client.post("/sign-out", data={"csrf_token": csrf_token(client, "/nothing")})
    assert answer.location == "/sign-in"
    assert not is_in(client)
    assert not is_in(other)
    assert "You have signed out." in client.get("/sign-in").text


def test_somebody_blocked_is_out_at_the_next_click(house, client, sign_in):
    person = sign_in(client)
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, person.id).blocked_on = london_date(NOW)
    assert not is_in(client)


def test_a_page_being_read_does_not_bring_back_a_sign_in_that_was_ended(house, client, clock, sign_in):
    sign_in(client)
    signed_in = sign_in_of(client, clock)
    account.sign_out(signed_in, at=clock.now())
    account.touch(signed_in, at=clock.advance(minutes=5))
    with house.reading() as session:
        row = session.scalars(select(SignIn)).one()
    assert row.ended_at is not None
    assert row.last_seen_at == row.began_at


def test_each_sign_in_has_a_token_of_its_own_and_throws_away_what_was_before(house, client):
    _, email = make_account(house)
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    with client.session_transaction() as session:
        first = session["_user_id"]
        assert "planted" not in session
        assert session.get("csrf_token") != before
    client.post("/sign-out", data={"csrf_token": csrf_token(client, "/nothing")})
    submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    with client.session_transaction() as session:
        assert session["_user_id"] != first


def test_a_cookie_made_up_or_signed_with_another_secret_opens_nothing(house, app, client, sign_in):
    sign_in(client)
    stranger = Flask("stranger")
    stranger.secret_key = "another secret, just as long as it has to be"
    forged = SecureCookieSessionInterface().get_signing_serializer(stranger)
    assert forged is not None
    with client.session_transaction() as session:
        contents = dict(session)
    client.set_cookie("dhr", str(forged.dumps(contents)))
    assert not is_in(client)
    client.set_cookie("dhr", "nonsense")
    assert not is_in(client)


def test_flask_logins_remember_me_is_not_issued(client, sign_in):
    sign_in(client)
    assert client.get_cookie("remember_token") is None


def test_in_development_the_cookie_is_plain_and_in_production_bound_to_the_host(house, settings):
    plain = create_app(house=house)
    cookie = plain.test_client().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("dhr=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    bound = create_app(house=replace(house, settings=replace(settings, secure_cookies=True)))
    cookie = bound.test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-dhr=")
    assert "; Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_what_a_person_may_reach_is_read_afresh_at_each_request(house, client, clock, sign_in):
    person = sign_in(client, Role.PANEL_MEMBER)
    assert sign_in_of(client, clock).person == person
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.get_one(Account, person.id).role = Role.AUDITOR.value
    assert sign_in_of(client, clock).person.role is Role.AUDITOR
