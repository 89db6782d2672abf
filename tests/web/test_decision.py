"""The decision and what has to be considered before it, on their pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.casework.decision import open_decision
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    return county.review(at=NOW)


def test_a_decision_is_written_down_and_the_page_says_that_it_has_no_effect_yet(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/decision"
    visitor.open(path).send(
        {"kind": "review", "criteria": ["aged_16_or_over", "partner"], "reasons": "Years of control."}
    )
    assert visitor.path == path
    assert "has no effect yet" in visitor.text
    assert visitor.page.select_one(f"a[href='/reviews/{case.reference}/moves/commission']") is not None
    assert visitor.value("criteria") == "aged_16_or_over partner"


def test_a_decision_not_to_review_leads_on_to_its_own_move(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/decision").send(
        {"kind": "not_review", "against": ["no_link"], "reasons": "None."}
    )
    assert visitor.page.select_one(f"a[href='/reviews/{case.reference}/moves/decide_not_to_review']") is not None
    assert visitor.value("against") == "no_link"


def test_what_is_missing_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/decision").send({"kind": "review", "against": ["no_link"]})
    assert visitor.status == 422
    assert len(visitor.errors()) == 2
    assert visitor.value("against") == "no_link"


def test_the_second_to_save_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = f"/reviews/{case.reference}/decision"
    second = Visitor(app.test_client())
    sign_in(second.client, Role.STEERING_CHAIR)
    second.open(path)
    visitor.open(path).send({"kind": "review", "criteria": ["partner"], "reasons": "One."})
    second.send({"kind": "not_review", "against": ["no_link"], "reasons": "Two."})
    assert second.status == 409
    assert "Whoever caused the death was no relative" in second.text
    second.send({"keep-kind": "theirs", "keep-criteria": "theirs", "keep-reasons": "yours"})
    entry = open_decision(case.reference, by=case.county.coordinator, at=NOW).entry
    assert (entry.kind, entry.criteria, entry.reasons) == ("review", ("partner",), "Two.")


def test_decisions_taken_are_read_with_their_grounds_and_reasons(county: County, visitor: Visitor) -> None:
    case = county.review(Stage.PANEL)
    visitor.open(f"/reviews/{case.reference}/decision")
    assert "Taken: to review" in visitor.text
    assert "The scoping returns show it." in visitor.text
    assert visitor.page.select("main form") == []


def test_other_reviews_are_considered_on_the_way_to_the_decision(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/other-reviews"
    visitor.open(path).send({"kinds": ["iopc"]})
    assert set(visitor.errors()) == {"Choose the body that leads.", "Give the day on which this was considered."}
    day = {"considered_on-day": "3", "considered_on-month": "6", "considered_on-year": "2026"}
    reminder = "Before a review is commissioned, other kinds of review have to be considered"
    assert reminder in Visitor(visitor.client).open(f"/reviews/{case.reference}/decision").text
    visitor.send({"lead_body_id": str(case.county.agency("Barsetshire CSP")), **day})
    assert reminder not in visitor.text
    assert visitor.path == f"/reviews/{case.reference}/decision"
    assert visitor.open(path).value("kinds") == "iopc"


def test_whoever_may_only_see_them_gets_no_form(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    member = Visitor(app.test_client())
    sign_in(member.client, Role.STEERING_MEMBER)
    page = member.open(f"/reviews/{case.reference}/other-reviews")
    assert "This has not been considered yet." in page.text
    assert page.page.select("main form") == []
    assert page.open(f"/reviews/{case.reference}/decision").status == 403
