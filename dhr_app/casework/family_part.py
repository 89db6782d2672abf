"""How each family member takes part: whether they wish to, who speaks for them, and the days they asked to avoid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dhr_app.casework import promises
from dhr_app.casework.family import BARRED, member_of, of_member
from dhr_app.casework.family_dates import refresh_publication
from dhr_app.casework.rows import in_texts
from dhr_app.casework.scene import changing, same_version
from dhr_app.database.models.family_part import DateToAvoid
from dhr_app.database.models.people import FamilyMember
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import TAKES_PART

TEN_YEARS = timedelta(days=3652)


@dataclass(frozen=True)
class PartEntry:
    """What the form says: whether they take part (TAKES_PART), and who speaks with them or for them."""

    takes_part: str = "not_known"
    advocate: str = ""


@dataclass(frozen=True)
class DayEntry:
    """A day on which nothing of the review may reach a family member; with `every_year` its anniversaries too."""

    day: date | None = None
    every_year: bool = True
    why: str = ""


def record_part(reference: str, member_id: UUID, entry: PartEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write down whether somebody takes part, and their advocate.

    Raises Stale with both texts, OutOfReach, NotAllowed, and Invalid: whoever is not to be contacted takes no part.
    """
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = member_of(scene, member_id)
        same_version(row, version, theirs=in_texts(part_of(row)), yours=in_texts(entry))
        if entry.takes_part not in TAKES_PART:
            raise Invalid({"takes_part": "Choose from the list."})
        if entry.takes_part == "yes" and row.takes_part != "yes" and row.not_contacted_because:
            raise Invalid({"takes_part": BARRED})
        row.takes_part, row.advocate = entry.takes_part, entry.advocate.strip() or None
        refresh_publication(scene)
        promises.refresh(scene, row, promises.CHANGED)
        scene.record(Happened.FAMILY_PART_RECORDED, subject=row, number=row.number)


def add_date_to_avoid(reference: str, member_id: UUID, entry: DayEntry, *, by: Person, at: datetime) -> UUID:
    """Write down a day to avoid, past or to come. Raises Invalid without one, OutOfReach, NotAllowed."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        member = member_of(scene, member_id)
        row = DateToAvoid(
            review_id=scene.review.id,
            family_member_id=member.id,
            every_year=entry.every_year,
            day=_checked(entry, scene.today).isoformat(),
            why=entry.why.strip() or None,
        )
        scene.session.add(row)
        refresh_publication(scene)
        scene.record(Happened.DATE_TO_AVOID_ADDED, subject=row, number=member.number)
        return row.id


def remove_date_to_avoid(reference: str, member_id: UUID, day_id: UUID, *, by: Person, at: datetime) -> None:
    """A day no longer has to be avoided. Raises OutOfReach, NotAllowed."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        member = member_of(scene, member_id)
        row = of_member(scene, DateToAvoid, day_id, member)
        row.removed_on = scene.today
        refresh_publication(scene)
        scene.record(Happened.DATE_TO_AVOID_REMOVED, subject=row, number=member.number)


def part_of(row: FamilyMember) -> PartEntry:
    """How somebody takes part, opened."""
    return PartEntry(row.takes_part, row.advocate or "")


def _checked(entry: DayEntry, today: date) -> date:
    """The day to avoid, once it can be right. Raises Invalid."""
    day = entry.day
    if day is None:
        raise Invalid({"day": "Give the day."})
    if day < today and not entry.every_year:
        raise Invalid({"every_year": f"{in_words(day)} has passed: does it come again every year?"})
    if day > today + TEN_YEARS:
        raise Invalid({"day": f"{in_words(day)} is more than ten years ahead: check the year."})
    return day
