"""The page of one family member taking part, and the forms on its way, each opened for those who speak with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import promises
from dhr_app.casework.family import OfMember, member_of, of_member
from dhr_app.casework.family_comments import CommentEntry, comment_of
from dhr_app.casework.family_dates import AvoidedDay, planned_publication
from dhr_app.casework.family_part import DayEntry, PartEntry, part_of
from dhr_app.casework.family_progress import Progress, progress_of
from dhr_app.casework.family_steps import StepEntry, known_kind, step_of
from dhr_app.casework.own_dates import OwnDate, own_dates
from dhr_app.casework.promises import PromiseShown
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.taking_records import takes_records
from dhr_app.database.models.family_part import DateToAvoid, FamilyComment, FamilyStep
from dhr_app.database.models.people import FamilyMember
from dhr_app.workflows.destroyed import Destroyed
from dhr_app.workflows.family_steps import FROM_THE_BEGINNING
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import FAMILY_STEPS
from dhr_app.workflows.stages import NOT_COMMISSIONED, Stage

OPENED = (DataClass.FAMILY,)
READING = "family_reading_due"


@dataclass(frozen=True)
class MemberShown:
    """Whose page it is, opened; with `not_contacted_because` nothing is offered to them."""

    id: UUID
    number: int
    name: str
    relationship: str
    not_contacted_because: str
    not_contacted_until: date | None


@dataclass(frozen=True)
class StepShown:
    """One step, opened. `due` is by when an answer to a reading is hoped for; `rested_on` once a move rests on it."""

    id: UUID
    kind: str
    version: int
    entry: StepEntry
    due: OwnDate | None
    rested_on: bool


@dataclass(frozen=True)
class CommentShown:
    """One comment on the draft, opened."""

    id: UUID
    version: int
    entry: CommentEntry


@dataclass(frozen=True)
class DayShown:
    """One day to avoid, opened."""

    id: UUID
    entry: DayEntry


@dataclass(frozen=True)
class PartPage:
    """Everything about how one family member takes part, opened; steps and comments newest first.

    `possible` are the kinds of step that can be written down now: none for whoever is not to be contacted.
    """

    member: MemberShown
    version: int
    part: PartEntry
    progress: Progress
    news_wish: str
    promised: PromiseShown | None
    promised_on_a_day_to_avoid: bool
    steps: tuple[StepShown, ...]
    comments: tuple[CommentShown, ...]
    days: tuple[DayShown, ...]
    possible: tuple[str, ...]
    may_comment: bool
    may_change: bool


def open_part(reference: str, member_id: UUID, *, by: Person, at: datetime) -> PartPage:
    """How one family member takes part. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "family.see", opens=OPENED, by=by, at=at) as look:
        member = member_of(look, member_id)
        due = own_dates(look)
        may_change = look.may("family.change") and takes_records(look)
        commissioned = may_change and Stage(look.review.stage) not in NOT_COMMISSIONED
        days = [DayShown(row.id, _day(row)) for row in _theirs(look, DateToAvoid, member)]
        promised = promises.promises_of(look, [member]).get(member.id)
        return PartPage(
            member=_shown(member),
            version=member.version,
            part=part_of(member),
            progress=progress_of(look, [member])[member.id],
            news_wish=member.news_wish,
            promised=promised,
            promised_on_a_day_to_avoid=promises.falls_on_a_day_they_avoid(promised, _avoided(days)),
            steps=tuple(
                _step(row, due.get((READING, row.id))) for row in _theirs(look, FamilyStep, member, FamilyStep.done_on)
            ),
            comments=tuple(_comment(row) for row in _theirs(look, FamilyComment, member, FamilyComment.made_on)),
            days=tuple(sorted(days, key=lambda one: (str(one.entry.day), one.id))),
            possible=_possible(member, commissioned) if may_change else (),
            may_comment=commissioned,
            may_change=may_change,
        )


