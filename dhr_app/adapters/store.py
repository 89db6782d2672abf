"""Where sealed files lie: parts while they come in, objects once they are whole, each found by its id alone."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from dhr_app.settings import SettingsError

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StoreError(Exception):
    """The store cannot do what it was asked; the message names no file."""


class StoreFull(StoreError):
    """There is no room left."""


class NotInStore(StoreError):
    """No such object."""


@dataclass(frozen=True)
class Lying:
    """A part or an object as it lies in the store. `name` is no UUID where somebody else put it there."""

    name: str
    written_at: datetime


class Part(Protocol):
    """A file on its way in. It is written from front to end, then kept or thrown away."""

    def write(self, data: bytes) -> None:
        """Add bytes at the end. Raises StoreFull, StoreError."""
        ...

    def read_back(self) -> BinaryIO:
        """What was written so far, to be read from anywhere. Raises StoreError."""
        ...

    def keep(self) -> None:
        """Make it an object that outlives a power cut, in one step: nobody ever finds half of it. Raises StoreError."""
        ...

    def throw_away(self) -> None:
        """Leave nothing of it, if it is still a part."""
        ...


class Store(Protocol):
    """A place for objects that are never changed."""

    def begin(self, name: UUID) -> Part:
        """A new part. Raises StoreFull, StoreError; also where there is one of this name already."""
        ...

    def open(self, name: UUID) -> BinaryIO:
        """An object, to be read from anywhere. Raises NotInStore, StoreError."""
        ...

    def remove(self, name: UUID) -> None:
        """Take an object away; one that is gone stays gone."""
        ...

    def remove_part(self, name: str) -> None:
        """Take a part away that nobody writes to any more."""
        ...

    def objects(self) -> Iterator[Lying]:
        """Every object."""
        ...

    def parts(self) -> Iterator[Lying]:
        """Every part, those being written included."""
        ...


def open_store(url: str) -> Store:
    """The store that a setting names; nothing is made before it is used. Raises SettingsError for another kind."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise SettingsError(
            ["store_url names a store that this version does not know: write file:///path/of/a/folder, or nothing."]
        )
    return Folder(Path(unquote(parts.path)))


@dataclass(frozen=True)
class Folder:
    """A store in a folder of this machine, which nobody else may look into."""

    root: Path

    def begin(self, name: UUID) -> Part:
        """A new part in `tmp/`, which only this program can read."""
        with _told():
            folder = _private(self.root, "tmp")
            path = folder / f"{name}.part"
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
            return FolderPart(self, name, path, os.fdopen(handle, "r+b", buffering=0))

    def open(self, name: UUID) -> BinaryIO:
        """An object, to be read from anywhere."""
        with _told():
            return self.place(name).open("rb", buffering=0)

    def remove(self, name: UUID) -> None:
        """Take an object away."""
        with _told():
            self.place(name).unlink(missing_ok=True)

    def remove_part(self, name: str) -> None:
        """Take a part away."""
        with _told():
            (self.root / "tmp" / Path(name).name).unlink(missing_ok=True)

    def objects(self) -> Iterator[Lying]:
        """Every object, in the order of their names."""
        return _lying(self.root.glob("obj/*/*"))

    def parts(self) -> Iterator[Lying]:
        """Every part."""
        return _lying(self.root.glob("tmp/*"))

    def place(self, name: UUID) -> Path:
        """Where an object lies."""
        return self.root / "obj" / name.hex[:2] / str(name)


class FolderPart:
    """A part in a folder."""

    def __init__(self, folder: Folder, name: UUID, path: Path, file: BinaryIO) -> None:
        self._folder, self._name, self._path, self._file = folder, name, path, file

    def write(self, data: bytes) -> None:
        """Add bytes at the end, all of them."""
        with _told():
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]

    def read_back(self) -> BinaryIO:
        """What was written so far."""
        with _told():
            return self._path.open("rb", buffering=0)

    def keep(self) -> None:
        """Bytes first, then the name, then the folder that holds the name: each on the disk before the next."""
        with _told():
            os.fsync(self._file.fileno())
            place = self._folder.place(self._name)
            folder = _private(self._folder.root, "obj", place.parent.name)
            os.rename(self._path, place)
            _sync_folder(folder)
            self._file.close()

    def throw_away(self) -> None:
        """Leave nothing of it; what the disk refuses is left for the sweeper."""
        self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the disk says into a StoreError that names no file."""
    try:
        yield
    except FileNotFoundError:
        raise NotInStore("There is no such file in the store.") from None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StoreFull("There is no room left in the store.") from None
        raise StoreError("The store cannot be written or read.") from None


def _private(root: Path, *below: str) -> Path:
    """A folder under the store, made where it is missing, each on the disk before anything is put into it."""
    root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder = root
    for name in below:
        parent, folder = folder, folder / name
        with suppress(FileExistsError):
            folder.mkdir(mode=PRIVATE_FOLDER)
            _sync_folder(parent)
    return folder


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lying(paths: Iterator[Path]) -> Iterator[Lying]:
    for path in sorted(paths):
        with suppress(FileNotFoundError):  # kept or thrown away meanwhile
            yield Lying(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))
