"""The envelope: how one value is sealed, and bound to the row, column and review it belongs to.

byte 0      suite      0x01 = AES-256-GCM under an HKDF-SHA256 subkey
byte 1-4    generation of the data key, u32 big endian
byte 5-16   nonce, random
byte 17..   ciphertext of  value || 0x80 || 0x00*  (padded), then the 16-byte tag
bound (AAD) "dhr1" || suite || generation || LP(logical name) || LP(row) || LP(review),   LP = u16 length || bytes
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUITE = 0x01
NONCE = 12
TAG = 16
HEADER = struct.Struct(">BI")
OVERHEAD = HEADER.size + NONCE + TAG
_BODY = HEADER.size + NONCE


class Envelope(bytes):
    """Sealed bytes. Shown anywhere, they tell their size and generation only."""

    __slots__ = ()

    @property
    def suite(self) -> int:
        """Which cipher sealed it."""
        return self[0] if self else 0

    @property
    def generation(self) -> int:
        """Which generation of the data key sealed it; 0 where the bytes are too short to say."""
        return int(HEADER.unpack_from(self)[1]) if len(self) >= HEADER.size else 0

    def __repr__(self) -> str:
        return f"<Envelope {len(self)} bytes, generation {self.generation}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)


@dataclass(frozen=True)
class Place:
    """Where a value belongs. `name` is logical ("person.full_name"), so that renaming a column loses nothing."""

    name: str
    row: UUID
    review: UUID

    def bound(self, suite: int, generation: int) -> bytes:
        """The associated data: anything else than exactly this place, suite and generation fails to open."""
        return (
            b"dhr1"
            + HEADER.pack(suite, generation)
            + length_prefixed(self.name.encode(), self.row.bytes, self.review.bytes)
        )


class CannotOpen(Exception):
    """The bytes are not an envelope of this place under this key."""


def length_prefixed(*parts: bytes) -> bytes:
    """Join so that no two different lists of parts give the same bytes."""
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def seal(value: bytes, place: Place, cipher: AESGCM, generation: int, *, pad: int) -> Envelope:
    """Seal a value, padded to a multiple of `pad` bytes so that its length tells little."""
    nonce = os.urandom(NONCE)
    padded = value + b"\x80" + b"\0" * (-(len(value) + 1) % pad)
    body = cipher.encrypt(nonce, padded, place.bound(SUITE, generation))
    return Envelope(HEADER.pack(SUITE, generation) + nonce + body)


def unseal(envelope: Envelope, place: Place, cipher: AESGCM) -> bytes:
    """The value again. Raises CannotOpen for anything that is not exactly what was sealed in this place."""
    if len(envelope) < OVERHEAD or envelope.suite != SUITE:
        raise CannotOpen
    try:
        padded = cipher.decrypt(
            envelope[HEADER.size : _BODY], envelope[_BODY:], place.bound(envelope.suite, envelope.generation)
        )
    except InvalidTag:
        raise CannotOpen from None
    value = padded.rstrip(b"\0")
    if value[-1:] != b"\x80":
        raise CannotOpen
    return value[:-1]
