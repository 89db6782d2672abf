"""Each condition of the table: who may state it, which of the three answers it takes, and when it is asked."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from dhr_app.workflows.answers import Answer, Stated
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.facts import IN_TOUCH, Audience, OutstandingReturn, ReviewFacts, Told
from dhr_app.workflows.stages import Stage
from tests.workflows.lifecycle_table import (
    AFRESH,
    ALWAYS,
    NEEDS,
    NOT_BEFORE,
    ONCE_STATED,
    ONLY_WHERE,
    PAGES,
    RECORDS,
    STAGES,
    STATED_BY,
    TELLS,
    TWO_PEOPLE,
    WORK_ON_IT,
)
from tests.workflows.rule_book import ARISING, POLICE, RECORDED, YESTERDAY, answered, facts_at, stated

LATE = Stage.SEMINAR  # a stage of the main line at which every question arises
STATEMENTS = sorted(NEEDS - RECORDS - ONCE_STATED)


@pytest.mark.parametrize("name", sorted(NEEDS))
class TestEachCondition:
    def test_bears_the_marks_of_the_table(self, name):
        condition = CONDITIONS[name]
        assert condition.always == (name in ALWAYS), "always"
        assert condition.afresh == (name in AFRESH), "afresh"
        assert condition.record == (name in RECORDS | ONCE_STATED), "record"
        assert condition.once_stated == (name in ONCE_STATED), "once stated"
        assert condition.two_people == (name in TWO_PEOPLE), "two people"
        assert condition.files == (name == "anonymity_checked"), "files"
        assert condition.stage == (name in ("agreed_to_bring_in", "agreed_to_correct")), "stage"
        assert condition.tells == TELLS.get(name), "tells"
        assert condition.from_stage == NOT_BEFORE.get(name), "from stage"
        arises_if = condition.arises_if.__doc__ if condition.arises_if else None
        assert arises_if == ONLY_WHERE.get(name), "arises only where"
        assert condition.stated_by == STATED_BY.get(name, WORK_ON_IT), "stated by"

    def test_says_in_a_sentence_what_must_be_true(self, name):
        sentence = CONDITIONS[name].sentence
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "\n" not in sentence

    def test_leads_to_the_page_that_mends_it(self, name):
        reason = CONDITIONS[name].reason()
        assert (reason.condition, reason.sentence) == (name, CONDITIONS[name].sentence)
        assert reason.mend in PAGES

    @pytest.mark.parametrize("answer", [Answer.DOES_NOT_APPLY, Answer.COULD_NOT_BE_DONE])
    def test_takes_another_answer_than_done_unless_it_must_always_be_done(self, name, answer):
        facts = _open(name, **stated(name, answer))
        assert CONDITIONS[name].accepts(answer) == (name not in ALWAYS)
        assert CONDITIONS[name].answer(facts) == (None if name in ALWAYS else answer)

    def test_is_open_until_it_is_answered(self, name):
        assert CONDITIONS[name].answer(_open(name)) is None

    def test_is_done_once_it_is_answered(self, name):
        assert CONDITIONS[name].answer(answered(facts_at(LATE), {name})) is Answer.DONE

    @pytest.mark.parametrize("answer", Answer)
    def test_is_not_answered_by_a_statement_that_does_not_count_yet(self, name, answer):
        facts = replace(_open(name), statements=stated(name, answer, counts=False))
        assert CONDITIONS[name].answer(facts) is None


def _open(name: str, **statements: Stated) -> ReviewFacts:
    facts = facts_at(LATE, statements=statements)
    return answered(facts, {"is_on_hold"}) if name == "not_on_hold" else facts


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_a_condition_with_a_record_of_its_own_is_never_done_by_a_statement(name):
    assert not CONDITIONS[name].accepts(Answer.DONE)
    assert CONDITIONS[name].answer(_open(name, **stated(name))) is None


@pytest.mark.parametrize("name", sorted(ONCE_STATED))
def test_what_was_stated_before_there_was_a_record_goes_on_counting_and_is_stated_no_more(name):
    assert not CONDITIONS[name].accepts(Answer.DONE)
    assert CONDITIONS[name].answer(_open(name, **stated(name))) is Answer.DONE


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_condition_without_a_record_is_done_by_a_statement(name):
    assert CONDITIONS[name].accepts(Answer.DONE)
    assert CONDITIONS[name].answer(_open(name, **stated(name))) is Answer.DONE


@pytest.mark.parametrize(("name", "first"), sorted(NOT_BEFORE.items()))
def test_a_question_does_not_arise_before_its_stage_and_does_from_then_on(name, first):
    for stage in STAGES:
        early = stage in STAGES[:8] and STAGES.index(stage) < STAGES.index(first)
        assert CONDITIONS[name].answer(facts_at(stage)) == (Answer.DOES_NOT_APPLY if early else None), stage


@pytest.mark.parametrize("name", sorted(ONLY_WHERE))
def test_a_question_about_nothing_does_not_apply_but_what_was_stated_of_it_counts(name):
    nothing = {part: type(known)() for part, known in ARISING.items()}
    assert CONDITIONS[name].answer(facts_at(LATE, **nothing)) is Answer.DOES_NOT_APPLY
    assert CONDITIONS[name].answer(facts_at(LATE, **nothing, statements=stated(name))) is Answer.DONE
    assert CONDITIONS[name].answer(facts_at(LATE)) is None


@pytest.mark.parametrize(("name", "audience"), sorted((n, a) for n, a in TELLS.items() if a != "family"))
def test_telling_an_audience_answers_its_question_and_no_other(name, audience):
    facts = facts_at(LATE, told=(Told(Audience(audience)),))
    assert [each for each in TELLS if CONDITIONS[each].answer(facts) is not None] == [name]


@pytest.mark.parametrize(("name", "audience"), sorted((n, a) for n, a in TELLS.items() if a != "family"))
def test_a_telling_answers_for_the_step_it_was_about_unless_it_is_sent_once(name, audience):
    def answers(step, **told):
        facts = facts_at(LATE, told=(Told(Audience(audience), **told),))
        return CONDITIONS[name].answer(facts, step) is Answer.DONE

    once = name == "commissioner_sent_copy"
    assert answers("extend", about="extend")
    assert answers("extend", about=None)
    assert answers("withdraw", about="extend") is once
    assert answers("extend", about="extend", afterwards=True) is once
    assert not answers("extend", about=IN_TOUCH)


@pytest.mark.parametrize(
    ("to_tell", "told", "answer"), [(0, 0, None), (2, 0, None), (2, 1, None), (2, 2, Answer.DONE), (1, 2, Answer.DONE)]
)
def test_the_family_is_told_when_each_member_who_may_be_told_was(to_tell, told, answer):
    members = tuple(Told(Audience.FAMILY, "extend", family_member_id=UUID(int=number)) for number in range(told))
    facts = facts_at(LATE, family_to_tell=to_tell, told=(*members, *members))
    assert CONDITIONS["family_told"].answer(facts, "extend") is answer
    assert CONDITIONS["family_told"].answer(facts, "withdraw") is None


def test_scoping_is_not_settled_while_one_agency_is_silent_nor_when_nobody_was_asked():
    silent = OutstandingReturn(UUID(int=41), POLICE, "Police", YESTERDAY, None)
    condition = CONDITIONS["every_return_settled"]
    assert condition.answer(facts_at("scoping", agencies_asked=2, outstanding=(silent,))) is None
    assert condition.answer(facts_at("scoping", agencies_asked=0)) is None
    assert condition.answer(facts_at("scoping", agencies_asked=2)) is Answer.DONE


def test_a_decision_one_way_is_no_decision_the_other_way():
    for one, other in (("decided_to_review", "decided_not_to_review"), ("decided_not_to_review", "decided_to_review")):
        assert CONDITIONS[other].answer(answered(facts_at("scoping"), {one})) is None


def test_every_record_of_the_table_is_known_to_these_tests():
    assert set(RECORDED) == RECORDS
