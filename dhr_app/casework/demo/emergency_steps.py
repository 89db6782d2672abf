"""Emergency access in the demo: one that the steering chair has looked at, and one that waits for that."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import emergency
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.emergency import EmergencyEntry
from dhr_app.workflows.roles import Role


def opened_in_an_emergency(day: int, reason: str, words: str, *, found: str = "") -> Step:
    """A member of the steering group asks, the coordinator confirms, and ends it once they rang back.

    `found` is what the steering chair found on looking at it afterwards; empty where nobody has yet.
    """

    def do(case: Playing, at: datetime) -> None:
        asker = case.person(Role.STEERING_MEMBER)
        made = emergency.ask(EmergencyEntry(case.reference, reason, words), by=asker, at=at)
        emergency.confirm(case.reference, made, by=case.person(Role.COORDINATOR), at=case.moment(day))
        emergency.end(case.reference, made, by=case.person(Role.COORDINATOR), at=case.moment(day))
        if found:
            emergency.look(case.reference, made, found, by=case.person(Role.STEERING_CHAIR), at=case.moment(day))

    return Step(day, do, (words,))
