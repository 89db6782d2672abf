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
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUITE = 0x01
NONCE = 12
TAG = 16
HEADER = struct.Struct(">BI")
OVERHEAD = HEADER.size + NONCE + TAG
HEAD = HEADER.size
_BODY = HEAD + NONCE
_LENGTH = struct.Struct(">H")
_SIXTEEN = _LENGTH.pack(16)  # bytes of a UUID


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
        return int.from_bytes(self[1:HEAD], "big") if len(self) >= HEAD else 0

    def __repr__(self) -> str:
        return f"<Envelope {len(self)} bytes, generation {self.generation}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)


class Place(NamedTuple):
    """Where a value belongs. `name` is logical ("person.full_name"), so that renaming a column loses nothing."""

    name: str
    row: UUID
    review: UUID

    def bound(self, suite: int, generation: int) -> bytes:
        """The associated data: anything else than exactly this place, suite and generation fails to open."""
        return self._bound(HEADER.pack(suite, generation))

    def _bound(self, header: bytes) -> bytes:
        """The same, which each opening asks for: length_prefixed() of name, row and review, written out."""
        name = self.name.encode()
        return b"".join(
            (b"dhr1", header, _LENGTH.pack(len(name)), name, _SIXTEEN, self.row.bytes, _SIXTEEN, self.review.bytes)
        )


class CannotOpen(Exception):
    """The bytes are not an envelope of this place under this key."""


def length_prefixed(*parts: bytes) -> bytes:
    """Join so that no two different lists of parts give the same bytes."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def seal(value: bytes, place: Place, cipher: AESGCM, generation: int, *, pad: int) -> Envelope:
    """Seal a value, padded to a multiple of `pad` bytes so that its length tells little."""
    nonce = os.urandom(NONCE)
    padded = value + b"\x80" + b"\0" * (-(len(value) + 1) % pad)
    body = cipher.encrypt(nonce, padded, place.bound(SUITE, generation))
    return Envelope(HEADER.pack(SUITE, generation) + nonce + body)


def unseal(envelope: Envelope, place: Place, cipher: AESGCM) -> bytes:
    """The value again. Raises CannotOpen for anything that is not exactly what was sealed in this place."""
    return _unsealed(envelope, place._bound(envelope[:HEAD]), cipher)


class Opener:
    """Opens the values of one attribute of one review under one key: what is bound into each but its row is made once.

    Made from the place of any of them, and its envelope's header.
    """

    __slots__ = ("_after", "_before", "_cipher")

    def __init__(self, place: Place, header: bytes, cipher: AESGCM) -> None:
        bound, end = place._bound(header), -len(_SIXTEEN) - 16
        self._before, self._after, self._cipher = bound[: end - 16], bound[end:], cipher

    def unseal(self, envelope: Envelope, row: UUID) -> bytes:
        """As the function of this name does for the place in this row."""
        return _unsealed(envelope, self._before + row.bytes + self._after, self._cipher)


def _unsealed(envelope: Envelope, bound: bytes, cipher: AESGCM) -> bytes:
    if len(envelope) < OVERHEAD or envelope[0] != SUITE:
        raise CannotOpen
    try:
        padded = cipher.decrypt(envelope[HEAD:_BODY], envelope[_BODY:], bound)
    except InvalidTag:
        raise CannotOpen from None
    value = padded.rstrip(b"\0")
    if value[-1:] != b"\x80":
        raise CannotOpen
    return value[:-1]
