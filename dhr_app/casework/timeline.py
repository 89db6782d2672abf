"""A review told in sentences made from its events; nothing is opened for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.draft import reads_everything
from dhr_app.casework.reminded import ToldOf, reminded
from dhr_app.casework.reminding import REMINDERS
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.sentences import ON_TIMELINE, sentence

PAGE = 100


@dataclass(frozen=True)
class TimelineEntry:
    """One event: what happened, on which day, who recorded it and when.

    A reminder that went out is no event and has no `id`. `leads_to` is the draft it tells of, for whoever may read
    that; else empty.
    """

    id: UUID | None
    text: str
    on: date
    by: str
    recorded_on: date
    leads_to: str = ""


@dataclass(frozen=True)
class TimelinePage:
    """A page of a review’s timeline, latest first; `older` starts the next page."""

    reference: str
    entries: tuple[TimelineEntry, ...]
    older: UUID | None


def timeline_page(reference: str, *, from_entry: UUID | None = None, by: Person, at: datetime) -> TimelinePage:
    """A page of the timeline, from an entry of the page before. Raises OutOfReach, NotAllowed."""
    with looking(reference, "review.see", by=by, at=at) as look:
        entries = told(look, PAGE + 1, from_entry=from_entry)
        older = entries[PAGE].id if len(entries) > PAGE else None
        after = entries[PAGE].on if len(entries) > PAGE else None
        mails = reminded(look, after=after, until=entries[0].on if from_entry and entries else None)
        shown = [*entries[:PAGE], *(_of_mail(each) for each in mails)]
        shown.sort(key=lambda entry: entry.on, reverse=True)
        return TimelinePage(reference, tuple(shown), older)


def _of_mail(each: ToldOf) -> TimelineEntry:
    """What a mail said, as an entry of its own: it was sent in the same morning, by the program."""
    return TimelineEntry(None, each.text, each.on, REMINDERS.name, each.on)


def told(look: Look, number: int, *, from_entry: UUID | None = None) -> tuple[TimelineEntry, ...]:
    """The latest events of a review as sentences, at most `number`, starting from an entry if one is given."""
    rows = (
        select(Event, Agency.name)
        .outerjoin(Agency, Agency.id == Event.agency_id)
        .where(Event.review_id == look.review.id, Event.kind.in_(sorted(ON_TIMELINE)))
        .order_by(Event.happened_on.desc(), Event.recorded_at.desc(), Event.ordinal.desc(), Event.id)
        .limit(number)
    )
    linked = _linked(look)
    start = look.session.get(Event, from_entry) if from_entry else None
    if start is not None and start.review_id == look.review.id:
        same_moment = and_(Event.recorded_at == start.recorded_at, Event.ordinal <= start.ordinal)
        same_day = and_(Event.happened_on == start.happened_on, or_(Event.recorded_at < start.recorded_at, same_moment))
        rows = rows.where(or_(Event.happened_on < start.happened_on, same_day))
    return tuple(
        TimelineEntry(
            event.id,
            sentence(Happened(event.kind), event.details, agency=agency),
            event.happened_on,
            event.recorded_by_name,
            london_date(event.recorded_at),
            f"/reviews/{look.review.reference}/drafts#draft-{event.subject_id}" if event.kind in linked else "",
        )
        for event, agency in look.session.execute(rows)
    )


def _linked(look: Look) -> frozenset[Happened]:
    """The kinds of events that lead to a draft: the panel finds those on its page that were shared with it."""
    if not look.may("draft.see"):
        return frozenset()
    shared = frozenset({Happened.DRAFT_SHARED})
    return shared | {Happened.DRAFT_HANDED_IN} if reads_everything(look.by) else shared
