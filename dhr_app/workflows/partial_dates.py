"""Days that are known only to the month or the year, kept as text: 2018, 2018-09 or 2018-09-14."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from dhr_app.workflows.destroyed import Destroyed

FORM = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def earliest(text: str) -> date:
    """The first day it can have been. Raises ValueError for a text that is no such day."""
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def latest(text: str) -> date:
    """The last day it can have been. Raises ValueError for a text that is no such day."""
    year, month, day = _parts(text)
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def exact(text: str | None) -> date | None:
    """The day itself where it is known to the day, else None."""
    return earliest(text) if text and len(text) == 10 else None


def _parts(text: str) -> tuple[int, int | None, int | None]:
    found = FORM.fullmatch(text)
    if found is None:
        raise ValueError("a day is written 2018, 2018-09 or 2018-09-14")
    year, month, day = found.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def in_words_as_known(text: str) -> str:
    """2018, September 2018 or 14 September 2018; empty where nothing is known. Raises ValueError for no such day."""
    if not text or isinstance(text, Destroyed):
        return text
    year, month, day = _parts(text)
    if month is None:
        return f"{year}"
    first = date(year, month, day or 1)
    return f"{first:%B %Y}" if day is None else f"{first.day} {first:%B %Y}"
