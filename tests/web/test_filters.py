"""How dates and numbers are written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dhr_app.web import filters


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (filters.day(date(2026, 6, 3)), "3 June 2026"),
        (filters.day(datetime(2026, 6, 3, 23, 30, tzinfo=UTC)), "4 June 2026"),
        (filters.day(None), ""),
        (filters.day(None, "not known"), "not known"),
        (filters.month(date(2026, 6, 3)), "June 2026"),
        (filters.moment(datetime(2026, 6, 3, 9, 5, tzinfo=UTC)), "3 June 2026 at 10:05am"),
        (filters.moment(datetime(2026, 1, 3, 12, 5, tzinfo=UTC)), "3 January 2026 at 12:05pm"),
        (filters.moment(datetime(2026, 1, 3, 0, 5, tzinfo=UTC)), "3 January 2026 at 12:05am"),
        (filters.plural(1, "review"), "1 review"),
        (filters.plural(0, "review"), "0 reviews"),
        (filters.plural(1200, "reply", "replies"), "1,200 replies"),
        (filters.partial_day("2018"), "2018"),
        (filters.partial_day("2018-09"), "September 2018"),
        (filters.partial_day("2018-09-14"), "14 September 2018"),
        (filters.partial_day(None, "not known"), "not known"),
    ],
)
def test_dates_and_numbers_are_written_as_people_write_them(written, expected):
    assert written == expected


def test_a_reference_is_kept_whole_and_the_rest_of_a_text_is_escaped() -> None:
    assert filters.references("DHR-2026-001: <b>, DHR-2025-1234") == (
        '<span class="dhr-reference">DHR-2026-001:</span> &lt;b&gt;, <span class="dhr-reference">DHR-2025-1234</span>'
    )
    assert filters.references("a three-day seminar") == "a three-day seminar"
