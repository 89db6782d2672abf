"""Stretches of the way that many cases share, from one move to the next, told with the name of the case’s folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from dhr_app.casework.demo.moving import moved
from dhr_app.casework.demo.playing import Step
from dhr_app.casework.demo.steps import answered, asked, considered, decided, joined, seconded, stated, told
from dhr_app.casework.statement import StatementEntry
from dhr_app.workflows.roles import Role

Steps = tuple[Step, ...]

CHAIR = Role.INDEPENDENT_CHAIR
PRESENT = ("Police", "Adult Social Care", "NHS Barsetshire", "Probation", "Barset Refuge")

# condition, days before the move, who records it, what shows it
BEGUN = (
    ("chair_appointed",       60, Role.COORDINATOR, "Letter of appointment, signed"),
    ("independence_declared", 55, CHAIR,            "Declaration of independence, form 2"),
    ("specialist_on_panel",   40, Role.COORDINATOR, "Barset Refuge accepted its seat by e-mail"),
    ("terms_agreed",          30, CHAIR,            "Panel minute 1, item 4, terms version 3"),
    ("every_imr_settled",      4, Role.COORDINATOR, "Register of IMRs, all five entries"),
    ("family_offered_part",    3, CHAIR,            "Note of the meeting with the advocate"),
)  # fmt: skip
FINISHED_LOCALLY = (
    ("final_papers_on_file",  20, CHAIR,               "Three files, final versions"),
    ("family_offered_reading", 14, CHAIR,              "Reading room book, two visits"),
    ("action_plan_complete",  10, Role.COORDINATOR,    "Action plan, version 5"),
)  # fmt: skip
SUBMITTED = (
    *FINISHED_LOCALLY,
    ("accuracy_checked",       9, Role.REPORT_AUTHOR,  "Five accuracy forms returned"),
    ("joint_bodies_agreed",    7, Role.COORDINATOR,    "Letter of the safeguarding adults board"),
)  # fmt: skip
CLEARED = (
    ("clearance_letter_on_file", 0, Role.COORDINATOR,  "Letter of the quality assurance panel"),
    ("letter_points_answered",   0, CHAIR,             "Table of points, eleven rows"),
    ("revised_papers_on_file",   0, Role.COORDINATOR,  "Revised files, version 7"),
    ("family_told_of_changes",   0, CHAIR,             "Telephone note of the chair"),
)  # fmt: skip
PUBLISHED = (
    ("family_told_of_publication",   9, CHAIR,               "Copy given in person by the chair"),
    ("agencies_told_of_publication", 2, Role.COORDINATOR,    "Circular to agencies"),
    ("commissioner_sent_copy",       2, Role.COORDINATOR,    "Covering letter to the Commissioner"),
    ("publication_approved",         1, Role.STEERING_CHAIR, "Minute of approval, item 6"),
)  # fmt: skip
ENDED = (
    ("briefing_issued",              90, Role.COORDINATOR,    "Seven-minute briefing, circulated"),
    ("learning_shared",              50, Role.COORDINATOR,    "Seminar attendance list, 64 people"),
    ("local_actions_signed_off",      6, Role.STEERING_CHAIR, "Steering minute on the action plan"),
    ("national_recommendations_sent", 5, Role.COORDINATOR,    "Ledger, two letters sent"),
    ("family_told_what_changed",      4, Role.COORDINATOR,    "Letter through the advocate"),
    ("retention_date_set",            3, Role.COORDINATOR,    "Retention sheet, signed"),
)  # fmt: skip

Rows = tuple[tuple[str, int, Role, str], ...]


def scoped(day: int, folder: str, known: Mapping[str, str], *, nil: tuple[str, ...] = ("Fire and Rescue",)) -> Steps:
    """Agencies are asked, scoping begins, and each of them answers within ten days."""
    answers = [
        answered(day + 5 + number, agency, text, f"E-mail of {agency}, folder {folder}")
        for number, (agency, text) in enumerate([*known.items(), *((agency, "") for agency in nil)])
    ]
    return (asked(day, *known, *nil), moved(day, "begin_scoping"), *answers)


def commissioned(
    day: int,
    folder: str,
    criteria: tuple[str, ...],
    reasons: str,
    *,
    family: tuple[int, ...] = (1,),
    home_office: bool = True,
) -> Steps:
    """The partnership decides to review, tells everybody in time, and chair, author and panel take their seats."""
    audiences = ("home_office", "agencies", "notifier") if home_office else ("agencies", "notifier")
    return (
        considered(day - 3),
        decided(day - 2, "review", criteria, reasons),
        moved(day, "commission", f"Minute of the steering group, item 3, folder {folder}"),
        told(day + 3, *audiences, family=family, note=f"Letters of decision, folder {folder}"),
        joined(day + 5, CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER),
    )


def begun(day: int, folder: str) -> Steps:
    """The panel gets ready, and the chair begins the report."""
    return (
        *_stated(day, folder, BEGUN),
        moved(day, "begin_report", f"Chair’s e-mail on beginning, folder {folder}", by=CHAIR),
    )


def submitted(day: int, folder: str, *, round_: int = 1) -> Steps:
    """The report is finished, agreed at a quorate meeting, signed for anonymity by two people, and submitted."""
    return (
        *_stated(day, folder, SUBMITTED, round_=round_),
        *agreed(day, folder, round_=round_),
        moved(day, "submit_to_home_office", f"Submission {round_} by e-mail, folder {folder}"),
    )


def finished_locally(day: int, folder: str) -> Steps:
    """A local review is finished without the Home Office."""
    return (
        *_stated(day, folder, FINISHED_LOCALLY),
        *agreed(day, folder),
        moved(day, "finish_local", f"Board minute on finishing, folder {folder}"),
    )


def agreed(day: int, folder: str, *, round_: int = 1) -> Steps:
    """The approving body agrees the report, and two people sign the anonymity check."""
    minute = StatementEntry(evidence=f"Board minute {round_}, item 5, folder {folder}", organisations=PRESENT)
    return (
        stated(day - 5, "report_agreed", minute),
        stated(day - 4, "anonymity_checked", signed_files(folder, version=round_)),
        seconded(day - 3, "anonymity_checked"),
    )


def sent_back(day: int, folder: str) -> Steps:
    """The Home Office asks for the report again; panel and family are told."""
    letter = StatementEntry(evidence=f"Home Office letter asking to resubmit, folder {folder}")
    return (
        stated(day, "resubmission_letter_on_file", letter),
        moved(day, "send_back", f"The same letter, received, folder {folder}"),
        told(day + 2, "panel", family=(1,), note=f"Told of the resubmission, folder {folder}"),
    )


def cleared(day: int, folder: str, *, copied: bool = True) -> Steps:
    """The Home Office lets the report be published; unless it is still owed, the Commissioner gets a copy."""
    copy = (told(day + 4, "commissioner", note=f"Copy after clearance, folder {folder}"),) if copied else ()
    return (*_stated(day, folder, CLEARED), moved(day, "clear", f"Clearance e-mail, folder {folder}"), *copy)


def published(day: int, folder: str) -> Steps:
    """The report is published, and the Home Office told."""
    return (
        *_stated(day, folder, PUBLISHED),
        stated(day - 4, "anonymity_checked", signed_files(folder, version=9)),
        seconded(day - 3, "anonymity_checked"),
        moved(day, "publish", f"Approval to publish, folder {folder}", by=Role.STEERING_CHAIR),
        told(day + 2, "home_office", note=f"Told of publication, folder {folder}"),
    )


def closed(day: int, folder: str) -> Steps:
    """What was learnt has been shared and done, and the review is closed."""
    return (
        *_stated(day, folder, ENDED),
        moved(day, "close", f"Minute of closure, folder {folder}", by=Role.STEERING_CHAIR),
    )


def signed_files(folder: str, *, version: int) -> StatementEntry:
    """A statement on exactly two files."""
    files = tuple(
        hashlib.sha256(f"{folder} {name} {version}".encode()).hexdigest() for name in ("overview report", "summary")
    )
    return StatementEntry(evidence=f"Anonymity checklist {version}, folder {folder}", files=files)


def _stated(day: int, folder: str, rows: Rows, *, round_: int = 1) -> Steps:
    again = "" if round_ == 1 else f", round {round_}"
    return tuple(
        stated(day - before, condition, StatementEntry(evidence=f"{evidence}{again}, folder {folder}"), by=role)
        for condition, before, role, evidence in sorted(rows, key=lambda row: -row[1])
    )
