"""Agreements for tests: meetings are held, papers filed, terms and report agreed, by the verbs that people use."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dhr_app.casework import approval, joint_body, meeting, paper, terms
from dhr_app.casework.approval_entry import ApprovalEntry
from dhr_app.casework.approval_page import ApprovalPage, approval_page
from dhr_app.casework.joint_body import JointAgreementEntry, JointBodyEntry
from dhr_app.casework.meeting import MeetingEntry
from dhr_app.casework.paper_entry import NewVersion
from dhr_app.casework.terms import AgreementEntry, TermsEntry
from dhr_app.database.models import Paper
from dhr_app.workflows.record_wording import PAPER_KINDS

if TYPE_CHECKING:
    from tests.reviews import Case

QUORUM = ("Police", "Probation", "Fire and Rescue", "Barset Refuge")
BOARD = "Barsetshire Safeguarding Adults Board"


def named(case: Case, *short_names: str) -> tuple[UUID, ...]:
    """Agencies by their short names."""
    return tuple(case.county.agency(name) for name in short_names)


def hold(case: Case, kind: str = "panel", *present: str, **changes: Any) -> UUID:
    """A meeting is held today, unless it is said otherwise with enough organisations for a quorum."""
    came = named(case, *(present or QUORUM))
    entry = MeetingEntry(kind, case.today, came, (), "The chair writes to the family.", "Minute book 3, page 12")
    said = replace(entry, **changes)
    return meeting.hold_meeting(case.reference, said, by=case.county.coordinator, at=case.wait(minutes=1))


def draft(case: Case, **changes: Any) -> UUID:
    """A version of the terms of reference is drafted today."""
    entry = replace(TermsEntry(case.today, "2018-09", "2025-12", "Who knew of the harm, and when?"), **changes)
    return terms.draft(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def agree_terms(case: Case, terms_id: UUID, version: int = 1, **entry: Any) -> None:
    """The panel agrees a version, unless it is said otherwise today and without a meeting."""
    said = AgreementEntry(**(entry or {"agreed_on": case.today}))
    terms.agree(case.reference, terms_id, said, version, by=case.county.coordinator, at=case.wait(minutes=1))


def put_on_file(case: Case, *kinds: str, on: date | None = None) -> None:
    """A new version of each of these papers is put on file, of all three unless it is said which."""
    for kind in kinds or tuple(PAPER_KINDS):
        number = len([row for row in case.rows(Paper) if row.kind == kind]) + 1
        sha256 = hashlib.sha256(f"{case.reference} {kind} {number}".encode()).hexdigest()
        entry = NewVersion(kind, sha256, on or case.today, "Corrected" if number > 1 else "", "Folder Heron")
        paper.add_version(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def approve(case: Case, how: str = "meeting", **changes: Any) -> UUID:
    """The approving body agrees the papers on file today, unless it is said otherwise at a quorate meeting."""
    entry = ApprovalEntry(how, None, None if how == "meeting" else case.today, None, "Minute 7 of the board")
    if how == "meeting" and "meeting_id" not in changes:
        changes["meeting_id"] = hold(case, "approving_body")
    said = replace(entry, **changes)
    return approval.approve(case.reference, said, by=case.county.coordinator, at=case.wait(minutes=1))


def add_body(case: Case, name: str = BOARD) -> UUID:
    """The review is another body’s too."""
    return joint_body.add_joint_body(
        case.reference, JointBodyEntry(name), by=case.county.coordinator, at=case.wait(minutes=1)
    )


def body_agrees(case: Case, body_id: UUID, version: int = 0, **changes: Any) -> None:
    """Another body agrees the papers on file today."""
    entry = replace(JointAgreementEntry(case.today, "Letter of the board"), **changes)
    joint_body.record_agreement(
        case.reference, body_id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1)
    )


def approvals(case: Case) -> ApprovalPage:
    """The page of approvals, as the coordinator sees it."""
    return approval_page(case.reference, by=case.county.coordinator, at=case.at)