@dataclass(frozen=True)
class PartForm:
    """The form of how somebody takes part, as it stands."""

    member: MemberShown
    version: int
    entry: PartEntry


@dataclass(frozen=True)
class NewStep:
    """The form of a step to be written down; `planned_on` is the day planned for publication, where there is one."""

    member: MemberShown
    planned_on: date | None


@dataclass(frozen=True)
class StepForm:
    """The form of a step that stands."""

    member: MemberShown
    shown: StepShown


@dataclass(frozen=True)
class CommentForm:
    """The form of a comment that stands."""

    member: MemberShown
    shown: CommentShown


def open_member(reference: str, member_id: UUID, *, by: Person, at: datetime) -> MemberShown:
    """Whose form it is that somebody may fill in. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "family.change", opens=OPENED, by=by, at=at) as look:
        return _shown(member_of(look, member_id))


def open_part_form(reference: str, member_id: UUID, *, by: Person, at: datetime) -> PartForm:
    """How somebody takes part, to be corrected. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "family.change", opens=OPENED, by=by, at=at) as look:
        member = member_of(look, member_id)
        return PartForm(_shown(member), member.version, part_of(member))


def open_new_step(reference: str, member_id: UUID, kind: str, *, by: Person, at: datetime) -> NewStep:
    """The form of a step of a kind. Raises OutOfReach for a kind that there is not, NotAllowed, SealError."""
    known_kind(kind)
    with looking(reference, "family.change", opens=OPENED, by=by, at=at) as look:
        planned = planned_publication(look)
        return NewStep(_shown(member_of(look, member_id)), planned.planned_on if planned else None)


def open_step(reference: str, member_id: UUID, step_id: UUID, *, by: Person, at: datetime) -> StepForm:
    """A step to be corrected or answered. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "family.change", opens=OPENED, by=by, at=at) as look:
        member = member_of(look, member_id)
        row = of_member(look, FamilyStep, step_id, member)
        return StepForm(_shown(member), _step(row, own_dates(look).get((READING, row.id))))


def open_comment(reference: str, member_id: UUID, comment_id: UUID, *, by: Person, at: datetime) -> CommentForm:
    """A comment to be answered or corrected. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "family.change", opens=OPENED, by=by, at=at) as look:
        member = member_of(look, member_id)
        return CommentForm(_shown(member), _comment(of_member(look, FamilyComment, comment_id, member)))


def _theirs(look: Look, model: type[OfMember], member: FamilyMember, *newest: Any) -> list[OfMember]:
    """What stands of one family member in a table."""
    rows = select(model).where(model.family_member_id == member.id, model.removed_on.is_(None))
    return list(look.session.scalars(rows.order_by(*(column.desc() for column in newest), model.id)))


def _possible(member: FamilyMember, commissioned: bool) -> tuple[str, ...]:
    if member.not_contacted_because:
        return ()
    return tuple(kind for kind in FAMILY_STEPS if commissioned or kind in FROM_THE_BEGINNING)


def _avoided(days: list[DayShown]) -> list[AvoidedDay]:
    """Those that can be read: of a destroyed one no day is left."""
    return [AvoidedDay(one.entry.day, one.entry.every_year) for one in days if one.entry.day]


def _shown(row: FamilyMember) -> MemberShown:
    return MemberShown(
        row.id,
        row.number,
        row.full_name or "",
        row.relationship or "",
        row.not_contacted_because or "",
        row.not_contacted_until,
    )


def _step(row: FamilyStep, due: OwnDate | None) -> StepShown:
    return StepShown(row.id, row.kind, row.version, step_of(row), due, row.used_by is not None)


def _comment(row: FamilyComment) -> CommentShown:
    return CommentShown(row.id, row.version, comment_of(row))


def _day(row: DateToAvoid) -> DayEntry:
    if isinstance(row.day, Destroyed):
        return DayEntry(None, row.every_year, row.day)
    return DayEntry(date.fromisoformat(row.day) if row.day else None, row.every_year, row.why or "")
