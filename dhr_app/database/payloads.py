"""What the sealed cells of an entry held: the entry commits to it, and keeps it beside itself under the records' key.

content     32 bytes of salt || u32 length || canonical JSON of the cells, old and new || what re-sealing added
commit      SHA-256(salt || that JSON), in the entry's body
kept        the content sealed with the data key under the purpose "audit", bound to the entry and to the key's domain

The entry stays when the key is destroyed; what is left is a hash that nobody can guess at, for want of the salt. Where
the verb's keyring may not open a value, or it cannot be read, its envelope stands in its place; where the key itself is
not to be had, the content is kept as it is, since it holds nothing but envelopes (`generation` 0).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dhr_app.database.changes import SALT_BYTES, SealedChange
from dhr_app.database.envelope import CannotOpen, Envelope, Place, seal, unseal
from dhr_app.database.errors import KeyUnavailable, NoKeyring, OpeningRefused, SealError, Unannounced
from dhr_app.database.keyring import Cell, Keyring, current_keyring
from dhr_app.database.keystore import NOBODY, SYSTEM_CLASS, Domain
from dhr_app.database.models.audit import AuditPayload

PURPOSE = "audit"
UNSEALED = 0
PAD = 256
_LENGTH = struct.Struct(">I")
_NO_KEY = (KeyUnavailable, NoKeyring, OpeningRefused, Unannounced)


@dataclass(frozen=True)
class Payload:
    """What one data key's cells held, ready to be kept once the entry's place in its chain is known."""

    domain: Domain
    content: bytes
    commit: str
    generation: int
    cipher: AESGCM | None

    @property
    def told(self) -> dict[str, str]:
        """How the entry's body tells it."""
        return {"class": self.domain.record_class, "subject": str(self.domain.subject_id), "commit": self.commit}

    def row(self, chain: UUID, seq: int) -> dict[str, Any]:
        """The row beside the entry, as it is inserted."""
        record_class, subject_id, sealed = self.domain.record_class, self.domain.subject_id, self.content
        if self.cipher is not None:
            place = _cell(chain, seq, record_class, subject_id).place
            sealed = bytes(seal(self.content, place, self.cipher, self.generation, pad=PAD))
        return {
            "chain": chain,
            "seq": seq,
            "record_class": record_class,
            "subject_id": subject_id,
            "generation": self.generation,
            "sealed": sealed,
        }


def payloads_of(changed: Iterable[SealedChange]) -> list[Payload]:
    """One payload for each data key among the changes of one entry, sealed by the keyring in hand where it may."""
    by_domain: dict[Domain, list[SealedChange]] = {}
    for each in changed:
        by_domain.setdefault(each.cell.domain, []).append(each)
    keyring = current_keyring.get()
    return [
        _payload(domain, cells, keyring)
        for domain, cells in sorted(by_domain.items(), key=lambda item: (item[0].record_class, str(item[0].subject_id)))
    ]


def cell_of(row: AuditPayload) -> Cell:
    """A payload's place: among the keys, and bound to its entry."""
    return _cell(row.chain, row.seq, row.record_class, row.subject_id)


def commit_of(row: AuditPayload, keyring: Keyring) -> str:
    """The commitment to what the payload holds. Raises SealError where it cannot be opened, OpeningRefused."""
    salt, values, _ = parts(row, keyring.opening)
    return _commit(salt, values)


def reseal_payload(row: AuditPayload, keyring: Keyring) -> None:
    """Seal a payload with today's key of its domain; inside a verb in the keyring's own name. The commit stays true.

    An envelope that it kept for want of a key is opened now, while its key can still be had, and what was in it is kept
    behind what was committed to. Raises SealError, OpeningRefused, KeyUnavailable.
    """
    salt, values, added = parts(row, keyring.for_the_trail)
    if not added and (opened := list(_opened_late(json.loads(values), row, keyring))):
        added = _canonical(opened)
    generation, cipher = keyring.sealing(cell_of(row), purpose=PURPOSE)
    content = salt + _LENGTH.pack(len(values)) + values + added
    row.sealed = bytes(seal(content, cell_of(row).place, cipher, generation, pad=PAD))
    row.generation = generation


