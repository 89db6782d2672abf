"""Reports on actions for tests: made by the agency’s contributor, or for the agency, each with one call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dhr_app.casework import progress, progress_page
from dhr_app.casework.files import Incoming
from dhr_app.casework.progress_entry import ReportEntry
from dhr_app.casework.progress_page import ActionPage
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.reviews import Case

SAID = {
    "no_change":   {},
    "progress":    {"text": "The draft form is with the unions."},
    "done":        {"text": "The superintendent’s statement"},
    "need_longer": {"text": "The supplier is late."},
}  # fmt: skip


def contributor(case: Case, number: int = 1) -> Person:
    """Somebody who answers for the police, with no seat on the review unless a test gives them one."""
    return case.county.who(Role.AGENCY_CONTRIBUTOR, number)


def page_of(case: Case, action_id: UUID, *, by: Person | None = None) -> ActionPage:
    """The action’s page as its agency sees it."""
    return progress_page.own_action_page(action_id, by=by or contributor(case), at=case.at)


def report(
    case: Case,
    action_id: UUID,
    kind: str = "progress",
    *,
    file: Incoming | None = None,
    version: int | None = None,
    by: Person | None = None,
    **entry: Any,
) -> UUID:
    """Report on an action; what is done was done today, and longer is asked until the end of the year."""
    days = {"done": {"done_on": case.today}, "need_longer": {"wanted_on": case.today.replace(month=12, day=31)}}
    said = ReportEntry(kind, **{**SAID.get(kind, {}), **days.get(kind, {}), **entry})
    by = by or contributor(case)
    seen = page_of(case, action_id, by=by).version if version is None else version
    return progress.report(action_id, said, seen, file, by=by, at=case.wait(minutes=1))


def report_for(case: Case, action_id: UUID, kind: str = "progress", **entry: Any) -> UUID:
    """The coordinator enters a report for the agency."""
    by = case.county.coordinator
    days = {"done": {"done_on": case.today}, "need_longer": {"wanted_on": case.today.replace(month=12, day=31)}}
    known = {**SAID[kind], **days.get(kind, {}), "came_from": "E-mail of J. Arabin, 3 June"}
    version = progress_page.action_page(case.reference, action_id, by=by, at=case.at).version
    return progress.report_for_agency(
        case.reference, action_id, ReportEntry(kind, **{**known, **entry}), version, by=by, at=case.wait(minutes=1)
    )


def refuse(case: Case, action_id: UUID, because: str = "The inquest waits for it.") -> None:
    """The coordinator lets the date stay."""
    by = case.county.coordinator
    wish = progress_page.wish_page(case.reference, action_id, by=by, at=case.at).wish
    progress.refuse_longer(case.reference, action_id, because, wish.seq if wish else 0, by=by, at=case.wait(minutes=1))
