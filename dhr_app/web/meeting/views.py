"""The meetings of a review: seen, recorded, corrected, and taken out where they were entered by mistake."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import meeting
from dhr_app.casework.meeting import MeetingEntry
from dhr_app.web.agency_choices import names_through_time
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.meeting.forms import MeetingForm, RemoveForm, typed_from
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("meeting", __name__)


@room.get("/reviews/<reference>/meetings", permission="meeting.see")
def see(reference: str) -> ResponseReturnValue:
    """Every meeting, the latest first."""
    page = meeting.meetings_page(reference, by=current_person(), at=this_moment())
    return show_part("meeting/see.html", reference, page=page)


@room.form("/reviews/<reference>/meetings/new", permission="meeting.change")
def hold(reference: str) -> ResponseReturnValue:
    """Record a meeting that was held."""
    meeting.may_hold_meeting(reference, by=current_person(), at=this_moment())
    form = MeetingForm(data={"held_on": london_date(this_moment()), "kind": "panel"})
    _offer(form)
    if taken(form, lambda: meeting.hold_meeting(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The meeting is recorded.", url_for("meeting.see", reference=reference))
    return show_part("meeting/edit.html", reference, form, asked=form, shown=None)


@room.form("/reviews/<reference>/meetings/<uuid:meeting_id>", permission="meeting.change")
def correct(reference: str, meeting_id: UUID) -> ResponseReturnValue:
    """Correct a meeting’s record. Where somebody else saved first, each answer that differs is chosen."""
    shown = meeting.open_meeting(reference, meeting_id, by=current_person(), at=this_moment())
    form = MeetingForm(data={**typed_from(shown.entry), "version": shown.version})
    _offer(form)
    try:
        if taken(form, lambda: _correct(reference, meeting_id, form, shown.entry)):
            return done("The record of the meeting is saved.", url_for("meeting.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("meeting/edit.html", reference, form, asked=form, shown=shown)


@room.post("/reviews/<reference>/meetings/<uuid:meeting_id>/remove", permission="meeting.change")
def remove(reference: str, meeting_id: UUID) -> ResponseReturnValue:
    """Take out a meeting that was entered by mistake; what was agreed at it keeps it in."""
    removing = RemoveForm()
    if taken(removing, lambda: meeting.remove_meeting(reference, meeting_id, by=current_person(), at=this_moment())):
        return done("The meeting is taken out.", url_for("meeting.see", reference=reference))
    shown = meeting.open_meeting(reference, meeting_id, by=current_person(), at=this_moment())
    form = MeetingForm(formdata=None, data={**typed_from(shown.entry), "version": shown.version})
    _offer(form)
    return show_part("meeting/edit.html", reference, removing, asked=form, shown=shown)


def _offer(form: MeetingForm) -> None:
    """Offer the organisations there are, and those that may have come then and have ended since."""
    form.organisations.choices = form.apologies.choices = names_through_time()


def _correct(reference: str, meeting_id: UUID, form: MeetingForm, saved: MeetingEntry) -> None:
    entry = settled(form.entry, saved)
    meeting.correct_meeting(reference, meeting_id, entry, version_of(form), by=current_person(), at=this_moment())
