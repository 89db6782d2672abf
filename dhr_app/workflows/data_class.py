"""The classes of sealed data."""

from __future__ import annotations

from enum import StrEnum


class DataClass(StrEnum):
    """Which key seals a value, so that each class can be opened and destroyed on its own."""

    IDENTITIES = "identities"
    WORKING_PAPERS = "working_papers"
    PANEL_PAPERS = "panel_papers"
    FAMILY = "family"
    SENSITIVE = "sensitive"
    EVIDENCE = "evidence"
    KEPT_WORDS = "kept_words"
    SYSTEM = "system"
