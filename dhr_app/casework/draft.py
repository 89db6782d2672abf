"""Drafts of the report: handed in by chair, author or coordinator by version, shared, and taken out to read.

A version never changes and never goes. The panel reads it once the key of its file is sealed for the panel as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import file_kinds, files
from dhr_app.casework.files import Incoming
from dhr_app.casework.rows import own_row, under_way
from dhr_app.casework.scene import Scene, changing, looking
from dhr_app.database.models.draft import Draft
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import DRAFT_KINDS, PAPER_KINDS
from dhr_app.workflows.roles import Role

LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class DraftEntry:
    """What is said of a file that is handed in. `shared`: the review panel may read it at once."""

    kind: str = ""
    note: str = ""
    shared: bool = False


@dataclass(frozen=True)
class Fingerprint:
    """What a version of a paper is told by, taken from a draft: nothing of it is opened."""

    kind: str
    number: int
    sha256: str
    added_on: date


def must_take_drafts(reference: str, *, by: Person, at: datetime) -> None:
    """Asked before a single byte of a file is taken in. Raises OutOfReach, NotAllowed, NotYet."""
    with looking(reference, "draft.hand_in", by=by, at=at) as look:
        if not under_way(look):
            raise NotYet("change", (Reason("stage", "The review takes drafts from its commissioning until its end."),))


def hand_in(reference: str, entry: DraftEntry, incoming: Incoming, *, by: Person, at: datetime) -> int:
    """Keep a file as the next version of its kind, and return its number.

    The file is looked into and kept before its row is written; of one that is refused nothing is left.
    Raises OutOfReach, NotAllowed, NotYet, and Invalid where the file or what is said of it cannot be taken.
    """
    file_kinds.look_into(incoming)
    with files.kept(incoming), _taking_drafts(reference, by=by, at=at) as scene:
        former = _former(scene, entry.kind)
        if faults := _faults(entry, incoming, former):
            raise Invalid(faults)
        row = Draft(
            id=incoming.id,
            review_id=scene.review.id,
            kind=entry.kind,
            number=len(former) + 1,
            added_at=at,
            added_by_id=by.id,
            shared_at=at if entry.shared else None,
            filename=incoming.filename,
            note=entry.note.strip() or None,
            file_key=incoming.file_key,
            panel_file_key=incoming.file_key if entry.shared else None,
            **files.columns(incoming),
        )
        scene.session.add(row)
        scene.session.flush()
        _tell(scene, Happened.DRAFT_HANDED_IN, row)
        if entry.shared:
            _tell(scene, Happened.DRAFT_SHARED, row)
        return row.number


def share(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> None:
    """Let the review panel read a version, for good; one that is shared already stays so.

    Raises OutOfReach, NotAllowed, NotYet, SealError.
    """
    with _taking_drafts(reference, by=by, at=at) as scene:
        row = own_row(scene, Draft, draft_id)
        if row.shared_at is None:
            row.panel_file_key = row.file_key
            row.shared_at = at
            _tell(scene, Happened.DRAFT_SHARED, row)


def take_out(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> files.TakenOut:
    """A version to read. That it was read is in the audit trail before the first byte of it leaves.

    Raises OutOfReach, also for a panel member where it is not shared; NotAllowed, SealError, FileUnreadable.
    """
    with changing(reference, "draft.see", by=by, at=at, doing="draft.see") as scene:
        row = own_row(scene, Draft, draft_id)
        key = row.file_key if reads_everything(by) else row.panel_file_key
        if key is None:
            raise OutOfReach(scene.review.id)
        _tell(scene, Happened.DRAFT_READ, row)
        name = f"{reference}-{row.kind.replace('_', '-')}-draft-v{row.number}.{row.media}"
        kept = row.id, key, row.sealed_sha256
        media_type, size = file_kinds.MEDIA_TYPES[row.media], row.size
    return files.TakenOut(name, media_type, size, files.read(*kept))


def fingerprint(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> Fingerprint:
    """What is filled in where a draft is put on file as a version of a paper. Raises OutOfReach, NotAllowed."""
    with looking(reference, "paper.change", by=by, at=at) as look:
        row = own_row(look, Draft, draft_id)
        if row.kind not in PAPER_KINDS:
            raise OutOfReach(look.review.id)
        return Fingerprint(row.kind, row.number, row.sha256, london_date(row.added_at))


def reads_everything(by: Person) -> bool:
    """Whether somebody who sees drafts reads those too that are not shared with the panel, and what is said of them."""
    return by.role is not Role.PANEL_MEMBER


def named(kind: str, number: int) -> str:
    """What a version is called: overview report, version 2."""
    return f"{DRAFT_KINDS[kind].lower()}, version {number}"


@contextmanager
def _taking_drafts(reference: str, *, by: Person, at: datetime) -> Iterator[Scene]:
    with changing(reference, "draft.hand_in", by=by, at=at) as scene:
        scene.must_be_commissioned()
        yield scene


def _former(scene: Scene, kind: str) -> dict[str, int]:
    """The versions of this kind so far: the number of each by the fingerprint of its file."""
    rows = select(Draft.sha256, func.max(Draft.number)).where(
        Draft.review_id == scene.review.id, Draft.kind == kind
    ).group_by(Draft.sha256).order_by(Draft.sha256)  # fmt: skip
    return {row[0]: row[1] for row in scene.session.execute(rows)}


def _faults(entry: DraftEntry, incoming: Incoming, former: dict[str, int]) -> dict[str, str]:
    faults = {}
    if entry.kind not in DRAFT_KINDS:
        faults["kind"] = "Say what kind of draft it is."
    elif incoming.sha256 in former:
        faults["file"] = f"This very file is here already: {named(entry.kind, former[incoming.sha256])}."
    if len(entry.note) > LONGEST_NOTE:
        faults["note"] = f"Use {LONGEST_NOTE:,} characters or fewer for the note."
    return faults


def _tell(scene: Scene, kind: Happened, row: Draft) -> None:
    scene.record(kind, subject=row, label=DRAFT_KINDS[row.kind].lower(), number=row.number)
