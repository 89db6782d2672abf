"""A review's events as the timeline macro takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dhr_app.casework.timeline import TimelineEntry
from dhr_app.web.filters import day


@dataclass(frozen=True)
class ToldRow:
    """One event; `text` says when it was recorded, where that was another day: nobody guesses what was known when.

    `href` is where what it tells of can be read, or empty.
    """

    title: str
    by: str
    on: date
    text: str
    href: str = ""


def told_rows(entries: Iterable[TimelineEntry]) -> list[ToldRow]:
    """The entries in their order."""
    return [
        ToldRow(
            each.text,
            each.by,
            each.on,
            f"Recorded on {day(each.recorded_on)}." if each.recorded_on != each.on else "",
            each.leads_to,
        )
        for each in entries
    ]
