"""Checks that many forms share; each returns a sentence for each field that cannot be right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.partial_dates import earliest


def not_in_future(today: date, **days: date | None) -> dict[str, str]:
    """Days that have not come yet."""
    return {
        name: f"{in_words(day)} has not come yet: check the day." for name, day in days.items() if day and day > today
    }


def known_codes(entry: object, choices: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Fields whose code is not one of those offered."""
    return {name: "Choose from the list." for name, offered in choices.items() if getattr(entry, name) not in offered}


def partial_day(name: str, text: str, today: date) -> dict[str, str]:
    """A day known to the day, month or year that is written wrongly or has not come yet."""
    if not text:
        return {}
    try:
        begins = earliest(text)
    except ValueError:
        return {name: "Give a year, a month and year, or a whole date that exists."}
    return {name: "This has not come yet: check the day."} if begins > today else {}


def filled(name: str, text: str, sentence: str) -> dict[str, str]:
    """A text that must be given."""
    return {} if text.strip() else {name: sentence}
