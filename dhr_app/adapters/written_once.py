"""A file that is written once: whole or not at all, and never over another."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def write_once(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Write it beside its place and link it there, so that nobody reads half of it and of two who make one, one does.

    Where the file system knows no links, as on some shares and sticks, it is written in its place, and taken away
    again where that fails. Raises FileExistsError where a file is there already, OSError where it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        _write(draft, content, mode)
        os.link(draft, path)
    except OSError as error:
        if isinstance(error, FileExistsError) or error.errno not in NO_LINKS:
            raise
        _write(path, content, mode)
    finally:
        with suppress(OSError):  # a folder that lets nothing go keeps it
            draft.unlink()
    _settle(path.parent)


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            path.unlink()  # half of it would stand for the whole one for ever
        raise


def _settle(folder: Path) -> None:
    """Let the name outlive a power cut as the file does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
