"""Every cell of role × stage × move, asked of the rules and compared with the table written out by hand."""

from __future__ import annotations

import pytest

from dhr_app.workflows.errors import NotYet
from dhr_app.workflows.lifecycle import MOVES, destination, still_needed
from dhr_app.workflows.permissions import allows
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.workflows.lifecycle_table import NOT_BEFORE, ROWS, STAGES, Row
from tests.workflows.rule_book import REVIEW, TODAY, answered, facts_at, person, whole_rule_set

NOT_ALLOWED, NOT_FROM_HERE, READY = "not allowed", "not from here", "ready"
CELLS = [(role, stage, row) for role in Role for stage in STAGES for row in ROWS.values()]


def by_the_table(role: Role, stage: str, row: Row) -> str:
    if role.value not in row.recorders:
        return NOT_ALLOWED
    return READY if stage in row.source else NOT_FROM_HERE


def by_the_rules(role: Role, stage: str, row: Row) -> str:
    if not allows(person(role), f"move.{row.move}", review_id=REVIEW, on=TODAY):
        return NOT_ALLOWED
    facts = answered(facts_at(stage), row.needs)
    target = Stage(row.targets[0]) if row.targets else None
    try:
        reached = destination(facts, MOVES[row.move], whole_rule_set(), target=target)
    except NotYet as refusal:
        reasons = [reason.condition for reason in refusal.reasons]
        return NOT_FROM_HERE if reasons == ["stage"] else f"still open: {reasons}"
    return READY if reached in row.leads_to(stage) else f"led to {reached}"


def test_every_cell_of_role_stage_and_move_is_as_the_table_says():
    assert len(CELLS) == 10 * 12 * 29
    wrong = [
        f"{role} at {stage}, {row.move}: the table says {by_the_table(role, stage, row)}, the rules {found}"
        for role, stage, row in CELLS
        if (found := by_the_rules(role, stage, row)) != by_the_table(role, stage, row)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_before_anything_is_answered_a_move_lists_everything_that_the_table_asks(row):
    for stage in sorted(row.source):
        on_hold = {"not_on_hold"} if row.move in ("resume", "keep_hold") else {"is_on_hold"}
        facts = answered(facts_at(stage), {"is_on_hold"} if row.move == "pause" else set())
        asked = [name for name in row.needs if not _too_early(name, stage) and name not in on_hold]
        found = [reason.condition for reason in still_needed(facts, MOVES[row.move], whole_rule_set())]
        assert found == asked, f"{row.move} at {stage}"


def _too_early(name: str, stage: str) -> bool:
    """Whether the question does not arise yet; off the main line it always does."""
    first = NOT_BEFORE.get(name)
    return first is not None and stage in STAGES[:8] and STAGES.index(stage) < STAGES.index(first)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_one_condition_left_open_holds_the_move_up_and_is_the_one_thing_named(row):
    for stage in sorted(row.source):
        for open_one in row.needs:
            if _too_early(open_one, stage):
                continue
            facts = answered(facts_at(stage), set(row.needs) - {open_one})
            if open_one == "not_on_hold":
                facts = answered(facts, {"is_on_hold"})
            with pytest.raises(NotYet) as refusal:
                destination(facts, MOVES[row.move], whole_rule_set(), target=Stage.PANEL)
            assert [reason.condition for reason in refusal.value.reasons] == [open_one]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_an_answered_move_leads_to_each_of_its_places_and_to_no_other(row):
    for stage in sorted(row.source):
        facts = answered(facts_at(stage), row.needs)
        for target in Stage:
            if len(row.targets) > 1 and target.value not in row.targets:
                with pytest.raises(NotYet):
                    destination(facts, MOVES[row.move], whole_rule_set(), target=target)
            else:
                reached = destination(facts, MOVES[row.move], whole_rule_set(), target=target)
                assert reached == (target if len(row.targets) > 1 else row.leads_to(stage)[0])


def test_somebody_without_a_seat_on_the_review_records_nothing_as_its_chair():
    outsider = person(Role.INDEPENDENT_CHAIR, seated=False)
    assert not any(allows(outsider, f"move.{name}", review_id=REVIEW, on=TODAY) for name in ROWS)


@pytest.mark.parametrize("role", Role)
def test_a_conflict_of_interest_bars_every_move(role):
    barred = person(role, conflicts=frozenset({REVIEW}))
    assert not any(allows(barred, f"move.{name}", review_id=REVIEW, on=TODAY) for name in ROWS)
