"""Does the audit trail hold: asked by the command, by `dhr check`, every night, and before anything is destroyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.checkpoint_folder import CheckpointFolder, FolderError
from dhr_app.adapters.clock import london_date
from dhr_app.casework.checkpoints import folder_of, signer_of
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.casework.purposes import AUDIT_PROOF
from dhr_app.casework.tombstones import must_be_applied
from dhr_app.database.audit import SYSTEM_CHAIN, record
from dhr_app.database.checkpoint_log import LOG, log_breaks, note_breaks
from dhr_app.database.deep import Deep
from dhr_app.database.errors import CheckpointFailed
from dhr_app.database.models.audit import AuditCheckpoint, AuditPayload
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.database.opened_payloads import payload_breaks
from dhr_app.database.verify import Break, verify
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened


@dataclass(frozen=True)
class Broken:
    """Where the audit trail does not hold. `chain` is a review's reference (its id if it is gone), “system” or

    “checkpoints”; `seq` the entry's number in it, None where no entry can be named.
    """

    chain: str
    seq: int | None
    what: str

    def __str__(self) -> str:
        return f"{self.chain}{f', entry {self.seq}' if self.seq else ''}: {self.what}"


def broken_places(
    in_house: House, reference: str | None = None, *, deep: bool = False, external: Path | None = None
) -> tuple[Broken, ...]:
    """Where the trail is broken, of one review or of everything; checkpoints always.

    `deep` compares every row with what the trail last said of it; `external` is a folder of notes that was kept
    elsewhere. Raises OutOfReach for an unknown reference, CheckpointFailed where notes cannot be read.
    """
    folders = [folder_of(in_house.settings), *([CheckpointFolder(external)] if external else [])]
    notes = [_notes(folder) for folder in folders]  # before the picture is taken: a note is written after its row
    with in_house.reading() as session:
        review_id = _review(session, reference)
        found = verify(session, review_id, also=[Deep(session)] if deep else [])
        found += list(_checkpoint_breaks(session, in_house, *notes))
        return _told(session, found)


def payloads_broken(in_house: House, reference: str | None = None, *, at: datetime) -> tuple[Broken, ...]:
    """Where what was sealed beside an entry does not open or is not what the entry committed to; opened for a purpose.

    Each class of each review is announced before it is opened. Raises OutOfReach; TombstonesUnheeded.
    """
    must_be_applied(in_house)
    with in_house.reading() as session:
        review_id = _review(session, reference)
        asked = select(AuditPayload.chain, AuditPayload.record_class).distinct()
        rows = asked if review_id is None else asked.where(AuditPayload.chain == review_id)
        kept: dict[UUID, list[str]] = {}
        for chain, record_class in session.execute(rows.order_by(AuditPayload.chain, AuditPayload.record_class)):
            kept.setdefault(chain, []).append(record_class)
    keyring = in_house.keyring(AUDIT_PROOF, at=at)
    for chain, classes in kept.items():
        keyring.announce(None if chain == SYSTEM_CHAIN else chain, classes, at=at)
    with in_house.reading() as session:
        found = [each for chain in kept for each in payload_breaks(session, chain, keyring)]
        return _told(session, found)


def trail_is_sound(in_house: House) -> bool:
    """Whether everything holds, every row compared: while it does not, nothing is destroyed."""
    try:
        return not broken_places(in_house, deep=True)
    except CheckpointFailed:
        return False


def prove_trail(in_house: House, *, at: datetime) -> tuple[Broken, ...]:
    """The nightly proof: everything, every row compared; its result is an event. Raises CheckpointFailed."""
    broken = broken_places(in_house, deep=True)
    kind = Happened.TRAIL_BROKEN if broken else Happened.TRAIL_PROVED
    with in_house.database.transaction(by=Program("nightly proof of the audit trail"), at=at) as session:
        record(session, kind, happened_on=london_date(at), details={"breaks": len(broken)})
    return broken


def _review(session: NamedSession, reference: str | None) -> UUID | None:
    if reference is None:
        return None
    review_id = session.scalars(select(Review.id).where(Review.reference == reference)).one_or_none()
    if review_id is None:
        raise OutOfReach
    return review_id


def _checkpoint_breaks(
    session: NamedSession, in_house: House, notes: Mapping[int, str], external: Mapping[int, str] | None = None
) -> Iterator[Break]:
    """Nothing is asked of the signing key before the first checkpoint."""
    if not session.scalar(select(AuditCheckpoint.number).limit(1)) and external is None and not notes:
        return
    verifier = signer_of(in_house.settings).verifier
    try:
        yield from log_breaks(session, verifier)
        yield from note_breaks(session, notes, verifier, there=lambda: _notes(folder_of(in_house.settings)))
        if external is not None:
            yield from note_breaks(session, external, verifier)
    except (ValueError, TypeError, LookupError, AttributeError):
        yield Break(LOG, None, "cannot be read")


def _notes(folder: CheckpointFolder) -> dict[int, str]:
    try:
        return dict(folder.notes())
    except FolderError as trouble:
        raise CheckpointFailed(str(trouble)) from None


def _told(session: NamedSession, found: list[Break]) -> tuple[Broken, ...]:
    rows = session.execute(select(Review.id, Review.reference).where(Review.id.in_({one.chain for one in found})))
    known = {row.id: row.reference for row in rows}
    return tuple(Broken(_chain(one.chain, known), one.seq, one.what) for one in found)


def _chain(chain: UUID, known: dict[UUID, str]) -> str:
    if chain == LOG:
        return "checkpoints"
    return "system" if chain == SYSTEM_CHAIN else known.get(chain, str(chain))
