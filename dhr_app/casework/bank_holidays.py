"""Bank holidays beside the list of config/: a day that was proclaimed since, added or taken back in one transaction.

Whoever does it sees first what it moves, and nothing else is then saved than what they saw. The next date and the
standing of every review that it moves are kept in the same transaction, each with its event. A review that somebody
changes at that very moment, by the days as they were, is put right by the nightly proof.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book, standing
from dhr_app.casework.checks import filled
from dhr_app.casework.dates_moved import AGENCIES_HEAR, MovedDate, mark_of, moved_dates
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.casework.working_days import count_by, working_days
from dhr_app.database.audit import record
from dhr_app.database.facts import facts_of
from dhr_app.database.models.extra_holiday import ExtraHoliday
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.publication import Publication
from dhr_app.database.models.review import Review
from dhr_app.database.models.telling import DutyOwed
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.dates import next_date
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

HOLIDAYS = "bank holidays"  # the queue of whoever changes them
LOOK_AGAIN = "What it moves has changed since you looked. Look at the list again, then save."


@dataclass(frozen=True)
class HolidayEntry:
    """What the form says: the day, what it is called, and where it was proclaimed."""

    day: date | None = None
    name: str = ""
    source: str = ""


@dataclass(frozen=True)
class Change:
    """What adding or taking back would move, as somebody is shown it: `hidden` counts what they must not see.

    `mark` stands for all of it, and is given back with the wish to save.
    """

    day: date
    moved: tuple[MovedDate, ...]
    hidden: int
    mark: str


def look_at_adding(entry: HolidayEntry, *, by: Person, at: datetime) -> Change:
    """What a new bank holiday would move; changes nothing. Raises NotAllowed, Invalid."""
    today = london_date(at)
    require(by, "holidays.change", on=today)
    with house().reading() as session:
        was = working_days(session)
        day = _checked(entry, was, today)
        return _change(day, moved_dates(session, was, was.with_extra(day)), by)


def look_at_taking_back(holiday_id: UUID, *, by: Person, at: datetime) -> tuple[HolidayEntry, Change]:
    """What taking an added day back would move; changes nothing. Raises NotAllowed, OutOfReach, Invalid."""
    today = london_date(at)
    require(by, "holidays.change", on=today)
    with house().reading() as session:
        was = working_days(session)
        row = _added(session, holiday_id)
        now = _without(row, was, today)
        entry = HolidayEntry(row.day, row.name, row.source)
        return entry, _change(row.day, moved_dates(session, was, now), by)


def add_holiday(entry: HolidayEntry, mark: str, *, by: Person, at: datetime) -> int:
    """Add a bank holiday to the days in force, and return how many open dates it moved.

    `mark` is of what was looked at. Raises NotAllowed, and Invalid: a day that has passed, falls on a weekend, is one
    already or lies beyond the list; no name or source; something else moves by now than was shown.
    """
    today = london_date(at)
    with _changing(by=by, at=at) as session:
        was = working_days(session)
        day = _checked(entry, was, today)
        now = was.with_extra(day)
        moved = _locked(session, was, now, mark)
        row = ExtraHoliday(
            day=day, name=entry.name.strip(), source=entry.source.strip(), added_at=at, added_by_id=by.id,
            added_by_name=by.name, moved=len(moved),
        )  # fmt: skip
        session.add(row)
        _move(session, moved, now, at=at)
        record(
            session, Happened.BANK_HOLIDAY_ADDED, happened_on=today, subject=row,
            details={"until": str(day), "number": len(moved)},
        )  # fmt: skip
        return len(moved)


def take_back_holiday(holiday_id: UUID, mark: str, *, by: Person, at: datetime) -> int:
    """Take back a day that was added and is still to come; returns how many open dates that moved.

    Raises NotAllowed, OutOfReach, and Invalid for a day that has come, or where something else moves than was shown.
    """
    today = london_date(at)
    with _changing(by=by, at=at) as session:
        was = working_days(session)
        row = _added(session, holiday_id)
        now = _without(row, was, today)
        moved = _locked(session, was, now, mark)
        row = _added(session, holiday_id)
        row.taken_back_at, row.taken_back_by_id, row.taken_back_by_name = at, by.id, by.name
        _move(session, moved, now, at=at)
        record(
            session, Happened.BANK_HOLIDAY_TAKEN_BACK, happened_on=today, subject=row,
            details={"until": str(row.day), "number": len(moved)},
        )  # fmt: skip
        return len(moved)


@contextmanager
def _changing(*, by: Person, at: datetime) -> Iterator[NamedSession]:
    """One transaction, one at a time, for whoever may change the days; a refusal is kept."""
    try:
        with house().transaction(by=by, at=at) as session:
            require(by, "holidays.change", on=london_date(at))
            session.queue(HOLIDAYS)
            yield session
    except NotAllowed as refusal:
        house().database.record_refusal(
            by=by, at=at, review_id=None, what=refusal.permission, reasons=[refusal.permission]
        )
        raise


def _checked(entry: HolidayEntry, calendar: Calendar, today: date) -> date:
    faults = filled("name", entry.name, "Give its name, as it was proclaimed.")
    faults |= filled("source", entry.source, "Say where it was proclaimed, so that anybody can look it up.")
    if entry.day is None:
        faults["day"] = "Give the day."
    elif wrong := calendar.why_not_added(entry.day, today=today):
        faults["day"] = wrong
    if faults or entry.day is None:
        raise Invalid(faults)
    return entry.day


def _added(session: NamedSession, holiday_id: UUID) -> ExtraHoliday:
    row = session.get(ExtraHoliday, holiday_id)
    if row is None or row.taken_back_at is not None:
        raise OutOfReach
    return row


def _without(row: ExtraHoliday, was: Calendar, today: date) -> Calendar:
    """The days without one that was added; what the list of config/ has by now stays a bank holiday."""
    if row.day <= today:
        raise Invalid({"day": was.why_not_added(row.day, today=today)})
    listed = house().rule_book.calendar
    return was if row.day in listed.holidays or row.day not in was.holidays else was.without(row.day)


def _change(day: date, moved: tuple[MovedDate, ...], by: Person) -> Change:
    seen = tuple(one for one in moved if one.seen_by(by))
    return Change(day, seen, len(moved) - len(seen), mark_of(moved))


def _locked(session: NamedSession, was: Calendar, now: Calendar, mark: str) -> tuple[MovedDate, ...]:
    """What moves, every review of it locked, in one order everywhere. Raises Invalid if it is not what was seen."""
    concerned = {one.reference: one.review_id for one in moved_dates(session, was, now) if one.review_id}
    for reference in sorted(concerned):
        session.lock(concerned[reference], read=Review)
    moved = moved_dates(session, was, now)
    if mark_of(moved) != mark:
        raise Invalid({"moved": LOOK_AGAIN})
    return moved


def _move(session: NamedSession, moved: Collection[MovedDate], now: Calendar, *, at: datetime) -> None:
    """Write what is kept of the dates that move: in duties and publications, next dates and standings."""
    count_by(session, now)
    for one in moved:
        if one.row_id is None:
            continue
        if one.what == AGENCIES_HEAR:
            session.get_one(Publication, one.row_id).agencies_from = one.now
        else:
            session.get_one(DutyOwed, one.row_id).due_on = one.now
    session.flush()
    ids = {one.review_id for one in moved if one.review_id}
    rows = (
        select(Review, RuleSetUsed.content)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(Review.id.in_(ids))
        .order_by(Review.reference)
    )
    facts = facts_of(session, sorted(ids))
    for review, content in session.execute(rows).all():
        rules = rule_book.pinned(content)
        review.set_next(next_date(facts[review.id], rules, now))
        standing.keep(session, review, rules, facts[review.id], now, at=at)
        number = sum(one.review_id == review.id for one in moved)
        record(
            session, Happened.DATES_COUNTED_AGAIN, review_id=review.id, happened_on=london_date(at), subject=review,
            details={"number": number},
        )  # fmt: skip
