"""Drafts of the report: handed in by chair, author or coordinator by version, shared, and taken out to read.

A version never changes and never goes. The panel reads it once the key of its file is sealed for the panel as well.
The three papers have versions each; other documents go by their titles, and only the same title makes a next version.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import file_kinds, files
from dhr_app.casework.draft_names import LONGEST_TITLE, label, named, place, title_of, told_the_panel
from dhr_app.casework.files import Incoming
from dhr_app.casework.rows import own_row, rows_of, under_way
from dhr_app.casework.scene import Scene, changing, looking
from dhr_app.database.errors import ValueDestroyed
from dhr_app.database.models.draft import Draft
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import DRAFT_KINDS, PAPER_KINDS
from dhr_app.workflows.roles import Role

LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class DraftEntry:
    """What is said of a file that is handed in. `shared`: the review panel may read it at once.

    `title` is that of another document than the three papers; without one it goes by the name of its file.
    """

    kind: str = ""
    note: str = ""
    shared: bool = False
    title: str = ""


@dataclass(frozen=True)
class HandedIn:
    """What became of a file: `number` is that of its version, `name` what it is called (nothing of it is sealed)."""

    number: int
    name: str


@dataclass(frozen=True)
class Fingerprint:
    """What a version of a paper is told by, taken from a draft that is called `name`: nothing of it is opened."""

    id: UUID
    kind: str
    name: str
    sha256: str
    added_on: date


def must_take_drafts(reference: str, *, by: Person, at: datetime) -> None:
    """Asked before a single byte of a file is taken in. Raises OutOfReach, NotAllowed, NotYet."""
    with looking(reference, "draft.hand_in", by=by, at=at) as look:
        if not under_way(look):
            raise NotYet("change", (Reason("stage", "The review takes drafts from its commissioning until its end."),))


def hand_in(reference: str, entry: DraftEntry, incoming: Incoming, *, by: Person, at: datetime) -> HandedIn:
    """Keep a file as the next version of its paper, or of the other document of its title.

    The file is looked into and kept before its row is written; of one that is refused nothing is left.
    Raises OutOfReach, NotAllowed, also where the panel is to read it and that is not theirs to say, NotYet, and Invalid
    where the file or what is said of it cannot be taken.
    """
    file_kinds.look_into(incoming)
    with files.kept(incoming), _taking_drafts(reference, by=by, at=at) as scene:
        if entry.shared:
            scene.allow("draft.share")
        former = [row for row in rows_of(scene, Draft, Draft.series, Draft.number) if row.kind == entry.kind]
        if faults := _faults(entry, incoming, former):
            raise Invalid(faults)
        title = title_of(entry.title, incoming.filename) if entry.kind not in PAPER_KINDS else ""
        series, number = place(title, former)
        row = Draft(
            id=incoming.id,
            review_id=scene.review.id,
            kind=entry.kind,
            series=series,
            number=number,
            added_at=at,
            added_by_id=by.id,
            shared_at=at if entry.shared else None,
            filename=incoming.filename,
            note=entry.note.strip() or None,
            file_key=incoming.file_key,
            panel_file_key=incoming.file_key if entry.shared else None,
            title=title or None,
            panel_title=told_the_panel(title, incoming.filename) if entry.shared else None,
            **files.columns(incoming),
        )
        scene.session.add(row)
        scene.session.flush()
        _tell(scene, Happened.DRAFT_HANDED_IN, row)
        if entry.shared:
            _tell(scene, Happened.DRAFT_SHARED, row)
        return HandedIn(number, named(row.kind, series, number))


def share(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> None:
    """Let the review panel read a version, for good; one that is shared already stays so.

    Raises OutOfReach, NotAllowed, NotYet, SealError.
    """
    with _taking_drafts(reference, "draft.share", by=by, at=at) as scene:
        row = own_row(scene, Draft, draft_id)
        if row.shared_at is None:
            row.panel_file_key = row.file_key
            row.panel_title = told_the_panel(row.title or "", row.filename or "")
            row.shared_at = at
            _tell(scene, Happened.DRAFT_SHARED, row)


def take_out(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> files.TakenOut:
    """A version to read. That it was read is in the audit trail before the first byte of it leaves.

    Raises OutOfReach, also for a panel member where it is not shared; NotAllowed, SealError, FileUnreadable.
    """
    with changing(reference, "draft.see", by=by, at=at, doing="draft.see") as scene:
        row = own_row(scene, Draft, draft_id)
        key = _key(row) if reads_everything(by) else row.panel_file_key
        if key is None:
            raise OutOfReach(scene.review.id)
        _tell(scene, Happened.DRAFT_READ, row)
        name = f"{reference}-{label(row.kind, row.series).replace(' ', '-')}-draft-{row.number}.{row.media}"
        kept = row.id, key, row.sealed_sha256
        media_type, size = file_kinds.MEDIA_TYPES[row.media], row.size
    return files.TakenOut(name, media_type, size, files.read(*kept))


def fingerprint(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> Fingerprint:
    """What is filled in where a draft is put on file as a version of a paper. Raises OutOfReach, NotAllowed."""
    with looking(reference, "paper.change", by=by, at=at) as look:
        row = own_row(look, Draft, draft_id)
        if row.kind not in PAPER_KINDS:
            raise OutOfReach(look.review.id)
        name = named(row.kind, row.series, row.number)
        return Fingerprint(row.id, row.kind, name, row.sha256, london_date(row.added_at))


def reads_everything(by: Person) -> bool:
    """Whether somebody who sees drafts reads those too that are not shared with the panel, and what is said of them."""
    return by.role is not Role.PANEL_MEMBER


@contextmanager
def _taking_drafts(reference: str, permission: str = "draft.hand_in", *, by: Person, at: datetime) -> Iterator[Scene]:
    with changing(reference, permission, by=by, at=at) as scene:
        scene.must_be_commissioned()
        yield scene


def _key(row: Draft) -> str | None:
    """The key of the file; where the working papers were destroyed and the panel’s were not, as the panel has it."""
    try:
        return row.file_key
    except ValueDestroyed:
        if row.panel_file_key is None:
            raise
        return row.panel_file_key


def _faults(entry: DraftEntry, incoming: Incoming, former: list[Draft]) -> dict[str, str]:
    faults = {}
    here = next((row for row in former if row.sha256 == incoming.sha256), None)
    if entry.kind not in DRAFT_KINDS:
        faults["kind"] = "Say what kind of draft it is."
    elif here is not None:
        faults["file"] = f"This very file is here already: {named(here.kind, here.series, here.number)}."
    if len(entry.note) > LONGEST_NOTE:
        faults["note"] = f"Your note is too long: use {LONGEST_NOTE:,} characters or fewer."
    if len(entry.title) > LONGEST_TITLE:
        faults["title"] = f"The title is too long: use {LONGEST_TITLE} characters or fewer."
    return faults


def _tell(scene: Scene, kind: Happened, row: Draft) -> None:
    scene.record(kind, subject=row, label=label(row.kind, row.series), number=row.number)
