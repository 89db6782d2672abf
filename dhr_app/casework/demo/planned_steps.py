"""Meetings ahead in the demo: of a review’s panel, one moved and one cancelled, and two of the partnership’s own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dhr_app.casework import planned_meeting
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.planned_checks import PlannedEntry
from dhr_app.workflows.roles import Role

FIRST_VERSION = 1


def meeting_planned(
    day: int, ahead: int, kind: str = "panel", *, moved_to: int | None = None, cancelled: bool = False
) -> Step:
    """The coordinator plans a meeting of the review so many days from today, and perhaps moves or cancels it."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(Role.COORDINATOR)
        made = planned_meeting.plan_meeting(case.reference, _entry(case, kind, ahead, "10:00", "12:30"), by=by, at=at)
        if moved_to is not None:
            later = _entry(case, kind, moved_to, "14:00", "16:30")
            planned_meeting.move_meeting(made, later, FIRST_VERSION, by=by, at=case.moment(day))
        if cancelled:
            planned_meeting.cancel_meeting(made, by=by, at=case.moment(day))

    return Step(day, do)


def gathering_planned(day: int, ahead: int, kind: str) -> Step:
    """The coordinator plans a meeting of the steering group, or a learning event."""

    def do(case: Playing, at: datetime) -> UUID:
        entry = _entry(case, kind, ahead, "9:30", "11:00")
        return planned_meeting.plan_gathering(entry, by=case.person(Role.COORDINATOR), at=at)

    return Step(day, do)


def _entry(case: Playing, kind: str, ahead: int, begins: str, ends: str) -> PlannedEntry:
    return PlannedEntry(kind, case.days.working(ahead), begins, ends, "in_person" if kind == "panel" else "hybrid")
