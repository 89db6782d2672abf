"""Done, does not apply, could not be done: three answers, and a list of reasons for the second."""

from __future__ import annotations

from uuid import UUID

import pytest

from dhr_app.workflows.answers import WHY_NOT_APPLICABLE, Answer, Stated
from dhr_app.workflows.facts import ReviewFacts
from tests.workflows.rule_book import TODAY, facts_at


def test_there_are_three_answers_in_words():
    assert {answer.value: answer.label for answer in Answer} == {
        "done": "Done",
        "does_not_apply": "Does not apply",
        "could_not_be_done": "Could not be done",
    }


def test_the_reasons_why_something_does_not_apply_are_codes_with_words():
    for code, words in WHY_NOT_APPLICABLE.items():
        assert code == code.lower()
        assert words[0].isupper()


def of(answer: Answer, *, counts: bool) -> ReviewFacts:
    said = Stated(UUID(int=1), "terms_agreed", answer, TODAY, counts)
    return facts_at("panel", statements={"terms_agreed": said})


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("counts", [True, False])
def test_something_is_stated_only_by_a_done_that_counts(answer, counts):
    assert of(answer, counts=counts).stated("terms_agreed") == (answer is Answer.DONE and counts)


def test_nothing_is_stated_where_nobody_said_anything():
    assert not facts_at("panel").stated("terms_agreed")
