"""Days on which no mail goes out, beside weekends and bank holidays: the coordinator sets and ends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.casework.working_days import working_days_now
from dhr_app.database.audit import record
from dhr_app.database.models.reminder_rule import QuietDays
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import ONE_DAY, in_words
from dhr_app.workflows.errors import Invalid, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.quiet import BACKWARDS, LONGEST, NO_EARLIER, RUNS_ON, TOO_LONG, UNKNOWN, days_of, mornings


@dataclass(frozen=True)
class QuietEntry:
    """From which day to which nothing goes out; one day where `to_on` is left empty."""

    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class QuietLine:
    """Some quiet days that are not over, and who set them."""

    id: UUID
    from_on: date
    to_on: date
    by: str


def set_quiet(entry: QuietEntry, *, by: Person, at: datetime) -> None:
    """Let no mail go out on some days to come. Raises NotAllowed, Invalid."""
    today = london_date(at)
    require(by, "reminders.change", on=today)
    first, last = _checked(entry, today)
    with house().transaction(by=by, at=at) as session:
        session.queue("quiet")  # of two that are set at once the second finds the first
        _must_not_run_on(first, last, quiet_days(session))
        row = QuietDays(from_on=first, to_on=last, set_at=at, set_by_id=by.id, set_by_name=by.name)
        session.add(row)
        details = {"from": str(first), "until": str(last)}
        record(session, Happened.QUIET_DAYS_SET, happened_on=today, subject=row, details=details)


def end_quiet(quiet_id: UUID, *, by: Person, at: datetime) -> None:
    """Let mail go out again from the next morning on. Raises NotAllowed, OutOfReach, Over where they are past."""
    today = london_date(at)
    require(by, "reminders.change", on=today)
    with house().transaction(by=by, at=at) as session:
        session.hold()
        row = session.get(QuietDays, quiet_id, with_for_update=True)
        if row is None:
            raise OutOfReach
        if row.ended_on is not None or row.to_on < today:
            raise Over("These quiet days are over already: mail goes out again.")
        row.ended_on, row.ended_by_id, row.ended_by_name = today, by.id, by.name
        record(session, Happened.QUIET_DAYS_ENDED, happened_on=today, subject=row)


def quiet_days(session: NamedSession) -> frozenset[date]:
    """Every day that is or was quiet; in one query."""
    rows = session.scalars(select(QuietDays).order_by(QuietDays.from_on, QuietDays.id))
    return days_of((row.from_on, _last(row)) for row in rows)


def quiet_lines(session: NamedSession, today: date) -> tuple[QuietLine, ...]:
    """The quiet days that are not over, the first first."""
    rows = session.scalars(
        select(QuietDays)
        .where(QuietDays.to_on >= today, QuietDays.ended_on.is_(None))
        .order_by(QuietDays.from_on, QuietDays.id)
    )
    return tuple(QuietLine(row.id, row.from_on, row.to_on, row.set_by_name) for row in rows)


def _must_not_run_on(first: date, last: date, quiet: frozenset[date]) -> None:
    """Raise Invalid where these days and the quiet ones beside them, over weekends and bank holidays, are too many."""
    of_mail = mornings(working_days_now(), quiet)
    before, after = first, last
    while (day := before - ONE_DAY) >= of_mail.first and not of_mail.is_working_day(day):
        before = day
    while (day := after + ONE_DAY) < of_mail.last and not of_mail.is_working_day(day):
        after = day
    beside = {day for day in quiet if before <= day <= after} | {first, last}
    if (max(beside) - min(beside)).days >= LONGEST:
        raise Invalid({"to_on": RUNS_ON})


def _last(row: QuietDays) -> date:
    return row.to_on if row.ended_on is None else min(row.to_on, row.ended_on)


def _checked(entry: QuietEntry, today: date) -> tuple[date, date]:
    calendar = working_days_now()
    first, last = entry.from_on, entry.to_on or entry.from_on
    if first is None or last is None:
        raise Invalid({"from_on": "Give the first quiet day."})
    if first <= today:
        raise Invalid({"from_on": NO_EARLIER})
    if last < first:
        raise Invalid({"to_on": BACKWARDS})
    if (last - first).days >= LONGEST:
        raise Invalid({"to_on": TOO_LONG})
    if last >= calendar.last:
        raise Invalid({"to_on": UNKNOWN.format(last=in_words(calendar.last))})
    return first, last
