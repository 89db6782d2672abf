"""What stands on a page where records stood that were destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dhr_app.workflows.calendar import in_words


class Destroyed(str):
    """A sentence in place of a text that nobody can read any more: it is shown, and never taken for what was there."""

    __slots__ = ()


@dataclass(frozen=True)
class Ending:
    """How records ended: on which day they were destroyed (None while that is under way), under whose policy."""

    on: date | None
    policy: str

    @property
    def words(self) -> Destroyed:
        """What is shown in their place."""
        if self.on is None:
            return Destroyed(f"Being destroyed under {self.policy}")
        return Destroyed(f"Destroyed on {in_words(self.on)} under {self.policy}")
