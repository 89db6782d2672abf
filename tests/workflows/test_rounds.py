"""The rounds of Home Office quality assurance, from a review's moves and the days its letters came."""

from __future__ import annotations

from datetime import date

import pytest

from dhr_app.workflows.rounds import Round, Step, rounds
from dhr_app.workflows.stages import Stage

MARCH, JULY, AUGUST, OCTOBER = date(2025, 3, 3), date(2025, 7, 3), date(2025, 8, 4), date(2025, 10, 6)
TODAY = date(2026, 6, 3)


def submitted(on: date) -> Step:
    return Step("submit_to_home_office", Stage.HOME_OFFICE_QA, on)


def sent_back(on: date) -> Step:
    return Step("send_back", Stage.CHAIR_REPORT, on)


def cleared(on: date) -> Step:
    return Step("clear", Stage.PUBLICATION, on)


def test_there_is_none_before_a_submission():
    assert rounds([Step("begin_report", Stage.CHAIR_REPORT, MARCH)], {}) == ()


def test_a_submission_waits_for_its_answer():
    (one,) = rounds([submitted(MARCH)], {})
    assert one == Round(1, MARCH)
    assert (one.days_with_them(TODAY), one.days_with_us(TODAY)) == (457, None)


def test_a_letter_turns_the_days_into_ours():
    (one,) = rounds([submitted(MARCH)], {1: JULY})
    assert (one.days_with_them(TODAY), one.days_with_us(TODAY)) == (122, (TODAY - JULY).days)


def test_a_report_sent_back_twice_has_three_rounds_each_ending_with_the_next_submission():
    steps = [submitted(MARCH), sent_back(JULY), submitted(AUGUST), sent_back(OCTOBER), submitted(TODAY)]
    assert rounds(steps, {1: JULY}) == (
        Round(1, MARCH, JULY, AUGUST), Round(2, AUGUST, OCTOBER, TODAY), Round(3, TODAY),
    )  # fmt: skip


def test_a_round_sent_back_without_a_letter_counts_as_answered_that_day():
    (one,) = rounds([submitted(MARCH), sent_back(JULY)], {})
    assert one == Round(1, MARCH, JULY)


@pytest.mark.parametrize(
    "leaving", [cleared(AUGUST), Step("withdraw", Stage.WITHDRAWN, AUGUST), Step("transfer", Stage.TRANSFERRED, AUGUST)]
)
def test_a_round_ends_when_the_review_goes_on_from_the_home_office(leaving: Step):
    (one,) = rounds([submitted(MARCH), leaving], {1: JULY})
    assert (one.ended_on, one.days_with_us(TODAY)) == (AUGUST, (AUGUST - JULY).days)


def test_a_letter_that_came_after_the_decision_was_told_leaves_no_days_below_nought():
    (one,) = rounds([submitted(MARCH), cleared(JULY)], {1: AUGUST})
    assert one.days_with_us(TODAY) == 0


def test_what_happens_later_does_not_end_a_round_again():
    steps = [submitted(MARCH), cleared(JULY), Step("publish", Stage.SEMINAR, OCTOBER)]
    assert rounds(steps, {})[0].ended_on == JULY


def test_a_hold_while_the_home_office_reads_changes_nothing():
    steps = [submitted(MARCH), Step("pause", Stage.HOME_OFFICE_QA, JULY), Step("resume", Stage.HOME_OFFICE_QA, AUGUST)]
    assert rounds(steps, {}) == (Round(1, MARCH),)


@pytest.mark.parametrize("name", ["bring_in", "correct_stage"])
def test_a_review_that_arrives_at_the_home_office_otherwise_was_submitted_before_this_system(name: str):
    (one,) = rounds([Step(name, Stage.HOME_OFFICE_QA, MARCH)], {1: JULY})
    assert one == Round(1, None, JULY)
    assert (one.days_with_them(TODAY), one.days_with_us(TODAY)) == (None, (TODAY - JULY).days)


@pytest.mark.parametrize("stage", [Stage.PUBLICATION, Stage.SEMINAR, Stage.CLOSED])
def test_one_brought_in_past_the_home_office_has_a_round_that_is_over(stage: Stage):
    assert rounds([Step("bring_in", stage, MARCH)], {}) == (Round(1, ended_on=MARCH),)


@pytest.mark.parametrize("stage", [Stage.PANEL, Stage.CHAIR_REPORT, Stage.NOT_REVIEWED])
def test_one_brought_in_before_the_home_office_has_none(stage: Stage):
    assert rounds([Step("bring_in", stage, MARCH)], {}) == ()


def test_a_stage_corrected_back_to_the_home_office_goes_on_with_its_round():
    steps = [submitted(MARCH), cleared(JULY), Step("correct_stage", Stage.HOME_OFFICE_QA, AUGUST)]
    assert rounds(steps, {}) == (Round(1, MARCH),)
