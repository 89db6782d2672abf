"""The days that belong to the family: those it asked to avoid, and the five working days it is told before others.

Each of these is called inside a verb: what it opens is in that verb’s own entry in the audit trail.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from dhr_app.casework.rows import rows_of
from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.family_part import DateToAvoid, FamilyStep
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.publication import Publication
from dhr_app.workflows.permissions import DataClass, may_open

# Agencies and press hear of a publication this many working days after the last family member (design, section 3).
WORKING_DAYS_BEFORE_OTHERS = 5
LEAP_DAY, AROUND_IT = (2, 29), ((2, 28), (3, 1))


@dataclass(frozen=True)
class AvoidedDay:
    """A day the family asked to avoid; with `every_year` its day and month alone count."""

    day: date
    every_year: bool

    def falls_on(self, day: date) -> bool:
        """Whether this is the day, or its anniversary. In a common year 29 February is kept on the day either side."""
        if not self.every_year:
            return self.day == day
        anniversary = (self.day.month, self.day.day)
        if anniversary == LEAP_DAY and not isleap(day.year):
            return (day.month, day.day) in AROUND_IT
        return (day.month, day.day) == anniversary


def days_to_avoid(scene: Scene) -> tuple[AvoidedDay, ...]:
    """Every day that a family member asked to avoid, opened. Raises OpeningRefused where the person may not open it."""
    rows = [row for row in rows_of(scene, DateToAvoid) if row.removed_on is None]
    return tuple(AvoidedDay(date.fromisoformat(row.day), row.every_year) for row in rows if row.day)


def falls_on_a_day_to_avoid(scene: Scene, day: date) -> bool:
    """Whether a family member asked to avoid this day. Raises OpeningRefused where the person may not open that."""
    return any(one.falls_on(day) for one in days_to_avoid(scene))


def latest_told(scene: Scene | Look, kind: str, *, about: date | None = None) -> date | None:
    """The day by which everybody taking part was told, None while somebody was not, or where nobody takes part.

    With `about` only being told that very day of publication counts; whoever asked not to be told counts as told.
    """
    members = select(FamilyMember.id).where(
        FamilyMember.review_id == scene.review.id,
        FamilyMember.takes_part == "yes",
        FamilyMember.not_contacted_because.is_(None),
    )
    ids = list(scene.session.scalars(members.order_by(FamilyMember.number)))
    told: dict[object, date] = {}
    for step in _standing(rows_of(scene, FamilyStep, FamilyStep.done_on.desc()), kind):
        if about is None or step.about_on == about or step.answer == "asked_not_to_be":
            told[step.family_member_id] = step.done_on
    if not ids or any(member_id not in told for member_id in ids):
        return None
    return max(told[member_id] for member_id in ids)


def planned_publication(at: Scene | Look) -> Publication | None:
    """The publication that is planned and not done yet."""
    rows = select(Publication).where(
        Publication.review_id == at.review.id, Publication.used_by.is_(None), Publication.published_on.is_(None)
    )
    return at.session.scalars(rows.order_by(Publication.number.desc()).limit(1)).first()


def refresh_publication(scene: Scene) -> None:
    """Hold the planned publication against what the family was told and asked to avoid.

    Called by each verb that changes the planned day, what a family member was told, whether they take part, or a day
    to avoid. Somebody who may not open the family’s days leaves the check undone.
    """
    scene.session.flush()
    planned = planned_publication(scene)
    if planned is None:
        return
    told = latest_told(scene, "publication_date", about=planned.planned_on)
    planned.agencies_from = scene.calendar.add_working_days(told, WORKING_DAYS_BEFORE_OTHERS) if told else None
    opens = may_open(scene.by, scene.review.id, DataClass.FAMILY, on=scene.today)
    planned.avoids_family_dates = not falls_on_a_day_to_avoid(scene, planned.planned_on) if opens else None


def _standing(steps: Iterable[FamilyStep], kind: str) -> list[FamilyStep]:
    """Those steps of a kind that count still: no move rested on them, and they were not entered by mistake."""
    return [step for step in steps if step.kind == kind and step.used_by is None and step.removed_on is None]
