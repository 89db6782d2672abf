"""Clocks started and met as things happen, on a real review."""

from __future__ import annotations

from datetime import date, timedelta

from dhr_app.casework import clocks
from dhr_app.casework.scene import changing
from dhr_app.database.models import Deadline
from dhr_app.workflows.dates import ReviewDate, dates_of, next_date
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County


def date_of(case: Case, rule: str, *, today: date | None = None) -> ReviewDate:
    calendar = case.county.house.rule_book.calendar
    dates = dates_of(case.facts(), case.rule_set, calendar, today=today or case.today)
    return next(one for one in dates if one.rule.key == rule)


class TestTheDecisionDate:
    def test_counts_from_the_day_the_partnership_became_aware(self, county: County) -> None:
        case = county.review(aware_on=date(2026, 1, 12))
        assert date_of(case, "decision_due").due.on == date(2026, 2, 12)
        assert (case.row.next_on, case.row.next_what) == (date(2026, 2, 12), "decision_due")

    def test_met_late_it_says_so_for_ever_after(self, county: County) -> None:
        case = county.review(Stage.SCOPING)  # aware 15 January, due 15 February
        case.wait(days=40)
        case.take("decide_not_to_review")  # on 25 February
        late = date_of(case, "decision_due", today=date(2030, 1, 1))
        assert (late.met_on, late.late(date(2030, 1, 1)), late.overdue(date(2030, 1, 1))) == (
            date(2026, 2, 25),
            10,
            False,
        )

    def test_a_deferral_leaves_it_standing_and_late(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.wait(days=40)
        case.move("defer")
        assert date_of(case, "decision_due").overdue(case.today)


class TestOnHold:
    def test_an_open_hold_leaves_no_date_but_what_it_would_be_if_resumed_today(self, county: County) -> None:
        case = county.review(Stage.PANEL)  # commissioned on 17 January
        case.wait(days=1)
        case.take("pause")
        case.wait(days=14)
        held = date_of(case, "overview_report_due")
        assert held.due.on is None
        assert held.if_resumed == date(2026, 7, 31)
        assert case.row.next_on == date(2026, 1, 23)  # somebody is still to be told: a hold stops no duty

    def test_a_date_that_may_not_be_paused_goes_on(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.take("pause")
        assert date_of(case, "decision_due").due.on == date(2026, 2, 15)

    def test_resumed_it_moves_by_the_days_on_hold_and_its_working_says_so(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.wait(days=1)
        case.take("pause")
        case.wait(days=14)
        case.take("resume")
        moved = date_of(case, "overview_report_due")
        assert (moved.first_due_on, moved.due.on, moved.moved) == (date(2026, 7, 17), date(2026, 7, 31), True)
        assert any("On hold" in step.sentence for step in moved.due.trace)


class TestAnExtension:
    def test_moves_the_date_and_says_when_it_was_agreed(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.take("extend", deadline_id=case.clock_id("overview_report_due"), new_date=date(2026, 9, 30))
        extended = date_of(case, "overview_report_due")
        assert extended.due.on == date(2026, 9, 30)
        assert "agreed to extend to 30 September 2026" in extended.due.trace[-1].sentence


class TestScopingReturns:
    def test_each_agency_s_return_has_a_date_of_its_own(self, county: County) -> None:
        case = county.review()
        (police,) = case.ask("Police")
        case.wait(days=2)
        (probation,) = case.ask("Probation")
        case.answer(police)
        met = {row.subject_id: row.met_on for row in case.rows(Deadline) if row.rule == "scoping_return_due"}
        assert met == {police.id: case.today, probation.id: None}

    def test_the_date_belongs_to_its_agency(self, county: County) -> None:
        case = county.review()
        (request,) = case.ask("Police")
        (row,) = [each for each in case.rows(Deadline) if each.subject_id == request.id]
        assert (row.agency_id, row.first_due_on) == (county.agency("Police"), date(2026, 1, 29))


class TestHappened:
    def test_an_event_that_happens_twice_starts_its_clock_once(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        with changing(case.reference, None, by=county.coordinator, at=case.at) as scene:
            clocks.happened(scene, "moved:commission", case.today + timedelta(days=3))
        assert [row.rule for row in case.rows(Deadline)].count("overview_report_due") == 1

    def test_after_it_was_met_it_starts_anew(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA)
        case.take("send_back")
        case.take("submit_to_home_office")
        amendments = [row for row in case.rows(Deadline) if row.rule == "qa_amendments_due"]
        assert [row.met_on for row in amendments] == [case.today]

    def test_an_event_of_another_thing_meets_nothing(self, county: County) -> None:
        case = county.review()
        (request,) = case.ask("Police")
        with changing(case.reference, None, by=county.coordinator, at=case.at) as scene:
            clocks.happened(scene, "scoping_returned", case.today)
        (still,) = [clock for clock in case.facts().clocks if clock.rule == "scoping_return_due"]
        assert (still.subject_id, still.met_on) == (request.id, None)


class TestACorrectedDay:
    def test_the_old_clock_ends_and_a_new_one_counts_from_the_right_day(self, county: County) -> None:
        case = county.review()
        with changing(case.reference, None, by=county.coordinator, at=case.at) as scene:
            clocks.restart(scene, "aware", date(2026, 1, 5))
        rows = sorted(case.rows(Deadline), key=lambda row: row.first_due_on)
        assert [(row.first_due_on, row.ended_on) for row in rows] == [
            (date(2026, 2, 5), None), (date(2026, 2, 15), case.today),
        ]  # fmt: skip
        assert case.row.next_on == date(2026, 2, 5)

    def test_a_date_that_was_met_stays_met_on_the_same_day_under_its_new_date(self, county: County) -> None:
        case = county.review(Stage.NOT_REVIEWED)
        met_on = case.facts().clocks[0].met_on
        with changing(case.reference, None, by=county.coordinator, at=case.at) as scene:
            clocks.restart(scene, "aware", date(2025, 12, 1))
        corrected = date_of(case, "decision_due")
        assert (corrected.due.on, corrected.met_on) == (date(2026, 1, 1), met_on)
        assert corrected.late(case.today) == 16


def test_the_date_kept_for_lists_is_the_one_counted_afresh_at_every_step(county: County) -> None:
    case = county.review()
    for name in ("begin_scoping", "defer", "pause", "resume", "extend", "commission", "begin_report"):
        case.wait(days=1)
        case.take(name)
        coming = next_date(case.facts(), case.rule_set, county.house.rule_book.calendar)
        assert (case.row.next_on, case.row.next_what) == (coming or (None, None)), name
        assert case.row.sorts_on == (case.row.next_on or date.max)
