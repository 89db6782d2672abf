"""The tombstones: which domains were destroyed, in a small signed file outside every backup of the databases.

One line for each, only ever added to: what was destroyed, then a signature. Each line holds the hash of the one before
it, so that a line changed, taken out or put elsewhere is found out. That the last ones were cut off shows where the
database still names them; a database restored from before knows fewer than the file, which is what the file is for.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from dhr_app.adapters.signed_notes import NoteError, Signer, Verifier
from dhr_app.workflows.retention import Grave

NAME = "tombstones.log"
FILE_MODE, FOLDER_MODE = 0o600, 0o700
FIRST = "0" * 64


class TombstoneError(Exception):
    """The file of tombstones cannot be used, or is not as it was written; the message is one sentence."""


@dataclass(frozen=True)
class Tombstone:
    """One line of the file. `hash` is that of the whole line, by which the next one and the database know it."""

    number: int
    grave: Grave
    hash: str


@dataclass(frozen=True)
class TombstoneFile:
    """The file in its folder, perhaps on another host's share; made with the first tombstone.

    `signer` is asked for only once there is something to sign or to check.
    """

    folder: Path
    signer: Callable[[], Signer]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / NAME

    def append(self, grave: Grave) -> str:
        """Write a tombstone, on the disk when this returns; its hash. The same domain again: the hash that it has.

        Raises TombstoneError, also where what stands there already is not as it was written.
        """
        with self._alone() as handle:
            signer, data = self.signer(), _whole(handle)
            stones = list(self._read(data, signer.verifier))
            known = next((each.hash for each in stones if _domain(each.grave) == _domain(grave)), None)
            line = _line(grave, len(stones) + 1, stones[-1].hash if stones else FIRST, signer)
            if known is None:
                os.ftruncate(handle, data.rfind(b"\n") + 1)  # what a crash left half written was never told as done
                _write(handle, line + b"\n")
            os.fsync(handle)
        self._settle()
        return known or _hash(line)

    def all(self) -> tuple[Tombstone, ...]:
        """Every tombstone, in their order. Raises TombstoneError."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unusable(error) from None
        return tuple(self._read(data, self.signer().verifier)) if data else ()

    def _read(self, data: bytes, verifier: Verifier) -> Iterator[Tombstone]:
        prev = FIRST
        whole = data[: data.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                yield (stone := _opened(line, number, prev, verifier))
            except (NoteError, ValueError, LookupError, TypeError):
                raise TombstoneError(
                    f"The tombstones in {self.path} are not as they were written, first in line {number}: "
                    "put back the copy that is kept elsewhere."
                ) from None
            prev = stone.hash

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """The file, open to be added to, while nobody else adds to it."""
        try:
            self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield handle
            finally:
                os.close(handle)  # which also lets go of the lock
        except OSError as error:
            raise self._unusable(error) from None

    def _settle(self) -> None:
        """Let the file's name outlive a power cut as what stands in it does."""
        try:
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> TombstoneError:
        return TombstoneError(f"The tombstones in {self.path} cannot be used: {error.strerror}.")


def _line(grave: Grave, number: int, prev: str, signer: Signer) -> bytes:
    told = json.dumps(
        {
            "number": number,
            "review": str(grave.review_id),
            "class": grave.record_class,
            "subject": str(grave.subject_id),
            "generations": list(grave.generations),
            "destroyed_at": grave.destroyed_at.isoformat(),
            "policy": grave.policy,
            "last_hash": grave.last_hash.hex(),
            "prev": prev,
        },
        separators=(",", ":"),
    )
    signature = signer.sign(_signed(told)).rstrip("\n").rpartition(" ")[2]
    return f"{told} {signature}".encode()


def _opened(line: bytes, number: int, prev: str, verifier: Verifier) -> Tombstone:
    """The tombstone of a line. Raises NoteError, ValueError, LookupError or TypeError for what is none, or not its."""
    told, _, signature = line.decode().rpartition(" ")
    verifier.opened(f"{_signed(told)}\n— {verifier.name} {signature}\n")
    said = json.loads(told)
    if (said["number"], said["prev"]) != (number, prev):
        raise ValueError("it stands in another place than it was written to")
    grave = Grave(
        UUID(said["review"]),
        said["class"],
        UUID(said["subject"]),
        tuple(said["generations"]),
        datetime.fromisoformat(said["destroyed_at"]),
        said["policy"],
        bytes.fromhex(said["last_hash"]),
    )
    return Tombstone(number, grave, _hash(line))


def _signed(told: str) -> str:
    """What is signed: never the text of a checkpoint, which begins with the signer's name."""
    return f"dhr-tombstone-1\n{told}\n"


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _domain(grave: Grave) -> tuple[UUID, str, UUID]:
    return grave.review_id, grave.record_class, grave.subject_id


def _whole(handle: int) -> bytes:
    with open(os.dup(handle), "rb") as file:
        file.seek(0)
        return file.read()


def _write(handle: int, data: bytes) -> None:
    written = 0
    while written < len(data):
        written += os.write(handle, data[written:])
