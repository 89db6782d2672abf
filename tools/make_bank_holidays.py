"""Write config/bank_holidays.toml from the `holidays` library (development only; needs the test requirements).

Run from the project's root: python tools/make_bank_holidays.py
Look at the difference before committing it: a day that was declared by hand and is not in the library yet would go.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import holidays

FIRST, LAST = date(2011, 1, 1), date(2032, 12, 31)
TARGET = Path(__file__).parent.parent / "config" / "bank_holidays.toml"
HEAD = """\
# Bank holidays of England and Wales that fall on a weekday, the one-off days included.
# Made by tools/make_bank_holidays.py; a test compares it with the library. A day declared at short notice is
# added on the page /bank-holidays, which shows what it moves; this list is made anew with a new version of the program.

version = "{version}"
first   = {first}
last    = {last}

holidays = [
"""


def on_weekdays(first: date, last: date) -> dict[date, str]:
    """Each bank holiday from `first` to `last`, both included, that falls on a weekday, with its name."""
    listed = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    return {day: listed[day] for day in sorted(listed) if day.weekday() < 5 and first <= day <= last}


def written() -> str:
    """The whole file as text."""
    head = HEAD.format(version=f"holidays {holidays.__version__}", first=FIRST, last=LAST)
    lines = [f"  {day},  # {day:%a} {name}" for day, name in on_weekdays(FIRST, LAST).items()]
    return head + "\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
