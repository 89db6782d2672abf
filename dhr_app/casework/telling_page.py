"""The pages of “I told …”: whom one can tell and of what, what is owed, and each telling with its note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.scene import looking
from dhr_app.casework.telling import family_of, keeps, settled_by
from dhr_app.casework.telling_about import AboutChoice, about_in_words, choices
from dhr_app.database.models.telling import Telling
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.wording import CHANNELS, NOT_TOLD_BECAUSE


@dataclass(frozen=True)
class FamilyChoice:
    """A family member as the form offers them: by number, never by name."""

    id: UUID
    number: int
    not_to_be_contacted: bool


@dataclass(frozen=True)
class DutyLine:
    """A duty still owed, in words."""

    sentence: str
    family_number: int | None
    due_on: date


@dataclass(frozen=True)
class TellingLine:
    """One telling as it stands in a list: whom, when, how, of what; `why_not` where they could not be told.

    `about` is empty where it was recorded before that was asked.
    """

    id: UUID
    whom: str
    told_on: date
    how: str
    why_not: str
    about: str
    taken_back: bool


@dataclass(frozen=True)
class TellingPage:
    """Whom one can tell of what about a review, what is still owed, and everything told so far, latest first."""

    reference: str
    family: tuple[FamilyChoice, ...]
    about: tuple[AboutChoice, ...]
    duties: tuple[DutyLine, ...]
    told: tuple[TellingLine, ...]


@dataclass(frozen=True)
class TellingShown:
    """One telling with its note opened; `keeps` says why it cannot be taken back, where it cannot."""

    reference: str
    line: TellingLine
    note: str
    keeps: str


def telling_page(reference: str, *, by: Person, at: datetime) -> TellingPage:
    """Whom one can tell, and what is owed; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "told.record", by=by, at=at) as look:
        facts = look.facts()
        family = family_of(look.session, look.review.id)
        numbers = {member.id: member.number for member in family}
        owed = tuple(
            DutyLine(DUTIES[duty.name].sentence, numbers.get(duty.family_member_id) if duty.family_member_id else None,
                     duty.due_on)
            for duty in sorted(facts.duties, key=lambda duty: (duty.due_on, duty.name))
        )  # fmt: skip
        rows = select(Telling).where(Telling.review_id == look.review.id)
        told = look.session.scalars(rows.order_by(Telling.told_on.desc(), Telling.id)).all()
        return TellingPage(
            reference=reference,
            family=tuple(FamilyChoice(row.id, row.number, row.not_contacted_because is not None) for row in family),
            about=tuple(choices(look, facts).values()),
            duties=owed,
            told=tuple(_line(row, numbers) for row in told),
        )


def telling_shown(reference: str, telling_id: UUID, *, by: Person, at: datetime) -> TellingShown:
    """One telling, its note opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "told.record", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = look.session.get(Telling, telling_id)
        if row is None or row.review_id != look.review.id:
            raise OutOfReach(look.review.id)
        numbers = {member.id: member.number for member in family_of(look.session, look.review.id)}
        return TellingShown(reference, _line(row, numbers), row.note or "", keeps(row, settled_by(look.session, row)))


def _line(row: Telling, numbers: dict[UUID, int]) -> TellingLine:
    whom = Audience(row.audience).label
    if row.family_member_id is not None:
        whom = f"family member {numbers[row.family_member_id]}"
    return TellingLine(
        row.id,
        whom,
        row.told_on,
        CHANNELS.get(row.channel or "", ""),
        NOT_TOLD_BECAUSE.get(row.why_not or "", ""),
        about_in_words(row),
        row.taken_back_at is not None,
    )
