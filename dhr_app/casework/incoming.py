"""One file as it comes in: sealed from its first byte, counted, and gone again unless it is kept."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from typing import BinaryIO
from uuid import uuid4

from dhr_app.adapters.store import Part, StoreError, StoreFull
from dhr_app.casework.house import house
from dhr_app.database.sealed_file import SealedReader, Sealing, new_file_key

MEGABYTE = 1024 * 1024
LARGEST = 100 * MEGABYTE
LONGEST_NAME = 200
AT_ONCE = MEGABYTE  # bytes that are read in one go

TOO_LARGE = "This file is larger than 100 MB: take out or shrink its pictures, or hand it in piece by piece."
EMPTY = "This file is empty: check that it was saved, and choose it again."
NO_ROOM = "The system has no room left for this file. Tell the person who runs it, and hand the file in again later."
NOT_KEPT = (
    "The system could not keep this file. Try again, and if it happens again tell the person who runs the system."
)


class Incoming:
    """One file as it comes in, before any transaction. Its `id` is that of the row to be, to which it is sealed.

    `fault` is a sentence once it cannot be taken: from then on nothing of it is left. `media` is known once it was
    looked into. `file_key` (64 hexadecimal figures) opens it, and is kept nowhere but sealed in its row.
    """

    def __init__(self, filename: str) -> None:
        self.id = uuid4()
        self.filename = _plain_name(filename)
        self.media = ""
        self.size = 0
        self.sha256 = self.sealed_sha256 = ""
        self.fault = ""
        self._key = new_file_key()
        self._sealing = Sealing(self._key, self.id)
        self._clear, self._sealed = hashlib.sha256(), hashlib.sha256()
        self._part: Part | None = None
        self._kept = False

    @property
    def file_key(self) -> str:
        """What opens it."""
        return self._key.hex()

    def add(self, data: bytes) -> None:
        """Take bytes in; whatever comes after a fault goes nowhere."""
        if self.fault or not data:
            return
        self.size += len(data)
        if self.size > LARGEST:
            self.refuse(TOO_LARGE)
            return
        self._clear.update(data)
        self._write(self._sealing.add(data))

    def end(self) -> None:
        """All of it is there."""
        if self.fault or self.sha256:
            return
        if not self.size:
            self.refuse(EMPTY)
            return
        self._write(self._sealing.end())
        self.sha256, self.sealed_sha256 = self._clear.hexdigest(), self._sealed.hexdigest()

    def read_back(self) -> BinaryIO:
        """Its clear bytes, to be looked into from anywhere; in memory, never on the disk. Raises StoreError."""
        if self._part is None:
            raise StoreError("There is nothing to read back.")
        return io.BufferedReader(SealedReader(self._part.read_back(), self._key, self.id), AT_ONCE // 4)

    def refuse(self, sentence: str) -> None:
        """Say why it is not taken, and leave nothing of it."""
        self.fault = sentence
        self.throw_away()

    def keep(self) -> None:
        """Put it into the store, for good. Raises StoreError."""
        if self._part is None or not self.sha256:
            raise StoreError("There is nothing to keep.")
        self._part.keep()
        self._kept = True

    def throw_away(self) -> None:
        """Leave nothing of it, unless it was kept."""
        if self._part is not None and not self._kept:
            self._part.throw_away()
            self._part = None

    def _write(self, sealed: bytes) -> None:
        if not sealed:
            return
        try:
            if self._part is None:
                self._part = house().store.begin(self.id)
                sealed = self._sealing.begin() + sealed
            self._sealed.update(sealed)
            self._part.write(sealed)
        except StoreFull:
            self.refuse(NO_ROOM)
        except StoreError:
            self.refuse(NOT_KEPT)


def _plain_name(filename: str) -> str:
    """The name alone, without a folder and without letters that cannot be seen."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return seen.strip()[-LONGEST_NAME:]
