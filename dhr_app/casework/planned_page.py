"""Planned meetings as pages show them: all that somebody may know of, those of a review, those of this week."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.house import house
from dhr_app.casework.planned_checks import FORMATS, PlannedEntry, warning
from dhr_app.casework.planned_meeting import entry_of, name_of, stand_of
from dhr_app.casework.scene import looking, require
from dhr_app.casework.working_days import working_days_now
from dhr_app.database.models.planned_meeting import PlannedMeeting
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.planned_meetings import GATHERINGS, Stand, may_know, may_plan
from dhr_app.workflows.record_wording import MEETING_KINDS

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PlannedShown:
    """A planned meeting. `reference` is empty for the partnership’s own; `may_hold`: one may say that it was held."""

    id: UUID
    reference: str
    name: str
    format: str
    starts_at: datetime
    ends_at: datetime
    stand: Stand
    version: int
    entry: PlannedEntry
    may_plan: bool
    may_hold: bool

    @property
    def of_a_review(self) -> bool:
        """Whether it is about one review."""
        return bool(self.reference)


@dataclass(frozen=True)
class MeetingsList:
    """What is ahead, the next first; what has passed and waits for somebody to say how it went; what one may plan."""

    ahead: tuple[PlannedShown, ...]
    unsettled: tuple[PlannedShown, ...]
    may_plan: bool


def meetings_list(*, by: Person, at: datetime) -> MeetingsList:
    """Every planned meeting that the person may know of; opens nothing. Raises NotAllowed."""
    today = london_date(at)
    require(by, "meetings.list", on=today)
    with house().reading() as session:
        found = _shown(session, by, at, PlannedMeeting.held_at.is_(None), PlannedMeeting.cancelled_at.is_(None))
    begins = _begins(today)
    return MeetingsList(
        tuple(one for one in found if one.starts_at >= begins),
        tuple(one for one in found if one.starts_at < begins and (one.may_plan or one.may_hold)),
        allows(by, "meetings.plan", on=today),
    )


def planned_page(planned_id: UUID, *, by: Person, at: datetime) -> PlannedShown:
    """One planned meeting, however it stands. Raises OutOfReach, which is written down, and NotAllowed."""
    require(by, "meetings.list", on=london_date(at))
    with house().reading() as session:
        found = _shown(session, by, at, PlannedMeeting.id == planned_id)
        about = session.scalar(select(PlannedMeeting.review_id).where(PlannedMeeting.id == planned_id))
    if not found:
        house().database.record_refusal(
            by=by, at=at, review_id=about, what="meetings.list", reasons=["out_of_reach"]
        )  # fmt: skip
        raise OutOfReach(about)
    return found[0]


def to_record(reference: str, planned_id: UUID, *, by: Person, at: datetime) -> PlannedShown:
    """A planned meeting of a review that somebody is about to record as held. Raises OutOfReach, NotAllowed."""
    with looking(reference, "meeting.change", by=by, at=at) as look:
        found = _shown(
            look.session, by, at, PlannedMeeting.id == planned_id, PlannedMeeting.review_id == look.review.id
        )
        if not found:
            raise OutOfReach(look.review.id)
        return found[0]


def kinds_to_plan(reference: str, *, by: Person, at: datetime) -> dict[str, str]:
    """Which meetings of a review the person may plan: codes and their words. Raises OutOfReach, NotAllowed."""
    with looking(reference, "meeting.plan", by=by, at=at) as look:
        return {kind: name for kind, name in MEETING_KINDS.items() if may_plan(by, kind, look.review.id, on=look.today)}


def gatherings_to_plan() -> dict[str, str]:
    """What the partnership plans beside its reviews."""
    return dict(GATHERINGS)


def planned_on(session: NamedSession, review_id: UUID, *, by: Person, at: datetime) -> list[PlannedShown]:
    """What is planned on a review and nobody said yet was held, the first to begin first, in one query."""
    return _shown(
        session, by, at, PlannedMeeting.review_id == review_id,
        PlannedMeeting.held_at.is_(None), PlannedMeeting.cancelled_at.is_(None),
    )  # fmt: skip


def ahead_of(session: NamedSession, review_ids: Collection[UUID], *, by: Person, at: datetime) -> list[PlannedShown]:
    """What is planned on these reviews from today on, the next first, in one query."""
    return _shown(session, by, at, PlannedMeeting.review_id.in_(list(review_ids)), *_ahead(london_date(at)))


def this_week(session: NamedSession, *, by: Person, at: datetime) -> list[PlannedShown]:
    """What is planned within seven days from today, the next first, in one query."""
    today = london_date(at)
    return _shown(session, by, at, PlannedMeeting.starts_at < _begins(today + WEEK), *_ahead(today))


def said_beside(entry: PlannedEntry) -> str:
    """What somebody should think of who planned a meeting so; empty where there is nothing."""
    return warning(entry, working_days_now())


def _ahead(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        PlannedMeeting.starts_at >= _begins(today),
        PlannedMeeting.held_at.is_(None),
        PlannedMeeting.cancelled_at.is_(None),
    )


def _begins(day: date) -> datetime:
    """The moment at which a day begins in London."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def _shown(session: NamedSession, by: Person, at: datetime, *which: ColumnElement[bool]) -> list[PlannedShown]:
    """Those of these that the person may know of, the first to begin first."""
    today = london_date(at)
    rows = session.execute(
        select(PlannedMeeting, Review.reference)
        .outerjoin(Review, Review.id == PlannedMeeting.review_id)
        .where(*which)
        .order_by(PlannedMeeting.starts_at, PlannedMeeting.id)
    )
    return [_line(row, by, today, at) for row in rows if may_know(by, row[0].kind, row[0].review_id, on=today)]


def _line(found: Any, by: Person, today: date, at: datetime) -> PlannedShown:
    row, reference = found
    plans = may_plan(by, row.kind, row.review_id, on=today)
    holds = plans if row.review_id is None else allows(by, "meeting.change", review_id=row.review_id, on=today)
    open_still = stand_of(row) is Stand.PLANNED
    return PlannedShown(
        id=row.id,
        reference=reference or "",
        name=name_of(row),
        format=FORMATS[row.format],
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        stand=stand_of(row),
        version=row.version,
        entry=entry_of(row),
        may_plan=open_still and plans,
        may_hold=open_still and holds and row.starts_at <= at,
    )
