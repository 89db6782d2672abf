"""A review on hold: its clocks stand still, somebody looks at it again, and it is kept on hold or goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dhr_app.casework.move import check_move
from dhr_app.casework.review_page import review_page
from dhr_app.database.models import (
    MoveMade,
    PauseRow,
)
from dhr_app.workflows.errors import Invalid, NotYet
from dhr_app.workflows.facts import Clock
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County


def fields(refusal: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(refusal.value.fields)


def _clock(case: Case, rule: str) -> Clock:
    return next(clock for clock in case.facts().clocks if clock.rule == rule)


def test_a_hold_stops_the_clocks_that_were_ticked_and_no_others(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause", clocks=("overview_report_due",))
    assert set(case.facts().pauses) == {"overview_report_due"}
    assert case.row.on_hold_since == case.today


def test_it_is_looked_at_again_within_ninety_days(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.settle("pause")
    for day, fine in ((0, False), (91, False), (90, True)):
        review_by = case.today + timedelta(days=day)
        if fine:
            case.move("pause", review_by=review_by)
        else:
            with pytest.raises(Invalid) as refusal:
                case.move("pause", review_by=review_by)
            assert fields(refusal) == {"review_by"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason_code": "weather"}, "reason_code"),
        ({"reason": ""}, "reason"),
        ({"who_was_asked": ""}, "who_was_asked"),
        ({"clocks": ("decision_due",)}, "clocks"),
    ],
    ids=str,
)
def test_its_form_says_why_whom_and_what_stands_still(county: County, changes: dict[str, Any], field: str) -> None:
    case = county.review(Stage.PANEL)
    case.settle("pause")
    with pytest.raises(Invalid) as refusal:
        case.move("pause", **changes)
    assert fields(refusal) == {field}


def test_a_review_on_hold_is_not_put_on_hold_again(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause")
    with pytest.raises(NotYet) as refusal:
        case.move("pause")
    assert "not_on_hold" in [reason.condition for reason in refusal.value.reasons]


def test_a_hold_is_kept_until_a_new_day_and_the_old_one_stays_visible(county: County) -> None:
    case = county.review(Stage.PANEL)
    with pytest.raises(NotYet):
        case.move("keep_hold")
    case.take("pause")
    (before,) = case.rows(PauseRow)
    case.wait(days=70)
    for days in (80, 60):
        case.move("keep_hold", review_by=case.today + timedelta(days=days), reason_code="appeal")
        case.wait(days=1)
    (pause,) = case.rows(PauseRow)
    first, second = (row for row in case.rows(MoveMade) if row.name == "keep_hold")
    assert first.details == {
        "reason": "appeal", "asked_of": "coroner", "was": str(before.review_by),
        "review_by": str(first.decided_on + timedelta(days=80)),
    }  # fmt: skip
    assert second.details["was"] == first.details["review_by"]
    assert (pause.review_by, pause.paused_on) == (second.decided_on + timedelta(days=60), before.paused_on)
    assert case.row.on_hold_since == before.paused_on
    page = review_page(case.reference, by=county.coordinator, at=case.at)
    assert [(kept.on, kept.was) for kept in page.hold_kept] == [
        (second.decided_on, first.decided_on + timedelta(days=80)),
        (first.decided_on, before.review_by),
    ]
    assert [entry.text for entry in page.timeline[:2]] == ["The hold was looked at and kept"] * 2
    case.take("resume")
    case.take("pause")
    assert review_page(case.reference, by=county.coordinator, at=case.at).hold_kept == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"review_by": None}, "review_by"),
        ({"review_by": timedelta(0)}, "review_by"),
        ({"review_by": timedelta(days=91)}, "review_by"),
        ({"who_was_asked": ""}, "who_was_asked"),
        ({"reason_code": "weather"}, "reason_code"),
        ({"decided_on": timedelta(days=-12)}, "decided_on"),
        ({"decided_on": timedelta(days=-8)}, "decided_on"),
    ],
)
def test_it_is_kept_for_a_reason_after_somebody_was_asked_and_for_ninety_days_at_most(
    county: County, changes: dict[str, Any], field: str
) -> None:
    case = county.review(Stage.PANEL)
    case.wait(days=10)
    case.take("pause")
    case.wait(days=5)
    case.move("keep_hold")
    case.wait(days=5)
    given: dict[str, Any] = {
        name: case.today + one if isinstance(one, timedelta) else one for name, one in changes.items()
    }
    if "decided_on" in given:
        given["review_by"] = case.today
    with pytest.raises(Invalid) as refusal:
        case.move("keep_hold", **given)
    assert fields(refusal) == {field}


def test_work_goes_on_during_a_hold(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause")
    assert case.take("begin_report") is Stage.CHAIR_REPORT
    assert case.facts().open_pause is not None


def test_resuming_moves_the_dates_by_the_days_on_hold(county: County) -> None:
    case = county.review(Stage.PANEL)
    before = _clock(case, "overview_report_due")
    case.take("pause")
    began = case.today
    case.wait(days=14)
    case.take("resume")
    (pause,) = case.rows(PauseRow)
    assert (pause.paused_on, pause.resumed_on) == (began, began + timedelta(days=14))
    assert case.rows(MoveMade)[-1].details == {"days_on_hold": 14}
    assert case.row.on_hold_since is None
    assert _clock(case, "overview_report_due") == before


def test_it_does_not_end_before_it_began_nor_without_what_ended_it(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.wait(days=10)
    case.take("pause")
    began = case.today
    case.wait(days=10)
    case.settle("resume")
    for changes, field in (
        ({"decided_on": began - timedelta(days=1)}, "decided_on"),
        ({"ended_by": ""}, "ended_by"),
    ):
        with pytest.raises(Invalid) as refusal:
            case.move("resume", **changes)
        assert fields(refusal) == {field}


def test_it_does_not_end_before_it_was_last_kept(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause")
    case.wait(days=20)
    case.move("keep_hold")
    kept = case.today
    case.wait(days=10)
    case.settle("resume")
    with pytest.raises(Invalid) as refusal:
        case.move("resume", decided_on=kept - timedelta(days=1))
    assert fields(refusal) == {"decided_on"}
    case.move("resume", decided_on=kept)
    assert case.facts().open_pause is None


def test_how_long_an_earlier_hold_was_kept_binds_the_next_one_in_nothing(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause")
    began = case.today
    case.wait(days=20)
    case.move("keep_hold")
    case.take("resume")
    case.take("pause", decided_on=began + timedelta(days=1), review_by=began + timedelta(days=60))
    case.move("keep_hold", decided_on=began + timedelta(days=2), review_by=began + timedelta(days=61))
    case.take("resume", decided_on=began + timedelta(days=3))
    assert case.facts().open_pause is None


def test_a_resume_that_somebody_else_was_quicker_with_is_no_breakdown(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause")
    case.wait(days=5)
    case.settle("resume")
    entry = case.entry("resume", ended_by="")
    with pytest.raises(Invalid):
        check_move(case.reference, "resume", entry, by=county.coordinator, at=case.at)
    case.take("resume")
    check_move(case.reference, "resume", entry, by=county.coordinator, at=case.at)
    with pytest.raises(NotYet):
        case.move("resume")


def test_a_review_that_leaves_its_way_on_hold_waits_for_nothing_more(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.take("pause")
    case.wait(days=1)
    case.take("withdraw")
    assert case.facts().open_pause is None
    assert (case.row.next_on, case.row.on_hold_since) == (None, None)
