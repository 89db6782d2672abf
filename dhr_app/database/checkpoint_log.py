"""The log of all chains: at each checkpoint a leaf for every chain that moved, and a signed note of size and root.

A chain alone shows no edit, gap or new order that it cannot be hashed anew to hide. The notes leave the host: whoever
hashes a chain anew, or cuts its end off, then contradicts what others hold in their hands.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, func, select, text
from sqlalchemy.orm import Session

from dhr_app.adapters.signed_notes import NoteError, Signer, Verifier
from dhr_app.database.envelope import length_prefixed
from dhr_app.database.errors import TrailBroken
from dhr_app.database.merkle import Tree, leaf_hash
from dhr_app.database.models.audit import AuditCheckpoint, AuditEntry, AuditHead, AuditLeaf
from dhr_app.database.verify import AT_ONCE, Break

LOG = UUID(int=2**128 - 1)  # stands for the log where a break names its chain
_SEQ = struct.Struct(">Q")


@dataclass(frozen=True)
class Note:
    """What a checkpoint's note says."""

    origin: str
    number: int
    size: int
    root: bytes
    at: str
    reason: str

    def __str__(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nnumber {self.number}\nat {self.at}\nreason {self.reason}\n"


def leaf_of(chain: UUID, seq: int, entry_hash: bytes) -> bytes:
    """The leaf that says where a chain stands."""
    return leaf_hash(b"dhr-leaf1" + length_prefixed(chain.bytes, _SEQ.pack(seq), entry_hash))


def add_checkpoint(session: Session, signer: Signer, *, reason: str, at: datetime) -> AuditCheckpoint | None:
    """Add a leaf for each chain that moved, and a note signed over all; None where nothing has. In a verb.

    Raises TrailBroken, and adds nothing, where what was signed before no longer stands.
    """
    _wait_for_turn(session)
    last = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number.desc()).limit(1)).first()
    tree = _tree(session)
    if (tree.size, tree.root()) != ((last.size, last.root) if last else (0, Tree().root())):
        raise TrailBroken("The log of checkpoints is not the one that was signed last: run `dhr audit verify`.")
    for chain, seq, entry_hash in list(_moved(session)):
        session.add(AuditLeaf(position=tree.size, chain=chain, seq=seq, hash=entry_hash))
        tree.add(leaf_of(chain, seq, entry_hash))
    if last is not None and tree.size == last.size:
        return None
    number = last.number + 1 if last else 1
    note = Note(signer.name, number, tree.size, tree.root(), at.isoformat(timespec="seconds"), reason)
    made = AuditCheckpoint(
        number=number, at=at, reason=reason, size=note.size, root=note.root, note=signer.sign(str(note))
    )
    session.add(made)
    session.flush()
    return made


def log_breaks(session: Session, verifier: Verifier) -> Iterator[Break]:
    """Where the log, its notes, or what they say of the chains does not hold."""
    yield from _leaf_breaks(session)
    checkpoints = list(session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number)))
    tree, leaves = Tree(), _leaves(session)
    for number, made in enumerate(checkpoints, start=1):
        if made.number != number:
            yield _of_log(f"expected checkpoint {number}, found {made.number}")
            return
        while tree.size < made.size and (leaf := next(leaves, None)) is not None:
            if leaf.position != tree.size:
                yield _of_log(f"expected leaf {tree.size}, found {leaf.position}")
                return
            tree.add(leaf_of(leaf.chain, leaf.seq, leaf.hash))
        if (tree.size, tree.root()) != (made.size, made.root):
            yield _of_log(f"checkpoint {number} does not follow from its leaves")
            return
        said = Note(verifier.name, number, made.size, made.root, made.at.isoformat(timespec="seconds"), made.reason)
        try:
            if verifier.opened(made.note) != str(said):
                yield _of_log(f"the note of checkpoint {number} says something else than its row")
        except NoteError:
            yield _of_log(f"the note of checkpoint {number} does not bear the signature of {verifier.name}")
    if next(leaves, None) is not None:
        yield _of_log("has leaves that no checkpoint signed")


def note_breaks(
    session: Session,
    notes: Mapping[int, str],
    verifier: Verifier,
    *,
    there: Callable[[], Collection[int]] | None = None,
) -> Iterator[Break]:
    """Where notes that were kept elsewhere, and were read before the session’s picture was taken, differ from ours.

    `there` says which are kept there now: then also where one of ours is missing. A note is written after its row.
    """
    rows = session.execute(select(AuditCheckpoint.number, AuditCheckpoint.note))
    ours = {row.number: row.note for row in rows}
    for number, note in notes.items():
        kept = ours.pop(number, None)
        try:
            verifier.opened(note)
        except NoteError:
            yield _of_log(f"the file of checkpoint {number} does not bear the signature of {verifier.name}")
            continue
        if kept is None:
            yield _of_log(f"checkpoint {number} was signed and is not here: the trail was put back")
        elif kept != note:
            yield _of_log(f"checkpoint {number} is not the one that was signed: the trail was written anew")
    for number in sorted(ours.keys() - set(there())) if there is not None and ours else ():
        yield _of_log(f"checkpoint {number} has no file in the folder of checkpoints")


def _wait_for_turn(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('dhr checkpoint', 0))"))


def _tree(session: Session) -> Tree:
    tree = Tree()
    for leaf in _leaves(session):
        tree.add(leaf_of(leaf.chain, leaf.seq, leaf.hash))
    return tree


def _leaves(session: Session) -> Iterator[Row[tuple[int, UUID, int, bytes]]]:
    query = select(AuditLeaf.position, AuditLeaf.chain, AuditLeaf.seq, AuditLeaf.hash).order_by(AuditLeaf.position)
    return iter(session.execute(query.execution_options(yield_per=AT_ONCE)))


def _moved(session: Session) -> Iterator[tuple[UUID, int, bytes]]:
    """Every chain that has gone on since its last leaf, and where it stands now."""
    latest = select(AuditLeaf.chain, func.max(AuditLeaf.seq).label("seq")).group_by(AuditLeaf.chain).subquery()
    query = (
        select(AuditHead.chain, AuditHead.seq, AuditHead.hash, latest.c.seq, AuditEntry.hash)
        .outerjoin(latest, latest.c.chain == AuditHead.chain)
        .outerjoin(AuditEntry, and_(AuditEntry.chain == AuditHead.chain, AuditEntry.seq == AuditHead.seq))
        .order_by(AuditHead.chain)
    )
    for chain, seq, head_hash, signed, entry_hash in session.execute(query):
        if head_hash != entry_hash or seq < (signed or 0):
            raise TrailBroken("A chain of the audit trail does not end where it should: run `dhr audit verify`.")
        if seq > (signed or 0):
            yield chain, seq, entry_hash


def _leaf_breaks(session: Session) -> Iterator[Break]:
    """Leaves whose chain no longer has, at that place, the entry that was signed."""
    query = (
        select(AuditLeaf.chain, AuditLeaf.seq, AuditEntry.hash)
        .outerjoin(AuditEntry, and_(AuditEntry.chain == AuditLeaf.chain, AuditEntry.seq == AuditLeaf.seq))
        .where((AuditEntry.hash.is_(None)) | (AuditEntry.hash != AuditLeaf.hash))
        .order_by(AuditLeaf.position)
    )
    for chain, seq, entry_hash in session.execute(query):
        yield Break(chain, seq, "was signed and is gone" if not entry_hash else "is not the entry that was signed")


def _of_log(what: str) -> Break:
    return Break(LOG, None, what)
