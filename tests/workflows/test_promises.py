"""By when the next update is promised to a family member: counted, wished otherwise, given by hand, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dhr_app.workflows.promises import AGAIN, GIVEN, MONTHS, NEWS_WISHES, Contact, Promise, begun_again, next_update

MARCH_3 = date(2026, 3, 3)


def promised(*days: date, wish: str = "not_asked", given: Promise | None = None, **more: Any) -> Promise | None:
    asked = {"takes_part": "yes", "may_be_told": True, **more}
    return next_update([Contact(day) for day in days], wish, given, **asked)


@pytest.mark.parametrize(
    ("last", "wish", "due"),
    [
        (MARCH_3, "not_asked", date(2026, 4, 3)),
        (MARCH_3, "monthly", date(2026, 4, 3)),
        (MARCH_3, "two_months", date(2026, 5, 3)),
        (date(2026, 1, 31), "monthly", date(2026, 2, 28)),
        (date(2028, 1, 31), "monthly", date(2028, 2, 29)),
        (date(2025, 12, 31), "two_months", date(2026, 2, 28)),
    ],
)
def test_it_counts_calendar_months_from_the_last_contact_clipped_to_the_month(last: date, wish: str, due: date) -> None:
    assert promised(last, date(2025, 1, 1), wish=wish) == Promise(due, last)


@pytest.mark.parametrize("wish", sorted(set(NEWS_WISHES) - set(MONTHS)))
def test_whoever_wishes_none_is_promised_none_not_even_by_hand(wish: str) -> None:
    assert promised(MARCH_3, wish=wish, given=Promise(date(2026, 3, 20), MARCH_3, GIVEN)) is None


def test_nothing_is_promised_before_anybody_was_in_touch() -> None:
    assert promised() is None


def test_whoever_is_not_to_be_contacted_is_promised_nothing() -> None:
    assert promised(MARCH_3, wish="monthly", may_be_told=False) is None


def test_whoever_takes_no_part_hears_only_as_they_asked_to() -> None:
    assert promised(MARCH_3, takes_part="no") is None
    assert promised(MARCH_3, takes_part="no", wish="monthly") == Promise(date(2026, 4, 3), MARCH_3)


def test_a_day_given_by_hand_stands_until_somebody_is_in_touch_after_it_was_given() -> None:
    given = Promise(date(2026, 3, 10), MARCH_3, GIVEN)
    assert promised(MARCH_3, given=given) == given
    assert promised(given=given) == given
    assert promised(MARCH_3, date(2026, 3, 9), given=given) == Promise(date(2026, 4, 9), date(2026, 3, 9))


def test_who_asked_not_to_be_updated_when_last_in_touch_is_promised_nothing_until_they_say_otherwise() -> None:
    asked = [Contact(date(2026, 2, 1)), Contact(MARCH_3, no_more=True)]
    rest: dict[str, Any] = {"takes_part": "yes", "may_be_told": True}
    assert next_update(asked, "not_asked", None, **rest) is None
    assert next_update(asked, "monthly", None, **rest) == Promise(date(2026, 4, 3), MARCH_3)
    later = [*asked, Contact(date(2026, 3, 20))]
    assert next_update(later, "not_asked", None, **rest) == Promise(date(2026, 4, 20), date(2026, 3, 20))


def test_what_begins_again_counts_from_that_day() -> None:
    assert begun_again("two_months", date(2026, 8, 31)) == Promise(date(2026, 10, 31), date(2026, 8, 31), AGAIN)
