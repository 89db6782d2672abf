"""The pages of what is kept apart: what there is, in clear; one of it, opened; and the forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.extra_grant import GrantLine, grant_lines
from dhr_app.casework.family import has_contact
from dhr_app.casework.kept_apart import MEMBER, PERSON, NoteEntry, about_of, entry_of, note_of
from dhr_app.casework.people import label_of
from dhr_app.casework.rows import agency_names, rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.taking_records import must_take_records, takes_records
from dhr_app.database.models.kept_apart import SensitiveNote
from dhr_app.database.models.people import FamilyMember, InvolvedPerson
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.kept_apart import NOTE_KINDS
from dhr_app.workflows.permissions import DataClass, Person

OPENED = (DataClass.SENSITIVE,)
NOBODY_IN_PARTICULAR = "Nobody in particular"


@dataclass(frozen=True)
class NoteLine:
    """Something that is kept apart, with nothing of what it says."""

    id: UUID
    kind: str
    about: str
    agency: str
    added_on: date
    added_by: str
    corrected_on: date | None


@dataclass(frozen=True)
class ContactLine:
    """A family member of whom it is kept where they can be reached."""

    member_id: UUID
    number: int


@dataclass(frozen=True)
class KeptApartPage:
    """What there is, the newest first, and who was let open it."""

    reference: str
    notes: tuple[NoteLine, ...]
    contacts: tuple[ContactLine, ...]
    grants: tuple[GrantLine, ...]
    may_read: bool
    may_change: bool
    may_give: bool


@dataclass(frozen=True)
class NoteShown:
    """One of it, opened."""

    line: NoteLine
    version: int
    entry: NoteEntry
    may_change: bool


def kept_apart_page(reference: str, *, by: Person, at: datetime) -> KeptApartPage:
    """What is kept apart, by kind and day; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "kept_apart.see", by=by, at=at) as look:
        return KeptApartPage(
            reference,
            tuple(_lines(look)),
            tuple(ContactLine(row.id, row.number) for row in _members(look) if has_contact(row)),
            grant_lines(look),
            look.may("kept_apart.read"),
            look.may("kept_apart.change") and takes_records(look),
            look.may("extra_grant.give") and takes_records(look),
        )


def open_note(reference: str, note_id: UUID, *, by: Person, at: datetime) -> NoteShown:
    """One of it, opened. Raises ProofNeeded, OutOfReach, NotAllowed, SealError."""
    with looking(reference, "kept_apart.read", opens=OPENED, by=by, at=at) as look:
        row = note_of(look, note_id)
        may_change = look.may("kept_apart.change") and takes_records(look)
        return NoteShown(_line_of(look, row.id), row.version, entry_of(row), may_change)


def note_to_correct(reference: str, note_id: UUID, *, by: Person, at: datetime) -> NoteShown:
    """The same for the form that corrects it. Raises ProofNeeded, OutOfReach, NotAllowed, NotYet, SealError."""
    with looking(reference, "kept_apart.read", by=by, at=at):
        pass  # whoever may record something here need not be one who may open it
    with looking(reference, "kept_apart.change", opens=OPENED, by=by, at=at) as look:
        row = note_of(look, note_id)
        must_take_records(look)
        return NoteShown(_line_of(look, row.id), row.version, entry_of(row), may_change=True)


def note_to_strike(reference: str, note_id: UUID, *, by: Person, at: datetime) -> NoteLine:
    """One of it, closed, for the form that strikes it out. Raises OutOfReach, NotAllowed, NotYet."""
    with looking(reference, "kept_apart.change", by=by, at=at) as look:
        must_take_records(look)
        return _line_of(look, note_id)


def whom_about(reference: str, *, by: Person, at: datetime) -> dict[str, str]:
    """Whom a note may be about, by what the form calls them; opens nothing. Raises OutOfReach, NotAllowed, NotYet."""
    with looking(reference, "kept_apart.change", by=by, at=at) as look:
        must_take_records(look)
        return _called(look)


def _lines(look: Look) -> Iterator[NoteLine]:
    rows = rows_of(look, SensitiveNote, SensitiveNote.added_at.desc())
    agencies, called = agency_names(look.session, {row.agency_id for row in rows}), _called(look)
    for row in rows:
        if row.struck_out_on is None:
            yield NoteLine(
                row.id,
                NOTE_KINDS[row.kind],
                called.get(about_of(row), NOBODY_IN_PARTICULAR),
                agencies.get(row.agency_id, "") if row.agency_id else "",
                london_date(row.added_at),
                row.added_by_name,
                london_date(row.corrected_at) if row.corrected_at else None,
            )


def _line_of(look: Look, note_id: UUID) -> NoteLine:
    found = [line for line in _lines(look) if line.id == note_id]
    if not found:
        raise OutOfReach
    return found[0]


def _called(look: Look) -> dict[str, str]:
    """Everybody of the review, by what forms call them: what they are called where names have no place."""
    rows = look.session.execute(
        select(InvolvedPerson.id, InvolvedPerson.part, InvolvedPerson.number)
        .where(InvolvedPerson.review_id == look.review.id, InvolvedPerson.removed_on.is_(None))
        .order_by(InvolvedPerson.part, InvolvedPerson.number)
    )
    called = {f"{PERSON}:{row.id}": label_of(row.part, row.number) for row in rows}
    return called | {f"{MEMBER}:{row.id}": f"Family member {row.number}" for row in _members(look)}


def _members(look: Look) -> list[FamilyMember]:
    return rows_of(look, FamilyMember, FamilyMember.number)
