"""How dates and numbers are written on every page."""

from __future__ import annotations

import re
from datetime import date, datetime

from flask import Flask
from markupsafe import Markup, escape

from dhr_app.adapters.clock import LONDON
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.destroyed import Destroyed

REFERENCE = re.compile(r"\b[A-Z]{2,5}-\d{4}-\d{3,}\b:?")


def install(app: Flask) -> None:
    """Make each of these a filter under its own name."""
    for each in (day, month, moment, time_of_day, plural, partial_day, file_size, references):
        app.add_template_filter(each)


def day(value: date | None, without: str = "") -> str:
    """3 June 2026; a moment becomes its day in London. `without` stands where there is none."""
    if value is None:
        return without
    return in_words(value.astimezone(LONDON).date() if isinstance(value, datetime) else value)


def month(value: date | None, without: str = "") -> str:
    """June 2026."""
    return f"{value:%B %Y}" if value else without


def time_of_day(value: datetime) -> str:
    """10:15am, as the clock on the wall in London shows it."""
    wall = value.astimezone(LONDON)
    return f"{wall.hour % 12 or 12}:{wall:%M}{'am' if wall.hour < 12 else 'pm'}"


def moment(value: datetime | None, without: str = "") -> str:
    """3 June 2026 at 10:15am."""
    return f"{day(value)} at {time_of_day(value)}" if value else without


def plural(count: int, one: str, many: str = "") -> str:
    """1 review, 2 reviews; `many` where the word does not just take an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def partial_day(value: str | None, without: str = "") -> str:
    """2018, September 2018 or 14 September 2018, from "2018", "2018-09" or "2018-09-14"; of a destroyed day, that."""
    if not value or isinstance(value, Destroyed):
        return value or without
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return value
    return month(date(parts[0], parts[1], 1)) if len(parts) == 2 else day(date(*parts))


def file_size(size: int) -> str:
    """1.4 MB, 230 KB: a size in bytes as people say it, never less than 1 KB."""
    megabytes = size / 1024 / 1024
    return f"{megabytes:,.1f} MB" if megabytes >= 1 else f"{max(1, round(size / 1024))} KB"


def references(text: str) -> Markup:
    """A text in which a review’s reference never breaks at its hyphens."""
    whole = r'<span class="dhr-reference">\g<0></span>'
    return Markup(REFERENCE.sub(whole, str(escape(text))))  # noqa: S704 - escaped the line before
