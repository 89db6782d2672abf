"""The table of moves against the table written out by hand: places, deciders, conditions, marks and duties."""

from __future__ import annotations

import dataclasses

import pytest

from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.errors import NotYet
from dhr_app.workflows.lifecycle import MACHINE, MOVES, answers_used, destination, duties, moves_from, needs, targets
from dhr_app.workflows.stages import MAIN_LINE, Stage
from tests.workflows.lifecycle_table import NEEDS, ROWS, STAGES, WITHOUT_MOVES
from tests.workflows.rule_book import SHIPPED, answered, facts_at, rule_set, stated, whole_rule_set


def test_the_rule_book_has_the_moves_of_the_table_in_its_order():
    assert list(MOVES) == list(ROWS)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
class TestEachMove:
    def test_starts_and_ends_where_the_table_says(self, row):
        move = MOVES[row.move]
        assert move.source == row.source
        assert move.targets == row.targets

    def test_is_decided_by_whom_the_table_says(self, row):
        words = row.who.replace("independent chair or partnership", "chair or partnership").replace(" ", "_").lower()
        assert MOVES[row.move].who == words

    def test_needs_what_the_table_says(self, row):
        assert tuple(need.name for need in MOVES[row.move].needs) == row.needs

    def test_has_the_conditions_that_only_done_answers(self, row):
        assert {need.name for need in MOVES[row.move].needs if need.always} == row.always

    def test_starts_the_duties_of_the_table(self, row):
        assert tuple(duty.name for duty in MOVES[row.move].duties) == row.duties

    def test_says_what_its_button_does_and_what_happened(self, row):
        move = MOVES[row.move]
        assert move.button
        assert move.happened
        assert not move.happened.endswith(".")


def test_every_condition_and_every_duty_belongs_to_a_move():
    assert set(CONDITIONS) == NEEDS
    assert set(DUTIES) == {duty for row in ROWS.values() for duty in row.duties}


def test_no_two_moves_share_a_button_or_the_words_of_what_happened():
    for words in ("button", "happened"):
        said = [getattr(move, words) for move in MOVES.values()]
        assert len(said) == len(set(said)), words


def test_the_machine_knows_every_step_of_the_table_and_no_other():
    found = {
        (event.name, transition.source.lower(), str(transition.dest).lower())
        for event in MACHINE.events.values()
        for source in event.transitions.values()
        for transition in source
    }
    table = {
        (row.move, source, target) for row in ROWS.values() for source in row.source for target in row.leads_to(source)
    }
    assert found == table


def test_the_machine_keeps_no_review_in_memory():
    destination(
        answered(facts_at("scoping"), {"decided_not_to_review"}), MOVES["decide_not_to_review"], whole_rule_set()
    )
    assert MACHINE.models == []


@pytest.mark.parametrize("key", SHIPPED)
class TestEachRuleSet:
    def test_is_without_the_moves_that_the_table_says(self, key):
        assert rule_set(key).without_moves == WITHOUT_MOVES[key]

    def test_offers_at_each_stage_the_moves_of_the_table_that_it_has(self, key):
        for stage in STAGES:
            expected = [r.move for r in ROWS.values() if stage in r.source and r.move not in WITHOUT_MOVES[key]]
            assert [move.name for move in moves_from(Stage(stage), rule_set(key))] == expected

    def test_refuses_a_move_that_it_does_not_have_though_everything_is_answered(self, key):
        for name in WITHOUT_MOVES[key]:
            row = ROWS[name]
            for stage in row.source:
                with pytest.raises(NotYet) as refusal:
                    destination(answered(facts_at(stage), row.needs), MOVES[name], rule_set(key), target=Stage.PANEL)
                assert [reason.condition for reason in refusal.value.reasons] == ["stage"]

    def test_asks_and_owes_nothing_that_it_is_without(self, key):
        rules = rule_set(key)
        for move in MOVES.values():
            assert not {need.name for need in needs(move, rules)} & rules.without
            assert not {duty.name for duty in duties(move, rules)} & rules.without

    def test_leads_a_review_from_its_notification_to_its_end(self, key):
        rules = rule_set(key)
        reached = {Stage.NOTIFICATION}
        for _ in Stage:
            reached |= {
                target
                for stage in reached
                for move in moves_from(stage, rules)
                if move.name not in ("bring_in", "correct_stage")
                for target in targets(move, rules)
            }
        assert Stage.CLOSED in reached

    def test_never_corrects_a_stage_to_one_that_its_own_moves_do_not_reach(self, key):
        possible = set(targets(MOVES["correct_stage"], rule_set(key)))
        absent = {
            "dhr-2016":     set(),
            "dardr":        set(),
            "local-review": {Stage.HOME_OFFICE_QA, Stage.PUBLICATION},
            "contribution": {
                Stage.SCOPING, Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA, Stage.PUBLICATION, Stage.SEMINAR,
                Stage.NOT_REVIEWED,
            },
        }[key]  # fmt: skip
        assert possible == set(Stage) - absent


def test_a_local_review_asks_nothing_of_the_home_office_or_the_commissioner():
    rules = rule_set("local-review")
    asked = {
        need.name for move in MOVES.values() if move.name not in rules.without_moves for need in needs(move, rules)
    }
    assert not {"home_office_told", "commissioner_sent_copy"} & asked


def test_a_contribution_goes_from_its_notification_to_the_panel_and_is_closed():
    rules = rule_set("contribution")
    way = [
        (move.name, source, target)
        for move in MOVES.values()
        if move.name not in {*rules.without_moves, "bring_in", "correct_stage", "transfer", "withdraw", "void"}
        for source in sorted(move.source)
        for target in move.targets
    ]
    assert way == [("begin_contribution", "notification", "panel"), ("close_contribution", "panel", "closed")]


def test_a_stage_must_be_chosen_where_a_move_may_lead_to_several():
    with pytest.raises(NotYet) as refusal:
        destination(facts_at("closed"), MOVES["reopen"], whole_rule_set())
    assert [reason.condition for reason in refusal.value.reasons] == ["target"]


def test_the_record_of_a_move_says_how_each_of_its_conditions_was_answered():
    facts = answered(facts_at("scoping"), {"every_return_settled", "decided_to_review"})
    facts = dataclasses.replace(facts, statements=stated("other_reviews_considered", Answer.DOES_NOT_APPLY))
    assert answers_used(facts, MOVES["commission"], whole_rule_set()) == {
        "every_return_settled":     Answer.DONE,
        "other_reviews_considered": Answer.DOES_NOT_APPLY,
        "decided_to_review":        Answer.DONE,
    }  # fmt: skip


def test_the_main_line_runs_from_the_notification_to_the_end():
    assert tuple(MAIN_LINE) == STAGES[:8]
