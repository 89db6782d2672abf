"""What is kept apart on a review: recorded by whoever hands it in, corrected by whoever may open it, struck out.

Whoever records something here seals it and cannot open it by that; only whoever may open it can correct its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import undefer

from dhr_app.casework.checks import filled, known_codes
from dhr_app.casework.rows import in_texts, own_row, unknown_agencies
from dhr_app.casework.scene import Look, Scene, changing, same_version
from dhr_app.database.models.kept_apart import SensitiveNote
from dhr_app.database.models.people import FamilyMember, InvolvedPerson
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.kept_apart import NOTE_KINDS, STRUCK_OUT_BECAUSE
from dhr_app.workflows.permissions import Person

NO_WORDS = "Write what is to be kept apart."
WHOM = "Choose somebody of this review, or nobody in particular."
PERSON, MEMBER = "person", "family"


@dataclass(frozen=True)
class NoteEntry:
    """What the form says. `about` is “person:…” or “family:…” with the id of a row, or empty; `words` is sealed."""

    kind: str = ""
    about: str = ""
    agency_id: UUID | None = None
    words: str = ""


def add_note(reference: str, entry: NoteEntry, *, by: Person, at: datetime) -> UUID:
    """Record something to be kept apart. Raises OutOfReach, NotAllowed, NotYet on a closed review, Invalid."""
    with changing(reference, "kept_apart.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = SensitiveNote(
            review_id=scene.review.id,
            added_at=at,
            added_by_id=by.id,
            added_by_name=by.name,
            words=entry.words.strip(),
            **_columns(scene, entry),
        )
        scene.session.add(row)
        scene.record(Happened.KEPT_APART_ADDED, subject=row)
        return row.id


def correct_note(reference: str, note_id: UUID, entry: NoteEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct what is kept apart; what it said before stays in the audit trail, sealed under the same class.

    Raises OpeningRefused for whoever may not open it now, Stale with both texts, OutOfReach, NotAllowed, NotYet,
    Invalid.
    """
    with changing(reference, "kept_apart.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = note_of(scene, note_id)
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        columns = _columns(scene, entry)
        for name, value in columns.items():
            setattr(row, name, value)
        row.words = entry.words.strip()
        row.corrected_at = at
        scene.record(Happened.KEPT_APART_CORRECTED, subject=row)


def strike_out(reference: str, note_id: UUID, because: str, *, by: Person, at: datetime) -> None:
    """Take something off the pages; the row stays, sealed, until its class is destroyed. It needs no right to read it.

    Raises OutOfReach, NotAllowed, NotYet on a closed review, Invalid without a reason.
    """
    with changing(reference, "kept_apart.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = note_of(scene, note_id)
        if because not in STRUCK_OUT_BECAUSE:
            raise Invalid({"because": "Say why it is struck out."})
        row.struck_out_on, row.struck_out_because = scene.today, because
        scene.record(Happened.KEPT_APART_STRUCK_OUT, subject=row, because=because)


def note_of(at: Scene | Look, note_id: UUID) -> SensitiveNote:
    """The note of this id, if it is one of the review’s and was not struck out. Raises OutOfReach."""
    row = own_row(at, SensitiveNote, note_id, undefer(SensitiveNote.words_ct))
    if row.struck_out_on is not None:
        raise OutOfReach
    return row


def entry_of(row: SensitiveNote) -> NoteEntry:
    """What a form of it begins with, opened."""
    return NoteEntry(row.kind, about_of(row), row.agency_id, row.words or "")


def about_of(row: SensitiveNote) -> str:
    """Whom it is about, as forms say it."""
    if row.person_id is not None:
        return f"{PERSON}:{row.person_id}"
    return f"{MEMBER}:{row.family_member_id}" if row.family_member_id is not None else ""


def _columns(scene: Scene, entry: NoteEntry) -> dict[str, object]:
    """What an entry says, apart from its words, as columns. Raises Invalid."""
    faults = known_codes(entry, {"kind": NOTE_KINDS}) | filled("words", entry.words, NO_WORDS)
    if entry.agency_id is not None:
        faults |= unknown_agencies(scene, "agency_id", [entry.agency_id], None)
    about: dict[str, UUID | None] = {"person_id": None, "family_member_id": None}
    try:
        about |= _about(scene, entry.about)
    except (ValueError, OutOfReach):
        faults["about"] = WHOM
    if faults:
        raise Invalid(faults)
    return {"kind": entry.kind, "agency_id": entry.agency_id, **about}


def _about(scene: Scene, about: str) -> dict[str, UUID | None]:
    """Raises ValueError for what is no choice of the form, OutOfReach for somebody of another review."""
    if not about:
        return {}
    which, _, told = about.partition(":")
    if which == PERSON:
        person = own_row(scene, InvolvedPerson, UUID(told))
        if person.removed_on is not None:
            raise OutOfReach
        return {"person_id": person.id}
    if which == MEMBER:
        return {"family_member_id": own_row(scene, FamilyMember, UUID(told)).id}
    raise ValueError
