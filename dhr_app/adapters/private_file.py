"""A file that only its owner reads, written once: whole or not at all, and never over another."""

from __future__ import annotations

import os
from pathlib import Path

PRIVATE = 0o600


def write_once(path: Path, content: bytes) -> None:
    """Write it beside its place and link it there, so that nobody reads half of it and of two who make one, one does.

    Raises FileExistsError where a file is there already, OSError where it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
