"""What somebody had before them when they began to correct: one number for an entry that several rows may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from dhr_app.casework.rows import in_texts
from dhr_app.workflows.errors import Stale

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def seen(entry: DataclassInstance) -> int:
    """A number that stands for exactly what the entry says, and changes when any of it does."""
    return crc32(repr(sorted(in_texts(entry).items())).encode())


def still_stands(saved: DataclassInstance, version: int, yours: DataclassInstance) -> None:
    """Raise Stale with both texts where somebody saved something else since the form was filled in from `version`."""
    now = seen(saved)
    if now == version:
        return
    theirs, mine = in_texts(saved), in_texts(yours)
    differing = sorted(name for name in mine if mine[name] != theirs.get(name, ""))
    raise Stale(
        version=now,
        theirs={name: theirs.get(name, "") for name in differing},
        yours={name: mine[name] for name in differing},
    )
