"""Other kinds of review that may run beside this one are considered before the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from dhr_app.casework.other_reviews import OtherReviewsEntry, consider_other_reviews, other_reviews_page
from dhr_app.database.models import OtherReviews
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import BEGAN, Case, County

TODAY = BEGAN.date()


def consider(case: Case, *, by: Person | None = None, version: int = 0, **changes: Any) -> OtherReviewsEntry:
    entry = OtherReviewsEntry(TODAY, (), case.county.agency("Barsetshire CSP"), "own")
    entry = replace(entry, **changes)
    consider_other_reviews(case.reference, entry, version, by=by or case.county.coordinator, at=case.wait(minutes=1))
    return entry


def test_that_there_is_none_is_an_answer_too_and_the_condition_is_met(county: County) -> None:
    case = county.review(Stage.SCOPING)
    assert "other_reviews_considered" in case.needed("commission")
    entry = consider(case)
    assert other_reviews_page(case.reference, by=county.coordinator, at=case.at).entry == entry
    assert "other_reviews_considered" not in case.needed("commission")


def test_it_is_corrected_in_place(county: County) -> None:
    case = county.review()
    consider(case)
    seen = other_reviews_page(case.reference, by=county.coordinator, at=case.at).version
    entry = consider(case, kinds=("safeguarding_adults", "iopc"), template="joint", version=seen)
    assert other_reviews_page(case.reference, by=county.coordinator, at=case.at).entry == entry
    assert len(case.rows(OtherReviews)) == 1


def test_whoever_saves_second_from_an_older_page_is_shown_both_texts(county: County) -> None:
    case = county.review()
    consider(case)
    seen = other_reviews_page(case.reference, by=county.coordinator, at=case.at).version
    consider(case, template="joint", version=seen)
    with pytest.raises(Stale) as refusal:
        consider(case, template="other", version=seen)
    assert (refusal.value.theirs, refusal.value.yours) == ({"template": "joint"}, {"template": "other"})
    assert case.rows(OtherReviews)[0].template == "joint"


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"considered_on": None}, "considered_on", "Give the day on which this was considered."),
        ({"considered_on": TODAY + timedelta(days=1)}, "considered_on",
         "16 January 2026 has not come yet: check the day."),
        ({"kinds": ("inquiry",)}, "kinds", "Choose from the list."),
        ({"template": "none"}, "template", "Choose from the list."),
        ({"lead_body_id": None}, "lead_body_id", "Choose the body that leads."),
        ({"lead_body_id": uuid4()}, "lead_body_id", "Choose the body that leads."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    county: County, entry: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        consider(county.review(), **entry)
    assert refusal.value.fields == {field: sentence}


def test_whoever_sees_the_review_sees_it_and_only_a_coordinator_changes_it(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    page = other_reviews_page(case.reference, by=county.who(Role.PANEL_MEMBER), at=case.at)
    assert (page.may_change, page.entry.considered_on is not None) == (False, True)
    with pytest.raises(NotAllowed):
        consider(case, by=county.chair)
    with pytest.raises(NotAllowed):
        other_reviews_page(case.reference, by=county.who(Role.AGENCY_CONTRIBUTOR), at=case.at)
    with pytest.raises(OutOfReach):
        consider(case, by=county.who(Role.ADMINISTRATOR))


def test_a_voided_review_considers_nothing_more(county: County) -> None:
    with pytest.raises(NotYet):
        consider(county.review(Stage.VOID))
