"""Steps that a case had taken before this system, marked by the coordinator."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import earlier
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.earlier import EarlierEntry
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

KNOWN_TO = {"day": 10, "month": 7, "year": 4}  # characters of a date


def marked_earlier(day: int, stage: Stage, reached: int | None, known_to: str = "day") -> Step:
    """A stage is marked as reached before this system, its day known to the day, month or year, or not at all."""

    def do(case: Playing, at: datetime) -> None:
        text = "" if reached is None else case.days.working(reached).isoformat()[: KNOWN_TO[known_to]]
        entry = EarlierEntry("yes", text)
        earlier.mark_earlier_step(case.reference, stage, entry, 0, by=case.person(Role.COORDINATOR), at=at)

    return Step(day, do)
