"""Checkpoints of the audit trail: a signed note of where every chain stands, written to a folder that leaves the host.

checkpoint(Occasion.PUBLICATION, at=at)     after the commit of what it is about; never stops what was done already
make_checkpoint(house, reason=…, at=at)     for whoever asked for one, and must be told why there is none
keep_up(house, at=at)                       every quarter of an hour; what is not in the folder any more stays away
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select

from dhr_app.adapters.checkpoint_folder import CheckpointFolder, FolderError
from dhr_app.adapters.signed_notes import KeyExists, NoteError, Signer, make_signer, read_signer
from dhr_app.casework.house import House, house
from dhr_app.casework.program import Program
from dhr_app.database.checkpoint_log import add_checkpoint
from dhr_app.database.errors import CheckpointFailed, GroundError
from dhr_app.database.models.audit import AuditCheckpoint
from dhr_app.database.named_session import NamedSession
from dhr_app.settings import Settings

LOG = logging.getLogger(__name__)
KEY_FILE = "checkpoint.key"
CLOCKWORK = Program("checkpoint")
LOST = (
    "The folder of checkpoints holds none of the notes that were written to it: mount it again. Where it is lost for"
    " good, name a new folder in checkpoints and run `dhr audit checkpoint`."
)


class Occasion(StrEnum):
    """What a checkpoint is made for."""

    ASKED_FOR = "asked_for"
    EXPORT = "export"
    PUBLICATION = "publication"
    DISPOSAL = "disposal"
    CLOCK = "clock"


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that was made, or the latest where nothing has changed since."""

    number: int
    size: int
    note: str
    fresh: bool


def checkpoint(reason: Occasion, *, at: datetime) -> Checkpoint | None:
    """Make a checkpoint after something was committed. What cannot be made is logged, and made good soon after.

    What was done stays done, so nothing is raised; until the clockwork makes it good, within a quarter of an hour,
    `dhr check` says that it is owed.
    """
    try:
        return make_checkpoint(house(), reason=reason, at=at)
    except GroundError as trouble:
        LOG.warning("no checkpoint was made after %s: %s", reason, trouble)
        return None


def keep_up(in_house: House, *, at: datetime) -> None:
    """Sign where every chain stands if any has moved, and write that note alone.

    Notes that somebody took from the folder are not put back, so that the proof of the trail says so. Nothing is signed
    while the folder has lost every note, as an unmounted share has. Raises CheckpointFailed, TrailBroken or
    DatabaseUnavailable.
    """
    signer, there = signer_of(in_house.settings), numbers_written(in_house.settings)
    with in_house.database.transaction(by=CLOCKWORK, at=at) as session:
        session.hold()
        _must_be_mounted(session, there)
        made = add_checkpoint(session, signer, reason=Occasion.CLOCK.value, at=at)
    if made is not None:
        _write(in_house, [(made.number, made.note)])


def make_checkpoint(in_house: House, *, reason: Occasion, at: datetime) -> Checkpoint | None:
    """Sign where every chain stands, and write each note that is newer than the folder; None before the first entry.

    Whoever asks for one by hand has every note written that the folder lacks, to a new folder all of them; otherwise
    nothing is signed while it has lost every note. Raises CheckpointFailed, TrailBroken or DatabaseUnavailable.
    """
    by_hand, signer = reason is Occasion.ASKED_FOR, signer_of(in_house.settings)
    with in_house.database.transaction(by=CLOCKWORK, at=at) as session:
        session.hold()
        if not by_hand:
            with suppress(FolderError):  # what cannot be read is signed all the same, and written when it can
                _must_be_mounted(session, folder_of(in_house.settings).numbers())
        made = add_checkpoint(session, signer, reason=reason.value, at=at)
    write_notes(in_house, put_back=by_hand)
    with in_house.reading() as session:
        latest = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number.desc()).limit(1)).first()
    return Checkpoint(latest.number, latest.size, latest.note, made is not None) if latest else None


def write_notes(in_house: House, *, put_back: bool = False) -> None:
    """Write what is newer than the folder: a note whose writing failed is written with the next.

    With `put_back` also what somebody took from it. Nothing waits for the folder, which may be on a slow share; two
    who write the same note at once both have. Raises CheckpointFailed.
    """
    there = numbers_written(in_house.settings)
    with in_house.reading() as session:
        rows = session.execute(
            select(AuditCheckpoint.number, AuditCheckpoint.note).order_by(AuditCheckpoint.number)
        ).all()
    newest = 0 if put_back else max(there, default=0)
    _write(in_house, [(row.number, row.note) for row in rows if row.number > newest and row.number not in there])


def _must_be_mounted(session: NamedSession, there: set[int]) -> None:
    if not there and session.scalar(select(func.count()).select_from(AuditCheckpoint)):
        raise CheckpointFailed(LOST)


def signer_of(settings: Settings) -> Signer:
    """The key that signs. In development it is made at first use; in production its place must be said.

    Raises CheckpointFailed.
    """
    path = key_path(settings)
    if settings.production and not settings.checkpoint_key:
        raise CheckpointFailed(
            "Checkpoints need a signing key of their own: make one with `dhr audit make-key FILE`, keep it apart from"
            " the master key, and name the file in checkpoint_key."
        )
    try:
        if not settings.checkpoint_key and not path.exists():
            with suppress(KeyExists):  # somebody else made it just now
                return make_signer(path, origin_of(settings))
        return read_signer(path)
    except NoteError as trouble:
        raise CheckpointFailed(str(trouble)) from None


def make_key(settings: Settings, path: Path) -> str:
    """Make a signing key in a new file. Returns the line that checks what it signs. Raises CheckpointFailed."""
    try:
        return str(make_signer(path, origin_of(settings)).verifier)
    except NoteError as trouble:
        raise CheckpointFailed(str(trouble)) from None


def key_path(settings: Settings) -> Path:
    """Where the signing key lies."""
    return Path(settings.checkpoint_key) if settings.checkpoint_key else settings.instance / KEY_FILE


def origin_of(settings: Settings) -> str:
    """The name under which this installation signs."""
    return f"dhr-audit/{settings.partnership}"


def numbers_written(settings: Settings) -> set[int]:
    """The numbers of the notes in the folder. Raises CheckpointFailed."""
    try:
        return folder_of(settings).numbers()
    except FolderError as trouble:
        raise CheckpointFailed(str(trouble)) from None


def folder_of(settings: Settings) -> CheckpointFolder:
    """Where the notes are written to."""
    return CheckpointFolder(Path(settings.checkpoints))


def _write(in_house: House, notes: Iterable[tuple[int, str]]) -> None:
    folder = folder_of(in_house.settings)
    try:
        for number, note in notes:
            folder.write(number, note)
    except FolderError as trouble:
        raise CheckpointFailed(str(trouble)) from None
