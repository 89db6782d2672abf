"""The people of a review are recorded, corrected and, if entered by mistake, removed; each opening is in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from dhr_app.casework import aware
from dhr_app.casework.checks import known_codes, partial_day
from dhr_app.casework.duplicate_terms import keep_terms
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.casework.taking_records import must_take_records, takes_records
from dhr_app.database.models.notification import Notification
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.workflows import wording as w
from dhr_app.workflows.duplicates import Identity
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.partial_dates import earliest, latest
from dhr_app.workflows.permissions import DataClass, Person


@dataclass(frozen=True)
class PersonEntry:
    """What a person’s form says. The codes stand in clear for figures; everything else is sealed."""

    part: str = "victim"
    full_name: str = ""
    other_names: str = ""
    born_on: str = ""
    died_on: str = ""
    address: str = ""
    notes: str = ""
    sex: str = "not_known"
    age_band: str = "not_known"
    relationship_to_victim: str = "not_known"


SEALED = ("full_name", "other_names", "born_on", "died_on", "address", "notes")
CODES = ("sex", "age_band", "relationship_to_victim")
CHOICES = {
    "part": w.PARTS,
    "sex": w.SEXES,
    "age_band": w.AGE_BANDS,
    "relationship_to_victim": w.RELATIONSHIPS,
}


@dataclass(frozen=True)
class PersonShown:
    """A person as a page shows them, opened; `label` is what sentences call them."""

    id: UUID
    number: int
    version: int
    label: str
    entry: PersonEntry


def perpetrator_word(criminal_state: str) -> str:
    """“Perpetrator” only after conviction, else “alleged perpetrator”."""
    return "Perpetrator" if criminal_state == "convicted" else w.PARTS["perpetrator"]


def label_of(part: str, number: int, *, criminal_state: str = "not_known") -> str:
    """What a person is called where their name has no place."""
    word = perpetrator_word(criminal_state) if part == "perpetrator" else w.PARTS[part]
    return f"{word} {number}"


def add_person(reference: str, entry: PersonEntry, *, by: Person, at: datetime) -> UUID:
    """Record somebody involved. Raises OutOfReach, NotAllowed, NotYet on a closed review, Invalid."""
    with changing(reference, "people.change", by=by, at=at) as scene:
        scene.must_be_open()
        faults = person_faults(entry, scene.today)
        if faults:
            raise Invalid(faults)
        person_id = add_to_scene(scene, entry)
        if entry.part == "victim":
            aware.keep_again(scene)
        return person_id


def correct_person(
    reference: str, person_id: UUID, entry: PersonEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct a person’s record. Raises Stale with both texts, Invalid, OutOfReach, NotAllowed."""
    with changing(reference, "people.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = _row(scene, person_id)
        same_version(row, version, theirs=vars(_entry(row)), yours=vars(entry))
        faults = person_faults(entry, scene.today)
        if entry.part != row.part:
            faults["part"] = "This cannot be changed: remove the record and enter the person again."
        if faults:
            raise Invalid(faults)
        for name in CODES:
            setattr(row, name, getattr(entry, name))
        for name in SEALED:
            setattr(row, name, getattr(entry, name).strip() or None)
        if row.part == "victim":
            aware.keep_again(scene)
        keep_terms(scene.session, row, _identity(entry))
        scene.record(Happened.PERSON_CHANGED, subject=row, label=label_of(row.part, row.number).lower())


def remove_person(reference: str, person_id: UUID, *, by: Person, at: datetime) -> None:
    """Take a person entered by mistake off the pages; the record stays until it is destroyed with the review."""
    with changing(reference, "people.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = _row(scene, person_id)
        if row.part == "victim" and _how_many(scene, "victim") == 1:
            raise Invalid({"part": "A review needs at least one person who died: enter the right person first."})
        row.removed_on = scene.today
        keep_terms(scene.session, row, Identity())
        if row.part == "victim":
            aware.keep_again(scene)
        scene.record(Happened.PERSON_REMOVED, subject=row, label=label_of(row.part, row.number).lower())


@dataclass(frozen=True)
class PeoplePage:
    """Everybody involved in a review, opened."""

    reference: str
    people: tuple[PersonShown, ...]
    perpetrator_word: str
    may_change: bool


def open_people(reference: str, *, by: Person, at: datetime) -> PeoplePage:
    """Everybody involved, opened for somebody who may see them. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "people.see", opens=[DataClass.IDENTITIES], by=by, at=at) as look:
        state = _criminal_state(look)
        rows = look.session.scalars(
            select(InvolvedPerson)
            .where(InvolvedPerson.review_id == look.review.id, InvolvedPerson.removed_on.is_(None))
            .order_by(InvolvedPerson.number)
            .options(undefer(InvolvedPerson.notes_ct))
        )
        in_order = sorted(rows, key=lambda row: (list(w.PARTS).index(row.part), row.number))
        shown = tuple(_shown(row, state) for row in in_order)
        return PeoplePage(reference, shown, perpetrator_word(state), look.may("people.change") and takes_records(look))


@dataclass(frozen=True)
class PersonPage:
    """One person, opened to be corrected."""

    reference: str
    shown: PersonShown


def open_person(reference: str, person_id: UUID, *, by: Person, at: datetime) -> PersonPage:
    """One person, opened for somebody who may correct them. Raises OutOfReach, NotAllowed, NotYet, SealError."""
    with looking(reference, "people.change", opens=[DataClass.IDENTITIES], by=by, at=at) as look:
        row = _row(look, person_id)
        must_take_records(look)
        return PersonPage(reference, _shown(row, _criminal_state(look)))


def parts_to_add(reference: str, *, by: Person, at: datetime) -> dict[str, str]:
    """What a person to be added may be; opens nothing. Raises OutOfReach, NotAllowed, NotYet on a closed review."""
    with looking(reference, "people.change", by=by, at=at) as look:
        must_take_records(look)
        return {**w.PARTS, "perpetrator": perpetrator_word(_criminal_state(look))}


def add_to_scene(scene: Scene, entry: PersonEntry) -> UUID:
    """Write a checked entry inside another verb’s transaction."""
    row = InvolvedPerson(
        review_id=scene.review.id,
        part=entry.part,
        number=_how_many(scene, entry.part, removed_too=True) + 1,
        **{name: getattr(entry, name) for name in CODES},
        **{name: getattr(entry, name).strip() or None for name in SEALED},
    )
    scene.session.add(row)
    scene.session.flush()
    keep_terms(scene.session, row, _identity(entry))
    if entry.part == "victim":
        scene.record(Happened.VICTIM_ADDED, subject=row, number=row.number)
    else:
        scene.record(Happened.PERSON_ADDED, subject=row, label=label_of(row.part, row.number).lower())
    return row.id


def person_faults(entry: PersonEntry, today: date) -> dict[str, str]:
    """A sentence for each field that cannot be right."""
    faults = known_codes(entry, CHOICES)
    faults |= partial_day("born_on", entry.born_on, today) | partial_day("died_on", entry.died_on, today)
    if not faults and entry.born_on and entry.died_on and latest(entry.died_on) < earliest(entry.born_on):
        faults["died_on"] = "The death cannot be before the birth: check both days."
    return faults


def _identity(entry: PersonEntry) -> Identity:
    return Identity(entry.full_name.strip(), entry.born_on)


def _criminal_state(look: Look) -> str:
    state = select(Notification.criminal_state).where(Notification.review_id == look.review.id)
    return look.session.scalars(state).one()


def _shown(row: InvolvedPerson, criminal_state: str) -> PersonShown:
    label = label_of(row.part, row.number, criminal_state=criminal_state)
    return PersonShown(row.id, row.number, row.version, label, _entry(row))


def _entry(row: InvolvedPerson) -> PersonEntry:
    codes: Mapping[str, str] = {name: getattr(row, name) for name in CODES}
    return PersonEntry(part=row.part, **codes, **{name: getattr(row, name) or "" for name in SEALED})


def _row(scene: Scene | Look, person_id: UUID) -> InvolvedPerson:
    row = own_row(scene, InvolvedPerson, person_id)
    if row.removed_on is not None:
        raise OutOfReach
    return row


def _how_many(scene: Scene, part: str, *, removed_too: bool = False) -> int:
    count = select(func.count()).where(InvolvedPerson.review_id == scene.review.id, InvolvedPerson.part == part)
    if not removed_too:
        count = count.where(InvolvedPerson.removed_on.is_(None))
    return scene.session.scalar(count) or 0
