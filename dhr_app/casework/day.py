"""What needs the coordinator today, over all reviews: late first, then this week, then what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.draft_reading import UnopenedLine, unopened
from dhr_app.casework.house import house
from dhr_app.casework.message_page import troubles
from dhr_app.casework.nobodys import NobodysLine, nobodys_lines
from dhr_app.casework.scene import require
from dhr_app.casework.wishes import WishLine, wish_lines
from dhr_app.casework.words import awaited, what
from dhr_app.database.models.clocks import Deadline
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.review import Review
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.database.models.statement import Statement
from dhr_app.database.models.telling import DutyOwed
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import OPEN, Stage

MOST = 50
THIS_WEEK = timedelta(days=7)

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class DueLine:
    """A review’s next date."""

    reference: str
    stage: Stage
    what: str
    due_on: date
    days_late: int
    on_hold: bool


@dataclass(frozen=True)
class OwedLine:
    """Somebody who has not been told yet."""

    reference: str
    sentence: str
    audience: str
    due_on: date
    days_late: int


@dataclass(frozen=True)
class SilentLine:
    """An agency whose scoping return is overdue."""

    reference: str
    request_id: Any
    agency: str
    due_on: date
    days_late: int
    escalated_on: date | None


@dataclass(frozen=True)
class WaitingLine:
    """A statement that does not count until somebody agrees to it."""

    reference: str
    condition: str
    sentence: str
    awaits: str


@dataclass(frozen=True)
class BarredLine:
    """A family member who was not to be contacted until a day that has come: does it still hold?"""

    reference: str
    number: int
    until: date


@dataclass(frozen=True)
class Day:
    """The coordinator’s day; each list holds at most MOST lines, the most urgent first.

    `mail` counts the messages that a mail server did not take.
    """

    today: date
    late: tuple[DueLine, ...]
    this_week: tuple[DueLine, ...]
    owed: tuple[OwedLine, ...]
    silent: tuple[SilentLine, ...]
    waiting: tuple[WaitingLine, ...]
    barred: tuple[BarredLine, ...]

    nobodys: tuple[NobodysLine, ...]
    wishes: tuple[WishLine, ...]
    drafts: tuple[UnopenedLine, ...]
    mail: int

    @property
    def nothing(self) -> bool:
        """Whether nothing needs anybody today."""
        return not (
            self.nobodys
            or self.wishes
            or self.drafts
            or self.mail
            or self.late
            or self.this_week
            or self.owed
            or self.silent
            or self.waiting
            or self.barred
        )


def what_needs_you(*, by: Person, at: datetime) -> Day:
    """Everything that needs the coordinator today; opens nothing. Raises NotAllowed."""
    today = london_date(at)
    require(by, "day.see", on=today)
    with house().reading() as session:
        due = list(session.execute(_mine(_due(today), by)))
        owed = list(session.execute(_mine(_owed(), by)))
        silent = list(session.execute(_mine(_silent(today), by)))
        waiting = list(session.execute(_mine(_waiting(), by)))
        barred = list(session.execute(_mine(_barred(today), by)))
        nobodys = nobodys_lines(session, today, barred=by.conflicts)
        wishes = wish_lines(session, MOST, barred=by.conflicts)
        drafts = unopened(session, by, MOST)
        mail = troubles(session)
    lines = [_due_line(row, today) for row in due]
    return Day(
        today=today,
        late=tuple(line for line in lines if line.days_late)[:MOST],
        this_week=tuple(line for line in lines if not line.days_late)[:MOST],
        owed=tuple(_owed_line(row, today) for row in owed),
        silent=tuple(
            SilentLine(
                row.reference, row.id, row.name, row.first_due_on, (today - row.first_due_on).days, row.escalated_on
            )
            for row in silent
        ),
        waiting=tuple(_waiting_line(row) for row in waiting),
        barred=tuple(BarredLine(*row) for row in barred),
        nobodys=nobodys[:MOST],
        wishes=wishes,
        drafts=drafts,
        mail=mail,
    )


def _mine(rows: Rows, by: Person) -> Rows:
    """Without the reviews that a conflict of interest bars."""
    return rows.where(Review.id.not_in(by.conflicts)) if by.conflicts else rows


def _due(today: date) -> Rows:
    return (
        select(Review.reference, Review.stage, Review.next_what, Review.next_on, Review.on_hold_since)
        .where(Review.sorts_on <= today + THIS_WEEK)
        .order_by(Review.sorts_on, Review.reference)
        .limit(2 * MOST)
    )


def _owed() -> Rows:
    return (
        select(Review.reference, DutyOwed.name, DutyOwed.audience, DutyOwed.due_on)
        .join(Review, Review.id == DutyOwed.review_id)
        .where(DutyOwed.settled_by_id.is_(None))
        .order_by(DutyOwed.due_on, Review.reference, DutyOwed.id)
        .limit(MOST)
    )


def _silent(today: date) -> Rows:
    return (
        select(Review.reference, ScopingRequest.id, Agency.name, Deadline.first_due_on, ScopingRequest.escalated_on)
        .join(Review, Review.id == ScopingRequest.review_id)
        .join(Agency, Agency.id == ScopingRequest.agency_id)
        .join(Deadline, Deadline.subject_id == ScopingRequest.id)
        .where(
            ScopingRequest.outcome == "open",
            Deadline.met_on.is_(None),
            Deadline.ended_on.is_(None),
            Deadline.first_due_on < today,
        )
        .order_by(Deadline.first_due_on, Review.reference, Agency.name)
        .limit(MOST)
    )


def _waiting() -> Rows:
    return (
        select(Review.reference, Statement.condition, Statement.answer)
        .join(Review, Review.id == Statement.review_id)
        .where(
            Statement.counts.is_(False),
            Statement.withdrawn_at.is_(None),
            Statement.voided_on.is_(None),
            Statement.used_by.is_(None),
        )
        .order_by(Statement.stated_on, Review.reference, Statement.id)
        .limit(MOST)
    )


def _barred(today: date) -> Rows:
    return (
        select(Review.reference, FamilyMember.number, FamilyMember.not_contacted_until)
        .join(Review, Review.id == FamilyMember.review_id)
        .where(FamilyMember.not_contacted_until <= today, Review.stage.in_(sorted(OPEN)))
        .order_by(FamilyMember.not_contacted_until, Review.reference, FamilyMember.number)
        .limit(MOST)
    )


def _due_line(row: Any, today: date) -> DueLine:
    late = max(0, (today - row.next_on).days)
    return DueLine(
        row.reference, Stage(row.stage), what(row.next_what), row.next_on, late, row.on_hold_since is not None
    )


def _owed_line(row: Any, today: date) -> OwedLine:
    late = max(0, (today - row.due_on).days)
    return OwedLine(row.reference, DUTIES[row.name].sentence, row.audience, row.due_on, late)


def _waiting_line(row: Any) -> WaitingLine:
    return WaitingLine(row.reference, row.condition, CONDITIONS[row.condition].sentence, awaited(Answer(row.answer)))
