"""A text that may name somebody protected is asked about beside its box, kept for a reason, and not asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dhr_app.database.models import Event, KeptWords
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.planning import act, action_shown, recommend, shown
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
NAMED = "Train the surgery that Ada’s GP and Mrs Harding used."
ASKED = (
    "This text may name somebody who is protected: ‘Ada’s’ and ‘Harding’ stand in it. "
    "Take it out, or say below why it is kept."
)


@pytest.fixture
def case(county: County) -> Case:
    """A commissioned review of the death of Ada Harding, today."""
    case = county.review(Stage.PANEL, at=NOW - timedelta(days=30))
    case.at = NOW
    return case


@pytest.fixture
def asked(case: Case, visitor: Visitor) -> Visitor:
    """A recommendation with names in it was sent, and is asked about."""
    visitor.open(f"/reviews/{case.reference}/plan/recommendations/new")
    police = str(case.county.agency("Police"))
    values = {"number": "1", "text": NAMED, "scope": "local", "origin": "overview", "addressee_ids": police}
    return visitor.send(values)


def kept(county: County) -> list[tuple[str, str]]:
    with county.house.reading() as session:
        return [(row.place, row.reason) for row in session.scalars(select(KeptWords).order_by(KeptWords.kept_at))]


def test_the_words_one_typed_are_asked_about_beside_their_box(asked: Visitor, county: County) -> None:
    assert (asked.status, asked.errors()) == (422, [ASKED])
    assert asked.page.select_one(".govuk-error-summary a[href='#text']") is not None
    assert asked.value("text") == NAMED
    assert "Keep these words: ‘Ada’s’, ‘Harding’" in asked.text
    assert kept(county) == []


def test_with_a_reason_they_stay_and_the_trail_holds_a_code_and_no_word(
    asked: Visitor, case: Case, county: County
) -> None:
    asked.send({"protected-stay-0": "yes", "protected-why-0": "another_person"})
    asked.was_taken()
    assert shown(case, "1").text == NAMED
    assert kept(county) == [("recommendation.text", "another_person")]
    with county.house.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == Happened.WORDS_KEPT.value)).one()
    assert event.details == {"place": "recommendation.text", "reason": "another_person"}


def test_what_was_kept_is_not_asked_again_but_another_name_is(asked: Visitor, case: Case) -> None:
    asked.send({"protected-stay-0": "yes", "protected-why-0": "place_or_agency"})
    edit = asked.links("/recommendations/", words="Correct")[0]
    asked.open(edit).send({"text": f"{NAMED} Soon."})
    asked.was_taken()
    asked.open(edit).send({"text": f"{NAMED} Ada Harding was one."})
    assert asked.status == 422
    assert "‘Ada Harding’ stands in it" in asked.errors()[0]


def test_a_tick_without_a_reason_is_asked_for_one_and_kept(asked: Visitor) -> None:
    asked.send({"protected-stay-0": "yes"})
    assert (asked.status, asked.errors()) == (422, ["Choose why you keep these words."])
    assert asked.page.select_one(".govuk-error-summary a[href='#protected-why-0']") is not None
    assert asked.value("protected-stay-0") == "yes"
    asked.send({"protected-why-0": "other"})
    assert asked.errors() == ["Say in your own words why you keep these words."]
    assert asked.page.select_one(".govuk-error-summary a[href='#protected-note-0']") is not None
    assert ASKED in asked.text  # beside the text itself
    assert asked.value("protected-why-0") == "other"
    asked.send({"protected-note-0": "Agreed with the family"})
    asked.was_taken()


def test_a_reason_without_the_tick_keeps_nothing(asked: Visitor, county: County) -> None:
    asked.send({"protected-why-0": "public"})
    assert asked.errors() == [ASKED]
    assert kept(county) == []


def test_words_that_came_in_since_are_asked_about_as_well(asked: Visitor, county: County) -> None:
    asked.send({"text": f"{NAMED} Hardings.", "protected-stay-0": "yes", "protected-why-0": "public"})
    assert "‘Hardings’ stands in it" in asked.errors()[0]
    assert kept(county) == []


def test_the_answer_stays_where_something_else_is_wrong(asked: Visitor) -> None:
    asked.send({"number": "", "protected-stay-0": "yes", "protected-why-0": "public"})
    assert len(asked.errors()) == 1
    assert asked.value("protected-why-0") == "public"
    asked.send({"number": "1"})
    asked.was_taken()


def test_taken_out_the_text_is_saved_and_nothing_is_kept(asked: Visitor, county: County, case: Case) -> None:
    asked.send({"text": "Train the surgery."})
    asked.was_taken()
    assert shown(case, "1").text == "Train the surgery."
    assert kept(county) == []


def test_no_word_reaches_the_address_and_no_script_is_needed(asked: Visitor) -> None:
    assert "Harding" not in asked.path
    assert asked.page.select("main [style], main script") == []


def test_a_text_typed_before_the_name_was_known_is_asked_when_it_changes(case: Case, visitor: Visitor) -> None:
    recommend(case, "2", text="Write to Mr Grantly.")
    edit = visitor.open(f"/reviews/{case.reference}/plan").links("/recommendations/", words="Correct")[0]
    visitor.open(f"/reviews/{case.reference}/people/new").send({"part": "perpetrator", "full_name": "Septimus Grantly"})
    visitor.open(edit).send({"scope": "regional"})
    visitor.was_taken()
    visitor.open(edit).send({"text": "Write to Mr Grantly and others."})
    assert "‘Grantly’ stands in it" in visitor.errors()[0]


def test_an_agency_is_asked_about_its_own_words_and_told_nothing_else(case: Case, app: Flask, sign_in: SignIn) -> None:
    action_id = act(case, recommend(case))
    visitor = Visitor(app.test_client())
    agency_id = case.county.agency("Police")
    sign_in(visitor.client, Role.AGENCY_CONTRIBUTOR, agency_id=agency_id)
    visitor.open(f"/owed/actions/{action_id}/progress").send({"text": "Written with Mrs Harding’s GP."})
    said = ASKED.replace("‘Ada’s’ and ‘Harding’ stand", "‘Harding’s’ stands")
    assert (visitor.status, visitor.errors()) == (422, [said])
    assert visitor.value("text") == "Written with Mrs Harding’s GP."
    for hidden in ("Ada", "victim", "Victim"):
        assert hidden not in visitor.page.get_text()
    visitor.send({"protected-stay-0": "yes", "protected-why-0": "another_person"}).was_taken()
    (one,) = action_shown(case, "1/1").reports
    assert one.text == "Written with Mrs Harding’s GP."
