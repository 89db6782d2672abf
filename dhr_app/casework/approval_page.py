"""The page of approvals: who agreed which versions, what no longer counts and why, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.agreed_papers import not_on_file
from dhr_app.casework.approval import TAKEN_BACK, counts_from
from dhr_app.casework.approval_entry import ApprovalEntry, entry_of, sent_before
from dhr_app.casework.joint_body import JointBodyShown, shown
from dhr_app.casework.meeting_choices import MeetingChoice, meetings_of
from dhr_app.casework.paper_rests import current_papers, void_because
from dhr_app.casework.rows import agency_names, rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.statement import conditions_asked
from dhr_app.database.models.approval import Approval, JointBody
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.partnership import Partnership
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import AGREED_HOW, PAPER_KINDS
from dhr_app.workflows.stages import Stage

COUNTS, UNREPORTED, USED, VOID = "counts", "unreported", "used", "void"


@dataclass(frozen=True)
class ApprovalShown:
    """An approval as a page shows it, opened. `state` is COUNTS, UNREPORTED, USED, or VOID and `void` says why."""

    id: UUID
    version: int
    body: str
    how: str
    joint: bool
    entry: ApprovalEntry
    agreed_on: date
    meeting: str
    organisations: tuple[str, ...]
    quorum: int
    papers: tuple[str, ...]
    state: str
    void: str

    @property
    def stands(self) -> bool:
        """Whether it may still be corrected."""
        return self.state in (COUNTS, UNREPORTED)


@dataclass(frozen=True)
class ApprovalPage:
    """Who agreed the report, and what the form of an approval asks. `missing` says which papers are not on file.

    `asked` is whether a step from the review’s stage waits for the report to be agreed.
    """

    reference: str
    body: str
    quorum: int
    missing: str
    asked: bool
    approvals: tuple[ApprovalShown, ...]
    joint_bodies: tuple[JointBodyShown, ...]
    meetings: tuple[MeetingChoice, ...]
    sent_before: bool
    may_record: bool

    @property
    def standing(self) -> ApprovalShown | None:
        """The approving body’s own approval that stands."""
        return next((one for one in self.approvals if one.stands and not one.joint), None)

    def any_approval(self, approval_id: UUID) -> ApprovalShown:
        """The approval of this id, whichever body’s. Raises OutOfReach."""
        for one in self.approvals:
            if one.id == approval_id:
                return one
        raise OutOfReach

    def approval(self, approval_id: UUID) -> ApprovalShown:
        """The approving body’s own approval of this id. Raises OutOfReach."""
        found = self.any_approval(approval_id)
        if found.joint:
            raise OutOfReach
        return found


def approval_page(reference: str, *, permission: str = "approval.see", by: Person, at: datetime) -> ApprovalPage:
    """Everybody’s agreement, opened for whoever holds the permission. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, permission, opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        rows = rows_of(look, Approval, Approval.agreed_on.desc())
        partnership = look.session.scalars(select(Partnership)).one()
        standing = {row.joint_body_id: row for row in rows if row.used_by is None and row.voided_on is None}
        used = {row.joint_body_id: row for row in reversed(rows) if row.used_by is not None}
        bodies = [row for row in rows_of(look, JointBody, JointBody.name) if row.removed_on is None]
        meetings = meetings_of(look, "approving_body")
        return ApprovalPage(
            reference,
            partnership.approving_body,
            partnership.quorum,
            not_on_file(current_papers(look)),
            CONDITIONS["report_agreed"] in conditions_asked(Stage(look.review.stage), look.rule_set),
            tuple(_shown(look, rows, meetings)),
            tuple(shown(row, standing.get(row.id), before=used.get(row.id)) for row in bodies),
            meetings,
            sent_before(look),
            look.may("approval.record"),
        )


def _shown(look: Look, rows: list[Approval], meetings: tuple[MeetingChoice, ...]) -> list[ApprovalShown]:
    names = agency_names(look.session, {UUID(one) for row in rows for one in row.organisations})
    held = {meeting.id: meeting.label for meeting in meetings}
    papers = {row.sha256: f"{PAPER_KINDS[row.kind]}, version {row.number}" for row in rows_of(look, Paper)}
    return [
        ApprovalShown(
            row.id,
            row.version,
            row.body,
            AGREED_HOW.get(row.how, ""),
            row.joint_body_id is not None,
            entry_of(row),
            row.agreed_on,
            held.get(row.meeting_id, "") if row.meeting_id else "",
            tuple(sorted(names[UUID(one)] for one in row.organisations)),
            row.quorum,
            tuple(papers.get(sha256, sha256) for sha256 in row.paper_hashes),
            _state(row),
            _void(row),
        )
        for row in rows
    ]


def _state(row: Approval) -> str:
    if row.voided_on is not None:
        return VOID
    if row.used_by is not None:
        return USED
    return COUNTS if counts_from(row) is not None else UNREPORTED


def _void(row: Approval) -> str:
    if row.voided_on is not None and row.voided_because == TAKEN_BACK:
        return f"Taken back on {in_words(row.voided_on)}: it was entered by mistake."
    return void_because(row.voided_on, row.voided_because)
