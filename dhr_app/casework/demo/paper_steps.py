"""What people do with the papers of a case: put versions on file, mark them final, agree them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from dhr_app.casework import paper
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.demo.staff import STAFF
from dhr_app.casework.paper_entry import NewVersion
from dhr_app.casework.report_page import ReportPage, report_page
from dhr_app.workflows.record_wording import PAPER_KINDS
from dhr_app.workflows.roles import Role

CHAIR, AUTHOR = Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR
EVERY_PAPER = tuple(PAPER_KINDS)


def filed(
    day: int, folder: str, *kinds: str, version: int = 1, changes: str = "", by: Role = AUTHOR
) -> tuple[Step, ...]:
    """The author puts a version of these papers on file, of all three unless it is said which."""
    return tuple(_filed(day, folder, kind, version, changes, by) for kind in kinds or EVERY_PAPER)


def _filed(day: int, folder: str, kind: str, version: int, changes: str, by: Role) -> Step:
    kept = f"{PAPER_KINDS[kind]} {version}, drawer of folder {folder}"

    def do(case: Playing, at: datetime) -> None:
        sha256 = hashlib.sha256(f"{folder} {kind} {version}".encode()).hexdigest()
        entry = NewVersion(kind, sha256, case.days.working(day), changes, kept)
        paper.add_version(case.reference, entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(kept, changes))


def marked_final(day: int, *, by: Role = CHAIR) -> Step:
    """The chair marks every current paper as final that is not final yet."""

    def do(case: Playing, at: datetime) -> None:
        drafts = [one.id for one in _report(case, at).not_final]
        chair = STAFF[CHAIR].name
        paper.mark_final(case.reference, drafts, case.days.working(day), chair, by=case.person(by), at=at)

    return Step(day, do)


def panel_agreed(day: int, *, by: Role = CHAIR) -> Step:
    """The panel agrees every current paper that it has not agreed yet."""

    def do(case: Playing, at: datetime) -> None:
        waiting = [one.id for one in _report(case, at).not_agreed]
        paper.agree(case.reference, waiting, case.days.working(day), by=case.person(by), at=at)

    return Step(day, do)


def _report(case: Playing, at: datetime) -> ReportPage:
    return report_page(case.reference, by=case.person(Role.COORDINATOR), at=at)
