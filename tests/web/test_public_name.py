"""The public name of a review: given, corrected, taken away, and no other review’s."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
NAMED = {"public_name": "Wren", "public_year": "2025"}


@pytest.fixture
def case(county: County) -> Case:
    return county.review(at=NOW)


def path(case: Case) -> str:
    return f"/reviews/{case.reference}/public-name"


def test_it_stands_on_the_reviews_page_and_in_the_list(case: Case, visitor: Visitor) -> None:
    (link,) = visitor.open(f"/reviews/{case.reference}").page.select("main a[href$='/public-name']")
    assert "Not given yet" in link.get_text()
    visitor.open(path(case)).send(NAMED)
    assert visitor.path == f"/reviews/{case.reference}"
    assert "Wren/2025" in visitor.text
    assert "Wren/2025" in visitor.open("/reviews").text
    visitor.open(path(case)).send({"public_name": "Linnet"})
    assert "Linnet/2025" in visitor.text
    visitor.open(path(case)).send({"public_name": "", "public_year": ""})
    assert "Not given yet" in visitor.text


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"public_name": "Wren", "public_year": ""},     ["Give the year of the death as well."]),
        ({"public_name": "", "public_year": "2025"},     ["Give the name as well, or leave both empty."]),
        ({"public_name": "Wren", "public_year": "2027"}, ["Give a year from 1990 to 2026."]),
        ({"public_name": "Wren", "public_year": "25"},   ["Give a year from 1990 to 2026."]),
        ({"public_name": "Wren/25", "public_year": "2025"}, ["Use a name of at most 60 characters, without a stroke."]),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_box(
    case: Case, visitor: Visitor, typed: dict[str, str], errors: list[str]
) -> None:
    visitor.open(path(case)).send(typed)
    assert visitor.errors() == errors
    assert visitor.value("public_name") == typed["public_name"]
    assert case.row.public_name is None


def test_the_same_name_and_year_belong_to_one_review_only(case: Case, county: County, visitor: Visitor) -> None:
    visitor.open(path(case)).send(NAMED)
    other = county.review(at=NOW)
    visitor.open(path(other)).send({**NAMED, "public_name": " wren "})
    assert visitor.errors() == [
        "Another review is called wren/2025 already: choose another name, or tell the two apart."
    ]
    visitor.send({"public_year": "2024"})
    assert visitor.status == 200
    assert other.row.public_year == 2024


def test_the_second_to_name_it_chooses(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path(case))
    visitor.open(path(case)).send(NAMED)
    second.send({"public_name": "Linnet", "public_year": "2025"})
    assert second.status == 409
    second.send({"keep-public_name": "yours"})
    assert case.row.public_name == "Linnet"


def test_somebody_who_changed_something_else_meanwhile_is_in_nobodys_way(case: Case, visitor: Visitor) -> None:
    visitor.open(path(case))
    case.ask("Police")
    visitor.send(NAMED)
    assert visitor.status == 200
    assert case.row.public_name == "Wren"


def test_only_the_coordinator_gives_it(app: Flask, case: Case, sign_in: SignIn) -> None:
    for role in (Role.STEERING_CHAIR, Role.AUDITOR):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(path(case)).status == 403
        assert other.open(f"/reviews/{case.reference}").page.select("main a[href$='/public-name']") == []
