"""The bank holidays in force: which list, how far it reaches, what comes, and what was added to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House, house
from dhr_app.casework.scene import require
from dhr_app.casework.working_days import working_days
from dhr_app.database.models.extra_holiday import ExtraHoliday
from dhr_app.workflows.calendar import Horizon, in_words
from dhr_app.workflows.permissions import Person, allows

SHOWN_YEARS = 2


@dataclass(frozen=True)
class HolidayLine:
    """A day that was added: by whom, how many open dates it moved, and whether it can still be taken back."""

    id: UUID
    day: date
    name: str
    source: str
    added_at: datetime
    added_by: str
    moved: int
    taken_back_at: datetime | None
    taken_back_by: str
    listed: bool
    still_to_come: bool


@dataclass(frozen=True)
class HolidaysPage:
    """The list in force. `coming` are its days until the end of next year, each with the name of an added one or ""."""

    version: str
    first: date
    last: date
    horizon: Horizon
    coming: tuple[tuple[date, str], ...]
    added: tuple[HolidayLine, ...]
    may_change: bool


def holidays_page(*, by: Person, at: datetime) -> HolidaysPage:
    """The page. Raises NotAllowed."""
    today = london_date(at)
    require(by, "holidays.see", on=today)
    listed = house().rule_book.calendar
    with house().reading() as session:
        calendar = working_days(session)
        rows = list(session.scalars(select(ExtraHoliday).order_by(ExtraHoliday.day.desc(), ExtraHoliday.added_at)))
    names = {row.day: row.name for row in rows if row.taken_back_at is None}
    until = date(today.year + SHOWN_YEARS, 1, 1)
    return HolidaysPage(
        listed.version,
        listed.first,
        listed.last,
        listed.horizon(today),
        tuple((day, names.get(day, "")) for day in sorted(calendar.holidays) if today <= day < until),
        tuple(_line(row, row.day in listed.holidays, today) for row in rows),
        allows(by, "holidays.change", on=today),
    )


def finding(in_house: House) -> tuple[bool, str]:
    """Whether the list reaches far enough, for `dhr check`, and a sentence."""
    calendar, today = in_house.rule_book.calendar, london_date(in_house.clock.now())
    last = in_words(calendar.last)
    match calendar.horizon(today):
        case Horizon.FAR:
            return True, f"Bank holidays are known until {last}."
        case Horizon.NEAR:
            return True, f"Bank holidays are known until {last}, in less than a year: bring the list up to date soon."
        case Horizon.OVER:
            return False, f"Bank holidays were known until {last}: no date can be counted. Bring the list up to date."


def _line(row: ExtraHoliday, listed: bool, today: date) -> HolidayLine:
    return HolidayLine(
        row.id, row.day, row.name, row.source, row.added_at, row.added_by_name, row.moved, row.taken_back_at,
        row.taken_back_by_name or "", listed, row.day > today,
    )  # fmt: skip
