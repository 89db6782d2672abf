"""The whole trail as JSON lines, for an outside auditor and tools/verify_audit.py; a checkpoint is made first.

Each line says its `kind`: one `trail` that names the signer, then every `entry` with the exact text that was hashed,
every `head`, for each `payload` and `salt` that one is there (never what it holds), every `leaf` and `checkpoint` of
the log, and an `end` that counts the lines, so that a file that was cut short is found out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.checkpoints import Occasion, make_checkpoint, signer_of
from dhr_app.casework.house import House
from dhr_app.database.audit import record
from dhr_app.database.context import Actor
from dhr_app.database.models.audit import AuditCheckpoint, AuditEntry, AuditHead, AuditLeaf, AuditPayload, AuditSalt
from dhr_app.database.named_session import NamedSession
from dhr_app.database.verify import AT_ONCE
from dhr_app.workflows.events import Happened

FORMAT = 1


def announce_export(in_house: House, kind: str, *, by: Actor, at: datetime) -> None:
    """Write down that somebody takes the trail out, then sign it, so that what leaves is what was signed.

    Raises CheckpointFailed, TrailBroken or DatabaseUnavailable: then nothing leaves.
    """
    with in_house.database.transaction(by=by, at=at) as session:
        record(session, Happened.TRAIL_EXPORTED, happened_on=london_date(at), details={"label": kind})
    make_checkpoint(in_house, reason=Occasion.EXPORT, at=at)


def trail_lines(in_house: House) -> Iterator[str]:
    """The lines, each with its end, of one consistent picture. To be read to the end within one thread."""
    number = 0
    with in_house.reading() as session:
        for told in _told(session, str(signer_of(in_house.settings).verifier)):
            number += 1
            yield _line(told)
    yield _line({"kind": "end", "lines": number})


def _told(session: NamedSession, key: str) -> Iterator[dict[str, Any]]:
    yield {"kind": "trail", "format": FORMAT, "key": key}
    entries = select(AuditEntry.chain, AuditEntry.seq, AuditEntry.body, AuditEntry.prev, AuditEntry.hash)
    for chain, seq, body, prev, entry_hash in session.execute(
        entries.order_by(AuditEntry.chain, AuditEntry.seq).execution_options(yield_per=AT_ONCE)
    ):
        yield {
            "kind": "entry",
            "chain": str(chain),
            "seq": seq,
            "body": body.decode(),
            "prev": prev.hex(),
            "hash": entry_hash.hex(),
        }
    for head in session.execute(select(AuditHead.chain, AuditHead.seq, AuditHead.hash).order_by(AuditHead.chain)):
        yield {"kind": "head", "chain": str(head.chain), "seq": head.seq, "hash": head.hash.hex()}
    beside = select(AuditPayload.chain, AuditPayload.seq, AuditPayload.record_class, AuditPayload.subject_id)
    key_of = (AuditPayload.chain, AuditPayload.seq, AuditPayload.record_class, AuditPayload.subject_id)
    for chain, seq, record_class, subject in session.execute(
        beside.order_by(*key_of).execution_options(yield_per=AT_ONCE)
    ):
        yield {"kind": "payload", "chain": str(chain), "seq": seq, "class": record_class, "subject": str(subject)}
    salts = select(AuditSalt.chain, AuditSalt.seq).order_by(AuditSalt.chain, AuditSalt.seq)
    for chain, seq in session.execute(salts.execution_options(yield_per=AT_ONCE)):
        yield {"kind": "salt", "chain": str(chain), "seq": seq}
    leaves = select(AuditLeaf.position, AuditLeaf.chain, AuditLeaf.seq, AuditLeaf.hash).order_by(AuditLeaf.position)
    for position, chain, seq, entry_hash in session.execute(leaves.execution_options(yield_per=AT_ONCE)):
        yield {"kind": "leaf", "position": position, "chain": str(chain), "seq": seq, "hash": entry_hash.hex()}
    notes = select(AuditCheckpoint.number, AuditCheckpoint.note).order_by(AuditCheckpoint.number)
    for number, note in session.execute(notes):
        yield {"kind": "checkpoint", "number": number, "note": note}


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
