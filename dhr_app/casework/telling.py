"""“I told …”: one form that settles every duty it meets, and says why where somebody could not be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.casework import promises
from dhr_app.casework.checks import not_in_future
from dhr_app.casework.scene import Scene, changing
from dhr_app.casework.telling_about import AboutChoice, choices
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.telling import DutyOwed, Telling
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.wording import CHANNELS, NOT_CONTACTED_BECAUSE, NOT_TOLD_BECAUSE

NOT_AT_ALL = "not_told"


@dataclass(frozen=True)
class TellingEntry:
    """What the form says: whom (audiences, family members by id), of what, how, on which day; or why not.

    `about` is the code of one of the answers that telling_about.py offers, `channel` is how, or NOT_AT_ALL. The note
    is sealed.
    """

    audiences: tuple[str, ...] = ()
    family_member_ids: tuple[UUID, ...] = ()
    channel: str = ""
    told_on: date | None = None
    why_not: str = ""
    note: str = ""
    about: str = ""


def tell(reference: str, entry: TellingEntry, *, by: Person, at: datetime) -> int:
    """Record who was told, or why not, and return how many duties that settled.

    Raises NotYet on a void record, Invalid: nobody or nothing chosen, a day that cannot be, or somebody not to be
    contacted.
    """
    with changing(reference, "told.record", by=by, at=at) as scene:
        if Stage(scene.review.stage) is Stage.VOID:
            raise NotYet("tell", (Reason("stage", "This record was entered in error: nobody outside is told of it."),))
        family = {member.id: member for member in family_of(scene.session, scene.review.id)}
        offered = choices(scene, scene.facts())
        told_on = _checked(scene, entry, family, offered)
        about = offered[entry.about]
        whom: list[tuple[Audience, UUID | None]] = [(Audience(one), None) for one in entry.audiences]
        whom += [(Audience.FAMILY, member_id) for member_id in entry.family_member_ids]
        settled = 0
        for audience, member_id in whom:
            row = Telling(
                review_id=scene.review.id,
                audience=audience.value,
                family_member_id=member_id,
                channel=entry.channel if entry.channel in CHANNELS else None,
                told_on=told_on,
                why_not=entry.why_not or None,
                about=about.about,
                about_seq=about.seq,
                note=entry.note.strip() or None,
            )
            scene.session.add(row)
            scene.session.flush()
            settled += _settle(scene, row)
            details: dict[str, str | int] = {"audience": audience.value, "about": about.about}
            if member_id is not None:
                details["number"] = family[member_id].number
            kind = Happened.NOT_TOLD if entry.why_not else Happened.TOLD
            scene.record(kind, on=told_on, subject=row, details=details)
            if member_id is not None:
                promises.refresh(scene, family[member_id], promises.KEPT)
        return settled


def take_back(reference: str, telling_id: UUID, *, by: Person, at: datetime) -> None:
    """Take back what was recorded by mistake: it stays readable, and what it had settled is owed again.

    Raises OutOfReach, NotAllowed, and Invalid where it is taken back already or a step rests on it.
    """
    with changing(reference, "told.record", by=by, at=at) as scene:
        row = scene.session.get(Telling, telling_id)
        if row is None or row.review_id != scene.review.id:
            raise OutOfReach(scene.review.id)
        settled = settled_by(scene.session, row)
        if kept := keeps(row, settled):
            raise Invalid({"telling": kept})
        for duty in settled:
            duty.settled_by_id = None
        row.taken_back_at, row.used_by = at, None
        if row.family_member_id is not None:
            member = scene.session.get_one(FamilyMember, row.family_member_id)
            promises.refresh(scene, member, promises.CORRECTED)
        scene.record(Happened.TELLING_TAKEN_BACK, subject=row, details={"audience": row.audience})


def settled_by(session: NamedSession, row: Telling) -> list[DutyOwed]:
    """The duties that a telling settled."""
    rows = select(DutyOwed).where(DutyOwed.settled_by_id == row.id).order_by(DutyOwed.due_on, DutyOwed.id)
    return list(session.scalars(rows))


def keeps(row: Telling, settled: list[DutyOwed]) -> str:
    """Why a telling cannot be taken back; empty where it can."""
    if row.taken_back_at is not None:
        return "This was taken back already."
    if row.used_by is not None and row.used_by not in {duty.move_seq for duty in settled}:
        return "A step was taken on the strength of this: it cannot be taken back."
    return ""


def family_of(session: NamedSession, review_id: UUID) -> list[FamilyMember]:
    """The family of a review, in the order of their numbers."""
    rows = select(FamilyMember).where(FamilyMember.review_id == review_id).order_by(FamilyMember.number)
    return list(session.scalars(rows))


def _checked(
    scene: Scene, entry: TellingEntry, family: Mapping[UUID, FamilyMember], offered: Mapping[str, AboutChoice]
) -> date:
    """The day of the telling, once everything about it is right."""
    faults = not_in_future(scene.today, told_on=entry.told_on)
    if entry.told_on is None:
        faults["told_on"] = "Give the day."
    if not entry.audiences and not entry.family_member_ids:
        faults["audiences"] = "Choose whom you told."
    if set(entry.audiences) - set(Audience) or set(entry.family_member_ids) - set(family):
        faults["audiences"] = "Choose from the list."
    if Audience.FAMILY.value in entry.audiences and family:
        faults["audiences"] = "Choose the family members one by one: each is told, or it is said why not."
    if entry.about not in offered:
        faults["about"] = "Choose from the list." if entry.about else "Say what it was about."
    elif entry.told_on and (decided_on := offered[entry.about].decided_on) and entry.told_on < decided_on:
        faults["told_on"] = (
            f"That was decided on {in_words(decided_on)}, and nobody could be told before. "
            "Give a later day, or choose “Something else, or keeping in touch”."
        )
    if entry.why_not and entry.why_not not in NOT_TOLD_BECAUSE:
        faults["why_not"] = "Choose from the list."
    if entry.channel not in (*CHANNELS, NOT_AT_ALL, "") or (not entry.channel and not entry.why_not):
        faults["channel"] = "Say how you told them, or that they were not told."
    if entry.channel in CHANNELS and entry.why_not:
        faults["why_not"] = "You said how you told them. If they were not told, choose that; if they were, leave this."
    if entry.channel == NOT_AT_ALL and not entry.why_not:
        faults["why_not"] = "Say why they were not told."
    if entry.why_not in NOT_CONTACTED_BECAUSE and set(entry.audiences) - {Audience.FAMILY.value}:
        faults["why_not"] = "This can be so of a family member only: record the others by themselves."
    if Audience.FAMILY.value in entry.audiences and not family and not entry.why_not:
        faults["why_not"] = "No family member is recorded: say why nobody could be told, or record them first."
    chosen = [family[one] for one in entry.family_member_ids if one in family]
    barred = [member.number for member in chosen if member.not_contacted_because]
    if barred and not entry.why_not:
        numbers = ", ".join(str(number) for number in barred)
        faults["audiences"] = f"Family member {numbers} is not to be contacted: record why they were not told instead."
    if faults or entry.told_on is None:
        raise Invalid(faults)
    return entry.told_on


def _settle(scene: Scene, telling: Telling) -> int:
    """Settle what this telling meets: left by the step it was about, to the same audience, the same family member.

    A duty to the family that names nobody, since nobody could be told then, is met by telling whoever is recorded now.
    """
    if telling.about_seq is None:
        return 0
    rows = select(DutyOwed).where(
        DutyOwed.review_id == scene.review.id,
        DutyOwed.settled_by_id.is_(None),
        DutyOwed.audience == telling.audience,
        DutyOwed.move_seq == telling.about_seq,
        or_(DutyOwed.family_member_id.is_(None), DutyOwed.family_member_id == telling.family_member_id),
    )
    met = list(scene.session.scalars(rows.order_by(DutyOwed.due_on, DutyOwed.id)))
    for duty in met:
        duty.settled_by_id = telling.id
        if not DUTIES[duty.name].answers_next:
            telling.used_by = duty.move_seq
    return len(met)
