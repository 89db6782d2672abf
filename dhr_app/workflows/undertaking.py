"""The undertaking of confidentiality that is signed before a seat opens, as config/undertaking.toml has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from dhr_app.workflows.mappings import Reader


@dataclass(frozen=True)
class Undertaking:
    """The text in force: `version` is for people to speak of it, `sha256` says which words were signed."""

    version: int
    paragraphs: tuple[str, ...]

    @classmethod
    def from_toml(cls, data: Mapping[str, object]) -> Undertaking:
        """The text of a parsed undertaking.toml. Raises ValueError with one message that names every fault."""
        read = Reader(data)
        version, paragraphs = read.whole_number("version"), read.texts("paragraphs")
        read.finish()
        if read.faults:
            raise ValueError("; ".join(read.faults))
        return cls(version, paragraphs)

    @property
    def canonical(self) -> str:
        """The version and the words, always in the same bytes."""
        return json.dumps({"version": self.version, "paragraphs": self.paragraphs}, ensure_ascii=False, sort_keys=True)

    @cached_property
    def sha256(self) -> str:
        """Which text this is, in hexadecimal: another for every change of a letter."""
        return sha256(self.canonical.encode()).hexdigest()
