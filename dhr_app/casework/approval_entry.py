"""What is entered about an approval, and what cannot be right in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.casework.agreed_papers import later_than, not_on_file
from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.meeting_choices import meeting_of
from dhr_app.casework.meeting_rests import not_quorate
from dhr_app.casework.paper_rests import current_papers
from dhr_app.casework.scene import Look, Scene
from dhr_app.casework.submissions import rounds_of
from dhr_app.database.models.approval import Approval
from dhr_app.database.models.meeting import Meeting
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.record_wording import AGREED_HOW


@dataclass(frozen=True)
class ApprovalEntry:
    """How the report was agreed. The meeting gives its own day; otherwise the day is told. `evidence` is sealed."""

    how: str = ""
    meeting_id: UUID | None = None
    agreed_on: date | None = None
    reported_on: date | None = None
    evidence: str = ""


def entry_of(row: Approval) -> ApprovalEntry:
    """An approval as its form shows it, opened."""
    agreed_on = None if row.meeting_id else row.agreed_on
    return ApprovalEntry(row.how, row.meeting_id, agreed_on, row.reported_on, row.evidence or "")


def sent_before(at: Scene | Look) -> bool:
    """Whether the report went to the Home Office before: only then may the steering group’s chair agree alone."""
    return bool(rounds_of(at))


def checked(scene: Scene, entry: ApprovalEntry) -> tuple[date, Meeting | None]:
    """The day of the agreement, and its meeting where it had one. Raises Invalid."""
    papers = current_papers(scene)
    if missing := not_on_file(papers):
        raise Invalid({"approval": missing})
    faults = known_codes(entry, {"how": AGREED_HOW}) | filled(
        "evidence", entry.evidence, "Say what shows it, and where it is kept."
    )
    if entry.how == "steering_chair" and not sent_before(scene):
        faults["how"] = "The chair can agree alone only when the report goes to the Home Office again."
    at_meeting = entry.how == "meeting"
    field = "meeting_id" if at_meeting else "agreed_on"
    meeting = meeting_of(scene, entry.meeting_id, "approving_body") if entry.meeting_id else None
    day = meeting.held_on if at_meeting and meeting else entry.agreed_on
    if at_meeting:
        faults |= _meeting_faults(scene, entry, meeting)
    else:
        faults |= not_in_future(scene.today, agreed_on=day)
        if entry.meeting_id is not None:
            faults["meeting_id"] = "Leave this empty unless it was agreed at a meeting."
        if day is None:
            faults["agreed_on"] = "Give the day on which it was agreed."
    if day is not None and (later := later_than(papers, day)):
        faults.setdefault(field, later)
    if day is not None and entry.reported_on is not None:
        faults |= report_faults(entry.how, day, entry.reported_on, scene.today)
    if faults or day is None:
        raise Invalid(faults)
    return day, meeting


def report_faults(how: str, agreed_on: date, reported_on: date | None, today: date) -> dict[str, str]:
    """What cannot be right about the day on which an agreement without a meeting was reported to the next one."""
    if how == "meeting":
        return {"reported_on": "What was agreed at a meeting is not reported to another: leave this empty."}
    if reported_on is not None and reported_on < agreed_on:
        return {"reported_on": f"It was agreed on {in_words(agreed_on)}: this cannot be earlier."}
    return not_in_future(today, reported_on=reported_on)


def _meeting_faults(scene: Scene, entry: ApprovalEntry, meeting: Meeting | None) -> dict[str, str]:
    if meeting is None:
        return {"meeting_id": "Choose a meeting of the approving body: record it under Meetings first."}
    faults = {}
    if thin := not_quorate(scene, meeting.organisations):
        faults["meeting_id"] = thin
    if entry.agreed_on not in (None, meeting.held_on):
        faults["agreed_on"] = f"The meeting was on {in_words(meeting.held_on)}: leave the day empty, or give that one."
    return faults
