"""The working days in force: the list of config/, and the bank holidays that were added since.

They are read in the session that goes by them, once in each: every process has a new day as soon as it is committed,
and a verb, which asks after it locked its review, never counts by days that somebody is changing.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sqlalchemy import select

from dhr_app.casework.house import House, house
from dhr_app.database.models.extra_holiday import ExtraHoliday
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar

KEPT = "working_days"


def working_days(session: NamedSession, in_house: House | None = None) -> Calendar:
    """The calendar in force, as this session sees it; one statement the first time."""
    found = session.info.get(KEPT)
    if not isinstance(found, Calendar):
        rows = select(ExtraHoliday.day).where(ExtraHoliday.taken_back_at.is_(None)).order_by(ExtraHoliday.day)
        found = session.info[KEPT] = _joined((in_house or house()).rule_book.calendar, tuple(session.scalars(rows)))
    return found


def count_by(session: NamedSession, calendar: Calendar) -> None:
    """Let the rest of this session go by another calendar: its verb has just changed the days."""
    session.info[KEPT] = calendar


def working_days_now() -> Calendar:
    """The calendar in force, for whoever has no session."""
    with house().reading() as session:
        return working_days(session)


@lru_cache(maxsize=16)
def _joined(listed: Calendar, extra: tuple[date, ...]) -> Calendar:
    """The list with these days; what the list has by now, or no longer reaches, needs no adding."""
    for day in extra:
        if listed.first <= day <= listed.last and day not in listed.holidays:
            listed = listed.with_extra(day)
    return listed
