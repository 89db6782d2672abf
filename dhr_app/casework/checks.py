"""Checks that many forms share; each returns a sentence for each field that cannot be right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.partial_dates import earliest

# Reviews are required since this day (section 9 of the Act of 2004 came into force).
EARLIEST = date(2011, 4, 13)


def not_in_future(today: date, **days: date | None) -> dict[str, str]:
    """Days of our own work that have not come yet, or lie before there were reviews: a slip of the year."""
    faults = {}
    for name, day in days.items():
        if day and day > today:
            faults[name] = f"{in_words(day)} has not come yet: check the day."
        elif day and day < EARLIEST:
            faults[name] = f"There were no reviews before {in_words(EARLIEST)}: check the year."
    return faults


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
