"""Twelve ways to tamper with the audit trail, each done as well as somebody with every power over the database can."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, text, update

from dhr_app.adapters.signed_notes import Signer
from dhr_app.database.audit import FIRST, chain_hash
from dhr_app.database.checkpoint_log import Note
from dhr_app.database.models.audit import (
    AuditCheckpoint,
    AuditEntry,
    AuditHead,
    AuditPayload,
    AuditSalt,
)
from dhr_app.database.models.event import Event
from tests.installations import Installation

STRANGER = Signer("dhr-audit/barsetshire", b"\x07" * 32)


@dataclass(frozen=True)
class Target:
    """Two reviews' chains of an installation, with the first of them to be tampered with."""

    installation: Installation
    chain: UUID
    other: UUID

    def entries(self, chain: UUID | None = None) -> list[Any]:
        """The entries of a chain, as rows."""
        query = select(AuditEntry.seq, AuditEntry.at, AuditEntry.body, AuditEntry.prev, AuditEntry.hash)
        with self.installation.main.connect() as connection:
            return list(
                connection.execute(query.where(AuditEntry.chain == (chain or self.chain)).order_by(AuditEntry.seq))
            )

    def rewrite(self, bodies: list[bytes]) -> None:
        """Put these bodies in place of the whole chain, hashed anew from the first to the end, head and all."""
        at = self.entries()[0].at
        prev, rows = FIRST, []
        for seq, body in enumerate(bodies, start=1):
            content = {**json.loads(body), "seq": seq}
            data = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
            hashed = chain_hash(prev=prev, chain=self.chain, seq=seq, body=data)
            rows.append({"chain": self.chain, "seq": seq, "at": at, "body": data, "prev": prev, "hash": hashed})
            prev = hashed
        self.installation.tamper(delete(AuditEntry).where(AuditEntry.chain == self.chain))
        with self.installation.main.begin() as connection:
            connection.execute(insert(AuditEntry), rows)
        self.installation.tamper(
            update(AuditHead).where(AuditHead.chain == self.chain).values(seq=len(rows), hash=prev)
        )

    def bodies(self) -> list[bytes]:
        """The bodies of the chain's entries."""
        return [bytes(entry.body) for entry in self.entries()]

    def forget_from(self, seq: int) -> None:
        """Take away what entries from this one on told of, as far as the chain's own proof looks at it."""
        told = [event["id"] for body in self.bodies()[seq - 1 :] for event in json.loads(body)["events"]]
        statements = [delete(Event).where(Event.id.in_([UUID(each) for each in told]))]
        statements += [
            delete(model).where(model.chain == self.chain, model.seq >= seq) for model in (AuditPayload, AuditSalt)
        ]
        self.installation.tamper(*statements)


def edit(target: Target) -> None:
    body = target.bodies()[1].replace(b'"name":"', b'"name":"x')
    where = (AuditEntry.chain == target.chain, AuditEntry.seq == 2)
    target.installation.tamper(update(AuditEntry).where(*where).values(body=body))


def remove(target: Target) -> None:
    target.installation.tamper(delete(AuditEntry).where(AuditEntry.chain == target.chain, AuditEntry.seq == 2))


def put_in(target: Target) -> None:
    """An entry among the others: those behind it are renumbered, with their hashes as they were."""
    last = target.entries()[-1]
    for seq in range(last.seq, 1, -1):
        where = (AuditEntry.chain == target.chain, AuditEntry.seq == seq)
        target.installation.tamper(update(AuditEntry).where(*where).values(seq=seq + 1))
    first = target.entries()[0]
    body = json.dumps({**json.loads(first.body), "seq": 2, "events": [], "changes": []}).encode()
    hashed = chain_hash(prev=b"\x01" * 32, chain=target.chain, seq=2, body=body)
    row = {"chain": target.chain, "seq": 2, "at": first.at, "body": body, "prev": b"\x01" * 32, "hash": hashed}
    target.installation.tamper(insert(AuditEntry).values(row))


def reorder(target: Target) -> None:
    for old, new in ((2, 2000), (3, 2), (2000, 3)):
        where = (AuditEntry.chain == target.chain, AuditEntry.seq == old)
        target.installation.tamper(update(AuditEntry).where(*where).values(seq=new))


def cut_tail(target: Target) -> None:
    last = target.entries()[-1].seq
    target.forget_from(last)
    target.installation.tamper(delete(AuditEntry).where(AuditEntry.chain == target.chain, AuditEntry.seq == last))


def rewind_head(target: Target) -> None:
    """The end is cut off and the head says so: the chain alone is whole."""
    last = target.entries()[-1].seq
    target.forget_from(last)
    target.rewrite(target.bodies()[:-1])


def fork(target: Target) -> None:
    """Another last entry in place of the one that was there, following the same one: a history that never was."""
    last = target.entries()[-1].seq
    target.forget_from(last)
    *before, end = target.bodies()
    told = {**json.loads(end), "events": [], "changes": [], "openings": []}
    told.pop("commits", None)
    target.rewrite([*before, json.dumps(told).encode()])


def swap_chains(target: Target) -> None:
    between = uuid4()
    for old, new in ((target.chain, between), (target.other, target.chain), (between, target.other)):
        for model in (AuditEntry, AuditHead, AuditPayload, AuditSalt):
            target.installation.tamper(update(model).where(model.chain == old).values(chain=new))


def hash_anew(target: Target) -> None:
    """Somebody else did it: every entry says so, and all hashes fit."""
    target.rewrite([body.replace(b'"role":"coordinator"', b'"role":"administrator"') for body in target.bodies()])


def change_type(target: Target) -> None:
    if target.installation.engine == "sqlite":
        statement = "UPDATE audit_entry SET body = CAST(body AS TEXT) WHERE seq = 2"
    else:
        statement = "ALTER TABLE audit_entry ALTER COLUMN body TYPE text USING convert_from(body, 'UTF8')"
    target.installation.tamper(text(statement))


def delete_payload(target: Target) -> None:
    target.installation.tamper(delete(AuditPayload).where(AuditPayload.chain == target.chain))


def forge_checkpoint(target: Target) -> None:
    """A checkpoint of the same number and root, signed with a key of one's own."""
    with target.installation.main.connect() as connection:
        row = connection.execute(select(AuditCheckpoint.size, AuditCheckpoint.root, AuditCheckpoint.at)).one()
    note = Note(STRANGER.name, 1, row.size, row.root, "2026-06-03T09:30:00+00:00", "asked_for")
    target.installation.tamper(update(AuditCheckpoint).values(note=STRANGER.sign(str(note)), reason="asked_for"))


# What is done, and what the proof says of it.
CLASSES: dict[str, tuple[Callable[[Target], None], str]] = {
    "edit":            (edit,             "entry 2: is not what was hashed"),
    "delete":          (remove,           "entry 2: expected entry 2, found 3"),
    "insert":          (put_in,           "entry 2: does not follow the entry before it"),
    "reorder":         (reorder,          "entry 2: does not follow the entry before it"),
    "cut the tail":    (cut_tail,         "does not end where it should"),
    "rewind the head": (rewind_head,      "was signed and is gone"),
    "fork":            (fork,             "is not the entry that was signed"),
    "swap chains":     (swap_chains,      "entry 1: is not what was hashed"),
    "hash anew":       (hash_anew,        "is not the entry that was signed"),
    "change the type": (change_type,      "is not what was hashed"),
    "delete payloads": (delete_payload,   "its payload is gone"),
    "forge a note":    (forge_checkpoint, "does not bear the signature of dhr-audit/barsetshire"),
}  # fmt: skip
