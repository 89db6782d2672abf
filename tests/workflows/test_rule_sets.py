from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.deadlines import Basis, Roll, Unit
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.lifecycle import MOVES, duties
from dhr_app.workflows.rule_sets import BrokenRuleSet, RuleSet, parse
from dhr_app.workflows.stages import Stage

FOLDER = Path(__file__).parents[2] / "config" / "regimes"
SHIPPED = ("dhr-2016", "dardr", "local-review", "contribution")


def data(key: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


def rule_set(key: str) -> RuleSet:
    return parse(data(key))


def test_the_folder_holds_the_four_rule_sets_each_under_its_key():
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(SHIPPED)
    assert all(rule_set(key).key == key for key in SHIPPED)


@pytest.mark.parametrize("key", ["dhr-2016", "dardr"])
def test_no_ground_for_not_reviewing_calls_a_death_no_cause_for_concern(key):
    reasons = {reason.key: reason.sentence for reason in rule_set(key).not_reviewed_reasons}
    assert "sign of domestic abuse" in reasons["no_concern"]
    assert [text for text in reasons.values() if "cause for concern" in text] == []


@pytest.mark.parametrize("key", SHIPPED)
class TestEachShippedRuleSet:
    def test_is_without_conditions_duties_and_moves_that_the_rule_book_knows(self, key):
        rules = rule_set(key)
        assert rules.without <= set(CONDITIONS) | set(DUTIES)
        assert rules.without_moves <= set(MOVES)

    def test_counts_from_and_is_met_by_moves_and_conditions_that_the_rule_book_knows(self, key):
        known = {"moved": set(MOVES), "answered": set(CONDITIONS)}
        for rule in rule_set(key).deadlines:
            for event in (*rule.anchor, *rule.met_by):
                kind, _, name = event.partition(":")
                assert not name or name in known[kind], f"{rule.key}: {event}"

    def test_has_a_deadline_for_every_duty_that_its_moves_start(self, key):
        rules = rule_set(key)
        moves = [move for move in MOVES.values() if move.name not in rules.without_moves]
        owed = {duty.rule for move in moves for duty in duties(move, rules)}
        assert owed <= {rule.key for rule in rules.deadlines}

    def test_says_of_every_row_that_is_not_checked_that_it_must_be(self, key):
        for rule in rule_set(key).deadlines:
            assert ("check against" in rule.source) != rule.checked, rule.key

    def test_rolls_local_dates_forward_and_lets_guidance_stand(self, key):
        for rule in rule_set(key).deadlines:
            if rule.key != "hold_review_due":
                assert (rule.roll is Roll.FORWARD) == (rule.basis is Basis.LOCAL), rule.key

    def test_comes_back_whole_from_its_canonical_bytes(self, key):
        rules = rule_set(key)
        again = parse(json.loads(rules.canonical()))
        assert again == rules
        assert again.sha256() == rules.sha256()

    def test_leaves_a_way_from_notification_to_closure(self, key):
        rules = rule_set(key)
        reached, frontier = set[Stage](), {Stage.NOTIFICATION}
        aside = {"correct_stage", "bring_in", "transfer", "withdraw", "void", "reopen", "direct"}
        while frontier:
            reached |= frontier
            frontier = {
                target
                for move in MOVES.values()
                if move.name not in rules.without_moves | aside and move.source & reached
                for target in move.targets
            } - reached
        assert Stage.CLOSED in reached
        no_home_office = {"local-review", "contribution"}
        assert (Stage.HOME_OFFICE_QA in reached) == (key not in no_home_office)
        assert (Stage.SCOPING in reached) == (key != "contribution")


@pytest.mark.parametrize("key", ["dhr-2016", "dardr"])
def test_a_statutory_review_is_decided_in_a_month_and_reported_in_six(key):
    decision, report = rule_set(key).deadline("decision_due"), rule_set(key).deadline("overview_report_due")
    assert (decision.quantity, decision.unit, decision.pausable, decision.roll) == (1, Unit.MONTHS, False, Roll.NONE)
    assert (report.quantity, report.unit, report.pausable, report.roll) == (6, Unit.MONTHS, True, Roll.NONE)
    assert (decision.basis, decision.checked) == (report.basis, report.checked) == (Basis.GUIDANCE, False)


def test_deferring_does_not_meet_the_date_of_the_decision():
    rules = rule_set("dhr-2016")
    assert rules.met_by("moved:defer") == ()
    assert [rule.key for rule in rules.met_by("moved:decide_not_to_review")] == ["decision_due"]


def test_deadlines_are_found_by_the_event_they_count_from_and_the_one_that_meets_them():
    rules = rule_set("dhr-2016")
    assert {rule.key for rule in rules.deadlines_from("moved:commission")} == {
        "chair_appointed_due",
        "overview_report_due",
    }
    assert {rule.key for rule in rules.deadlines_from("moved:direct")} == {"chair_appointed_due", "overview_report_due"}
    assert {rule.key for rule in rules.met_by("scoping_returned")} == {"scoping_return_due"}


def test_a_deadline_that_a_rule_set_lacks_is_an_error():
    with pytest.raises(KeyError):
        rule_set("contribution").deadline("decision_due")


def test_a_contribution_says_so():
    assert [rule_set(key).path for key in SHIPPED] == ["review", "review", "review", "contribution"]


def test_the_hash_ignores_how_the_file_is_laid_out_but_not_what_it_says():
    plain, reordered, changed = data("dhr-2016"), data("dhr-2016"), data("dhr-2016")
    reordered["without_moves"].reverse()
    reordered["deadlines"]["decision_due"]["roll"] = "none"
    changed["deadlines"]["decision_due"]["period"] = "2 months"
    assert parse(reordered).sha256() == parse(plain).sha256()
    assert parse(changed).sha256() != parse(plain).sha256()


def test_a_broken_file_names_every_fault_at_once():
    broken = data("dhr-2016")
    del broken["law"]
    broken["version"] = "one"
    broken["witout"] = []
    broken["without"] = "home_office_told"
    broken["path"] = "sideways"
    broken["criteria"]["relative"] = ""
    broken["deadlines"]["decision_due"] |= {"period": "a month", "basis": "guidence", "anchor": [], "pauseable": True}
    broken["deadlines"]["publish_due"] |= {"anchor": ["moved:Clear"], "met_by": ["publication"], "checked": "yes"}
    broken["deadlines"]["briefing_due"] = "soon"
    with pytest.raises(BrokenRuleSet, match="Rule set dhr-2016: ") as refused:
        parse(broken)
    named = {fault.split(" ", 1)[0] for fault in refused.value.faults}
    assert named >= {
        "law", "version", "witout", "without", "path", "criteria.relative",
        "deadlines.decision_due.period", "deadlines.decision_due.basis", "deadlines.decision_due.anchor",
        "deadlines.decision_due.pauseable", "deadlines.publish_due.anchor", "deadlines.publish_due.met_by",
        "deadlines.publish_due.checked", "deadlines.briefing_due",
    }  # fmt: skip
    assert all(fault in str(refused.value) for fault in refused.value.faults)


def test_an_empty_file_names_what_is_missing():
    with pytest.raises(BrokenRuleSet, match="Rule set without a key: key is missing"):
        parse({})


def test_a_deadline_of_a_move_that_does_not_exist_here_is_refused():
    broken = data("local-review")
    broken["deadlines"]["overview_report_due"]["met_by"].append("moved:submit_to_home_office")
    with pytest.raises(BrokenRuleSet, match="overview_report_due: “moved:submit_to_home_office”"):
        parse(broken)
