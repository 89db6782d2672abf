"""Where a chair’s day begins: what is asked of them, and a draft handed in with two clicks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import drafts
from tests.factories import NOW
from tests.reviews import County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.mark.parametrize("role", [Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR])
def test_a_chair_or_author_lands_on_their_reviews(
    county: County, client: FlaskClient, sign_in: SignIn, role: Role
) -> None:
    case = county.review(Stage.PANEL)
    case.at = NOW
    person = sign_in(client, role)
    visitor = Visitor(client).open("/")
    assert (visitor.path, "You do not sit on a review now." in visitor.text) == ("/desk", True)
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    visitor.open("/")
    assert "Next for you, before “Begin the chair’s report”" in visitor.text
    assert visitor.links("/terms") == [f"/reviews/{case.reference}/terms"]
    visitor.open(visitor.links("/drafts/new")[0])
    assert (visitor.status, visitor.page.h1.get_text() if visitor.page.h1 else "") == (200, "Hand in a draft")


def test_the_desk_says_whose_the_next_date_is_what_waits_and_who_downloaded_the_last_draft(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    case = county.review(Stage.PANEL)
    case.at = NOW
    person = sign_in(client, Role.INDEPENDENT_CHAIR)
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    case.state("specialist_on_panel", "could_not_be_done")
    visitor = Visitor(client).open("/desk")
    assert "owed by the partnership (the day has passed)" in visitor.text
    assert "Late" not in visitor.text
    waits = "Waits for the steering group chair’s acceptance: “A specialist domestic abuse service sits"
    assert f"Answered, and not yet agreed: {waits}" in visitor.text
    drafts.hand_in(case, county.coordinator)
    assert "Nobody else has downloaded it yet." in visitor.open("/desk").text
    office = Visitor(app.test_client())
    reader = sign_in(office.client, name="Dr Filgrave")
    office.open(f"/reviews/{case.reference}/drafts")
    assert office.client.get(office.links("/file")[0]).status_code == 200
    assert f"Downloaded by {reader.name}, 3 June 2026 at 10:30am." in visitor.open("/desk").text


def test_for_everybody_else_it_is_somebody_else_s(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, Role.PANEL_MEMBER)
    assert Visitor(client).open("/desk").status == 403
