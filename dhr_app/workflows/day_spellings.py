"""Days as English writes them, found in a text: “3 June 2026”, “03/06/2026”, “June 3rd”, “the third of June”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dhr_app.workflows.common_words import MONTHS

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
ORDINALS = {
    **{word: number for number, word in enumerate(_ORDINALS, 1)},
    **{f"twenty {word}": 20 + number for number, word in enumerate(_ORDINALS[:9], 1)},
    "thirtieth": 30,
    "thirty first": 31,
}

_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?|" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:(?:,?\s+|[./])(?P<{0}>\d{{4}}|\d{{2}}))?"
_GAP = r"[\s./]\s?"
_ALONE, _ENDS = r"(?<![^\W_])", r"(?![^\W_])"

# It begins with a figure and nothing before it, so that the expression engine may leap from figure to figure.
IN_FIGURES = re.compile(rf"(\d\d{{0,3}}){_GAP}(\d\d?){_GAP}(\d\d{{1,3}}|\d){_ENDS}")
IN_WORDS = re.compile(
    rf"{_ALONE}(?:(?P<day1>{_DAY})(?:\s+day)?(?:\s+of)?[\s./]*(?P<month1>{_MONTH})\.?{_YEAR.format('year1')}"
    rf"|(?P<month2>{_MONTH})\.?\s+(?:the\s+)?(?P<day2>{_DAY}){_YEAR.format('year2')}){_ENDS}"
)
# A day in words stands about a month, which is quickly found; the rest of the text is not looked at for it.
_MONTH_BEGINS = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
_BEFORE, _AFTER = 40, 60  # signs


def days_in(folded: str) -> Iterator[tuple[int, int, int, int, int | None]]:
    """Each day a folded text names: where it begins and ends, its day, month and, where it is said, year.

    A year of two figures is given as it stands, below 100.
    """
    for found in IN_FIGURES.finditer(folded):
        if not folded[max(0, found.start() - 1) : found.start()].isalnum() and (day := _in_figures(*found.groups())):
            yield found.start(), found.end(), *day
    looked_to = 0
    for month in _MONTH_BEGINS.finditer(folded):
        if month.start() >= looked_to:
            begins = max(looked_to, month.start() - _BEFORE)
            for found in IN_WORDS.finditer(folded, begins, month.start() + _AFTER):
                looked_to = found.end()
                yield _said(found)


def is_the_day(protected: date, day: int, month: int, year: int | None) -> bool:
    """Whether what was written is this day; a day without its year is taken for it."""
    if (protected.day, protected.month) != (day, month):
        return False
    return year is None or year in (protected.year, protected.year % 100)


def _said(found: re.Match[str]) -> tuple[int, int, int, int, int | None]:
    shape = "1" if found["day1"] else "2"
    year = found[f"year{shape}"]
    day, month = _number(found[f"day{shape}"]), _month(found[f"month{shape}"])
    return found.start(), found.end(), day, month, int(year) if year else None


def _in_figures(first: str, month: str, last: str) -> tuple[int, int, int] | None:
    """Day, month and year, whichever end the year stands at; None for three numbers that are no day."""
    if len(first) == 4 and len(last) <= 2:
        return int(last), int(month), int(first)
    if len(first) <= 2 and len(last) in (2, 4):
        return int(first), int(month), int(last)
    return None


def _number(text: str) -> int:
    return ORDINALS.get(" ".join(text.split())) or int(re.sub(r"\D", "", text) or 0)


def _month(text: str) -> int:
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(text[:3]))
