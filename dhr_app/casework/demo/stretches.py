"""Stretches of the way that many cases share, from one move to the next, told with the name of the case’s folder."""

from __future__ import annotations

from collections.abc import Mapping

from dhr_app.casework.demo.accuracy_steps import checked_by_agencies
from dhr_app.casework.demo.agreement_steps import (
    approved_at_board,
    approved_without_meeting,
    bodies_agreed,
    met,
    terms_agreed,
    terms_drafted,
)
from dhr_app.casework.demo.family_steps import hears, offered, offered_a_part, read_the_draft, told_of_publication
from dhr_app.casework.demo.home_office_steps import letter_came, point_answered
from dhr_app.casework.demo.imr_steps import imrs_gathered
from dhr_app.casework.demo.learning_steps import briefed, kept, shared
from dhr_app.casework.demo.moving import moved
from dhr_app.casework.demo.panel_steps import panel_made
from dhr_app.casework.demo.paper_steps import filed, marked_final, panel_agreed
from dhr_app.casework.demo.plan_steps import SHORT_PLAN, advised, carried_out
from dhr_app.casework.demo.playing import Step
from dhr_app.casework.demo.publication_steps import approved, circulated, publication_planned
from dhr_app.casework.demo.steps import answered, asked, considered, decided, joined, seconded, stated, told
from dhr_app.casework.statement import StatementEntry
from dhr_app.workflows.roles import Role

Steps = tuple[Step, ...]

CHAIR = Role.INDEPENDENT_CHAIR
PANEL = ("Police", "NHS Barsetshire", "Adult Social Care", "Barset Refuge")

# condition, days before the move, who records it, what shows it
PUBLISHED = (
    ("commissioner_sent_copy",       2, Role.COORDINATOR,    "Covering letter to the Commissioner"),
)  # fmt: skip

# What a letter that asks to resubmit says, and how the chair answers it: outcome, words.
POINTS = (
    "The report says too little of her as a person; a tribute by those who loved her would help.",
    "Economic abuse is named once and not analysed, though the accounts show it.",
    "Each protected characteristic is to be considered, disability too.",
)
ANSWERS = (
    ("changed", "A tribute in the family’s own words opens the report now."),
    ("changed", "Section 6.4 follows the money over three years."),
    ("not_changed", "The section on equality holds it already; a cross-reference was added."),
)
LAST_POINTS = (
    "The pen portrait may say what she enjoyed.",
    "Figures of referrals by year would help the reader.",
)

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
        *_in_order(
            *panel_made(day, folder),
            *panel_at_work(day, folder),
            *imrs_gathered(day, folder),
            *offered_a_part(day, folder),
        ),
        moved(day, "begin_report", f"Chair’s e-mail on beginning, folder {folder}", by=CHAIR),
    )


def panel_at_work(day: int, folder: str) -> Steps:
    """The panel meets twice before the report: it agrees what the review is to find out, and hears the agencies."""
    questions = f"Who knew what, when, and what help was within reach: folder {folder}"
    return (
        terms_drafted(day - 33, questions),
        met(
            day - 30,
            "panel",
            PANEL,
            f"The terms are agreed, and the chair writes to the family, folder {folder}",
            f"Panel minute 1, drawer of folder {folder}",
            apologies=("Probation",),
            by=CHAIR,
        ),
        terms_agreed(day - 30),
        met(
            day - 3,
            "panel",
            (*PANEL, "Probation"),
            f"The agencies’ accounts are heard and compared, folder {folder}",
            f"Panel minute 2, drawer of folder {folder}",
            by=CHAIR,
        ),
    )


def submitted(day: int, folder: str, *, round_: int = 1, joint: bool = False) -> Steps:
    """The report is finished, agreed by everybody whose it is, signed for anonymity by two people, and submitted."""
    letter = f"Letter {round_} of the safeguarding adults board, folder {folder}"
    return (
        *(advised(day - 30) if round_ == 1 else ()),
        *papers(day - 20, folder, version=round_),
        *_in_order(
            *((bodies_agreed(day - 7, letter),) if joint else ()),
            *(checked_by_agencies(day, folder) if round_ == 1 else ()),
            *read_the_draft(day, folder, round_=round_),
        ),
        *agreed(day, folder, round_=round_),
        moved(day, "submit_to_home_office", f"Submission {round_} by e-mail, folder {folder}"),
    )


def finished_locally(day: int, folder: str) -> Steps:
    """A local review is finished without the Home Office."""
    return (
        *advised(day - 30, SHORT_PLAN),
        *papers(day - 20, folder),
        *read_the_draft(day, folder),
        *agreed(day, folder),
        moved(day, "finish_local", f"Board minute on finishing, folder {folder}"),
    )


