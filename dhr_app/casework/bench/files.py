"""A large Word file to measure with, and what the least costs that one can do with it: copy it and take its SHA-256."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path
from time import perf_counter

from dhr_app.casework.demo.draft_steps import word_file

MEGABYTE = 1024 * 1024
PIECE = 64 * 1024


def write_word_file(path: Path, megabytes: int) -> None:
    """A Word file of about this size: a paragraph, and a picture that cannot be packed."""
    path.write_bytes(word_file(path.name))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as packed,
        packed.open(zipfile.ZipInfo("word/media/image1.png"), "w") as picture,
    ):
        for _ in range(megabytes):
            picture.write(os.urandom(MEGABYTE))


def plain_copy_seconds(source: Path) -> float:
    """How long it takes to copy a file to the disk, piece by piece, and to take its SHA-256 on the way."""
    target, whole = source.with_suffix(".copy"), hashlib.sha256()
    began = perf_counter()
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(PIECE):
            whole.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
    took = perf_counter() - began
    target.unlink()
    return took
