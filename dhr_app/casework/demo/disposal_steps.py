"""How records come to their end in the demo: held for an inquest, or due, with notice given and one person’s word."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import disposal, disposal_notice, legal_hold
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.legal_hold import HoldEntry
from dhr_app.workflows.roles import Role


def held(day: int, reason: str, words: str, review_by: int) -> Step:
    """The coordinator places a legal hold."""

    def do(case: Playing, at: datetime) -> None:
        entry = HoldEntry(reason, words, case.days.working(review_by))
        legal_hold.place(case.reference, entry, by=case.person(Role.COORDINATOR), at=at)

    return Step(day, do)


def noticed(day: int) -> Step:
    """Notice is given of everything that is due."""

    def do(case: Playing, at: datetime) -> None:
        disposal_notice.give_notice(case.reference, by=case.person(Role.COORDINATOR), at=at)

    return Step(day, do)


def confirmed(day: int) -> Step:
    """The first of two people confirms."""

    def do(case: Playing, at: datetime) -> None:
        disposal.confirm(case.reference, 1, by=case.person(Role.STEERING_DEPUTY), at=at)

    return Step(day, do)
