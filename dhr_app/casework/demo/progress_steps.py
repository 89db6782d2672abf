"""What the Mental Health Trust reports about its actions in the demo, by its own contributor; a link to the police."""

from __future__ import annotations

from datetime import date, datetime

from dhr_app.casework import files, plan, progress, progress_page
from dhr_app.casework.action_link import LinkEntry, send_link
from dhr_app.casework.demo.draft_steps import word_file
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.progress_entry import DONE, NEED_LONGER, PROGRESS, ReportEntry
from dhr_app.workflows.roles import Role


def said(day: int, label: str, text: str, *, blocked_by: str = "") -> Step:
    """How far the trust is with an action."""
    return Step(day, lambda case, at: _report(case, label, ReportEntry(PROGRESS, text, blocked_by), at))


def asked_longer(day: int, label: str, wanted: int, why: str) -> Step:
    """The trust asks for a later date, counted from the demo’s today."""

    def do(case: Playing, at: datetime) -> None:
        _report(case, label, ReportEntry(NEED_LONGER, why, wanted_on=case.days.working(wanted)), at)

    return Step(day, do)


def done_with_a_file(day: int, label: str, text: str, filename: str) -> Step:
    """The trust reports an action as done, and hands in a Word file that shows it."""

    def do(case: Playing, at: datetime) -> None:
        done_on: date = case.days.working(day)
        _report(case, label, ReportEntry(DONE, text, done_on=done_on), at, filename=filename)

    return Step(day, do, sealed=(filename,))


def link_sent(day: int, label: str, email: str) -> Step:
    """The coordinator sends an agency without an account a link to one of its actions."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(Role.COORDINATOR)
        page = plan.plan_page(case.reference, by=by, at=at)
        row = next(one for one in page.actions if one.label == label)
        send_link(case.reference, row.id, LinkEntry(email, sure=True), by=by, at=at)

    return Step(day, do)


def _report(case: Playing, label: str, entry: ReportEntry, at: datetime, *, filename: str = "") -> None:
    by = case.person(Role.AGENCY_CONTRIBUTOR)
    page = plan.plan_page(case.reference, by=case.person(Role.COORDINATOR), at=at)
    row = next(one for one in page.actions if one.label == label)
    version = progress_page.own_action_page(row.id, by=by, at=at).version
    file = files.arrived(filename, word_file(f"Shows that action {label} is done.")) if filename else None
    progress.report(row.id, entry, version, file, by=by, at=at)
