"""T25, T27, T39 and T43: what a form, path or header is filled with never says who acts and where a row stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dhr_app import create_app
from dhr_app.database.models import AuditEntry, Event, InvolvedPerson, Membership
from dhr_app.web.request_log import ALLOWED
from dhr_app.web.unasked import PROTECTED
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, csrf_token, make_account, submit
from tests.installations import Installation
from tests.reviews import Case

CANARY = "Zqcanary"
BROKEN = f'{CANARY}\r\n{{"event": "forged"}}'
SOMEBODY = {
    "full_name": "Ada Harding", "part": "witness", "sex": "not_known", "age_band": "not_known",
    "relationship_to_victim": "not_known",
}  # fmt: skip

ComeIn = Callable[..., tuple[FlaskClient, Person]]


@pytest.fixture
def front(installation: Installation) -> Flask:
    """The front door of the installation."""
    return create_app(house=installation.house)


@pytest.fixture
def come_in(installation: Installation, front: Flask) -> ComeIn:
    """Somebody of a role at a browser."""

    def signed_in(role: Role = Role.COORDINATOR) -> tuple[FlaskClient, Person]:
        client = front.test_client()
        person, email = make_account(installation.house, role)
        assert submit(client, "/sign-in", {"email": email, "password": PASSWORD}).status_code == 302
        return client, person

    return signed_in


@pytest.fixture
def case(installation: Installation) -> Case:
    """A review of the panel."""
    return installation.county.review(Stage.PANEL, at=NOW - timedelta(days=30))


def noted(installation: Installation) -> list[list[str]]:
    """Which attributes were noted, of each form that was sent some."""
    with installation.house.reading() as session:
        rows = select(Event.details).where(Event.kind == Happened.REFUSED.value).order_by(Event.recorded_at, Event.id)
        found = [details for details in session.scalars(rows) if details["what"] == "mass_assignment"]
    return [details["reasons"] for details in found]


def test_t25_no_form_says_who_acts_or_what_is_entered(installation: Installation, come_in: ComeIn, case: Case) -> None:
    client, person = come_in()
    forged = {
        "record_action": "account_created", "user_id": str(installation.county.chair.id), "actor": "Somebody Else",
        "by": str(installation.county.chair.id), "at": "2020-01-01T00:00:00Z",
    }  # fmt: skip
    assert submit(client, f"/reviews/{case.reference}/people/new", {**SOMEBODY, **forged}).status_code == 303
    with installation.house.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == Happened.PERSON_ADDED.value)).one()
        assert (event.recorded_by_id, event.recorded_by_name, event.recorded_at) == (person.id, person.name, NOW)
    assert noted(installation) == [sorted(forged)]


def test_t27_no_line_of_the_log_is_broken_or_forged_by_what_somebody_sends(
    installation: Installation, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    front = create_app(house=installation.house)
    client = front.test_client()
    person, email = make_account(installation.house, name=BROKEN)
    submit(client, "/sign-in", {"email": BROKEN, "password": BROKEN})
    submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    client.get("/reviews/%0d%0a" + CANARY)
    client.get("/reviews?stage=%0d%0a" + CANARY)
    client.get(f"/{CANARY}", headers={"User-Agent": CANARY, "X-Forwarded-For": CANARY, "Referer": f"/{CANARY}"})
    client.open("/help", method=f"{CANARY}%0a")
    submit(client, f"/reviews/{case.reference}/people/new", dict.fromkeys(SOMEBODY, BROKEN))
    front.extensions["request_log"].info(BROKEN, **{name: BROKEN for name in ALLOWED if name != "event"})
    *lines, last = [line for line in capsys.readouterr().out.splitlines() if line]
    assert len(lines) >= 8
    for line in lines:
        assert set(json.loads(line)) <= set(ALLOWED)
        assert json.loads(line)["event"] == "request"
        assert "forged" not in line
    assert set(json.loads(last)) == set(ALLOWED)  # in every field that is logged a line end stays within its value
    assert str(person.id) in "".join(lines)
    assert person.name not in "".join(lines)


def test_t39_no_form_is_taken_from_another_site_and_no_page_stands_in_its_frame(
    installation: Installation, come_in: ComeIn, case: Case
) -> None:
    client, _ = come_in()
    path = f"/reviews/{case.reference}/people/new"
    elsewhere = {"Origin": "https://evil.example", "Referer": "https://evil.example/", "Sec-Fetch-Site": "cross-site"}
    assert client.post(path, data=SOMEBODY, headers=elsewhere).status_code == 400
    assert client.post(path, data={**SOMEBODY, "csrf_token": "guessed"}, headers=elsewhere).status_code == 400
    assert client.get(path, query_string=SOMEBODY, headers=elsewhere).status_code == 200  # and nothing is entered
    with installation.house.reading() as session:
        parts = session.scalars(select(InvolvedPerson.part).order_by(InvolvedPerson.part)).all()
    assert parts == ["victim"]
    for page in (client.get(path), client.get("/sign-in"), client.get("/nowhere")):
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": "http://localhost:81"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 400),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
        ({"Origin": "https://localhost"}, 303),  # a proxy ended the encryption
        ({"Sec-Fetch-Site": "none"}, 303),
        ({}, 303),
    ],
)
def test_t39_a_stolen_token_is_no_use_to_another_site(
    installation: Installation, come_in: ComeIn, case: Case, told: dict[str, str], status: int
) -> None:
    client, _ = come_in()
    sent = {**SOMEBODY, "csrf_token": csrf_token(client, "/help")}
    assert client.post(f"/reviews/{case.reference}/people/new", data=sent, headers=told).status_code == status
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(InvolvedPerson)) == (2 if status == 303 else 1)


def test_t39_no_other_site_signs_somebody_in_as_somebody_else(installation: Installation, front: Flask) -> None:
    client = front.test_client()
    _, email = make_account(installation.house)
    sent = {"email": email, "password": PASSWORD, "csrf_token": csrf_token(client)}
    assert client.post("/sign-in", data=sent, headers={"Origin": "https://evil.example"}).status_code == 400
    assert client.get("/reviews").status_code == 302


def test_t39_the_cookie_is_not_sent_along_with_another_site_s_form(front: Flask) -> None:
    assert "SameSite=Lax" in front.test_client().get("/sign-in").headers["Set-Cookie"]


def test_t43_attributes_that_a_form_does_not_have_are_ignored_and_noted_once_without_their_values(
    installation: Installation, come_in: ComeIn, case: Case
) -> None:
    other = installation.county.review(Stage.SCOPING)
    client, person = come_in()
    own = set(SOMEBODY)
    more = dict.fromkeys(PROTECTED - own, CANARY) | {
        "review_id": str(other.row.id), "stage": "closed", "role": "steering_chair", "account_id": str(person.id),
    }  # fmt: skip
    before = (case.row.stage, other.row.stage)
    assert submit(client, f"/reviews/{case.reference}/people/new", {**SOMEBODY, **more}).status_code == 303
    with installation.house.reading() as session:
        where = session.scalars(select(InvolvedPerson.review_id).where(InvolvedPerson.part == "witness")).all()
        bodies = b"".join(session.scalars(select(AuditEntry.body).order_by(AuditEntry.seq)))
    assert where == [case.row.id]
    assert (case.row.stage, other.row.stage) == before
    assert noted(installation) == [sorted(more)]
    assert CANARY.encode() not in bodies
    assert client.get("/trail").status_code == 403  # whoever sent it is what they were


def test_t43_a_form_with_its_own_boxes_alone_is_not_noted(
    installation: Installation, come_in: ComeIn, case: Case
) -> None:
    client, _ = come_in()
    submit(client, f"/reviews/{case.reference}/people/new", SOMEBODY)
    submit(client, f"/reviews/{case.reference}/panel/appointments/new", {"role": "chair"})  # a box of that form
    submit(client, f"/reviews/{case.reference}/members", {"account_id": ""})
    assert noted(installation) == []


def test_t43_what_is_refused_before_the_form_is_read_is_not_noted_as_sent(
    installation: Installation, come_in: ComeIn, case: Case
) -> None:
    client, _ = come_in(Role.PANEL_MEMBER)
    token = csrf_token(client, "/help")
    path = f"/reviews/{case.reference}/people/new"
    assert client.post(path, data={"csrf_token": token, "stage": "closed"}).status_code == 404
    assert client.post(path, data={"csrf_token": "guessed", "stage": "closed"}).status_code in (400, 404)
    assert noted(installation) == []


def test_t43_a_box_that_another_form_of_the_room_has_is_noted_where_this_one_has_it_not(
    installation: Installation, come_in: ComeIn, case: Case
) -> None:
    client, person = come_in()
    account, _ = make_account(installation.house, Role.INDEPENDENT_CHAIR)
    assert submit(client, f"/reviews/{case.reference}/members", {"account_id": str(account.id)}).status_code == 303
    with installation.house.reading() as session:
        seat_id = session.scalars(select(Membership.id).where(Membership.account_id == account.id)).one()
    path = f"/reviews/{case.reference}/members/{seat_id}/end"  # the page asks for an account elsewhere: not this button
    assert submit(client, path, {"account_id": str(person.id)}).status_code == 303
    assert noted(installation) == [["account_id"]]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/vnd.api+json"])
def test_t43_what_is_no_form_is_not_read_as_one(
    installation: Installation, come_in: ComeIn, case: Case, kind: str
) -> None:
    client, _ = come_in()
    token = csrf_token(client, "/help")
    sent = json.dumps({**SOMEBODY, "review_id": CANARY, "role": "administrator", "csrf_token": token})
    path = f"/reviews/{case.reference}/people/new"
    answer = client.post(path, data=sent, content_type=kind, headers={"X-CSRFToken": token})
    assert answer.status_code == 415
    assert "This is not one of our forms" in answer.text
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(InvolvedPerson)) == 1


def test_t43_no_box_that_a_page_of_ours_shows_is_taken_for_one_that_it_does_not_have(
    installation: Installation, come_in: ComeIn, case: Case
) -> None:
    client, _ = come_in()
    names = set()
    for page in ("people/new", "panel/appointments/new", "panel/seats/new", "imrs", "members", "family/new", "told"):
        text = client.get(f"/reviews/{case.reference}/{page}").text
        sent = dict.fromkeys(re.findall(r'name="([^"]+)"', text), "")
        names |= set(sent)
        client.post(f"/reviews/{case.reference}/{page}", data={**sent, "csrf_token": csrf_token(client, "/help")})
    assert len(names) > 30
    assert noted(installation) == []
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(InvolvedPerson)) == 1
