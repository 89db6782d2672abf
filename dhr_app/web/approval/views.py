"""Who agreed the report: seen, recorded, reported to the next meeting, corrected, taken back."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import approval
from dhr_app.casework.approval_entry import ApprovalEntry
from dhr_app.casework.approval_page import ApprovalPage, approval_page
from dhr_app.web.answering import taken
from dhr_app.web.approval.forms import ApprovalForm, ReportForm, TakeBackForm
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("approval", __name__)


@room.get("/reviews/<reference>/approval", permission="approval.see")
def see(reference: str) -> ResponseReturnValue:
    """Every approval, and the other bodies of a joint review."""
    page = approval_page(reference, by=current_person(), at=this_moment())
    return show_part("approval/see.html", reference, page=page)


@room.form("/reviews/<reference>/approval/new", permission="approval.record")
def approve(reference: str) -> ResponseReturnValue:
    """Record that the approving body agreed the papers on file."""
    page = _recorded_on(reference)
    form = ApprovalForm(data={"how": "meeting"})
    form.offer(page)
    if taken(form, lambda: approval.approve(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The approval is recorded.", url_for("approval.see", reference=reference))
    return show_part("approval/edit.html", reference, form, page=page, shown=None)


@room.form("/reviews/<reference>/approval/<uuid:approval_id>", permission="approval.record")
def correct(reference: str, approval_id: UUID) -> ResponseReturnValue:
    """Correct an approval that stands. Where somebody else saved first, each answer that differs is chosen."""
    page = _recorded_on(reference)
    shown = page.approval(approval_id)
    form = ApprovalForm(data={**vars(shown.entry), "version": shown.version})
    form.offer(page)
    try:
        if taken(form, lambda: _correct(reference, approval_id, form, shown.entry)):
            return done("The record of the approval is saved.", url_for("approval.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("approval/edit.html", reference, form, page=page, shown=shown)


@room.form("/reviews/<reference>/approval/<uuid:approval_id>/reported", permission="approval.record")
def report(reference: str, approval_id: UUID) -> ResponseReturnValue:
    """Record that an approval without a meeting was reported to the next one."""
    shown = _recorded_on(reference).approval(approval_id)
    form = ReportForm(data={"reported_on": london_date(this_moment())})
    if taken(form, lambda: _report(reference, approval_id, form)):
        return done("The report to the next meeting is recorded.", url_for("approval.see", reference=reference))
    return show_part("approval/report.html", reference, form, shown=shown)


@room.form("/reviews/<reference>/approval/<uuid:approval_id>/take-back", permission="approval.record")
def take_back(reference: str, approval_id: UUID) -> ResponseReturnValue:
    """Take back an approval that was entered by mistake, after asking once."""
    shown = _recorded_on(reference).any_approval(approval_id)
    form = TakeBackForm()
    if taken(form, lambda: approval.take_back(reference, approval_id, by=current_person(), at=this_moment())):
        return done("The approval is taken back.", url_for("approval.see", reference=reference))
    return show_part("approval/take_back.html", reference, form, shown=shown)


def _recorded_on(reference: str) -> ApprovalPage:
    return approval_page(reference, permission="approval.record", by=current_person(), at=this_moment())


def _correct(reference: str, approval_id: UUID, form: ApprovalForm, saved: ApprovalEntry) -> None:
    entry = settled(form.entry, saved)
    approval.correct(reference, approval_id, entry, version_of(form), by=current_person(), at=this_moment())


def _report(reference: str, approval_id: UUID, form: ReportForm) -> None:
    approval.report(reference, approval_id, form.reported_on.data, by=current_person(), at=this_moment())
