"""The pages on which the steps of a review before this system are marked."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework.earlier import EarlierEntry, mark_earlier_step
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def path_of(county: County) -> str:
    return f"/reviews/{county.review(at=NOW).reference}/earlier-steps"


def test_a_stage_is_marked_and_corrected(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client)
    path = path_of(county)
    visitor = Visitor(client).open(path)
    assert visitor.text.count("Not marked") == 7
    visitor.open(f"{path}/panel").send({"was_reached": "yes", "reached-month": "6", "reached-year": "2024"})
    assert "“Review panel” is marked." in visitor.text
    assert "June 2024" in visitor.text
    visitor.open(f"{path}/panel").send({"was_reached": "no", "reached-month": "", "reached-year": ""})
    assert "Not reached" in visitor.text


def test_a_day_that_has_not_come_is_refused_and_the_words_are_kept(
    county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client)
    visitor = Visitor(client).open(f"{path_of(county)}/panel")
    visitor.send({"was_reached": "yes", "reached-year": "2031"})
    assert visitor.status == 422
    assert "This has not come yet: check the day." in visitor.text
    assert visitor.page.select_one("#reached-year")["value"] == "2031"  # type: ignore[index]


def test_the_second_of_two_people_chooses(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    person = sign_in(client)
    case = county.review(at=NOW)
    path = f"/reviews/{case.reference}/earlier-steps/panel"
    mark_earlier_step(case.reference, Stage.PANEL, EarlierEntry("yes", "2022"), 0, by=person, at=NOW)
    visitor = Visitor(client).open(path)
    mark_earlier_step(case.reference, Stage.PANEL, EarlierEntry("yes", "2023"), 1, by=person, at=NOW)
    visitor.send({"was_reached": "yes", "reached-year": "2024"})
    assert visitor.status == 409
    assert "2023" in visitor.text
    assert "2024" in visitor.text


def test_no_other_stage_has_a_page(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client)
    for stage in ("void", "nowhere", "notification"):
        assert Visitor(client).open(f"{path_of(county)}/{stage}").status == 404


def test_others_read_it_and_only_the_coordinator_marks(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.STEERING_MEMBER)
    path = path_of(county)
    visitor = Visitor(client).open(path)
    assert visitor.status == 200
    assert "Mark Review panel" not in visitor.text
    assert visitor.open(f"{path}/panel").status == 403
