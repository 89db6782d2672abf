"""The page on which a person is looked for: what was looked for stands in no address, title or log."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework import people
from dhr_app.casework.people import PersonEntry
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    """A review with a victim, Ada Harding, and a perpetrator of a rarer name."""
    case = county.review(at=NOW)
    entry = PersonEntry(part="perpetrator", full_name="Obadiah Slope")
    people.add_person(case.reference, entry, by=county.coordinator, at=NOW)
    return case


@pytest.fixture
def visitor(case: Case, client: FlaskClient, sign_in: SignIn) -> Visitor:
    """The coordinator at a browser."""
    sign_in(client)
    return Visitor(client)


def look_for(visitor: Visitor, looked_for: str) -> Visitor:
    return visitor.open("/search").send({"looked_for": looked_for})


def test_whoever_is_found_is_shown_with_the_reason_and_the_way_there(case: Case, visitor: Visitor) -> None:
    look_for(visitor, "obadiah slop")
    assert visitor.status == 200
    assert "1 record found 1 review was looked through." in visitor.text
    assert "Obadiah Slope" in visitor.text
    assert "Name: begins like this" in visitor.text
    (there,) = visitor.links("/people#person-")
    assert there.startswith(f"/reviews/{case.reference}/people#person-")
    anchor = there.partition("#")[2]
    assert visitor.open(there.partition("#")[0]).page.find(id=anchor) is not None


def test_what_was_looked_for_stands_in_no_address_title_or_log(
    visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    look_for(visitor, "Slope")
    assert visitor.path == "/search"
    title = visitor.page.find("title")
    assert title is not None
    assert "Slope" not in title.get_text()
    assert not [link for link in visitor.page.select("[href], [action]") if "lope" in str(link.attrs)]
    written = capsys.readouterr().out
    assert [json.loads(line)["status"] for line in written.splitlines()][-1] == 200
    assert "lope" not in written


def test_an_address_with_a_search_word_looks_for_nothing(visitor: Visitor) -> None:
    visitor.open("/search?looked_for=Slope")
    assert visitor.value("looked_for") == ""
    assert "found" not in [heading.get("id") for heading in visitor.page.select("h2")]


def test_the_answer_is_not_kept_by_the_browser(visitor: Visitor) -> None:
    token = visitor.open("/search").value("csrf_token")
    answer = visitor.client.post("/search", data={"looked_for": "Slope", "csrf_token": token})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "location" not in answer.headers


def test_nobody_found_says_what_to_try(visitor: Visitor) -> None:
    look_for(visitor, "Quiverful")
    assert "Nobody was found" in visitor.text
    assert "Try a part of the name, or another spelling." in visitor.text
    assert visitor.value("looked_for") == "Quiverful"


@pytest.mark.parametrize(
    ("looked_for", "said"),
    [
        ("", "Enter a name, an address, a date of birth or a crime number."),
        ("…", "Enter a name, an address, a date of birth or a crime number."),
        ("a", "Enter at least 2 letters or figures."),
        ("x" * 101, "Use 100 characters or fewer. You have used 101."),
    ],
)
def test_what_cannot_be_looked_for_stands_beside_the_box(visitor: Visitor, looked_for: str, said: str) -> None:
    look_for(visitor, looked_for)
    assert (visitor.status, visitor.errors()) == (422, [said])
    assert visitor.value("looked_for") == looked_for


def test_what_looks_like_html_is_shown_as_it_was_typed(visitor: Visitor) -> None:
    look_for(visitor, "<script>alert(1)</script>")
    assert visitor.value("looked_for") == "<script>alert(1)</script>"
    assert not visitor.page.select("main script")


def test_a_search_needs_the_token_of_its_form(visitor: Visitor) -> None:
    answer = visitor.client.post("/search", data={"looked_for": "Slope"})
    assert answer.status_code == 400
    assert "Obadiah" not in answer.text


def test_a_chair_searches_their_own_reviews_and_finds_the_way_in_the_navigation(
    app: Flask, county: County, sign_in: SignIn
) -> None:
    case = county.review(Stage.PANEL)  # from which on the seat opens it
    county.review(at=NOW)
    chair = Visitor(app.test_client())
    person = sign_in(chair.client, Role.INDEPENDENT_CHAIR)
    assert "0 reviews were looked through." in look_for(chair, "Harding").text
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    assert "1 record found 1 review was looked through." in look_for(chair, "Harding").text
    assert chair.open("/desk").page.select("nav a[href='/search']")


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.AUDITOR, Role.ADMINISTRATOR, Role.STEERING_MEMBER])
def test_nobody_else_searches_or_is_shown_the_way(app: Flask, case: Case, sign_in: SignIn, role: Role) -> None:
    visitor = Visitor(app.test_client())
    sign_in(visitor.client, role)
    assert not visitor.open("/").page.select("nav a[href='/search']")
    assert visitor.open("/search").status == 403
