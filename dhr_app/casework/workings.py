"""Every date of one review with its working, for whoever wants to count it again by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.house import House
from dhr_app.casework.working_days import working_days
from dhr_app.database.facts import facts_of
from dhr_app.database.models.partnership import Agency, RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.dates import ReviewDate, dates_of
from dhr_app.workflows.errors import OutOfReach


@dataclass(frozen=True)
class Working:
    """One date as it stands: what is due, by whom if by an agency, when, and the lines that lead there."""

    key: str
    name: str
    agency: str | None
    first_due_on: date
    due_on: date | None
    if_resumed: date | None
    met_on: date | None
    state: str
    days_late: int
    source: str
    working: tuple[str, ...]


def workings(in_house: House, reference: str, *, at: datetime) -> tuple[Working, ...]:
    """The dates of the review of this reference, unmet first. Raises OutOfReach where there is none.

    For a command of the operator: it asks no permission and opens nothing.
    """
    today = london_date(at)
    with in_house.reading() as session:
        found = select(Review.id, RuleSetUsed.content).join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        row = session.execute(found.where(Review.reference == reference)).one_or_none()
        if row is None:
            raise OutOfReach
        facts = facts_of(session, [row.id])[row.id]
        dates = dates_of(facts, rule_book.pinned(row.content), working_days(session, in_house), today=today)
        names = _agency_names(session, dates)
    return tuple(_working(one, names.get(str(one.agency_id)), today) for one in dates)


def _working(one: ReviewDate, agency: str | None, today: date) -> Working:
    return Working(
        key=one.rule.key,
        name=one.rule.name,
        agency=agency,
        first_due_on=one.first_due_on,
        due_on=one.due.on,
        if_resumed=one.if_resumed,
        met_on=one.met_on,
        state=_state(one, today),
        days_late=0 if one.ended else one.late(today),
        source=one.rule.source,
        working=tuple(step.sentence for step in one.due.trace),
    )


def _state(one: ReviewDate, today: date) -> str:
    if one.met_on is not None:
        return "met"
    if one.ended:
        return "no longer waited for"
    if one.due.on is None:
        return "on hold"
    return "late" if one.overdue(today) else "to come"


def _agency_names(session: NamedSession, dates: tuple[ReviewDate, ...]) -> dict[str, str]:
    ids = {one.agency_id for one in dates if one.agency_id is not None}
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)).order_by(Agency.name))
    return {str(row.id): row.name for row in rows}


def in_lines(found: tuple[Working, ...]) -> Iterator[str]:
    """The dates as a person reads them at the command line."""
    if not found:
        yield "This review has no dates yet."
    for one in found:
        agency = f", {one.agency}" if one.agency else ""
        yield f"{one.due_on or 'no date'!s:<10}  {one.name}{agency}: {one.state}{_lateness(one)}"
        yield from (f"            {sentence}" for sentence in one.working)
        if one.if_resumed is not None:
            yield f"            If resumed today it would be {in_words(one.if_resumed)}."


def _lateness(one: Working) -> str:
    return f", {one.days_late} days late" if one.days_late else ""
