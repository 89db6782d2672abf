"""What is kept apart in the demo, and who was let open it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dhr_app.casework import extra_grant, kept_apart
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.extra_grant import GrantEntry
from dhr_app.casework.kept_apart import NoteEntry
from dhr_app.workflows.roles import Role


def set_apart(day: int, kind: str, words: str, *, agency: str = "", by: Role = Role.COORDINATOR) -> Step:
    """Something of somebody's health or of police intelligence is recorded, to be kept apart."""

    def do(case: Playing, at: datetime) -> None:
        entry = NoteEntry(kind, agency_id=case.agencies[agency] if agency else None, words=words)
        kept_apart.add_note(case.reference, entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(words,))


def let_open(day: int, role: Role, because: str, *, weeks: int, by: Role = Role.STEERING_CHAIR) -> Step:
    """A colleague is let open it for so many weeks, by somebody who has just typed their password."""

    def do(case: Playing, at: datetime) -> None:
        today = case.days.working(day)
        entry = GrantEntry(case.staff[role], because, today, today + timedelta(weeks=weeks))
        extra_grant.give(case.reference, entry, by=replace(case.person(by), proved_at=at), at=at)

    return Step(day, do)
