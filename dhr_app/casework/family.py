"""Relatives and friends: recorded under a key of their own, and never written to by the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from dhr_app.casework import promises
from dhr_app.casework.family_dates import refresh_publication
from dhr_app.casework.family_progress import Progress, a_day_to_avoid_is_planned, progress_of
from dhr_app.casework.promises import PromiseShown
from dhr_app.casework.rows import in_texts, own_row, rows_of
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.casework.taking_records import must_take_records, takes_records
from dhr_app.database.models.family_part import DateToAvoid, FamilyComment, FamilyStep
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.sealed import replace_unreadable
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.wording import NOT_CONTACTED_BECAUSE

OfMember = TypeVar("OfMember", FamilyStep, FamilyComment, DateToAvoid)

BARRED = (
    "They are marked as not to be contacted or shown material, so nothing is offered or told to them. "
    "If that has changed, change their record first."
)


@dataclass(frozen=True)
class FamilyMemberEntry:
    """What the form says. With `not_contacted_because` nothing is offered or sent to them, until somebody changes it.

    `not_contacted_until` lifts nothing by itself: it is the day from which to ask whether the reason still holds.
    `contact_details` is only ever what is new: it is kept apart, so the form never shows what there is, and a save
    without it leaves that as it is.
    """

    full_name: str = ""
    relationship: str = ""
    contact_details: str = ""
    wishes: str = ""
    not_contacted_because: str = ""
    not_contacted_until: date | None = None


SEALED = ("full_name", "relationship", "wishes")


@dataclass(frozen=True)
class FamilyMemberShown:
    """A family member as a page shows them, opened; `reached` is whether it is kept how to reach them, unopened."""

    id: UUID
    number: int
    version: int
    reached: bool
    entry: FamilyMemberEntry


@dataclass(frozen=True)
class FamilyPage:
    """The family of a review, opened. `progress` says by each member’s id how they take part and what is ahead,
    `promised` by when they were promised to hear of it again, and `news_wish` how often they wish to.

    `clash` is true where the day planned for publication is one that somebody asked to avoid. `may_reach` is whether
    its reader may open how to reach them, once they show who they are.
    """

    reference: str
    members: tuple[FamilyMemberShown, ...]
    progress: dict[UUID, Progress]
    promised: dict[UUID, PromiseShown]
    news_wish: dict[UUID, str]
    clash: bool
    may_change: bool
    may_reach: bool


def add_family_member(reference: str, entry: FamilyMemberEntry, *, by: Person, at: datetime) -> UUID:
    """Record a relative or friend. Raises OutOfReach, NotAllowed, NotYet on a closed review, Invalid."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        _check(entry, scene.today)
        number = scene.session.scalar(select(func.count()).where(FamilyMember.review_id == scene.review.id))
        row = FamilyMember(review_id=scene.review.id, number=(number or 0) + 1, **_columns(entry))
        _keep_apart(row, entry)
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.FAMILY_MEMBER_ADDED, subject=row, number=row.number)
        return row.id


def correct_family_member(
    reference: str, member_id: UUID, entry: FamilyMemberEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct a family member’s record. Raises Stale with both texts, Invalid, OutOfReach, NotAllowed."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = member_of(scene, member_id)
        same_version(row, version, theirs=in_texts(_entry(row)), yours=in_texts(entry))
        _check(entry, scene.today, stands=row.not_contacted_until)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        _keep_apart(row, entry)
        refresh_publication(scene)
        promises.refresh(scene, row, promises.BARRED)
        scene.record(Happened.FAMILY_MEMBER_CHANGED, subject=row, number=row.number)


def open_family(reference: str, *, by: Person, at: datetime) -> FamilyPage:
    """The family, opened for somebody who may see it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "family.see", opens=[DataClass.FAMILY], by=by, at=at) as look:
        rows = rows_of(look, FamilyMember, FamilyMember.number, options=[undefer(FamilyMember.wishes_ct)])
        return FamilyPage(
            reference,
            tuple(_shown(row) for row in rows),
            progress_of(look, rows),
            promises.promises_of(look, rows),
            {row.id: row.news_wish for row in rows},
            a_day_to_avoid_is_planned(look),
            look.may("family.change") and takes_records(look),
            look.may("kept_apart.read"),
        )


def open_family_member(reference: str, member_id: UUID, *, by: Person, at: datetime) -> FamilyMemberShown:
    """One family member, opened for somebody who may correct them. Raises OutOfReach, NotAllowed, NotYet, SealError."""
    with looking(reference, "family.change", opens=[DataClass.FAMILY], by=by, at=at) as look:
        row = member_of(look, member_id)
        must_take_records(look)
        return _shown(row)


def may_add_family(reference: str, *, by: Person, at: datetime) -> None:
    """Let somebody begin the form of a new family member. Raises OutOfReach, NotAllowed, NotYet."""
    with looking(reference, "family.change", by=by, at=at) as look:
        must_take_records(look)


def member_of(at: Scene | Look, member_id: UUID) -> FamilyMember:
    """The family member of this id, if they are one of the review’s. Raises OutOfReach."""
    return own_row(at, FamilyMember, member_id)


def has_contact(row: FamilyMember) -> bool:
    """Whether it is kept where this family member can be reached; opens nothing."""
    return row.contact_apart_ct is not None or row.contact_details_ct is not None


def of_member(at: Scene | Look, model: type[OfMember], row_id: UUID, member: FamilyMember) -> OfMember:
    """The row of this id, if it is this family member’s and was not taken away. Raises OutOfReach."""
    row = own_row(at, model, row_id)
    if row.family_member_id != member.id or row.removed_on is not None:
        raise OutOfReach
    return row


def _check(entry: FamilyMemberEntry, today: date, *, stands: date | None = None) -> None:
    """Raise Invalid. A day that `stands` in the record may have passed: something else is being corrected."""
    faults = {}
    if not entry.full_name.strip() and not entry.relationship.strip():
        faults["full_name"] = "Give a name, or at least what they are to the person who died."
    if entry.not_contacted_because and entry.not_contacted_because not in NOT_CONTACTED_BECAUSE:
        faults["not_contacted_because"] = "Choose from the list."
    if entry.not_contacted_until and not entry.not_contacted_because:
        faults["not_contacted_because"] = "Say why they are not to be contacted until that day."
    if entry.not_contacted_until and entry.not_contacted_until <= today and entry.not_contacted_until != stands:
        faults["not_contacted_until"] = "Give a day still to come, or leave it empty."
    if faults:
        raise Invalid(faults)


def _columns(entry: FamilyMemberEntry) -> dict[str, object]:
    return {
        "not_contacted_because": entry.not_contacted_because or None,
        "not_contacted_until": entry.not_contacted_until,
        **{name: getattr(entry, name).strip() or None for name in SEALED},
    }


def _keep_apart(row: FamilyMember, entry: FamilyMemberEntry) -> None:
    """Put what is new in the place of what was kept, which is not opened for it; nothing new leaves that alone."""
    if new := entry.contact_details.strip():
        replace_unreadable(row, "contact_details", new)
        replace_unreadable(row, "contact_before", None)


def _shown(row: FamilyMember) -> FamilyMemberShown:
    return FamilyMemberShown(row.id, row.number, row.version, has_contact(row), _entry(row))


def _entry(row: FamilyMember) -> FamilyMemberEntry:
    sealed = {name: getattr(row, name) or "" for name in SEALED}
    return FamilyMemberEntry(
        not_contacted_because=row.not_contacted_because or "", not_contacted_until=row.not_contacted_until, **sealed
    )
