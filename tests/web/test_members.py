"""Who sits on a review, on its page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW
from tests.reviews import County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def test_a_seat_is_given_and_ended_and_each_takes_effect_at_once(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    path = f"/reviews/{county.review(at=NOW).reference}/members"
    chair = Visitor(app.test_client())
    person = sign_in(chair.client, Role.INDEPENDENT_CHAIR, name="Eleanor Bold")
    assert chair.open(path).status == 404
    sign_in(client)
    visitor = Visitor(client).open(path)
    assert "Nobody has a seat yet." in visitor.text
    visitor.send({"account_id": str(person.id)})
    assert "Eleanor Bold Independent chair None 3 June 2026 Not open" in visitor.text
    assert chair.open(path).path.endswith("/before-you-start")
    chair.send({"answer": "none"})
    chair.send({"agreed": "y"})
    assert chair.open(path).path == path
    assert chair.page.select("main form") == []
    assert "Eleanor Bold Independent chair None 3 June 2026 Open" in visitor.open(path).text
    visitor.send(button="End the seat of Eleanor Bold today")
    assert "The seat ended today." in visitor.text
    assert chair.open(path).status == 404


def test_a_seat_is_for_somebody_of_the_list_and_only_once(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    person = sign_in(app.test_client(), Role.REPORT_AUTHOR)
    sign_in(client)
    visitor = Visitor(client).open(f"/reviews/{county.review(at=NOW).reference}/members")
    visitor.send()
    assert visitor.errors() == ["Choose a person from the list."]
    visitor.send({"account_id": str(person.id)})
    visitor.send({"account_id": str(person.id)}, button="Give a seat")
    assert visitor.errors() == ["This person sits on the review already."]
