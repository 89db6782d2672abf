"""How a report is published: planned, approved, kept in mind afterwards. Publishing itself is a step of the review."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import publication, publication_page
from dhr_app.casework.publication import ApprovalEntry
from dhr_app.casework.publication_page import ApprovalPage, PublicationShown
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.publication.forms import ApprovalForm, PublicationForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.condition import STEERING
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.record_wording import PUBLICATION_MODES

room = Room("publication", __name__)


@room.get("/reviews/<reference>/publication", permission="publication.see")
def see(reference: str) -> ResponseReturnValue:
    """What is planned, what stands in its way, and what was published before."""
    page = publication_page.publication_page(reference, by=current_person(), at=this_moment())
    today = london_date(this_moment())
    return show_part("publication/see.html", reference, page=page, modes=PUBLICATION_MODES, today=today)


@room.form("/reviews/<reference>/publication/new", permission="publication.change")
def plan(reference: str) -> ResponseReturnValue:
    """Plan a publication."""
    publication_page.may_plan(reference, by=current_person(), at=this_moment())
    form = PublicationForm()
    form.ask_only("planned_on")
    if taken(form, lambda: publication.plan_publication(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The publication is planned. Tell the family first.", _page_of(reference))
    return show_part("publication/edit.html", reference, form, heading="Plan the publication", shown=None)


@room.form("/reviews/<reference>/publication/earlier", permission="publication.change")
def earlier(reference: str) -> ResponseReturnValue:
    """Record a publication from before this system."""
    publication_page.may_plan(reference, by=current_person(), at=this_moment())
    form = PublicationForm()
    form.ask_only("published_on", "taken_down_on")
    if taken(form, lambda: _record_earlier(reference, form)):
        return done("The earlier publication is recorded.", _page_of(reference))
    heading = "Record a publication from before this system"
    return show_part("publication/edit.html", reference, form, heading=heading, shown=None)


@room.form("/reviews/<reference>/publication/<uuid:publication_id>", permission="publication.change")
def correct(reference: str, publication_id: UUID) -> ResponseReturnValue:
    """Correct or add to a publication. Where somebody else saved first, each answer that differs is chosen."""
    shown = publication_page.publication_to_correct(reference, publication_id, by=current_person(), at=this_moment())
    form = PublicationForm(data={**vars(shown.entry), "version": shown.version})
    said = {name for name in ("published_on", "taken_down_on") if getattr(shown.entry, name)}
    form.ask_only("planned_on", *said)
    try:
        if taken(form, lambda: _correct(reference, form, shown)):
            return done("The publication is saved.", _page_of(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    heading = f"Correct or add to publication {shown.number}"
    return show_part("publication/edit.html", reference, form, heading=heading, shown=shown)


@room.form("/reviews/<reference>/publication/<uuid:publication_id>/approval", permission="publication.see")
def approve(reference: str, publication_id: UUID) -> ResponseReturnValue:
    """The approval of a publication: read, given, or corrected."""
    page = publication_page.open_approval(reference, publication_id, by=current_person(), at=this_moment())
    form = ApprovalForm(data={**vars(_suggested(page)), "version": page.shown.version})
    try:
        if taken(form, lambda: _approve(reference, form, page)):
            return done("The approval is recorded.", _page_of(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.shown.version)
    return show_part("publication/approval.html", reference, form, page=page, modes=PUBLICATION_MODES)


def _suggested(page: ApprovalPage) -> ApprovalEntry:
    """What stands; a chair or deputy who is about to approve finds their own name and today."""
    by = current_person()
    if page.entry.approved_on is not None or by.role not in STEERING:
        return page.entry
    return ApprovalEntry(f"{by.name}, {by.role.label.lower()}", london_date(this_moment()))


def _page_of(reference: str) -> str:
    return url_for("publication.see", reference=reference)


def _record_earlier(reference: str, form: PublicationForm) -> None:
    publication.record_earlier_publication(reference, form.entry, by=current_person(), at=this_moment())


def _correct(reference: str, form: PublicationForm, shown: PublicationShown) -> None:
    entry = settled(form.entry, shown.entry)
    publication.correct_publication(reference, shown.id, entry, version_of(form), by=current_person(), at=this_moment())


def _approve(reference: str, form: ApprovalForm, page: ApprovalPage) -> None:
    entry = settled(form.entry, page.entry)
    publication.approve_publication(
        reference, page.shown.id, entry, version_of(form), by=current_person(), at=this_moment()
    )
