"""What rests on a meeting: terms and approvals agreed there, which follow its record when it is corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.agreed_papers import later_than
from dhr_app.casework.paper_rests import current_papers
from dhr_app.casework.partnership import the_quorum
from dhr_app.casework.scene import Scene
from dhr_app.database.models.approval import Approval
from dhr_app.database.models.meeting import Meeting
from dhr_app.database.models.terms import Terms
from dhr_app.workflows.calendar import in_words

FIRST_PANEL = "first_panel_held"


def not_quorate(scene: Scene, organisations: Sequence[str]) -> str:
    """The sentence that too few organisations were present, or nothing where they make a quorum.

    Organisations are counted, not heads (terms of reference of the Kent DHR Steering Group).
    """
    quorum, present = the_quorum(scene.session), len(set(organisations))
    if present >= quorum:
        return ""
    were = "1 organisation was" if present == 1 else f"{present} organisations were"
    return f"{were} present and {quorum} are needed: the meeting was not quorate."


def cannot_become(
    scene: Scene, meeting: Meeting, kind: str, held_on: date, organisations: Sequence[str]
) -> dict[str, str]:
    """Why a meeting cannot have been of this kind, on this day or with these organisations: what was agreed there."""
    faults = {}
    if kind != meeting.kind and rests_on(scene, meeting):
        faults["kind"] = rests_on(scene, meeting)
    for terms in _terms(scene, meeting):
        if held_on < terms.drafted_on:
            faults["held_on"] = (
                f"Version {terms.number} of the terms of reference was agreed at this meeting, and is of "
                f"{in_words(terms.drafted_on)}: the meeting cannot have been earlier."
            )
    if _waiting_approvals(scene, meeting):
        if later := later_than(current_papers(scene), held_on):
            faults["held_on"] = later
        if thin := not_quorate(scene, organisations):
            faults["organisations"] = f"The report was agreed here. {thin} If that is right, take the approval back."
    return faults


def rests_on(scene: Scene, meeting: Meeting) -> str:
    """The sentence that something was agreed at this meeting, or nothing."""
    if _approvals(scene, meeting):
        return "The report was agreed at this meeting: it stays what it is."
    if _terms(scene, meeting):
        return "The terms of reference were agreed at this meeting: it stays what it is."
    return ""


def carry_over(scene: Scene, meeting: Meeting) -> None:
    """Bring what was agreed at the meeting into line with its day and its organisations; what a move used up stands."""
    for terms in _terms(scene, meeting):
        terms.agreed_on = meeting.held_on
    for approval in _waiting_approvals(scene, meeting):
        approval.organisations = list(meeting.organisations)
        if approval.agreed_on != meeting.held_on:
            approval.agreed_on = meeting.held_on
            clocks.begin_again(scene, "answered:report_agreed", meeting.held_on)


def first_panel(scene: Scene, *, was: date | None = None) -> None:
    """Keep the day by which the panel first met in line with its meetings, and with the terms it agreed.

    `was` is a day on which, as it turned out, it did not meet.
    """
    scene.session.flush()
    held = select(Meeting.held_on).where(
        Meeting.review_id == scene.review.id, Meeting.kind == "panel", Meeting.removed_on.is_(None)
    )
    agreed = select(Terms.agreed_on).where(Terms.review_id == scene.review.id, Terms.agreed_on.is_not(None))
    days = {day for rows in (held, agreed) for day in scene.session.scalars(rows) if day}
    clocks.met_by_the_first(scene, FIRST_PANEL, days, was=was)


def _terms(scene: Scene, meeting: Meeting) -> list[Terms]:
    return list(scene.session.scalars(select(Terms).where(Terms.meeting_id == meeting.id).order_by(Terms.number)))


def _approvals(scene: Scene, meeting: Meeting) -> list[Approval]:
    rows = select(Approval).where(Approval.meeting_id == meeting.id, Approval.voided_on.is_(None))
    return list(scene.session.scalars(rows.order_by(Approval.agreed_on, Approval.id)))


def _waiting_approvals(scene: Scene, meeting: Meeting) -> list[Approval]:
    return [approval for approval in _approvals(scene, meeting) if approval.used_by is None]