def agreed(day: int, folder: str, *, round_: int = 1) -> Steps:
    """The approving body agrees the report, a resubmission through its chair; two people sign the anonymity check."""
    by_chair = f"E-mail {round_} of the steering group chair, folder {folder}"
    return (
        *(
            approved_at_board(day - 5, folder)
            if round_ == 1
            else (approved_without_meeting(day - 5, "steering_chair", by_chair, by=Role.STEERING_CHAIR),)
        ),
        stated(day - 4, "anonymity_checked", checklist(folder, round_)),
        seconded(day - 3, "anonymity_checked"),
    )


def sent_back(day: int, folder: str) -> Steps:
    """The Home Office asks for the report again; panel and family are told."""
    return (
        letter_came(day, "resubmit", folder, f"Not adequate yet, and why, folder {folder}", POINTS),
        moved(day, "send_back", f"The same letter, received, folder {folder}"),
        told(day + 2, "panel", family=(1,), note=f"Told of the resubmission, folder {folder}"),
        *(point_answered(day + 4, number, *answer) for number, answer in enumerate(ANSWERS, start=1)),
    )


def cleared(day: int, folder: str, *, copied: bool = True) -> Steps:
    """The Home Office lets the report be published; unless it is still owed, the Commissioner gets a copy."""
    copy = (told(day + 4, "commissioner", note=f"Copy after clearance, folder {folder}"),) if copied else ()
    changes = offered(day, "changes", channel="telephone", note=f"Chair’s telephone note, folder {folder}")
    return (
        letter_came(day - 14, "cleared_after_changes", folder, f"May be published, folder {folder}", LAST_POINTS),
        point_answered(day - 10, 1, "changed", f"Section 2.3 tells of her now, folder {folder}", touches_family=True),
        point_answered(day - 9, 2, "not_changed", f"No agency kept such figures, folder {folder}"),
        *filed(
            day - 8,
            folder,
            "overview_report",
            "executive_summary",
            version=8,
            changes=f"Section 2.3 as the Home Office asked, folder {folder}",
        ),
        marked_final(day - 6),
        panel_agreed(day - 5),
        changes,
        moved(day, "clear", f"Clearance e-mail, folder {folder}"),
        *copy,
    )


def published(day: int, folder: str) -> Steps:
    """The report is published, and the Home Office told."""
    return (
        *_in_order(
            publication_planned(day - 20, day),
            *told_of_publication(day, folder),
            stated(day - 4, "anonymity_checked", checklist(folder, 9)),
            seconded(day - 3, "anonymity_checked"),
            *_stated(day, folder, PUBLISHED),
            circulated(day - 2, f"https://www.barsetshire.example/reviews/{folder.lower()}"),
            approved(day - 1, f"Minute of approval, item 6, folder {folder}"),
        ),
        moved(day, "publish", f"Approval to publish, folder {folder}", by=Role.STEERING_CHAIR),
        told(day + 2, "home_office", note=f"Told of publication, folder {folder}"),
        hears(day + 3, "at_the_end"),
    )


def closed(day: int, folder: str) -> Steps:
    """What was learnt has been shared and done, and the review is closed."""
    return (
        *_in_order(
            briefed(day - 90, "agencies", "practitioners", kept=f"Briefing on the shared drive, folder {folder}"),
            shared(day - 50, "Seeing whom nobody sees", {"Police": 14, "Probation": 9, "Barchester Hospitals": 31}),
            *carried_out(day),
            kept(day - 3),
        ),
        offered(
            day - 1,
            "what_changed",
            channel="advocate",
            note=f"Letter on what changed, folder {folder}",
            by=Role.COORDINATOR,
        ),
        moved(day, "close", f"Minute of closure, folder {folder}", by=Role.STEERING_CHAIR),
    )


def papers(day: int, folder: str, *, version: int = 1) -> Steps:
    """The three papers are put on file, marked final by the chair and agreed by the panel."""
    changes = "" if version == 1 else f"What the Home Office asked for, version {version}, folder {folder}"
    return (*filed(day - 6, folder, version=version, changes=changes), marked_final(day - 1), panel_agreed(day))


def checklist(folder: str, number: int) -> StatementEntry:
    """What shows that the papers were checked for anonymity."""
    return StatementEntry(evidence=f"Anonymity checklist {number}, folder {folder}")


def _in_order(*steps: Step) -> Steps:
    return tuple(sorted(steps, key=lambda step: step.day))


def _stated(day: int, folder: str, rows: Rows, *, round_: int = 1) -> Steps:
    again = "" if round_ == 1 else f", round {round_}"
    return tuple(
        stated(day - before, condition, StatementEntry(evidence=f"{evidence}{again}, folder {folder}"), by=role)
        for condition, before, role, evidence in sorted(rows, key=lambda row: -row[1])
    )
