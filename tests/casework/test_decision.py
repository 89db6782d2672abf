"""The decision is prepared for the deciding body, and used by the move that follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dhr_app.casework.decision import BEFORE_THE_DECISION, DecisionEntry, open_decision, prepare_decision
from dhr_app.database.models import Decision
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import OPEN, Stage
from tests.reviews import Case, County

TO_REVIEW = DecisionEntry("review", ("aged_16_or_over", "partner"), "The returns show years of control.")
NO_LINK = "Whoever caused the death was no relative, partner, former partner or member of the household."
NOT_TO_REVIEW = DecisionEntry("not_review", ("aged_16_or_over", "no_link"), "Nobody close to her was involved.")


def prepare(case: Case, entry: DecisionEntry = TO_REVIEW, version: int = 0, *, by: Person | None = None) -> None:
    prepare_decision(case.reference, entry, version, by=by or case.county.coordinator, at=case.wait(minutes=1))


def test_a_decision_is_written_down_read_again_and_corrected(county: County) -> None:
    case = county.review(Stage.SCOPING)
    assert open_decision(case.reference, by=county.coordinator, at=case.at).version == 0
    prepare(case)
    page = open_decision(case.reference, by=county.coordinator, at=case.at)
    assert (page.version, page.entry, page.taken) == (1, TO_REVIEW, ())
    prepare(case, NOT_TO_REVIEW, page.version, by=county.chair)
    assert open_decision(case.reference, by=county.coordinator, at=case.at).entry == NOT_TO_REVIEW
    assert len(case.rows(Decision)) == 1


def test_the_grounds_are_those_of_the_reviews_own_rule_set(county: County) -> None:
    case = county.review(rule_set="dardr")
    page = open_decision(case.reference, by=county.coordinator, at=case.at)
    assert [key for key, _ in page.criteria] == ["domestic_abuse", "both_16_or_over", "connected", "suicide_concern"]
    with pytest.raises(Invalid) as refusal:
        prepare(case, TO_REVIEW)
    assert set(refusal.value.fields) == {"criteria"}


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        (replace(TO_REVIEW, kind=""), "kind", "Say whether to review or not."),
        (replace(TO_REVIEW, criteria=()), "criteria", "Tick at least one ground on which the decision rests."),
        (replace(TO_REVIEW, criteria=("no_link",)), "criteria",
         f"This does not belong to a decision to review: “{NO_LINK}”"),
        (replace(TO_REVIEW, criteria=("partner", "no_link", "weather")), "criteria",
         f"This does not belong to a decision to review: “{NO_LINK}” “weather”"),
        (replace(NOT_TO_REVIEW, criteria=("aged_16_or_over",)), "against",
         "Tick the ground on which there is to be no review: the family will be told it."),
        (replace(NOT_TO_REVIEW, criteria=()), "against",
         "Tick the ground on which there is to be no review: the family will be told it."),
        (replace(TO_REVIEW, reasons=" "), "reasons",
         "Give the reasons: the Home Office and the family may ask."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field(
    county: County, entry: DecisionEntry, field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        prepare(county.review(), entry)
    assert refusal.value.fields == {field: sentence}


def test_whoever_saves_second_is_told_both_texts_even_where_both_began_with_none(county: County) -> None:
    case = county.review()
    prepare(case)
    with pytest.raises(Stale) as stale:
        prepare(case, replace(TO_REVIEW, reasons="Her sister told us."), version=0)
    assert stale.value.theirs == {"reasons": TO_REVIEW.reasons}
    assert stale.value.yours == {"reasons": "Her sister told us."}


def test_a_decision_takes_effect_with_the_move_and_both_are_read_after_it_was_reconsidered(county: County) -> None:
    case = county.review(Stage.NOT_REVIEWED)
    page = open_decision(case.reference, by=county.coordinator, at=case.at)
    assert ([one.kind for one in page.taken], page.version, page.may_change) == (["not_review"], 0, False)
    case.take("reconsider")
    assert open_decision(case.reference, by=county.coordinator, at=case.at).may_change
    case.take("commission")
    page = open_decision(case.reference, by=county.coordinator, at=case.at)
    assert [one.kind for one in page.taken] == ["review", "not_review"]
    assert (page.taken[0].met, page.taken[0].against) == (("The person who died was aged 16 or over.",), ())
    assert page.taken[1].against
    assert not page.may_change


def test_who_may_see_a_decision_and_who_may_write_one(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    chair = county.who(Role.INDEPENDENT_CHAIR)
    assert not open_decision(case.reference, by=chair, at=case.at).may_change
    with pytest.raises(NotAllowed):
        prepare(case, by=chair)
    for role in (Role.STEERING_MEMBER, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            open_decision(case.reference, by=county.who(role), at=case.at)
    with pytest.raises(OutOfReach):
        open_decision(case.reference, by=county.who(Role.ADMINISTRATOR), at=case.at)


@pytest.mark.parametrize("stage", [*sorted(OPEN - BEFORE_THE_DECISION), Stage.NOT_REVIEWED])
def test_once_it_was_decided_nothing_more_is_prepared(county: County, stage: Stage) -> None:
    case = county.review(stage)
    before = len(case.rows(Decision))
    with pytest.raises(NotYet) as refusal:
        prepare(case)
    assert [reason.sentence for reason in refusal.value.reasons] == [
        f"The review is at “{stage.label}”: a decision is written down at notification or scoping."
    ]
    assert len(case.rows(Decision)) == before


def test_a_voided_review_is_decided_no_more(county: County) -> None:
    with pytest.raises(NotYet):
        prepare(county.review(Stage.VOID))
