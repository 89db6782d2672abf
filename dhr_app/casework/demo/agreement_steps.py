"""What is agreed in a case: meetings are held, the terms of reference drafted and agreed, the report approved."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import approval, joint_body, meeting, terms
from dhr_app.casework.approval_entry import ApprovalEntry
from dhr_app.casework.approval_page import ApprovalPage, approval_page
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.joint_body import JointAgreementEntry, JointBodyEntry
from dhr_app.casework.meeting import MeetingEntry
from dhr_app.casework.terms import AgreementEntry, TermsEntry
from dhr_app.casework.terms_page import terms_page
from dhr_app.workflows.roles import Role

CHAIR, COORDINATOR = Role.INDEPENDENT_CHAIR, Role.COORDINATOR
BOARD = ("Police", "Adult Social Care", "NHS Barsetshire", "Probation", "Barset Refuge")


def met(
    day: int,
    kind: str,
    present: tuple[str, ...],
    agreed: str,
    minutes: str,
    *,
    apologies: tuple[str, ...] = (),
    by: Role = COORDINATOR,
) -> Step:
    """A meeting is held."""

    def do(case: Playing, at: datetime) -> None:
        came, absent = (tuple(case.agencies[name] for name in names) for names in (present, apologies))
        entry = MeetingEntry(kind, case.days.working(day), came, absent, agreed, minutes)
        meeting.hold_meeting(case.reference, entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(agreed, minutes))


def terms_drafted(day: int, lines_of_enquiry: str, *, years: int = 6, by: Role = CHAIR) -> Step:
    """The chair drafts a version of the terms, about so many years before the year of the draft."""

    def do(case: Playing, at: datetime) -> None:
        drafted_on = case.days.working(day)
        entry = TermsEntry(drafted_on, str(drafted_on.year - years), str(drafted_on.year), lines_of_enquiry)
        terms.draft(case.reference, entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(lines_of_enquiry,))


def terms_agreed(day: int, *, by: Role = CHAIR) -> Step:
    """The panel agrees the newest version at its latest meeting."""

    def do(case: Playing, at: datetime) -> None:
        person = case.person(by)
        draft = terms_page(case.reference, by=person, at=at).versions[0]
        held = meeting.meetings_page(case.reference, by=person, at=at).meetings
        latest = next(one.id for one in held if one.entry.kind == "panel")
        terms.agree(case.reference, draft.id, AgreementEntry(latest), draft.version, by=person, at=at)

    return Step(day, do)


def approved_at_board(day: int, folder: str, *, round_: int = 1) -> tuple[Step, Step]:
    """The approving body meets and agrees the report."""
    evidence = f"Board minute {round_}, item 5, folder {folder}"
    minutes = f"Bound volume of the board, entry {round_}, {folder}"

    def do(case: Playing, at: datetime) -> None:
        held = _approvals(case, at).meetings[0].id
        entry = ApprovalEntry("meeting", held, evidence=evidence)
        approval.approve(case.reference, entry, by=case.person(COORDINATOR), at=at)

    agreed = f"The report of folder {folder} is agreed, round {round_}"
    return met(day, "approving_body", BOARD, agreed, minutes), Step(day, do, sealed=(evidence,))


def approved_without_meeting(day: int, how: str, evidence: str, *, by: Role = COORDINATOR) -> Step:
    """The report is agreed by circulation, or by the steering group’s chair when it goes out again."""

    def do(case: Playing, at: datetime) -> None:
        entry = ApprovalEntry(how, None, case.days.working(day), None, evidence)
        approval.approve(case.reference, entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(evidence,))


def approval_reported(day: int) -> Step:
    """The approving body’s next meeting is told of the latest approval."""

    def do(case: Playing, at: datetime) -> None:
        latest = next(one.id for one in _approvals(case, at).approvals if not one.joint)
        approval.report(case.reference, latest, case.days.working(day), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def held_jointly(day: int, name: str) -> Step:
    """The review is another body’s too."""

    def do(case: Playing, at: datetime) -> None:
        joint_body.add_joint_body(case.reference, JointBodyEntry(name), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def bodies_agreed(day: int, evidence: str) -> Step:
    """Every other body of the joint review agrees the papers on file."""

    def do(case: Playing, at: datetime) -> None:
        entry = JointAgreementEntry(case.days.working(day), evidence)
        for body in _approvals(case, at).joint_bodies:
            joint_body.record_agreement(
                case.reference, body.id, entry, body.agreed_version, by=case.person(COORDINATOR), at=at
            )

    return Step(day, do, sealed=(evidence,))


def _approvals(case: Playing, at: datetime) -> ApprovalPage:
    return approval_page(case.reference, by=case.person(COORDINATOR), at=at)
