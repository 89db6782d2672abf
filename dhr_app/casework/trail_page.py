"""The audit trail for those who watch over it: who did what, to which review, when, for which agency.

Nothing is opened: every line is a sentence made of codes, dates and numbers. A review that is barred to the reader
stays out of their sight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select, tuple_
from sqlalchemy.orm import aliased

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.front_door import MASS_ASSIGNMENT
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.database.models.account import Account
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.opened_words import opened_words
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.sentences import sentence
from dhr_app.workflows.trail_sorts import Sort, kinds_of

PAGE = 50
BY_ITSELF = "This system, by itself"

SUBJECT = aliased(Agency)
ORDER = (Event.recorded_at, Event.ordinal, Event.id)

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class TrailFilters:
    """What the trail is narrowed to; an empty choice narrows nothing. Days are London's, both included."""

    person_id: UUID | None = None
    agency_id: UUID | None = None
    sort: Sort | None = None
    review: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class TrailLine:
    """One thing that was done. `role` and `agency` are what the account says now; BY_ITSELF for the program."""

    id: UUID
    at: datetime
    by: str
    role: str
    agency: str
    reference: str
    text: str


@dataclass(frozen=True)
class TrailPage:
    """A page of the trail, latest first; `older` starts the next one."""

    lines: tuple[TrailLine, ...]
    older: UUID | None


@dataclass(frozen=True)
class TrailChoices:
    """Whom and which agency the trail can be narrowed to: id to words."""

    people: Mapping[str, str]
    agencies: Mapping[str, str]


def trail_choices(*, by: Person, at: datetime) -> TrailChoices:
    """Everybody who has or had an account, and every agency. Raises NotAllowed."""
    require(by, "trail.see", on=london_date(at))
    with house().reading() as session:
        accounts = session.execute(select(Account.id, Account.name, Account.role).order_by(Account.name, Account.id))
        people = {str(row.id): f"{row.name}, {Role(row.role).label.lower()}" for row in accounts}
        agencies = session.execute(select(Agency.id, Agency.name).order_by(Agency.name, Agency.id))
        return TrailChoices(people, {str(row.id): row.name for row in agencies})


def trail_page(filters: TrailFilters, *, from_line: UUID | None = None, by: Person, at: datetime) -> TrailPage:
    """A page of the trail, from a line of the page before. Raises NotAllowed, or Invalid naming the choice at fault."""
    with house().reading() as session:
        rows = narrowed(session, filters, by=by, on=london_date(at)).limit(PAGE + 1)
        start = session.get(Event, from_line) if from_line else None
        if start is not None:
            rows = rows.where(tuple_(*ORDER) <= (start.recorded_at, start.ordinal, start.id))
        found = session.execute(rows.order_by(*(column.desc() for column in ORDER))).all()
    older = found[PAGE].id if len(found) > PAGE else None
    return TrailPage(tuple(line_of(row) for row in found[:PAGE]), older)


def narrowed(session: NamedSession, filters: TrailFilters, *, by: Person, on: date) -> Rows:
    """The rows of the lines that the reader asked for and may see. Raises Invalid, NotAllowed."""
    require(by, "trail.see", on=on)
    rows: Rows = (
        select(
            Event.id, Event.recorded_at, Event.ordinal, Event.recorded_by_id, Event.recorded_by_name, Event.kind,
            Event.details, Review.reference, Account.role, Agency.short_name.label("agency"),
            SUBJECT.name.label("subject"),
        )
        .outerjoin(Review, Review.id == Event.review_id)
        .outerjoin(Account, Account.id == Event.recorded_by_id)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .outerjoin(SUBJECT, SUBJECT.id == Event.agency_id)
    )  # fmt: skip
    if by.conflicts:
        rows = rows.where(or_(Event.review_id.is_(None), Event.review_id.not_in(sorted(by.conflicts))))
    if filters.review:
        rows = rows.where(Event.review_id == _review(session, filters.review, by))
    if filters.person_id:
        rows = rows.where(Event.recorded_by_id == filters.person_id)
    if filters.agency_id:
        rows = rows.where(Account.agency_id == filters.agency_id)
    if filters.sort:
        rows = rows.where(Event.kind.in_(sorted(kinds_of(filters.sort))))
    if filters.from_on and filters.to_on and filters.to_on < filters.from_on:
        raise Invalid({"to_on": "The last day cannot be before the first: change one of the two."})
    if filters.from_on:
        rows = rows.where(Event.recorded_at >= _begins(filters.from_on))
    if filters.to_on:
        rows = rows.where(Event.recorded_at < _begins(filters.to_on + timedelta(days=1)))
    return rows


def line_of(row: Row[Any]) -> TrailLine:
    """One line, in words."""
    return TrailLine(
        row.id,
        row.recorded_at,
        row.recorded_by_name,
        Role(row.role).label if row.role else "" if row.recorded_by_id else BY_ITSELF,
        row.agency or "",
        row.reference or "",
        _text(row.kind, row.details, row.subject),
    )


def _text(kind: str, details: Mapping[str, Any], agency: str | None) -> str:
    """The event's sentence, with what an opening or a refusal was about."""
    try:
        happened = Happened(kind)
    except ValueError:  # written by a later version of the program
        return kind.replace("_", " ").capitalize()
    if happened is Happened.OPENED:
        return f"Opened: {opened_words(happened, details)}"
    if happened is Happened.REFUSED and details.get("what") == MASS_ASSIGNMENT:
        return "Sent a form with something in it that the form does not ask for; it was not looked at"
    if happened is Happened.REFUSED:
        return f"Was refused: {str(details.get('what', '')).replace('.', ', ').replace('_', ' ')}"
    return sentence(happened, details, agency=agency)


def _review(session: NamedSession, typed: str, by: Person) -> UUID:
    reference = typed.strip().upper()
    found = session.scalars(select(Review.id).where(Review.reference == reference)).one_or_none()
    if found is None or found in by.conflicts:
        raise Invalid({"review": "There is no review of this reference that you can see: check it among the reviews."})
    return found


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
