"""The page of who can see a review, and the button by which its list is confirmed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def test_the_coordinator_finds_it_from_the_day_looks_and_confirms(
    county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    case = county.review(Stage.PANEL, seats=True)
    sign_in(client)
    visitor = Visitor(client).open("/today")
    assert "Do they all still need to see it?" in visitor.text
    visitor.open(f"/reviews/{case.reference}/who-can-see")
    assert f"{county.who(Role.INDEPENDENT_CHAIR).name} Independent chair A seat since" in visitor.text
    assert "Nobody has looked through it since the stage changed" in visitor.text
    visitor.send(button="Everybody here still needs it")
    assert "The list is confirmed for this stage." in visitor.text
    assert visitor.page.select("main form") == []


def test_others_who_watch_over_it_read_it_and_find_no_button(app: Flask, county: County, sign_in: SignIn) -> None:
    case = county.review(Stage.SCOPING, seats=True)
    for role in (Role.STEERING_CHAIR, Role.AUDITOR):
        visitor = Visitor(app.test_client())
        sign_in(visitor.client, role)
        assert visitor.open(f"/reviews/{case.reference}/who-can-see").status == 200
        assert visitor.page.select("main form") == []
    for role, status in ((Role.STEERING_MEMBER, 403), (Role.PANEL_MEMBER, 404), (Role.ADMINISTRATOR, 404)):
        visitor = Visitor(app.test_client())
        sign_in(visitor.client, role)
        assert visitor.open(f"/reviews/{case.reference}/who-can-see").status == status


def test_it_says_from_which_stage_to_which_a_seat_opens_what(
    county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    case = county.review(Stage.SCOPING, seats=True)
    sign_in(client)
    visitor = Visitor(client).open(f"/reviews/{case.reference}/who-can-see")
    assert county.who(Role.PANEL_MEMBER).name not in visitor.text
    papers = (
        "Review panel member Papers of the review panel From the stage “Review panel” Until the publication is decided"
    )
    assert f"{papers} Closed" in visitor.text
    case.take("commission")
    visitor.open(f"/reviews/{case.reference}/who-can-see")
    assert county.who(Role.PANEL_MEMBER).name in visitor.text
    assert f"{papers} Open" in visitor.text
