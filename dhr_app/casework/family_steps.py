"""What a family member was offered, given or told, on which day and how; and what they answered, in their own time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework import clocks, promises
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.family import BARRED, member_of, of_member
from dhr_app.casework.family_dates import refresh_publication
from dhr_app.casework.rows import in_texts
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.family_part import FamilyStep
from dhr_app.database.models.people import FamilyMember
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.family_steps import FROM_THE_BEGINNING, WITHOUT_A_DAY, answers_to
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import FAMILY_STEPS
from dhr_app.workflows.wording import CHANNELS


@dataclass(frozen=True)
class StepEntry:
    """What the form says. `about_on` is the day of publication they were told; the note is sealed."""

    done_on: date | None = None
    channel: str = ""
    about_on: date | None = None
    answer: str = ""
    answered_on: date | None = None
    note: str = ""


def add_step(reference: str, member_id: UUID, kind: str, entry: StepEntry, *, by: Person, at: datetime) -> UUID:
    """Write down that a family member was offered, given or told something.

    Raises Invalid, under no field where they are not to be contacted; OutOfReach for an unknown kind; NotAllowed; and
    NotYet for what comes only after the review is commissioned.
    """
    known_kind(kind)
    with changing(reference, "family.change", by=by, at=at) as scene:
        member = member_of(scene, member_id)
        if kind in FROM_THE_BEGINNING:
            scene.must_be_open()
        else:
            scene.must_be_commissioned()
        if member.not_contacted_because:
            raise Invalid({"not_contacted": BARRED})
        _check(kind, entry, scene.today)
        row = FamilyStep(review_id=scene.review.id, family_member_id=member.id, kind=kind, **_columns(kind, entry))
        scene.session.add(row)
        scene.session.flush()
        _keep(scene, row)
        promises.refresh(scene, member, promises.KEPT)
        scene.record(Happened.FAMILY_STEP_TAKEN, on=row.done_on, subject=row, number=member.number, step=kind)
        return row.id


def correct_step(
    reference: str, member_id: UUID, step_id: UUID, entry: StepEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct a step, or write down what was answered. Raises Stale with both texts, Invalid, OutOfReach."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        member, row = _found(scene, member_id, step_id)
        same_version(row, version, theirs=in_texts(step_of(row)), yours=in_texts(entry))
        _check(row.kind, entry, scene.today)
        for name, value in _columns(row.kind, entry).items():
            setattr(row, name, value)
        _keep(scene, row)
        promises.refresh(scene, member, promises.CORRECTED)
        scene.record(
            Happened.FAMILY_STEP_CHANGED, subject=row, number=member.number, step=row.kind
        )  # fmt: skip


def remove_step(reference: str, member_id: UUID, step_id: UUID, *, by: Person, at: datetime) -> None:
    """A step was entered by mistake. Raises Invalid once a move rests on it, OutOfReach, NotAllowed."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        member, row = _found(scene, member_id, step_id)
        if row.used_by is not None:
            raise Invalid({"step": "A move rests on this step: it can be corrected, but not taken away."})
        row.removed_on = scene.today
        _keep(scene, row)
        promises.refresh(scene, member, promises.CORRECTED)
        scene.record(
            Happened.FAMILY_STEP_REMOVED, subject=row, number=member.number, step=row.kind
        )  # fmt: skip


def known_kind(kind: str) -> str:
    """The kind of step. Raises OutOfReach for one that there is not."""
    if kind not in FAMILY_STEPS:
        raise OutOfReach
    return kind


def step_of(row: FamilyStep) -> StepEntry:
    """What a step says, opened."""
    return StepEntry(row.done_on, row.channel, row.about_on, row.answer, row.answered_on, row.note or "")


def _keep(scene: Scene, row: FamilyStep) -> None:
    """Bring into line what rests on a step: how long a reading takes, and when others may hear of a publication."""
    if row.kind == "reading":
        stands = row.removed_on is None
        clocks.stand(
            scene, "family_draft_given", "family_answered", subject_id=row.id, agency_id=None, since=row.done_on,
            met_on=row.answered_on if stands else None, waits=stands and row.answer == "awaited",
        )  # fmt: skip
    if row.kind == "publication_date":
        refresh_publication(scene)


def _check(kind: str, entry: StepEntry, today: date) -> None:
    """Raise Invalid with everything that cannot be right."""
    faults = not_in_future(today, done_on=entry.done_on, answered_on=entry.answered_on)
    if entry.done_on is None:
        faults["done_on"] = "Give the day."
    if entry.channel not in CHANNELS:
        faults["channel"] = "Choose how it was done."
    if entry.answer not in answers_to(kind):
        faults["answer"] = "Choose from the list."
    elif entry.answer in WITHOUT_A_DAY:
        if entry.answered_on is not None:
            faults["answered_on"] = "There is no answer yet: leave the day empty, or choose what they answered."
    elif entry.answered_on is None:
        faults["answered_on"] = "Give the day of the answer, or the day on which their time ended."
    elif entry.done_on is not None and entry.answered_on < entry.done_on:
        faults["answered_on"] = f"This cannot be earlier than {in_words(entry.done_on)}, the day above."
    if kind == "publication_date" and entry.about_on is None and entry.answer != "asked_not_to_be":
        faults["about_on"] = "Give the day of publication that they were told."
    if entry.answer == "view_given":
        faults |= filled("note", entry.note, "Write their view down, as far as you can in their own words.")
    if faults:
        raise Invalid(faults)


def _columns(kind: str, entry: StepEntry) -> dict[str, object]:
    return {
        **vars(entry),
        "about_on": entry.about_on if kind == "publication_date" else None,
        "note": entry.note.strip() or None,
    }


def _found(scene: Scene, member_id: UUID, step_id: UUID) -> tuple[FamilyMember, FamilyStep]:
    member = member_of(scene, member_id)
    return member, of_member(scene, FamilyStep, step_id, member)
