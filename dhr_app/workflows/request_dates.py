"""Until when a request for information is to be answered, with its working; and the 72 hours of a data breach.

Sources: Freedom of Information Act 2000 s.10(1) and (6); UK GDPR Art. 12(3) and 12(6) with the Information
Commissioner’s guidance on how a month is counted; UK GDPR Art. 33(1).
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dhr_app.workflows.calendar import Calendar, in_words

FOI_WORKING_DAYS = 20
ICO_HOURS = timedelta(hours=72)
WEEK = timedelta(days=7)
MOST_MONTHS = 2  # by which an answer to a subject access request may be put off

FOI = "freedom_of_information"
SUBJECT_ACCESS = "subject_access"

OF_THIS_COUNTRY = (
    "A bank holiday of Scotland or Northern Ireland alone would add a day under the Act; it is not counted here, so "
    "this day is never too late."
)


class State(StrEnum):
    """How a request stands: what of it is late comes first."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    OPEN = "open"
    UNDATED = "undated"
    IDENTITY = "identity"
    DECIDED = "decided"


@dataclass(frozen=True)
class AnswerDue:
    """The last day to answer, None where none runs, and the sentences that say how it was counted."""

    on: date | None
    working: tuple[str, ...]


def months_after(day: date, number: int) -> date:
    """The same day so many months on; of a shorter month its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def answer_due(
    kind: str,
    asked_on: date,
    *,
    identity_asked_on: date | None = None,
    identity_confirmed_on: date | None = None,
    extended_months: int = 0,
    given: date | None = None,
    calendar: Calendar,
) -> AnswerDue:
    """Until when a request is to be answered. `given` is the day that whoever asked has set. Raises CalendarEnds."""
    if kind == FOI:
        due = calendar.add_working_days(asked_on, FOI_WORKING_DAYS)
        counted = f"The twentieth working day after {in_words(asked_on)}, on which it was received (FOI Act, s.10)."
        return AnswerDue(due, (counted, OF_THIS_COUNTRY))
    if kind == SUBJECT_ACCESS:
        return _subject_access(asked_on, identity_asked_on, identity_confirmed_on, extended_months, calendar)
    if given is None:
        return AnswerDue(None, ("Whoever asked gave no day.",))
    return AnswerDue(given, ("The day that whoever asked has given.",))


def _subject_access(
    asked_on: date, identity_asked_on: date | None, confirmed_on: date | None, extended: int, calendar: Calendar
) -> AnswerDue:
    if identity_asked_on is not None and confirmed_on is None:
        waits = f"No time runs: who asks is being confirmed since {in_words(identity_asked_on)} (UK GDPR Art. 12(6))."
        return AnswerDue(None, (waits,))
    begins = confirmed_on or asked_on
    since = "who asked was confirmed" if confirmed_on else "it was received"
    day = months_after(begins, 1 + extended)
    length = "One month" if not extended else f"{1 + extended} months, {extended} of them added,"
    working = [f"{length} from {in_words(begins)}, on which {since} (UK GDPR Art. 12(3))."]
    if day.day != begins.day:
        working.append(f"{months.month_name[day.month]} {day.year} is shorter, so its last day counts.")
    due = calendar.next_working_day(day)
    if due != day:
        working.append(f"{in_words(day)} is no working day, so the next one counts.")
    return AnswerDue(due, tuple(working))


def state_of(due: AnswerDue, *, decided: bool, waits_for_identity: bool, today: date) -> State:
    """How a request stands on a day."""
    if decided:
        return State.DECIDED
    if waits_for_identity:
        return State.IDENTITY
    if due.on is None:
        return State.UNDATED
    if due.on < today:
        return State.OVERDUE
    return State.DUE_SOON if due.on <= today + WEEK else State.OPEN


def notify_by(aware_at: datetime) -> datetime:
    """The moment at which the 72 hours to notify the Information Commissioner are over."""
    return aware_at + ICO_HOURS


def hours_left(aware_at: datetime, now: datetime) -> int:
    """Whole hours left to notify; below zero, whole hours too late (an hour that has begun counts)."""
    return hours_until(notify_by(aware_at), now)


def hours_until(moment: datetime, now: datetime) -> int:
    """Whole hours left until then; below zero, whole hours too late (an hour that has begun counts)."""
    return (moment - now) // timedelta(hours=1)
