"""Until when a review’s records are kept, and whether what was done after it has lasted."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import closing
from dhr_app.casework.closing import ClosingPage
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.closing.forms import AuditForm, RetentionForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.record_wording import AUDIT_FOUND

room = Room("closing", __name__)


@room.get("/reviews/<reference>/closing", permission="closing.see")
def see(reference: str) -> ResponseReturnValue:
    """What is recorded towards the end of the review."""
    page = closing.closing_page(reference, by=current_person(), at=this_moment())
    return show_part("closing/see.html", reference, page=page, found=AUDIT_FOUND)


@room.form("/reviews/<reference>/closing/retention", permission="closing.change")
def retention(reference: str) -> ResponseReturnValue:
    """Set or correct until when the records are kept. Where somebody else saved first, it is chosen."""
    page = _to_change(reference)
    form = RetentionForm(data={**vars(page.retention), "version": page.version})
    try:
        if taken(form, lambda: _keep(reference, form, page)):
            return done("It is recorded how long the records are kept.", url_for("closing.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.retention, version=page.version)
    return show_part("closing/retention.html", reference, form)


@room.form("/reviews/<reference>/closing/audit", permission="closing.change")
def audit(reference: str) -> ResponseReturnValue:
    """Record or correct the audit of the action plan. Where somebody else saved first, it is chosen."""
    page = _to_change(reference)
    form = AuditForm(data={**vars(page.audit), "version": page.version})
    try:
        if taken(form, lambda: _audit(reference, form, page)):
            return done("The audit is recorded.", url_for("closing.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.audit, version=page.version)
    return show_part("closing/audit.html", reference, form)


def _to_change(reference: str) -> ClosingPage:
    return closing.closing_to_change(reference, by=current_person(), at=this_moment())


def _keep(reference: str, form: RetentionForm, page: ClosingPage) -> None:
    entry = settled(form.entry, page.retention)
    closing.set_retention(reference, entry, version_of(form), by=current_person(), at=this_moment())


def _audit(reference: str, form: AuditForm, page: ClosingPage) -> None:
    entry = settled(form.entry, page.audit)
    closing.record_audit(reference, entry, version_of(form), by=current_person(), at=this_moment())
