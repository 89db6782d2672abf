"""What stands in somebody’s private calendar: references and kinds, with a link; no name, no place, no text of anybody.

Calendars are fetched by programs on servers of others, and lie open on telephones. What may be in one is asked of the
rules at each fetch; what somebody was let open in an emergency is never in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.icalendar_file import Entry, as_file
from dhr_app.casework.calendar_dates import GONE_FOR, bring_up_to_date, dates_kept
from dhr_app.casework.calendar_link import whose
from dhr_app.casework.house import house
from dhr_app.casework.planned_meeting import name_of
from dhr_app.casework.said_lines import path_for
from dhr_app.database.models.planned_meeting import CalendarDate, PlannedMeeting
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.planned_meetings import may_know
from dhr_app.workflows.reminders import RULES, Kind, Thing, concerns

SIGN_IN = "Sign in to see it: {link}"


def feed(token: str, *, address: str | None, at: datetime) -> bytes:
    """The calendar behind a link, as a file. Raises OutOfReach, TooManyTries."""
    person = whose(token, address=address, at=at)
    bring_up_to_date(at=at)
    with house().reading() as session:
        return as_file([*_dates(session, person, at=at), *_meetings(session, person, at=at)])


def _dates(session: NamedSession, person: Person, *, at: datetime) -> Iterator[Entry]:
    """The dates that this person is told of by mail and page, in two years and not in a week."""
    today = london_date(at)
    for row, reference in dates_kept(session, at=at):
        thing = _thing(row, reference)
        if not any(rule.kind is thing.kind and concerns(rule, thing, person, today) for rule in RULES):
            continue
        yield Entry(
            uid=row.id,
            summary=f"{reference} due: {row.what}",
            description=_link(path_for(thing, person)),
            begins=row.due_on,
            ends=None,
            sequence=row.sequence,
            changed_at=row.changed_at,
            cancelled=row.gone_at is not None,
        )


def _meetings(session: NamedSession, person: Person, *, at: datetime) -> Iterator[Entry]:
    """The meetings that this person may know of, those of the last sixty days too; one that was cancelled says so."""
    today = london_date(at)
    rows = session.execute(
        select(PlannedMeeting, Review.reference)
        .outerjoin(Review, Review.id == PlannedMeeting.review_id)
        .where(
            PlannedMeeting.ends_at > at - GONE_FOR,
            or_(PlannedMeeting.cancelled_at.is_(None), PlannedMeeting.cancelled_at > at - GONE_FOR),
        )
        .order_by(PlannedMeeting.id)
    )
    for row, reference in rows:
        if may_know(person, row.kind, row.review_id, on=today):
            yield Entry(
                uid=row.id,
                summary=f"{reference}: {name_of(row)}" if reference else name_of(row),
                description=_link(f"/meetings/{row.id}"),
                begins=row.starts_at,
                ends=row.ends_at,
                sequence=row.sequence,
                changed_at=row.changed_at,
                cancelled=row.cancelled_at is not None,
            )


def _thing(row: CalendarDate, reference: str) -> Thing:
    """The date as the rules of who is told of what ask for it."""
    return Thing(
        Kind(row.kind), row.subject_id, row.review_id, reference, None, row.what, row.path, row.due_on, row.agency_id
    )


def _link(path: str) -> str:
    return SIGN_IN.format(link=f"{house().settings.site_url}{path}")
