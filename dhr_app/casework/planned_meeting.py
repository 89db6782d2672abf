"""Meetings are planned, moved and cancelled; one that was held becomes the record of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.house import house
from dhr_app.casework.planned_checks import PlannedEntry, checked
from dhr_app.casework.rows import in_texts
from dhr_app.casework.scene import NOT_YOURS, Finding, Scene, changing, find_review, require, same_version
from dhr_app.database.audit import record
from dhr_app.database.models.meeting import Meeting
from dhr_app.database.models.planned_meeting import PlannedMeeting
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import NotAllowed, OutOfReach, Over, RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.planned_meetings import GATHERINGS, PANEL, Stand, may_know, may_plan, named
from dhr_app.workflows.record_wording import MEETING_KINDS
from dhr_app.workflows.rule_sets import RuleSet

GATHERING = "gatherings"  # one change at a time of what the partnership plans beside its reviews
OF_THE_PANEL = "A review’s chair plans meetings of its panel. The coordinator plans the others: ask them."
SETTLED = {
    Stand.HELD: "This meeting was held: its record can be corrected, its plan cannot.",
    Stand.CANCELLED: "This meeting was cancelled. Plan another one instead.",
}
NOT_YET_HELD = "This meeting has not begun yet: say that it was held once it was, or move it."
RECORDED = "A meeting of a review is recorded with whoever came: do that instead."


@dataclass(frozen=True)
class Planned:
    """A planned meeting inside a change, which is made in somebody’s name at a moment."""

    session: NamedSession
    row: PlannedMeeting
    at: datetime


def plan_meeting(reference: str, entry: PlannedEntry, *, by: Person, at: datetime) -> UUID:
    """Plan a meeting of a review. Raises OutOfReach, NotAllowed, NotYet before the review is commissioned, Invalid."""
    with changing(reference, "meeting.plan", by=by, at=at) as scene:
        scene.must_be_commissioned()
        if entry.kind in MEETING_KINDS and not may_plan(by, entry.kind, scene.review.id, on=scene.today):
            raise NotAllowed("meeting.plan", OF_THE_PANEL)
        return _add(scene.session, entry, scene.review.id, at=at)


def plan_gathering(entry: PlannedEntry, *, by: Person, at: datetime) -> UUID:
    """Plan a meeting of the steering group, or a learning event. Raises NotAllowed, Invalid."""
    with _gathering(by=by, at=at) as session:
        require(by, "meetings.plan", on=london_date(at))
        return _add(session, entry, None, at=at)


def move_meeting(planned_id: UUID, entry: PlannedEntry, version: int, *, by: Person, at: datetime) -> None:
    """Move a planned meeting; its kind stays. Saying the same again is no move.

    Raises OutOfReach, NotAllowed, Over where it was held or cancelled, Stale, Invalid.
    """
    with _settling(planned_id, by=by, at=at) as planned:
        row = planned.row
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        kinds = MEETING_KINDS if row.review_id else GATHERINGS
        starts_at, ends_at = checked(
            PlannedEntry(row.kind, entry.on, entry.begins, entry.ends, entry.format), kinds, at=at
        )
        if (row.starts_at, row.ends_at, row.format) == (starts_at, ends_at, entry.format):
            return
        row.starts_at, row.ends_at, row.format = starts_at, ends_at, entry.format
        _changed(planned, Happened.MEETING_MOVED)


def cancel_meeting(planned_id: UUID, *, by: Person, at: datetime) -> None:
    """Cancel a planned meeting, also on a review that is closed. Raises OutOfReach, NotAllowed, Over."""
    with _settling(planned_id, by=by, at=at) as planned:
        planned.row.cancelled_at = at
        _changed(planned, Happened.MEETING_CANCELLED)


def may_settle(planned_id: UUID, *, by: Person, at: datetime) -> None:
    """Let somebody send the form of a planned meeting, before a box of it is read.

    Raises OutOfReach, NotAllowed, both written down, and Over where it was held or cancelled.
    """
    try:
        with house().reading() as session:
            _to_settle(session, planned_id, by=by, at=at)
    except (NotAllowed, OutOfReach) as refusal:
        about = refusal.review_id if isinstance(refusal, OutOfReach) else None
        house().database.record_refusal(
            by=by, at=at, review_id=about, what="meeting.plan", reasons=[_code(refusal)]
        )  # fmt: skip
        raise


def took_place(planned_id: UUID, *, by: Person, at: datetime) -> None:
    """Say that a gathering of the partnership was held. Raises OutOfReach, NotAllowed, Over where it has not begun."""
    with _settling(planned_id, by=by, at=at) as planned:
        if planned.row.review_id is not None:
            raise Over(RECORDED)
        if planned.row.starts_at > at:
            raise Over(NOT_YET_HELD)
        planned.row.held_at = at
        _record(planned.session, planned.row, Happened.MEETING_TOOK_PLACE, at=at)


def became(scene: Scene, planned_id: UUID, held: Meeting) -> None:
    """A planned meeting of the review is this record now; a part of recording it. Raises OutOfReach, Over."""
    row = scene.session.get(PlannedMeeting, planned_id)
    if row is None or row.review_id != scene.review.id:
        raise OutOfReach(scene.review.id)
    _must_be_planned(row)
    row.held_at, row.meeting_id = scene.at, held.id


def stand_of(row: PlannedMeeting) -> Stand:
    """How a planned meeting stands."""
    if row.cancelled_at is not None:
        return Stand.CANCELLED
    return Stand.HELD if row.held_at is not None else Stand.PLANNED


def name_of(row: PlannedMeeting) -> str:
    """What it is called; no names of people are in it."""
    return named(row.kind, of_a_review=row.review_id is not None)


def entry_of(row: PlannedMeeting) -> PlannedEntry:
    """A planned meeting as its form shows it."""
    begins, ends = (each.astimezone(LONDON) for each in (row.starts_at, row.ends_at))
    return PlannedEntry(row.kind, begins.date(), f"{begins:%H:%M}", f"{ends:%H:%M}", row.format)


def _add(session: NamedSession, entry: PlannedEntry, review_id: UUID | None, *, at: datetime) -> UUID:
    starts_at, ends_at = checked(entry, MEETING_KINDS if review_id else GATHERINGS, at=at)
    row = PlannedMeeting(
        review_id=review_id, kind=entry.kind, format=entry.format, starts_at=starts_at, ends_at=ends_at,
        sequence=0, planned_at=at, changed_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, row, Happened.MEETING_PLANNED, at=at)
    return row.id


def _changed(planned: Planned, happened: Happened) -> None:
    planned.row.sequence += 1
    planned.row.changed_at = planned.at
    _record(planned.session, planned.row, happened, at=planned.at)


def _record(session: NamedSession, row: PlannedMeeting, happened: Happened, *, at: datetime) -> None:
    label = name_of(row)
    record(
        session,
        happened,
        review_id=row.review_id,
        happened_on=london_date(at),
        subject=row,
        details={"label": label[:1].lower() + label[1:]},
    )


def _must_be_planned(row: PlannedMeeting) -> None:
    if (stands := stand_of(row)) is not Stand.PLANNED:
        raise Over(SETTLED[stands])


@contextmanager
def _settling(planned_id: UUID, *, by: Person, at: datetime) -> Iterator[Planned]:
    """Change a meeting that is still planned, of a review or not. Raises OutOfReach, NotAllowed, Over."""
    with house().reading() as session:
        review_id = session.scalar(select(PlannedMeeting.review_id).where(PlannedMeeting.id == planned_id))
    if review_id is not None:
        with changing(_through(planned_id, by=by, at=at), None, by=by, at=at, doing="meeting.plan") as scene:
            yield _to_settle(scene.session, planned_id, by=by, at=at)
        return
    with _gathering(by=by, at=at) as session:
        yield _to_settle(session, planned_id, by=by, at=at)


def _to_settle(session: NamedSession, planned_id: UUID, *, by: Person, at: datetime) -> Planned:
    today = london_date(at)
    row = session.get(PlannedMeeting, planned_id)
    if row is None or not may_know(by, row.kind, row.review_id, on=today):
        raise OutOfReach(row.review_id if row else None)
    if not may_plan(by, row.kind, row.review_id, on=today):
        on_it = row.review_id is not None and allows(by, "meeting.plan", review_id=row.review_id, on=today)
        raise NotAllowed("meeting.plan", OF_THE_PANEL if on_it and row.kind != PANEL else NOT_YOURS)
    _must_be_planned(row)
    return Planned(session, row, at)


def _through(planned_id: UUID, *, by: Person, at: datetime) -> Finding:
    """The review of a planned meeting, for whoever may reach it."""

    def find(session: NamedSession) -> tuple[Review, RuleSet]:
        of_it = select(Review.reference).join(PlannedMeeting, PlannedMeeting.review_id == Review.id)
        reference = session.scalar(of_it.where(PlannedMeeting.id == planned_id))
        if reference is None:
            raise OutOfReach
        return find_review(session, reference, by=by, on=london_date(at))

    return find


@contextmanager
def _gathering(*, by: Person, at: datetime) -> Iterator[NamedSession]:
    """One change to what the partnership plans beside its reviews; a refusal is kept."""
    try:
        with house().transaction(by=by, at=at) as session:
            session.queue(GATHERING)
            yield session
    except (NotAllowed, OutOfReach) as refusal:
        house().database.record_refusal(by=by, at=at, review_id=None, what="meetings.plan", reasons=[_code(refusal)])
        raise


def _code(refusal: RuleError) -> str:
    return refusal.permission if isinstance(refusal, NotAllowed) else "out_of_reach"
