from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dhr_app.adapters.clock import LONDON, FixedDayClock, SystemClock, choose_clock, london_date


def test_the_system_clock_speaks_utc():
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)


def test_late_on_a_summer_evening_london_is_already_in_tomorrow():
    assert london_date(datetime(2026, 6, 3, 23, 30, tzinfo=UTC)) == date(2026, 6, 4)


def test_late_on_a_winter_evening_london_is_still_in_today():
    assert london_date(datetime(2026, 1, 3, 23, 30, tzinfo=UTC)) == date(2026, 1, 3)


def test_a_moment_without_a_zone_has_no_date_in_london():
    with pytest.raises(ValueError, match="time zone"):
        london_date(datetime(2026, 6, 3, 12, 0))  # noqa: DTZ001


@pytest.mark.parametrize("today", [date(2026, 6, 3), date(2026, 12, 25), date(2026, 3, 29), date(2026, 10, 25)])
def test_a_fixed_day_is_londons_day_and_keeps_its_time(today):
    now = FixedDayClock(today).now()
    assert now.utcoffset() == timedelta(0)
    assert london_date(now) == today
    wall, real = now.astimezone(LONDON), datetime.now(LONDON)
    # An hour's grace: on the day the clocks change, one wall-clock hour does not exist.
    assert abs(timedelta(hours=wall.hour, minutes=wall.minute) - timedelta(hours=real.hour, minutes=real.minute)) <= (
        timedelta(hours=1, minutes=1)
    )


def test_production_refuses_a_chosen_day():
    with pytest.raises(ValueError, match="DHR_TODAY"):
        choose_clock(today=date(2026, 6, 3), env="production")


def test_a_chosen_day_is_taken_in_development_and_none_means_the_machines_clock():
    assert choose_clock(today=date(2026, 6, 3), env="development") == FixedDayClock(date(2026, 6, 3))
    assert choose_clock(today=None, env="production") == SystemClock()
