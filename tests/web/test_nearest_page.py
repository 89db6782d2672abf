"""The address of a button, opened as a page: whoever may be there is led to its page, and nobody else learns of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dhr_app.database.models import Event
from dhr_app.web.routes import PUBLIC, Door
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, TODAY
from tests.reviews import Case, County
from tests.web.reading import elements

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    """A review of the panel, a month old."""
    return county.review(Stage.PANEL, at=NOW - timedelta(days=30))


@pytest.fixture
def buttons(app: Flask) -> list[Door]:
    """Every door that only takes a form."""
    doors = [rule for rule in app.url_map.iter_rules() if isinstance(rule, Door)]
    found = [door for door in doors if "POST" in (door.methods or ()) and "GET" not in (door.methods or ())]
    assert len(found) > 20
    return found


def address(app: Flask, door: Door, reference: str) -> str:
    """Where such a door is, on a review; whatever else its address holds is made up."""
    found = {name: reference if name == "reference" else uuid4() for name in door.arguments}
    return app.url_map.bind("localhost").build(door.endpoint, found, method="POST")


def role_of(door: Door, case: Case) -> Role:
    """A role that may press the button, the coordinator’s first."""
    if door.permission == PUBLIC:
        return Role.COORDINATOR
    people = [case.county.who(role) for role in (Role.COORDINATOR, *Role)]
    about = {"review_id": case.row.id} if "reference" in door.arguments else {}
    return next(one.role for one in people if allows(one, str(door.permission), on=TODAY, **about))


def said(answer: TestResponse) -> str:
    """The main part of a page, as it is written; around it stands a token, which tells the second."""
    return str(elements(answer.text).find("main"))


def refusals(case: Case) -> int:
    """How often somebody was refused this review so far."""
    with case.county.house.reading() as session:
        rows = session.scalars(select(Event).where(Event.review_id == case.row.id, Event.kind == "refused")).all()
        return sum(row.details["reasons"] == ["out_of_reach"] for row in rows)


def test_every_button_leads_whoever_may_press_it_to_a_page_above_it(
    app: Flask, buttons: list[Door], case: Case, sign_in: SignIn
) -> None:
    clients: dict[Role, FlaskClient] = {}
    for door in buttons:
        role = role_of(door, case)
        if role not in clients:
            clients[role] = app.test_client()
            sign_in(clients[role], role, agency_id=case.county.who(role).agency_id)
        path = address(app, door, case.reference)
        answer = clients[role].get(path)
        assert (answer.status_code, path.startswith(answer.location or "?")) == (303, True), (
            door.rule,
            answer.location,
        )
        assert answer.location != "/" or door.permission == PUBLIC  # what is for whoever is not signed in
        if "reference" in door.arguments:
            assert answer.location.startswith(f"/reviews/{case.reference}")


def test_it_is_the_nearest_page_and_of_a_page_that_is_not_open_the_next(
    app: Flask, case: Case, sign_in: SignIn
) -> None:
    here, action = f"/reviews/{case.reference}/plan", uuid4()
    office, member = app.test_client(), app.test_client()
    sign_in(office)
    sign_in(member, Role.STEERING_MEMBER)  # who reads the plan and changes nothing
    assert office.get(f"{here}/actions/{action}/remove").location == f"{here}/actions/{action}"
    assert member.get(f"{here}/actions/{action}/remove").location == here


def test_who_cannot_reach_the_review_is_answered_as_ever_and_it_is_written_down(
    app: Flask, buttons: list[Door], case: Case, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.PANEL_MEMBER)
    as_ever = client.get(f"/reviews/{case.reference}")
    assert as_ever.status_code == 404
    for door in buttons:
        if "reference" in door.arguments:
            before = refusals(case)
            assert before
            answer = client.get(address(app, door, case.reference))
            assert (answer.status_code, said(answer)) == (404, said(as_ever)), door.rule
            assert refusals(case) == before + 1, door.rule
            made_up = client.get(address(app, door, "DHR-2019-001"))
            assert (made_up.status_code, said(made_up)) == (404, said(as_ever))


def test_nobody_signed_in_is_led_anywhere(app: Flask, buttons: list[Door], case: Case, client: FlaskClient) -> None:
    for door in buttons:
        answer = client.get(address(app, door, case.reference))
        assert (answer.status_code, "Location" in answer.headers) == (405, False), door.rule
        assert "There is nothing here that you can open." in answer.text


def test_a_button_of_no_review_leads_nobody_to_a_page_that_is_not_theirs(app: Flask, sign_in: SignIn) -> None:
    client = app.test_client()
    sign_in(client, Role.STEERING_MEMBER)
    assert client.get(f"/messages/{uuid4()}/again").status_code == 405
    assert client.get("/messages").status_code == 403
