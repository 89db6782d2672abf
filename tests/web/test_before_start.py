"""Before a seat opens, at a browser; and the block list of a review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework import block_list, membership
from dhr_app.casework.before_start import DeclarationEntry, declare
from dhr_app.database.models import Conflict, Event
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, csrf_token
from tests.queries import asked_by
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
HOMES = {
    Role.INDEPENDENT_CHAIR: "/desk",
    Role.REPORT_AUTHOR: "/desk",
    Role.PANEL_MEMBER: "/reviews",
    Role.AGENCY_CONTRIBUTOR: "/owed",
}


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL, at=NOW - timedelta(days=9))


def seated(case: Case, client: FlaskClient, sign_in: SignIn, role: Role, **more: object) -> tuple[Visitor, Person]:
    """Somebody at a browser whose seat was just given."""
    agency = {"agency_id": case.county.agency("Police")} if role is Role.AGENCY_CONTRIBUTOR else {}
    person = sign_in(client, role, **agency, **more)
    membership.join(case.reference, person.id, by=case.county.coordinator, at=case.at)
    return Visitor(client), person


@pytest.mark.parametrize("role", sorted(HOMES))
def test_whoever_was_given_a_seat_is_led_through_the_questions_from_their_home(
    case: Case, client: FlaskClient, sign_in: SignIn, role: Role
) -> None:
    visitor, _ = seated(case, client, sign_in, role)
    start = f"/reviews/{case.reference}/before-you-start"
    for page in ("", "/members", "/people", "/scoping", "/drafts/new", "/timeline"):
        answer = client.get(f"/reviews/{case.reference}{page}")
        assert (answer.status_code, answer.location) == (303, start)
    home = visitor.open(HOMES[role])
    assert f"{case.reference}: answer the questions" in home.text
    visitor.open(home.links("/before-you-start")[0])
    assert "question 1 of 2" in visitor.text
    visitor.send()
    assert visitor.errors() == ["Say whether you know anybody in this review."]
    visitor.send({"answer": "none"})
    assert "question 2 of 2" in visitor.text
    visitor.send()
    assert visitor.errors() == ["Tick the box if you will keep to it."]
    visitor.send({"agreed": "y"})
    assert visitor.status == 200
    assert visitor.path == ("/owed" if role is Role.AGENCY_CONTRIBUTOR else f"/reviews/{case.reference}")
    assert visitor.open(start).text.endswith("say whom you know")
    assert "answer the questions" not in visitor.open(HOMES[role]).text


def test_a_form_that_is_sent_before_the_seat_is_open_changes_nothing(
    case: Case, client: FlaskClient, sign_in: SignIn
) -> None:
    visitor, _ = seated(case, client, sign_in, Role.INDEPENDENT_CHAIR)
    token = visitor.open(f"/reviews/{case.reference}").page.select_one("[name=csrf_token]")
    assert token is not None
    answer = client.post(f"/reviews/{case.reference}/told", data={"csrf_token": token["value"]})
    assert (answer.status_code, answer.location) == (303, f"/reviews/{case.reference}/before-you-start")
    assert case.happened("told") == []


def test_nothing_sealed_of_the_review_is_opened_for_the_questions(
    case: Case, client: FlaskClient, sign_in: SignIn
) -> None:
    visitor, _ = seated(case, client, sign_in, Role.INDEPENDENT_CHAIR)
    visitor.open(f"/reviews/{case.reference}/before-you-start")
    assert "Harding" not in str(visitor.page)
    assert [one.kind for one in case.rows(Event) if one.kind == "opened"] == []


def test_whoever_says_that_they_know_somebody_is_out_and_is_told_no_more(
    case: Case, client: FlaskClient, sign_in: SignIn
) -> None:
    visitor, _ = seated(case, client, sign_in, Role.INDEPENDENT_CHAIR)
    visitor.open(f"/reviews/{case.reference}").send({"answer": "conflict", "note": "My cousin."})
    assert (visitor.path, visitor.status) == ("/desk", 200)
    assert "That review is closed to you now" in visitor.page.text
    assert case.reference not in visitor.page.text
    assert visitor.open(f"/reviews/{case.reference}/before-you-start").status == 404


def test_somebody_without_a_seat_is_asked_nothing(case: Case, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, Role.INDEPENDENT_CHAIR)
    for page in ("before-you-start", "declare"):
        assert client.get(f"/reviews/{case.reference}/{page}").status_code == 404


def test_a_coordinator_keeps_the_list_and_decides(app: Flask, case: Case, client: FlaskClient, sign_in: SignIn) -> None:
    chair, person = seated(case, app.test_client(), sign_in, Role.INDEPENDENT_CHAIR, name="Eleanor Bold")
    chair.open(f"/reviews/{case.reference}").send({"answer": "unsure", "note": "Perhaps from school."})
    assert "decides, and will tell you" in chair.page.text
    assert "stays closed to you until then" in chair.open(f"/reviews/{case.reference}").text
    sign_in(client)
    visitor = Visitor(client).open(f"/reviews/{case.reference}/conflicts")
    assert "Eleanor Bold, independent chair" in visitor.text
    assert "Perhaps from school." in visitor.text
    visitor.open(visitor.links("/conflicts/unsure/")[0]).send({"decision": "allowed"})
    assert "It is decided." in visitor.text
    assert "question 2 of 2" in chair.open(f"/reviews/{case.reference}").text
    visitor.open(f"/reviews/{case.reference}/conflicts/new")
    visitor.send()
    assert visitor.errors() == ["Choose a person from the list."]
    visitor.send({"account_id": str(person.id), "email": "somebody@agency.example"})
    assert visitor.errors() == ["Choose a person or enter an address, not both."]
    visitor.send({"account_id": "", "email": "somebody@agency.example"})
    assert "somebody@agency.example, who has no account" in visitor.text
    visitor.open(f"/reviews/{case.reference}/conflicts/new").send({"account_id": str(person.id)})
    assert chair.open(f"/reviews/{case.reference}").status == 404


def test_taking_somebody_off_asks_for_a_second_person_and_their_password(
    app: Flask, case: Case, client: FlaskClient, sign_in: SignIn
) -> None:
    block_list.bar_address(case.reference, "somebody@agency.example", by=case.county.coordinator, at=case.at)
    (row,) = case.rows(Conflict)
    first, second = Visitor(app.test_client()), Visitor(client)
    sign_in(first.client)
    sign_in(client, Role.STEERING_CHAIR)
    path = f"/reviews/{case.reference}/conflicts/{row.id}/off"
    first.open(path).send()
    assert first.errors() == ["Say why they are taken off the list."]
    first.send({"reason": "mistaken"})
    assert "You have asked for it: a second person has to agree" in first.text
    assert "You asked for this." in first.open(path).text
    second.open(path).send({"password": "not the password"})
    assert second.status == 422
    assert len(case.rows(Conflict)) == 1
    second.send({"password": PASSWORD})
    assert case.rows(Conflict) == []


def test_the_pages_ask_as_often_for_many_as_for_few(
    app: Flask, case: Case, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    visitor, person = seated(case, app.test_client(), sign_in, Role.INDEPENDENT_CHAIR)
    sign_in(client)

    def few() -> tuple[int, int]:
        return (
            asked_by(county.house, lambda: client.get(f"/reviews/{case.reference}/conflicts")),
            asked_by(county.house, lambda: visitor.open("/desk")),
        )

    def one_more(number: int) -> None:
        block_list.bar_address(case.reference, f"somebody.{number}@agency.example", by=county.coordinator, at=case.at)
        somebody = county.who(Role.AUDITOR, number + 1)
        declare(case.reference, DeclarationEntry("unsure", "Perhaps."), by=somebody, at=case.at)
        other = county.review(at=NOW)
        membership.join(other.reference, person.id, by=county.coordinator, at=other.at)

    one_more(0)
    few()
    before = few()
    for number in range(1, 5):
        one_more(number)
    assert few() == before


def test_what_was_declared_stands_in_the_trail_that_the_auditor_saves(
    app: Flask, case: Case, client: FlaskClient, sign_in: SignIn
) -> None:
    seated(case, client, sign_in, Role.PANEL_MEMBER)[0].open(f"/reviews/{case.reference}/before-you-start").send(
        {"answer": "none"}
    )
    auditor = app.test_client()
    sign_in(auditor, Role.AUDITOR)
    saved = auditor.post("/trail/table", data={"csrf_token": csrf_token(auditor, "/help")})
    assert (saved.status_code, saved.mimetype) == (200, "text/csv")
    assert "Somebody declared whether they have a conflict" in saved.text
