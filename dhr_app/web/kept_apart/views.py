"""What is kept apart on a review: what there is, one of it opened, and who was let open it."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import contacts_apart, extra_grant, kept_apart, kept_apart_page
from dhr_app.casework.kept_apart import NoteEntry
from dhr_app.web.again import need_proof
from dhr_app.web.agency_choices import asked_names
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.kept_apart.forms import NOBODY, ExtraGrantForm, NoteForm, StrikeForm, typed_from
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("kept_apart", __name__)


@room.get("/reviews/<reference>/kept-apart", permission="kept_apart.see")
def see(reference: str) -> ResponseReturnValue:
    """What there is, by kind and day, and who was let open it."""
    page = kept_apart_page.kept_apart_page(reference, by=current_person(), at=this_moment())
    return show_part("kept_apart/see.html", reference, page=page)


@room.get("/reviews/<reference>/kept-apart/<uuid:note_id>", permission="kept_apart.read")
def note(reference: str, note_id: UUID) -> ResponseReturnValue:
    """One of it, opened for whoever showed just now who they are."""
    shown = kept_apart_page.open_note(reference, note_id, by=current_person(), at=this_moment())
    return show_part("kept_apart/note.html", reference, shown=shown)


@room.form("/reviews/<reference>/kept-apart/new", permission="kept_apart.change")
def add(reference: str) -> ResponseReturnValue:
    """Record something to be kept apart."""
    by, at = current_person(), this_moment()
    form = NoteForm()
    form.offer(kept_apart_page.whom_about(reference, by=by, at=at), asked_names())
    if taken(form, lambda: kept_apart.add_note(reference, form.entry, by=by, at=at)):
        return done("It is recorded, and kept apart.", _back(reference))
    return show_part("kept_apart/edit.html", reference, form, line=None)


@room.form("/reviews/<reference>/kept-apart/<uuid:note_id>/correct", permission="kept_apart.change")
def correct(reference: str, note_id: UUID) -> ResponseReturnValue:
    """Correct something, for whoever may open it. Where somebody else saved first, each answer is chosen."""
    by, at = current_person(), this_moment()
    shown = kept_apart_page.note_to_correct(reference, note_id, by=by, at=at)
    about, agencies = kept_apart_page.whom_about(reference, by=by, at=at), asked_names()
    form = NoteForm(data={**typed_from(shown.entry), "version": shown.version})
    form.offer(about, agencies)

    def work() -> None:
        entry: NoteEntry = settled(form.entry, shown.entry)
        kept_apart.correct_note(reference, note_id, entry, version_of(form), by=by, at=at)

    try:
        if taken(form, work):
            return done("It is corrected, and kept apart.", _back(reference))
    except Stale:
        words = {"about": {**about, "": "Nobody in particular", NOBODY: "Nobody in particular"}, "agency_id": agencies}
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version, words=words)
    return show_part("kept_apart/edit.html", reference, form, line=shown.line)


@room.form("/reviews/<reference>/kept-apart/<uuid:note_id>/strike-out", permission="kept_apart.change")
def strike(reference: str, note_id: UUID) -> ResponseReturnValue:
    """Strike something out, unread."""
    by, at = current_person(), this_moment()
    line, form = kept_apart_page.note_to_strike(reference, note_id, by=by, at=at), StrikeForm()
    if taken(form, lambda: kept_apart.strike_out(reference, note_id, form.because.data or "", by=by, at=at)):
        return done("It is struck out.", _back(reference))
    return show_part("kept_apart/strike.html", reference, form, line=line)


@room.get("/reviews/<reference>/kept-apart/family/<uuid:member_id>", permission="kept_apart.read")
def contact(reference: str, member_id: UUID) -> ResponseReturnValue:
    """How one family member likes to be reached, opened for whoever showed just now who they are."""
    shown = contacts_apart.open_contact(reference, member_id, by=current_person(), at=this_moment())
    return show_part("kept_apart/contact.html", reference, shown=shown)


@room.post("/reviews/<reference>/kept-apart/family/<uuid:member_id>/take-out", permission="family.change")
def forget_contact(reference: str, member_id: UUID) -> ResponseReturnValue:
    """Take out how a family member likes to be reached, unread."""
    contacts_apart.forget_contact(reference, member_id, by=current_person(), at=this_moment())
    return done("How to reach them is taken out.", url_for("family.see", reference=reference))


@room.form("/reviews/<reference>/kept-apart/grants/new", permission="extra_grant.give")
def give(reference: str) -> ResponseReturnValue:
    """Let somebody open what is kept apart, for a while."""
    by, at = current_person(), this_moment()
    offered = extra_grant.grant_form(reference, by=by, at=at)
    need_proof()
    form = ExtraGrantForm(data={"from_on": offered.from_on, "to_on": offered.to_on})
    form.offer(offered)
    if taken(form, lambda: extra_grant.give(reference, form.entry, by=by, at=at)):
        return done("They may open what is kept apart, each time once they have shown who they are.", _back(reference))
    return show_part("kept_apart/give.html", reference, form)


@room.post("/reviews/<reference>/kept-apart/grants/<uuid:grant_id>/end", permission="extra_grant.end")
def end(reference: str, grant_id: UUID) -> ResponseReturnValue:
    """Take a grant back: at once, since that must be quick."""
    extra_grant.end(reference, grant_id, by=current_person(), at=this_moment())
    return done("The grant is taken back.", _back(reference))


def _back(reference: str) -> str:
    return url_for("kept_apart.see", reference=reference)
