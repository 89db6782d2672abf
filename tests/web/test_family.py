"""Family and friends on their pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.casework.family import open_family
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    return county.review(at=NOW)


def test_a_family_member_is_added_and_may_be_contacted_unless_it_is_said(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/family"
    visitor.open(f"{path}/new").send({"full_name": "Grace Harding", "relationship": "Sister", "wishes": "Not in May"})
    assert visitor.path == path
    assert "ask them, in their own time. Name Grace Harding" in visitor.text
    assert "Not to be contacted" not in visitor.text


def test_why_and_until_when_somebody_is_not_to_be_contacted_stands_above_their_name(
    case: Case, visitor: Visitor
) -> None:
    until = {"not_contacted_until-day": "1", "not_contacted_until-month": "9", "not_contacted_until-year": "2026"}
    visitor.open(f"/reviews/{case.reference}/family/new")
    visitor.send({"relationship": "Brother", "not_contacted_because": "police_request", **until})
    assert "Not to be contacted The police asked us to wait, until 1 September 2026." in visitor.text


def test_a_time_that_has_passed_is_asked_about(case: Case, clock, visitor: Visitor, sign_in: SignIn) -> None:
    until = {"not_contacted_until-day": "4", "not_contacted_until-month": "6", "not_contacted_until-year": "2026"}
    visitor.open(f"/reviews/{case.reference}/family/new")
    visitor.send({"relationship": "Brother", "not_contacted_because": "own_wish", **until})
    clock.advance(days=2)
    sign_in(visitor.client)
    visitor.open(f"/reviews/{case.reference}/family")
    assert "This was to hold until 4 June 2026: ask whether it still does." in visitor.text
    (link,) = visitor.page.select(
        f"main a[href^='/reviews/{case.reference}/family/']:not([href$='new'], [href$='part'])"
    )
    visitor.open(str(link["href"])).send({"wishes": "By letter only"})
    assert (visitor.status, visitor.path) == (200, f"/reviews/{case.reference}/family")
    assert "By letter only" in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/family/new").send(
        {"wishes": "By letter", "not_contacted_because": "safety"}
    )
    assert visitor.errors() == ["Give a name, or at least what they are to the person who died."]
    assert (visitor.value("wishes"), visitor.value("not_contacted_because")) == ("By letter", "safety")


def test_the_second_to_save_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = f"/reviews/{case.reference}/family/{case.relative()}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"not_contacted_because": "suspect"})
    second.send({"wishes": "To read the draft at home"})
    assert second.status == 409
    assert "They are, or may be, a suspect" in second.text
    assert "They may be contacted" in second.text
    second.send({"keep-not_contacted_because": "theirs", "keep-wishes": "yours"})
    (member,) = open_family(case.reference, by=case.county.coordinator, at=NOW).members
    assert (member.entry.not_contacted_because, member.entry.wishes) == ("suspect", "To read the draft at home")


def test_the_page_asks_the_database_as_often_for_ten_people_as_for_one(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/family"
    case.relative(wishes="Not in May")
    for_one = asked_by(case.county.house, lambda: visitor.open(path))
    for _ in range(9):
        case.relative(wishes="Not in May")
    assert asked_by(case.county.house, lambda: visitor.open(path)) == for_one


def test_the_chair_of_the_review_speaks_with_the_family_and_others_do_not_see_it(
    app: Flask, county: County, sign_in: SignIn
) -> None:
    case, chair = county.review(Stage.PANEL), Visitor(app.test_client())
    join(case.reference, sign_in(chair.client, Role.INDEPENDENT_CHAIR).id, by=county.coordinator, at=NOW)
    chair.open(f"/reviews/{case.reference}/family/new").send({"relationship": "Mother"})
    assert "Family member 1" in chair.text
    for role in (Role.STEERING_CHAIR, Role.AUDITOR):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(f"/reviews/{case.reference}/family").status == 403
        assert other.open(f"/reviews/{case.reference}/family/new").status == 403
