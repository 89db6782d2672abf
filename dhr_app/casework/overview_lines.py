"""The lines of the overview: a stage, a review, an agency, and what waits for the steering group chair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dhr_app.casework.slips import Deferral
from dhr_app.workflows.lateness import LATE
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class StageLine:
    """How many reviews stand at a stage, and how many of them are late, due within four weeks, or on hold."""

    stage: Stage
    reviews: int
    late: int
    soon: int
    on_hold: int


@dataclass(frozen=True)
class LateLine:
    """A review whose next date has passed, `days_late` ago; `agencies` owe it, where agencies do.

    `late_when_held` is how late it was when it was put on hold, where it still is. `family_time` marks a time given
    to a family, which is never said to be late.
    """

    reference: str
    public_name: str
    stage: Stage
    what: str
    due_on: date
    days_late: int
    late_when_held: int
    family_time: bool
    owed_by: str
    agencies: tuple[str, ...]
    on_hold: bool
    deferral: Deferral | None


@dataclass(frozen=True)
class HeldLine:
    """A review on hold; `days` counts each day spent so, the first and today included."""

    reference: str
    public_name: str
    stage: Stage
    since: date
    days: int


@dataclass(frozen=True)
class AgencyLine:
    """The open actions of an agency, by band; `key` is its id, empty for what nobody owns."""

    key: str
    agency: str
    bands: Mapping[str, int]

    @property
    def open(self) -> int:
        """All of them."""
        return sum(self.bands.values())

    @property
    def late(self) -> int:
        """Those whose date has passed."""
        return sum(self.bands[band] for band in LATE)


@dataclass(frozen=True)
class SignOffLine:
    """A review with actions that are reported as done."""

    reference: str
    public_name: str
    actions: int


@dataclass(frozen=True)
class AgreeLine:
    """A statement that waits for the word of whoever reads this."""

    reference: str
    condition: str
    sentence: str
    accepts: bool
