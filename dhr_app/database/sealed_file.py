"""The sealed file: bytes of any length, sealed piece by piece, so that no disk ever holds them in clear.

header      "DHRF" || version 0x01 || u32 chunk size || 32 bytes of salt || 7 bytes of nonce           48 bytes
key         HKDF-SHA256(file key, salt, "dhr/v1/file" || header || id of the row)
chunk i     AES-256-GCM(key, nonce || u32 i || u8 last)                         a tag of 16 bytes after each

This is the STREAM construction: the place of each chunk is in its nonce, and so is whether it is the last. Whatever is
cut off, exchanged, added, or of another row fails to open; an edited header gives another key.
"""

from __future__ import annotations

import io
import os
import struct
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC, VERSION = b"DHRF", 1
CHUNK = 64 * 1024
TAG = 16
HEADER = struct.Struct(">4sBI32s7s")
_NONCE = struct.Struct(">7sIB")
FILE_KEY_BYTES = 32


class CannotOpenFile(Exception):
    """The bytes are not a file that was sealed for this row under this key."""


def new_file_key() -> bytes:
    """A key for one file."""
    return os.urandom(FILE_KEY_BYTES)


class Sealing:
    """Seals what it is given, from front to end. `begin`, then `add` as often as there is something, then `end`."""

    def __init__(self, file_key: bytes, row: UUID) -> None:
        self._prefix = os.urandom(7)
        self._header = HEADER.pack(MAGIC, VERSION, CHUNK, os.urandom(32), self._prefix)
        self._cipher = _cipher(file_key, self._header, row)
        self._waiting = bytearray()
        self._number = 0

    def begin(self) -> bytes:
        """The header."""
        return self._header

    def add(self, data: bytes) -> bytes:
        """As many sealed chunks as are full by now. The last one waits: it must be sealed as the last."""
        self._waiting += data
        full = max(0, (len(self._waiting) - 1) // CHUNK)
        if not full:
            return b""
        taken = memoryview(bytes(self._waiting[: full * CHUNK]))
        del self._waiting[: full * CHUNK]
        return b"".join(self._seal(taken[start : start + CHUNK], last=False) for start in range(0, len(taken), CHUNK))

    def end(self) -> bytes:
        """The last chunk, which may be empty."""
        return self._seal(bytes(self._waiting), last=True)

    def _seal(self, data: bytes | memoryview, *, last: bool) -> bytes:
        nonce = _NONCE.pack(self._prefix, self._number, last)
        self._number += 1
        return self._cipher.encrypt(nonce, data, None)


class SealedReader(io.RawIOBase):
    """The clear bytes of a sealed file, read from anywhere; one chunk of them is in memory at a time.

    Raises CannotOpenFile for anything that was not sealed for exactly this row, at the first read that meets it.
    """

    def __init__(self, sealed: BinaryIO, file_key: bytes, row: UUID) -> None:
        self._sealed = sealed
        self._place = 0
        self._in_hand: tuple[int, bytes] = (-1, b"")
        whole = sealed.seek(0, io.SEEK_END)
        sealed.seek(0)
        header = sealed.read(HEADER.size)
        body = whole - HEADER.size
        if len(header) < HEADER.size or header[:5] != MAGIC + bytes([VERSION]) or body < TAG:
            raise CannotOpenFile
        _, _, chunk, _, self._prefix = HEADER.unpack(header)
        if chunk != CHUNK:
            raise CannotOpenFile
        self._chunks = -(-body // (CHUNK + TAG))
        last = body - (self._chunks - 1) * (CHUNK + TAG)
        if last < TAG or (last == TAG and self._chunks > 1):  # no chunk is ever sealed to this length
            raise CannotOpenFile
        self.size = body - self._chunks * TAG
        self._cipher = _cipher(file_key, header, row)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place among the clear bytes."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError("a place before the beginning")
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        """The place among the clear bytes."""
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the chunk at this place goes."""
        if self._place >= self.size:
            if self.size == 0:
                self._chunk(0)  # even of nothing it is proved that nothing was there
            return 0
        number, start = divmod(self._place, CHUNK)
        piece = self._chunk(number)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        """Let go of the sealed file too."""
        if not self.closed:
            self._sealed.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._in_hand[0] != number:
            self._sealed.seek(HEADER.size + number * (CHUNK + TAG))
            sealed = _whole(self._sealed, CHUNK + TAG)
            nonce = _NONCE.pack(self._prefix, number, number == self._chunks - 1)
            try:
                self._in_hand = number, self._cipher.decrypt(nonce, sealed, None)
            except InvalidTag:
                raise CannotOpenFile from None
        return self._in_hand[1]


def _whole(file: BinaryIO, size: int) -> bytes:
    """So many bytes, or as many as there are: a raw file may give fewer at once."""
    data = file.read(size)
    while len(data) < size and (more := file.read(size - len(data))):
        data += more
    return data


def _cipher(file_key: bytes, header: bytes, row: UUID) -> AESGCM:
    if len(file_key) != FILE_KEY_BYTES:
        raise CannotOpenFile
    _, _, _, salt, _ = HEADER.unpack(header)
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, b"dhr/v1/file" + header + row.bytes).derive(file_key))
