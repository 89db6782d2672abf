"""The dates of a review as they stand: late ones, met ones, those on hold, and the one that comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from dhr_app.workflows.dates import ReviewDate, dates_of, next_date
from dhr_app.workflows.deadlines import Extension, Pause
from dhr_app.workflows.facts import Audience, Clock, DutyOwed, OpenPause, ReviewFacts
from tests.workflows.rule_book import calendar, facts_at, rule_set

COMMISSIONED = date(2026, 1, 15)
REPORT = UUID(int=51)


def clock(rule: str = "overview_report_due", number: int = 51, **changes: Any) -> Clock:
    first_due_on = {"overview_report_due": date(2026, 7, 15), "decision_due": date(2026, 2, 15)}[rule]
    made = Clock(UUID(int=number), rule, None, None, COMMISSIONED, first_due_on, None)
    return replace(made, **changes)


def review(*clocks: Clock, **known: Any) -> ReviewFacts:
    return facts_at("panel", clocks=clocks, **known)


def one_date(facts: ReviewFacts, today: date = date(2026, 6, 3)) -> ReviewDate:
    (found,) = dates_of(facts, rule_set("dhr-2016"), calendar(), today=today)
    return found


def coming(facts: ReviewFacts) -> tuple[date, str] | None:
    return next_date(facts, rule_set("dhr-2016"), calendar())


class TestLate:
    def test_a_date_is_not_late_on_its_day_and_one_day_late_on_the_next(self):
        found = one_date(review(clock()))
        assert [found.late(date(2026, 7, day)) for day in (14, 15, 16)] == [0, 0, 1]
        assert [found.overdue(date(2026, 7, day)) for day in (14, 15, 16)] == [False, False, True]

    def test_a_date_met_late_says_so_for_ever_but_is_no_longer_overdue(self):
        found = one_date(review(clock(met_on=date(2026, 7, 25))))
        for today in (date(2026, 7, 25), date(2030, 1, 1)):
            assert found.late(today) == 10
            assert not found.overdue(today)
        assert not found.waited_for

    def test_a_date_met_in_time_is_never_late(self):
        assert one_date(review(clock(met_on=date(2026, 7, 15)))).late(date(2030, 1, 1)) == 0

    def test_a_date_that_ended_unmet_is_waited_for_no_longer(self):
        found = one_date(review(clock(ended=True)))
        assert not found.waited_for
        assert not found.overdue(date(2030, 1, 1))


class TestOnHold:
    def test_an_open_pause_leaves_no_date_but_says_what_it_would_be(self):
        pauses = {"overview_report_due": (Pause(date(2026, 3, 2)),)}
        found = one_date(review(clock(), pauses=pauses), today=date(2026, 5, 1))
        assert found.due.on is None
        assert found.if_resumed == date(2026, 9, 13)  # 60 days later; guidance dates do not roll
        assert found.late(date(2030, 1, 1)) == 0

    def test_a_pause_that_does_not_stop_this_clock_leaves_it_running(self):
        pauses = {"publish_due": (Pause(date(2026, 3, 2)),)}
        found = one_date(review(clock(), pauses=pauses))
        assert (found.due.on, found.if_resumed) == (date(2026, 7, 15), None)

    def test_the_first_date_stays_what_it_was_and_the_move_is_seen(self):
        pauses = {"overview_report_due": (Pause(date(2026, 3, 2), date(2026, 3, 16)),)}
        found = one_date(review(clock(), pauses=pauses))
        assert (found.first_due_on, found.due.on, found.moved) == (date(2026, 7, 15), date(2026, 7, 29), True)

    def test_a_date_that_cannot_be_paused_stands_whatever_is_on_hold(self):
        pauses = {"decision_due": (Pause(date(2026, 1, 20)),)}
        assert one_date(review(clock("decision_due"), pauses=pauses)).due.on == date(2026, 2, 15)


class TestASealedDay:
    def test_the_first_date_stands_and_the_working_does_not_show_the_day(self):
        found = one_date(review(clock("decision_due", anchor_on=None)))
        assert found.due.on == date(2026, 2, 15)
        assert all("15 January" not in step.sentence for step in found.due.trace)

    def test_only_an_extension_moves_it(self):
        extensions = {
            REPORT: (Extension(date(2026, 2, 10), date(2026, 3, 31)), Extension(date(2026, 2, 1), date(2026, 3, 1)))
        }
        found = one_date(review(clock("decision_due", anchor_on=None), extensions=extensions))
        assert found.due.on == date(2026, 3, 31)

    def test_of_two_extensions_agreed_on_one_day_the_later_date_stands_whatever_the_order(self):
        agreed = (Extension(date(2026, 2, 1), date(2026, 3, 1)), Extension(date(2026, 2, 1), date(2026, 3, 31)))
        for order in permutations(agreed):
            found = one_date(review(clock("decision_due", anchor_on=None), extensions={REPORT: order}))
            assert found.due.on == date(2026, 3, 31)


class TestTheNextDate:
    def test_there_is_none_when_nothing_is_waited_for(self):
        assert coming(review()) is None
        assert coming(review(clock(met_on=date(2026, 7, 1)), clock(number=52, ended=True))) is None

    def test_it_is_the_earliest_unmet_date_overdue_ones_included(self):
        facts = review(clock(), clock("decision_due", number=52))
        assert coming(facts) == (date(2026, 2, 15), "decision_due")

    def test_a_duty_counts_as_a_date(self):
        duty = DutyOwed(
            UUID(int=61), "home_office_told", Audience.HOME_OFFICE, None, COMMISSIONED, date(2026, 1, 22), 2
        )
        assert coming(review(clock(), duties=(duty,))) == (date(2026, 1, 22), "duty_home_office_told")

    def test_on_hold_it_is_the_day_to_look_at_the_hold_again(self):
        held = review(
            clock(),
            pauses={"overview_report_due": (Pause(date(2026, 3, 2)),)},
            open_pause=OpenPause(UUID(int=71), date(2026, 3, 2), date(2026, 5, 31)),
        )
        assert coming(held) == (date(2026, 5, 31), "hold_review_due")

    def test_a_deferred_decision_is_taken_up_on_its_day(self):
        assert coming(review(deferred_until=date(2026, 3, 1))) == (date(2026, 3, 1), "deferral_review_by")

    def test_it_does_not_depend_on_the_order_in_which_the_rows_come(self):
        clocks = (clock(), clock("decision_due", number=52), clock(number=53, met_on=COMMISSIONED))
        assert {coming(review(*order)) for order in permutations(clocks)} == {(date(2026, 2, 15), "decision_due")}


def test_unmet_dates_come_first_each_by_its_day_and_those_without_one_after_them():
    paused = {"overview_report_due": (Pause(date(2026, 3, 2)),)}
    facts = review(
        clock("decision_due", number=54, met_on=date(2026, 2, 1)),
        clock(),
        clock("decision_due", number=53),
        pauses=paused,
    )
    found = dates_of(facts, rule_set("dhr-2016"), calendar(), today=date(2026, 6, 3))
    assert [one.clock_id.int for one in found] == [53, 51, 54]


@pytest.mark.parametrize("days", [1, 30, 400])
def test_the_working_of_a_date_adds_up_to_it(days):
    pauses = {"overview_report_due": (Pause(date(2026, 3, 2), date(2026, 3, 2) + timedelta(days=days)),)}
    found = one_date(review(clock(), pauses=pauses))
    assert COMMISSIONED + timedelta(days=sum(step.days for step in found.due.trace)) == found.due.on
