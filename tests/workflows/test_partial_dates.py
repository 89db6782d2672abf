"""Days known to the year, the month or the day: as real notifications have them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhr_app.workflows.partial_dates import earliest, exact, latest


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018",       date(2018, 1, 1),  date(2018, 12, 31)),
        ("2018-09",    date(2018, 9, 1),  date(2018, 9, 30)),
        ("2018-09-14", date(2018, 9, 14), date(2018, 9, 14)),
        ("2024-02",    date(2024, 2, 1),  date(2024, 2, 29)),
        ("2023-02",    date(2023, 2, 1),  date(2023, 2, 28)),
    ],
)  # fmt: skip
def test_a_day_lies_between_the_first_and_the_last_it_can_have_been(text, first, last):
    assert (earliest(text), latest(text)) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "18", "2018-9", "2018-13", "2018-02-30", "2018/09", "September 2018", "2018-09-14 ", "2018-", "20180914"],
)
def test_a_text_that_is_no_day_is_refused(text):
    for asked in (earliest, latest):
        with pytest.raises(ValueError, match=r"."):
            asked(text)


@pytest.mark.parametrize(
    ("text", "day"), [("2018-09-14", date(2018, 9, 14)), ("2018-09", None), ("2018", None), ("", None), (None, None)]
)
def test_a_day_is_exact_only_when_it_is_known_to_the_day(text, day):
    assert exact(text) == day


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_less_said_never_makes_a_day_narrower(day):
    whole, month, year = day.isoformat(), f"{day:%Y-%m}", f"{day:%Y}"
    assert earliest(year) <= earliest(month) <= earliest(whole) == day == latest(whole) <= latest(month) <= latest(year)
