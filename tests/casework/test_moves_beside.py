"""Moves beside the main line: a decision put off, a date moved, a review that leaves, is brought in or corrected."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dhr_app.database.models import (
    Deadline,
    ExtensionRow,
    Membership,
    MoveMade,
    ScopingRequest,
)
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach
from dhr_app.workflows.roles import BY_MEMBERSHIP
from dhr_app.workflows.stages import Stage
from tests.reviews import County

LEFT = {Stage.CLOSED, Stage.TRANSFERRED, Stage.WITHDRAWN, Stage.VOID}


def fields(refusal: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(refusal.value.fields)


class TestDefer:
    def test_a_deferred_decision_keeps_its_date_and_gets_a_day_to_be_taken_up(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.answer(case.rows(ScopingRequest)[0])
        assert case.move("defer", review_by=date(2026, 2, 1)) is Stage.SCOPING
        assert (case.row.next_on, case.row.next_what) == (date(2026, 2, 1), "deferral_review_by")
        case.move("defer", review_by=date(2026, 4, 1))
        assert (case.row.next_on, case.row.next_what) == (date(2026, 2, 15), "decision_due")

    def test_the_decision_ends_the_deferral(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.move("defer")
        case.take("decide_not_to_review")
        assert case.row.deferred_until is None


class TestExtend:
    def test_the_new_date_takes_the_place_of_the_old_and_the_first_one_stays(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        report = case.clock_id("overview_report_due")
        case.take("extend", deadline_id=report, new_date=date(2026, 9, 30))
        (row,) = case.rows(ExtensionRow)
        assert (row.deadline_id, row.to_on, row.agreed_on) == (report, date(2026, 9, 30), case.today)
        (deadline,) = [one for one in case.rows(Deadline) if one.id == report]
        assert deadline.first_due_on == date(2026, 7, 17)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"new_date": None}, "new_date"),
            ({"new_date": date(2026, 7, 17)}, "new_date"),
            ({"reason_code": "because"}, "reason_code"),
            ({"deadline_id": None}, "deadline_id"),
            ({"reason": ""}, "reason"),
        ],
        ids=str,
    )
    def test_its_form_says_which_date_to_when_and_why(
        self, county: County, changes: dict[str, Any], field: str
    ) -> None:
        case = county.review(Stage.PANEL)
        case.settle("extend")
        said = {"deadline_id": case.clock_id("overview_report_due"), "new_date": date(2026, 9, 30), **changes}
        with pytest.raises(Invalid) as refusal:
            case.move("extend", **said)
        assert fields(refusal) == {field}

    def test_a_date_of_another_review_or_one_already_met_cannot_be_extended(self, county: County) -> None:
        case, other = county.review(Stage.PANEL), county.review(Stage.SCOPING)
        case.settle("extend")
        (met,) = [clock.clock_id for clock in case.facts().clocks if clock.rule == "decision_due"]
        for deadline_id in (met, other.clock_id("decision_due")):
            with pytest.raises(Invalid) as refusal:
                case.move("extend", deadline_id=deadline_id, new_date=date(2027, 1, 1))
            assert fields(refusal) == {"deadline_id"}


class TestLeaving:
    @pytest.mark.parametrize(
        ("stage", "name"), [(Stage.SEMINAR, "close"), (Stage.PANEL, "transfer"), (Stage.PANEL, "withdraw")]
    )
    def test_whoever_sat_on_the_review_reaches_it_no_longer_from_that_moment(
        self, county: County, stage: Stage, name: str
    ) -> None:
        case = county.review(stage, seats=True)
        case.take(name)
        assert all(row.to_on == case.today and row.ended_at for row in case.rows(Membership))
        for role in BY_MEMBERSHIP:
            with pytest.raises(OutOfReach):
                case.move("pause", by=county.who(role))

    def test_what_was_running_ends_unmet_and_is_late_no_more(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.take("withdraw")
        running = [row for row in case.rows(Deadline) if row.met_on is None]
        assert running
        assert {row.ended_on for row in running} == {case.today}

    def test_a_former_chair_s_seat_ends_the_same_day_and_the_others_stay(self, county: County) -> None:
        case = county.review(Stage.PANEL, seats=True)
        case.take("replace_chair")
        ended = {row.role for row in case.rows(Membership) if row.ended_at}
        assert ended == {"independent_chair"}

    @pytest.mark.parametrize("receiver", ["Barsetshire CSP", None])
    def test_a_transfer_names_another_partnership(self, county: County, receiver: str | None) -> None:
        case = county.review(Stage.SCOPING)
        case.settle("transfer")
        with pytest.raises(Invalid) as refusal:
            case.move("transfer", receiver_id=county.agency(receiver) if receiver else None)
        assert fields(refusal) == {"receiver_id"}


class TestBringingIn:
    def test_a_review_from_before_this_system_stands_where_it_stood_and_is_not_late(self, county: County) -> None:
        case = county.review()
        assert case.take("bring_in", target=Stage.CHAIR_REPORT) is Stage.CHAIR_REPORT
        assert [row.ended_on for row in case.rows(Deadline)] == [case.today]
        assert case.row.next_on is None

    @pytest.mark.parametrize("as_at", [None, date(2027, 1, 1)])
    def test_it_says_as_at_which_day(self, county: County, as_at: date | None) -> None:
        case = county.review()
        case.settle("bring_in")
        with pytest.raises(Invalid) as refusal:
            case.move("bring_in", as_at=as_at)
        assert fields(refusal) == {"as_at"}

    def test_a_stage_that_the_rule_set_does_not_have_is_not_offered(self, county: County) -> None:
        case = county.review(rule_set="local-review")
        case.settle("bring_in")
        with pytest.raises(NotYet) as refusal:
            case.move("bring_in", target=Stage.PUBLICATION)
        assert [reason.condition for reason in refusal.value.reasons] == ["target"]


class TestCorrecting:
    def test_a_wrong_stage_is_put_right_by_two_people_even_from_a_place_aside(self, county: County) -> None:
        case = county.review(Stage.WITHDRAWN)
        assert case.take("correct_stage", target=Stage.SCOPING) is Stage.SCOPING
        assert [row.to_stage for row in case.rows(MoveMade)] == ["scoping", "withdrawn", "scoping"]

    def test_a_stage_is_not_corrected_to_itself(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.settle("correct_stage")
        with pytest.raises((Invalid, NotYet)):
            case.move("correct_stage", target=Stage.SCOPING)

    @pytest.mark.parametrize("target", sorted(LEFT))
    def test_corrected_to_its_end_it_opens_to_nobody_who_sat_on_it(self, county: County, target: Stage) -> None:
        case = county.review(Stage.PANEL, seats=True)
        case.take("correct_stage", target=target)
        assert all(row.ended_at for row in case.rows(Membership))