def _payload(domain: Domain, changed: list[SealedChange], keyring: Keyring | None) -> Payload:
    values = _canonical([_told(each, keyring) for each in changed])
    salt = os.urandom(SALT_BYTES)
    generation, cipher = UNSEALED, None
    if keyring is not None:
        try:
            generation, cipher = keyring.sealing(changed[0].cell, purpose=PURPOSE)
        except _NO_KEY:
            # What was opened must not stand in a content that is kept unsealed.
            values = _canonical([_told(each, None) for each in changed])
    return Payload(domain, salt + _LENGTH.pack(len(values)) + values, _commit(salt, values), generation, cipher)


def _told(changed: SealedChange, keyring: Keyring | None) -> dict[str, Any]:
    table, row, column = changed.at
    return {
        "table": table,
        "row": row,
        "column": column,
        "name": changed.cell.place.name,
        "was": _value(changed.cell, changed.old, keyring),
        "is": _value(changed.cell, changed.new, keyring),
    }


def _value(cell: Cell, envelope: Envelope | None, keyring: Keyring | None) -> dict[str, str] | None:
    """What an envelope holds, as it was before it was sealed; the envelope where that cannot be known."""
    if envelope is None:
        return None
    if keyring is not None:
        try:
            data = unseal(envelope, cell.place, keyring.for_the_trail(cell, envelope.generation))
        except (CannotOpen, *_NO_KEY):
            pass
        else:
            return _as_text(data)
    return {"envelope": base64.b64encode(bytes(envelope)).decode()}


def _as_text(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"hex": data.hex()}


def parts(row: AuditPayload, opening: Callable[..., AESGCM]) -> tuple[bytes, bytes, bytes]:
    """The salt, the cells' JSON, and what re-sealing added to it; `opening` is a method of a keyring.

    Raises SealError where the payload is not what was sealed for exactly this entry, OpeningRefused, Unannounced.
    """
    content = row.sealed
    if row.generation != UNSEALED:
        cell, envelope = cell_of(row), Envelope(row.sealed)
        try:
            if envelope.generation != row.generation:
                raise CannotOpen
            content = unseal(envelope, cell.place, opening(cell, row.generation, purpose=PURPOSE))
        except (CannotOpen, KeyUnavailable):
            raise SealError("audit_payload", "sealed", f"{row.chain}:{row.seq}") from None
    salt, rest = content[:SALT_BYTES], content[SALT_BYTES:]
    if len(rest) < _LENGTH.size or len(rest) < _LENGTH.size + _LENGTH.unpack_from(rest)[0]:
        raise SealError("audit_payload", "sealed", f"{row.chain}:{row.seq}")
    end = _LENGTH.size + _LENGTH.unpack_from(rest)[0]
    return salt, rest[_LENGTH.size : end], rest[end:]


def _opened_late(cells: list[dict[str, Any]], row: AuditPayload, keyring: Keyring) -> Iterator[dict[str, Any]]:
    """What the envelopes that a payload kept hold, each with where it stands."""
    for number, told in enumerate(cells):
        for side in ("was", "is"):
            if told[side] is None or "envelope" not in told[side]:
                continue
            envelope = Envelope(base64.b64decode(told[side]["envelope"]))
            kept = cell_of(row)
            place = Place(told["name"], UUID(told["row"]), kept.domain.review_id)
            cell = Cell(told["table"], told["column"], kept.data_class, kept.domain, None, place)
            value = _value(cell, envelope, keyring)
            if value is not None and "envelope" not in value:
                yield {"cell": number, "side": side, **value}


def _cell(chain: UUID, seq: int, record_class: str, subject_id: UUID) -> Cell:
    review = NOBODY if record_class == SYSTEM_CLASS else chain
    place = Place(f"audit_payload:{seq}:{record_class}", subject_id, chain)
    return Cell("audit_payload", "sealed", record_class, Domain(review, record_class, subject_id), None, place)


def _commit(salt: bytes, values: bytes) -> str:
    return hashlib.sha256(salt + values).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
