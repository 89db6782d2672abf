"""Moves made through the casework, on a real database, by real people."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from dhr_app.casework.move import MoveEntry, make_move
from dhr_app.database.models import (
    Deadline,
    Decision,
    DutyOwed,
    Event,
    MoveMade,
    Review,
    Statement,
)
from dhr_app.database.verify import verify
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.dates import next_date
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from tests.reviews import WAYS, Case, County, row_counts
from tests.workflows.lifecycle_table import NOT_BEFORE, ONLY_WHERE, ROWS, STAGES, WITHOUT_MOVES, Row

LEFT = {Stage.CLOSED, Stage.TRANSFERRED, Stage.WITHDRAWN, Stage.VOID}
# Where a seat does not open the review yet, or no more (domain 2.2).
NOT_NOW = {
    **{role: {Stage.NOTIFICATION, Stage.SCOPING, Stage.NOT_REVIEWED} for role in BY_MEMBERSHIP},
    Role.AGENCY_CONTRIBUTOR: {Stage.SEMINAR},
}


def fields(refusal: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(refusal.value.fields)


def coming(case: Case) -> tuple[date, str] | None:
    return next_date(case.facts(), case.rule_set, case.county.house.rule_book.calendar)


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.slow, id="every cell")])
@pytest.mark.parametrize("stage", Stage)
def test_the_table_holds_for_real_people_at_a_real_review(county: County, stage: Stage, every: int) -> None:
    """A ninth of the cells, each stage another one: test_move_matrix asks the rules for all of them.

    An empty form is never taken, so a cell can be asked and changes nothing: the refusal tells how far it came.
    """
    case = county.review(stage, seats=True)
    people = {role: county.who(role) for role in Role}
    before = row_counts(county.house)
    open_now = {name for name, condition in CONDITIONS.items() if condition.answer(case.facts()) is None}
    wrong, refused = [], 0
    for number, (role, row) in enumerate(product(people, ROWS.values())):
        if number % every != list(Stage).index(stage) % every:
            continue
        found = _asked(case, row, people[role])
        expected = _by_the_table(stage, role, row, open_now)
        refused += expected != "ready"
        if found != expected:
            wrong.append(f"{role} at {stage}, {row.move}: expected {expected}, found {found}")
    assert not wrong, "\n".join(wrong)
    after = row_counts(county.house)
    assert after["event"] == before["event"] + refused, "each refusal of the rules is recorded, and nothing else"
    assert {table for table in after if after[table] != before[table]} <= {"event", "audit_entry", "audit_head"}
    assert case.stage is stage


def _asked(case: Case, row: Row, person: Any) -> str:
    entry = MoveEntry("", case.today, target=Stage.SEMINAR)
    try:
        make_move(case.reference, row.move, entry, by=person, at=case.at)
    except OutOfReach:
        return "out of reach"
    except NotAllowed:
        return "not allowed"
    except NotYet as refusal:
        return " ".join(reason.condition for reason in refusal.reasons)
    except Invalid:
        return "ready"
    return "made"


def _by_the_table(stage: Stage, role: Role, row: Row, open_now: set[str]) -> str:
    if role is Role.ADMINISTRATOR or (role in BY_MEMBERSHIP and stage in LEFT):
        return "out of reach"
    if stage in NOT_NOW.get(role, ()):
        return "out of reach"
    if role.value not in row.recorders:
        return "not allowed"
    if role in BY_MEMBERSHIP and stage is Stage.SEMINAR:  # it was theirs until the publication was decided
        return "out of reach"
    if stage.value not in row.source or row.move in WITHOUT_MOVES["dhr-2016"]:
        return "stage"
    return " ".join(name for name in row.needs if name in open_now) or "ready"


@pytest.mark.parametrize("stage", Stage)
def test_a_review_comes_to_each_stage_by_its_moves_and_each_leaves_its_row(county: County, stage: Stage) -> None:
    case = county.review(stage)
    made = case.rows(MoveMade)
    assert [row.name for row in made] == list(WAYS[stage])
    assert [row.seq for row in made] == list(range(1, len(made) + 1))
    assert [row.from_stage for row in made] == [Stage.NOTIFICATION, *(row.to_stage for row in made)][: len(made)]
    assert case.row.moves_made == len(made)
    assert (made[-1].to_stage if made else Stage.NOTIFICATION) == case.stage is stage
    for row in made:
        assert set(row.answers) == set(ROWS[row.name].needs)
        assert row.recorded_by_id == county.coordinator.id
    with county.house.reading() as session:
        assert verify(session) == []
    coming_now = coming(case)
    assert (case.row.next_on, case.row.next_what) == (coming_now or (None, None))


class TestNotReady:
    def test_a_refusal_lists_everything_missing_and_changes_nothing(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        before = row_counts(county.house)
        with pytest.raises(NotYet) as refusal:
            case.move("commission")
        assert [reason.condition for reason in refusal.value.reasons] == [
            "every_return_settled", "other_reviews_considered", "decided_to_review",
        ]  # fmt: skip
        assert all(reason.sentence and reason.mend for reason in refusal.value.reasons)
        changed = {table for table, number in row_counts(county.house).items() if number != before[table]}
        assert changed == {"event", "audit_entry"}
        assert case.stage is Stage.SCOPING

    def test_the_refusal_stands_in_the_trail_with_its_reasons(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        with pytest.raises(NotYet):
            case.move("commission")
        told = [row for row in case.rows(Event) if row.kind == "refused"]
        assert [row.details["what"] for row in told] == ["move.commission"]
        assert told[0].details["reasons"] == ["every_return_settled", "other_reviews_considered", "decided_to_review"]

    def test_a_move_that_does_not_start_here_says_so(self, county: County) -> None:
        with pytest.raises(NotYet) as refusal:
            county.review().move("publish")
        assert [reason.condition for reason in refusal.value.reasons] == ["stage"]

    def test_a_review_that_does_not_exist_is_out_of_reach(self, county: County) -> None:
        case = county.review()
        with pytest.raises(OutOfReach):
            make_move("DHR-2026-999", "begin_scoping", case.entry("begin_scoping"), by=county.coordinator, at=case.at)


class TestWhatTheFormSays:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"decided_by": " "}, "decided_by"),
            ({"evidence": ""}, "evidence"),
            ({"decided_on": date(2027, 1, 1), "review_by": date(2027, 2, 1)}, "decided_on"),
            ({"decided_on": date(2026, 1, 15)}, "decided_on"),
            ({"awaited": ()}, "awaited"),
            ({"awaited": ("rain",)}, "awaited"),
            ({"review_by": None}, "review_by"),
            ({"review_by": date(2026, 1, 16)}, "review_by"),
        ],
        ids=str,
    )
    def test_a_deferral_names_the_field_that_cannot_be_right(
        self, county: County, changes: dict[str, Any], field: str
    ) -> None:
        case = county.review(Stage.SCOPING)  # scoping began on 16 January
        with pytest.raises(Invalid) as refusal:
            case.move("defer", **changes)
        assert fields(refusal) == {field}
        assert case.row.deferred_until is None

    def test_all_wrong_fields_are_named_at_once(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        with pytest.raises(Invalid) as refusal:
            case.move("defer", decided_by="", evidence="", awaited=(), review_by=None)
        assert fields(refusal) == {"decided_by", "evidence", "awaited", "review_by"}

    def test_the_coordinator_s_own_decisions_need_no_evidence(self, county: County) -> None:
        assert county.review().take("begin_scoping", evidence="") is Stage.SCOPING

    def test_a_move_that_asks_for_a_reason_is_not_made_without_one(self, county: County) -> None:
        case = county.review(Stage.NOT_REVIEWED)
        with pytest.raises(Invalid) as refusal:
            case.take("reconsider", reason=" ")
        assert fields(refusal) == {"reason"}

    def test_dates_count_from_the_day_of_the_decision_not_from_the_day_it_was_recorded(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.settle("commission")
        decided = case.today
        case.wait(days=20)
        case.move("commission", decided_on=decided)
        assert case.rows(MoveMade)[-1].decided_on == decided
        (report,) = [row for row in case.rows(Deadline) if row.rule == "overview_report_due"]
        assert report.anchor_on == decided
        assert {row.since for row in case.rows(DutyOwed)} == {decided}


class TestWhatAMoveUsesUp:
    def test_after_a_resubmission_everything_about_the_report_is_asked_again(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA)
        case.take("send_back")
        asked = [name for name in ROWS["submit_to_home_office"].needs if name not in ONLY_WHERE]
        assert case.needed("submit_to_home_office") == asked

    def test_what_stands_for_good_is_not_asked_again(self, county: County) -> None:
        case = county.review(Stage.CLOSED)
        case.take("reopen", target=Stage.SEMINAR)
        asked_again = [name for name in ROWS["close"].needs if CONDITIONS[name].afresh]
        assert case.needed("close") == asked_again
        assert "briefing_issued" not in asked_again

    def test_each_answer_used_up_names_the_move_that_used_it(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA)
        used = {row.condition: row.used_by for row in case.rows(Statement)}
        stated = set(ROWS["submit_to_home_office"].needs) & set(used)
        assert {used[name] for name in stated} == {4}
        assert {"report_agreed", "anonymity_checked"} <= stated
        assert used["terms_agreed"] is None

    def test_a_decision_serves_one_move_only(self, county: County) -> None:
        case = county.review(Stage.NOT_REVIEWED)
        assert [row.used_by for row in case.rows(Decision)] == [2]
        case.take("reconsider")
        assert "decided_not_to_review" in case.needed("decide_not_to_review")

    def test_what_one_move_did_not_ask_for_is_left_for_another(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.tell("home_office", about="withdraw")
        case.take("defer")
        assert "home_office_told" not in case.needed("withdraw")


class TestDuties:
    def test_a_decision_leaves_somebody_to_tell_within_five_working_days(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        for _ in range(2):
            case.relative()
        case.relative(not_contacted_because="suspect")
        case.take("commission")
        owed = case.rows(DutyOwed)
        assert Counter(row.name for row in owed) == {
            "home_office_told": 1, "family_told": 2, "notifier_told": 1, "agencies_told": 1,
        }  # fmt: skip
        decided = case.rows(MoveMade)[-1].decided_on  # Friday 16 January
        assert {row.due_on for row in owed} == {decided + timedelta(days=7)}

    def test_with_no_relative_recorded_the_duty_to_the_family_is_owed_all_the_same(self, county: County) -> None:
        case = county.review(Stage.NOT_REVIEWED)
        assert [row.family_member_id for row in case.rows(DutyOwed) if row.name == "family_told"] == [None]

    def test_a_duty_never_holds_up_the_next_move(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.wait(days=100)
        assert case.take("begin_report") is Stage.CHAIR_REPORT
        assert {row.settled_by_id for row in case.rows(DutyOwed)} == {None}

    def test_a_local_review_owes_the_home_office_nothing(self, county: County) -> None:
        case = county.review(Stage.PANEL, rule_set="local-review")
        assert {row.name for row in case.rows(DutyOwed)} == {"family_told", "notifier_told", "agencies_told"}


def test_nothing_but_a_move_sets_a_stage(county: County) -> None:
    case = county.review()
    with (
        pytest.raises(TypeError, match="advance alone"),
        county.house.transaction(by=county.coordinator, at=case.at) as session,
    ):
        session.get_one(Review, case.row.id).stage = Stage.CLOSED.value
    assert case.stage is Stage.NOTIFICATION


def test_a_directed_review_goes_to_its_panel_from_each_stage_the_table_names(county: County) -> None:
    for stage in sorted(ROWS["direct"].source):
        case = county.review(Stage(stage))
        assert case.take("direct") is Stage.PANEL
        assert "overview_report_due" in {clock.rule for clock in case.facts().clocks if not clock.ended}


def test_a_local_review_and_a_contribution_come_to_their_end(county: County) -> None:
    local = county.review(Stage.CHAIR_REPORT, rule_set="local-review")
    assert [local.take("finish_local"), local.take("close")] == [Stage.SEMINAR, Stage.CLOSED]
    ours = county.review(rule_set="contribution")
    assert [ours.take("begin_contribution"), ours.take("close_contribution")] == [Stage.PANEL, Stage.CLOSED]


def test_a_report_taken_down_is_published_again_and_one_withheld_is_learnt_from(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    assert case.take("take_down") is Stage.SEMINAR
    assert {row.name for row in case.rows(DutyOwed)} >= {"chair_told", "home_office_told", "family_told"}
    assert case.take("publish_again") is Stage.SEMINAR
    assert county.review(Stage.PUBLICATION).take("withhold") is Stage.SEMINAR


def test_the_person_who_decides_records_their_own_move(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    case.settle("begin_report")
    assert case.move("begin_report", by=county.who(Role.INDEPENDENT_CHAIR)) is Stage.CHAIR_REPORT
    deputy = county.review(Stage.PANEL)
    deputy.settle("extend")
    assert deputy.move("extend", by=county.who(Role.STEERING_DEPUTY)) is Stage.PANEL


@pytest.mark.sqlite
def test_an_entry_leaves_no_sealed_word_in_clear(county: County) -> None:
    case = county.review(Stage.NOT_REVIEWED)
    case.take("reconsider", reason="Plumstead heard it from the sister")
    stored = b"".join(path.read_bytes() for path in county.house.settings.instance.glob("dhr.db*"))
    assert b"reconsider" in stored
    assert b"Plumstead" not in stored


def test_the_questions_that_do_not_arise_yet_do_not_hold_up_a_withdrawal(county: County) -> None:
    case = county.review()
    assert {name for name, first in NOT_BEFORE.items() if STAGES.index(first) > 0} >= {"panel_told", "agencies_told"}
    assert case.needed("withdraw") == ["home_office_told", "family_told"]
    case.take("withdraw")
    assert case.rows(MoveMade)[-1].answers == {
        "home_office_told": "done",
        "family_told":      "done",
        "panel_told":       "does_not_apply",
        "agencies_told":    "does_not_apply",
    }  # fmt: skip


def test_an_entry_is_a_value_that_can_be_filled_in_again(county: County) -> None:
    case = county.review()
    entry = case.entry("begin_scoping")
    assert replace(entry, reason="") != entry
