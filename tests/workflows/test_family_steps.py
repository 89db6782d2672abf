"""What each family member taking part was offered and told answers the questions about the family."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.family_steps import STEPS_ASKED, answers_to, step_words
from dhr_app.workflows.record_facts import HomeOfficeFacts, PublicationFacts, TakingPart
from dhr_app.workflows.record_wording import FAMILY_STEPS
from dhr_app.workflows.stages import Stage
from tests.workflows.rule_book import facts_at

IN_TIME = PublicationFacts(planned=True, in_time=True, avoids_dates=True)


def two_take_part(name: str, **known: Any) -> ReviewFacts:
    """Two family members take part, and everything that a question asks was done for both and answered."""
    reached = dict.fromkeys(STEPS_ASKED[name], 2)
    part = TakingPart(taking_part=2, reached=reached, answered=reached)
    return facts_at(Stage.SEMINAR, taking_part=replace(part, **known), publication=IN_TIME)


@pytest.mark.parametrize("name", STEPS_ASKED)
class TestEachQuestionAboutTheFamily:
    def test_is_done_once_each_step_was_taken_with_everybody_who_takes_part(self, name):
        assert CONDITIONS[name].answer(two_take_part(name)) is Answer.DONE

    def test_is_open_while_one_step_has_not_reached_one_of_them(self, name):
        for kind in STEPS_ASKED[name]:
            short = {**dict.fromkeys(STEPS_ASKED[name], 2), kind: 1}
            assert CONDITIONS[name].answer(two_take_part(name, reached=short, answered=short)) is None

    def test_is_open_while_nobody_knows_whether_somebody_takes_part(self, name):
        assert CONDITIONS[name].answer(two_take_part(name, undecided=1)) is None

    def test_is_not_done_where_nobody_takes_part_but_may_be_said_not_to_apply(self, name):
        assert CONDITIONS[name].answer(two_take_part(name, taking_part=0)) is None
        assert CONDITIONS[name].accepts(Answer.DOES_NOT_APPLY)


def test_a_reading_is_not_done_with_while_a_comment_is_not_answered():
    assert CONDITIONS["family_offered_reading"].answer(two_take_part("family_offered_reading", comments_open=1)) is None


def test_the_family_s_view_is_recorded_only_once_they_were_not_just_asked_but_answered():
    facts = two_take_part("family_view_recorded", answered={"withholding": 1})
    assert CONDITIONS["family_view_recorded"].answer(facts) is None


@pytest.mark.parametrize("wrong", [{"in_time": False}, {"avoids_dates": False}])
def test_the_family_is_not_told_of_a_publication_in_time_unless_others_hear_later_on_a_day_that_suits_them(wrong):
    facts = replace(two_take_part("family_told_of_publication"), publication=replace(IN_TIME, **wrong))
    assert CONDITIONS["family_told_of_publication"].answer(facts) is None


def test_whether_the_family_was_told_of_changes_is_asked_only_where_the_letter_touches_them():
    facts = facts_at(Stage.HOME_OFFICE_QA, home_office=HomeOfficeFacts("cleared_after_changes", points=3))
    assert CONDITIONS["family_told_of_changes"].answer(facts) is Answer.DOES_NOT_APPLY


@pytest.mark.parametrize("kind", FAMILY_STEPS)
def test_each_step_has_answers_and_words(kind):
    assert answers_to(kind)[0] in ("awaited", "not_needed")
    assert "asked_not_to_be" in answers_to(kind)
    assert step_words(kind)[0].islower()


def test_a_step_that_there_is_not_has_no_words():
    assert step_words("birthday_card") == ""
