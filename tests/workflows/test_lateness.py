"""The bands of lateness, day by day, and the three months that a report looks back on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dhr_app.workflows.lateness import (
    ACTION_BANDS,
    LABELS,
    LOOK_AGAIN,
    REPORTED,
    Band,
    action_band,
    band_of,
    edges,
    quarter_up_to,
)

TODAY = date(2026, 6, 3)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (91, Band.LATE_LONG),
        (90, Band.LATE),
        (31, Band.LATE),
        (30, Band.LATE_SHORT),
        (1, Band.LATE_SHORT),
        (0, Band.SOON),
        (-28, Band.SOON),
        (-29, Band.LATER),
    ],
)
def test_a_day_falls_into_its_band(days: int, band: Band) -> None:
    assert band_of(TODAY - timedelta(days=days), TODAY) is band


def test_what_has_no_day_is_undated_and_due_today_is_not_late() -> None:
    assert band_of(None, TODAY) is Band.UNDATED
    assert not band_of(TODAY, TODAY).late
    assert band_of(TODAY - timedelta(days=1), TODAY).late


@given(some.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), some.integers(-400, 400))
def test_the_edges_of_the_bands_and_the_bands_of_days_are_the_same(today: date, days: int) -> None:
    day = today + timedelta(days=days)
    within = [
        band
        for band, (first, last) in edges(today).items()
        if (not first or first <= day) and (not last or day <= last)
    ]
    assert within == [band_of(day, today)]


def test_every_band_has_its_words() -> None:
    assert set(LABELS) == set(Band)


def test_an_action_reported_as_done_waits_whatever_its_date_was() -> None:
    past = TODAY - timedelta(days=200)
    assert action_band(past, None, past, TODAY) == REPORTED
    assert action_band(past, None, None, TODAY) == Band.LATE_LONG
    assert action_band(None, None, None, TODAY) == Band.UNDATED


def test_work_without_an_end_is_never_late_but_to_be_looked_at_again_once_its_day_has_passed() -> None:
    assert action_band(None, TODAY - timedelta(days=200), None, TODAY) == LOOK_AGAIN
    assert action_band(None, TODAY - timedelta(days=1), None, TODAY) == LOOK_AGAIN
    assert action_band(None, TODAY, None, TODAY) == Band.SOON
    assert action_band(None, TODAY + timedelta(days=60), None, TODAY) == Band.LATER
    assert set(ACTION_BANDS) == {REPORTED, LOOK_AGAIN, *Band}


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 6, 3), date(2026, 3, 4)),
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2026, 5, 31), date(2026, 3, 1)),
        (date(2026, 2, 28), date(2025, 11, 29)),
    ],
)
def test_the_quarter_is_the_three_months_that_end_with_the_day(day: date, first: date) -> None:
    assert quarter_up_to(day) == (first, day)
