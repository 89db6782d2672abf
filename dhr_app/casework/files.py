"""Files on their way in and out: sealed from the first byte, kept before the row that names them, proved before read.

incoming = files.arrived("chapter 3.docx", data)              # or, from a form, web.uploads.handed_in("draft")
fault = file_kinds.look_into(incoming, WORD_AND_PDF)          # a sentence, where it cannot be taken
with files.kept(incoming), changing(reference, …) as scene:   # nothing of it is left if the change is refused
    row = Draft(id=incoming.id, file_key=incoming.file_key, **files.columns(incoming), …)

files.read(row.id, row.file_key, row.sealed_sha256)           # an iterator of the clear bytes
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from dhr_app.adapters.store import StoreError, StoreFull
from dhr_app.casework.house import house
from dhr_app.casework.incoming import AT_ONCE, NO_ROOM, NOT_KEPT, Incoming
from dhr_app.database.errors import DatabaseUnavailable, FileUnreadable
from dhr_app.database.sealed_file import CannotOpenFile, SealedReader
from dhr_app.workflows.errors import Invalid

__all__ = ["Incoming", "Reading", "TakenOut", "arrived", "columns", "kept", "read"]


def arrived(filename: str, data: bytes | BinaryIO) -> Incoming:
    """A file that is at hand whole, as if it had been uploaded."""
    incoming = Incoming(filename)
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    while piece := stream.read(AT_ONCE):
        incoming.add(piece)
    incoming.end()
    return incoming


@contextmanager
def kept(incoming: Incoming, field: str = "file") -> Iterator[None]:
    """The file is in the store while the block writes its row; where the block fails, nothing of it is left.

    Raises Invalid, with the sentence beside `field`, where the file has a fault or the store has no room for it.
    """
    if incoming.fault:
        raise Invalid({field: incoming.fault})
    try:
        incoming.keep()
    except StoreError as error:
        _remove(incoming.id)
        incoming.refuse(NO_ROOM if isinstance(error, StoreFull) else NOT_KEPT)
        raise Invalid({field: incoming.fault}) from None
    try:
        yield
    except DatabaseUnavailable:
        raise  # nobody knows whether the row is there: a file too many is swept later, a file too few never comes back
    except BaseException:
        _remove(incoming.id)
        raise


def columns(incoming: Incoming) -> dict[str, str | int]:
    """What a row says of its file: the columns of StoredFile."""
    return {
        "media": incoming.media,
        "size": incoming.size,
        "sha256": incoming.sha256,
        "sealed_sha256": incoming.sealed_sha256,
    }


class Reading(Iterator[bytes]):
    """The clear bytes of a stored file, a piece at a time. Close it, or read it to its end."""

    def __init__(self, reader: SealedReader) -> None:
        self._reader = reader

    def __next__(self) -> bytes:
        """The next piece. Raises StopIteration at the end, CannotOpenFile for bytes that changed meanwhile."""
        piece = self._reader.read(AT_ONCE) if not self._reader.closed else b""
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()


@dataclass(frozen=True)
class TakenOut:
    """A file on its way to somebody who may read it; `name` is made of codes and numbers only."""

    name: str
    media_type: str
    size: int
    content: Reading


def read(row_id: UUID, file_key: str, sealed_sha256: str) -> Reading:
    """A stored file, opened. The whole of its sealed form is proved first, so that no byte leaves of one that changed.

    Raises FileUnreadable where it is gone or is not the one that was put there.
    """
    try:
        sealed = house().store.open(row_id)
    except StoreError:
        raise FileUnreadable(row_id) from None
    try:
        if _digest(sealed) != sealed_sha256:
            raise FileUnreadable(row_id)
        return Reading(SealedReader(sealed, bytes.fromhex(file_key), row_id))
    except (CannotOpenFile, OSError, ValueError):
        sealed.close()
        raise FileUnreadable(row_id) from None
    except FileUnreadable:
        sealed.close()
        raise


def _remove(name: UUID) -> None:
    with suppress(StoreError):  # what cannot be removed now is swept later
        house().store.remove(name)


def _digest(sealed: BinaryIO) -> str:
    whole = hashlib.sha256()
    while piece := sealed.read(AT_ONCE):
        whole.update(piece)
    return whole.hexdigest()
