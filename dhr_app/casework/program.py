"""The actor in whose name the program itself does something: no person, but a purpose that can be read in the trail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """The program at work for a purpose: “dhr init”, “nightly proof”. It holds no keys and opens nothing."""

    purpose: str

    @property
    def id(self) -> None:
        """No account."""
        return

    @property
    def name(self) -> str:
        """The purpose, as the trail tells it."""
        return self.purpose
