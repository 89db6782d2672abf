"""The terms of reference: seen, drafted, corrected, and agreed by the panel."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import terms, terms_page
from dhr_app.casework.terms import AgreementEntry, TermsEntry
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.meeting.choices import offered
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.terms.forms import AgreementForm, TermsForm
from dhr_app.workflows.errors import Stale

room = Room("terms", __name__)


@room.get("/reviews/<reference>/terms", permission="terms.see")
def see(reference: str) -> ResponseReturnValue:
    """Every version, the newest first."""
    page = terms_page.terms_page(reference, by=current_person(), at=this_moment())
    return show_part("terms/see.html", reference, page=page)


@room.form("/reviews/<reference>/terms/new", permission="terms.change")
def draft(reference: str) -> ResponseReturnValue:
    """Draft a version; a new one begins with the words of the last."""
    last = terms_page.open_last(reference, by=current_person(), at=this_moment())
    begins = vars(last.entry) if last else {}
    form = TermsForm(data={**begins, "drafted_on": london_date(this_moment())})
    if taken(form, lambda: terms.draft(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The draft is saved.", url_for("terms.see", reference=reference))
    return show_part("terms/edit.html", reference, form, shown=None, last=last)


@room.form("/reviews/<reference>/terms/<uuid:terms_id>", permission="terms.change")
def correct(reference: str, terms_id: UUID) -> ResponseReturnValue:
    """Correct a draft. Where somebody else saved first, each answer that differs is chosen."""
    shown = terms_page.open_terms(reference, terms_id, by=current_person(), at=this_moment())
    form = TermsForm(data={**vars(shown.entry), "version": shown.version})
    try:
        if taken(form, lambda: _correct(reference, terms_id, form, shown.entry)):
            return done(f"Version {shown.number} is saved.", url_for("terms.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("terms/edit.html", reference, form, shown=shown, last=None)


@room.form("/reviews/<reference>/terms/<uuid:terms_id>/agreed", permission="terms.change")
def agree(reference: str, terms_id: UUID) -> ResponseReturnValue:
    """Record when and where the panel agreed a version, or correct that."""
    page = terms_page.agreement_page(reference, terms_id, by=current_person(), at=this_moment())
    shown = page.shown
    form = AgreementForm(data={**vars(shown.agreement), "version": shown.version})
    form.meeting_id.choices = offered(page.meetings)
    try:
        if taken(form, lambda: _agree(reference, terms_id, form, shown.agreement)):
            return done(f"Version {shown.number} is recorded as agreed.", url_for("terms.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.agreement, version=shown.version)
    return show_part("terms/agree.html", reference, form, page=page)


def _correct(reference: str, terms_id: UUID, form: TermsForm, saved: TermsEntry) -> None:
    entry = settled(form.entry, saved)
    terms.correct(reference, terms_id, entry, version_of(form), by=current_person(), at=this_moment())


def _agree(reference: str, terms_id: UUID, form: AgreementForm, saved: AgreementEntry) -> None:
    entry = settled(form.entry, saved)
    terms.agree(reference, terms_id, entry, version_of(form), by=current_person(), at=this_moment())
