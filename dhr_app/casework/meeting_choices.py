"""Meetings as other records name them: what each is called, and which there are to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.casework.rows import rows_of
from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.meeting import Meeting
from dhr_app.workflows.record_wording import MEETING_KINDS


@dataclass(frozen=True)
class MeetingChoice:
    """A meeting as other forms offer it; nothing of it is opened."""

    id: UUID
    label: str
    held_on: date
    organisations: int


def meetings_of(at: Scene | Look, kind: str) -> tuple[MeetingChoice, ...]:
    """The review’s meetings of a kind, the latest first."""
    rows = [row for row in rows_of(at, Meeting, Meeting.held_on.desc(), Meeting.number.desc()) if row.kind == kind]
    return tuple(
        MeetingChoice(row.id, label_of(row.kind, row.number), row.held_on, len(row.organisations))
        for row in rows
        if here(row)
    )


def meeting_of(scene: Scene, meeting_id: UUID, kind: str) -> Meeting | None:
    """The meeting, if it is one of the review’s and of this kind."""
    row = scene.session.get(Meeting, meeting_id)
    ours = row is not None and row.review_id == scene.review.id and row.kind == kind and here(row)
    return row if ours else None


def label_of(kind: str, number: int) -> str:
    """What a meeting is called."""
    return f"{MEETING_KINDS[kind]}, meeting {number}"


def here(row: Meeting) -> bool:
    """Whether the meeting was not entered by mistake."""
    return row.removed_on is None
