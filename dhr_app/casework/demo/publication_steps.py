"""How reports are published in the demo: planned, approved, the agencies told when the family has known for long."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dhr_app.casework import publication
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.demo.staff import STAFF
from dhr_app.casework.publication import ApprovalEntry, PublicationEntry
from dhr_app.casework.publication_page import PublicationShown, publication_page
from dhr_app.workflows.roles import Role

COORDINATOR, STEERING_CHAIR = Role.COORDINATOR, Role.STEERING_CHAIR


def publication_planned(day: int, on: int, *, mode: str = "full") -> Step:
    """A publication is planned for a day."""

    def do(case: Playing, at: datetime) -> None:
        entry = PublicationEntry(mode, case.days.working(on))
        publication.plan_publication(case.reference, entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def circulated(day: int, address: str = "") -> Step:
    """The agencies are told the day; the web address, where it is known by now, is added."""

    def do(case: Playing, at: datetime) -> None:
        shown = _planned(case, COORDINATOR, at)
        entry = replace(shown.entry, agencies_told_on=case.days.working(day), address=address)
        by = case.person(COORDINATOR)
        publication.correct_publication(case.reference, shown.id, entry, shown.version, by=by, at=at)

    return Step(day, do)


def approved(day: int, evidence: str, *, by: Role = STEERING_CHAIR) -> Step:
    """The steering group’s chair approves what is planned, or the coordinator enters that on their behalf."""

    def do(case: Playing, at: datetime) -> None:
        shown = _planned(case, by, at)
        entry = ApprovalEntry(STAFF[STEERING_CHAIR].post, case.days.working(day), evidence)
        publication.approve_publication(case.reference, shown.id, entry, shown.version, by=case.person(by), at=at)

    return Step(day, do, sealed=(evidence,))


def _planned(case: Playing, by: Role, at: datetime) -> PublicationShown:
    shown = publication_page(case.reference, by=case.person(by), at=at).planned
    if shown is None:
        raise LookupError("No publication is planned in this case.")
    return shown
