"""What the memory may refuse or be unable to do, named for the doors, which do not reach into the memory themselves."""

from __future__ import annotations

from dhr_app.database.errors import (
    ChangedMeanwhile,
    CheckpointFailed,
    DatabaseUnavailable,
    FileUnreadable,
    KeyDestroyed,
    KeyUnavailable,
    OpeningRefused,
    SealError,
    TombstonesUnheeded,
    TrailBroken,
    ValueDestroyed,
)

__all__ = [
    "ChangedMeanwhile",
    "CheckpointFailed",
    "DatabaseUnavailable",
    "FileUnreadable",
    "KeyDestroyed",
    "KeyUnavailable",
    "OpeningRefused",
    "SealError",
    "TombstonesUnheeded",
    "TrailBroken",
    "ValueDestroyed",
]
