"""Meetings that are planned: the list, a new one, and what becomes of one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import meeting, planned_meeting
from dhr_app.casework.meeting import MeetingEntry
from dhr_app.casework.planned_checks import PlannedEntry
from dhr_app.casework.planned_page import (
    gatherings_to_plan,
    kinds_to_plan,
    meetings_list,
    planned_page,
    said_beside,
    to_record,
)
from dhr_app.web.agency_choices import names_through_time
from dhr_app.web.answering import show, taken
from dhr_app.web.choosing import version_of
from dhr_app.web.meeting.forms import MeetingForm
from dhr_app.web.meeting.forms import typed_from as typed_from_held
from dhr_app.web.planned.forms import MoveForm, PlanForm, typed_from
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.saved_meanwhile import kept_to_look_at
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("planned", __name__)


@room.get("/meetings", permission="meetings.list")
def index() -> ResponseReturnValue:
    """Every meeting that is planned and that one may know of."""
    return render_template("planned/list.html", page=meetings_list(by=current_person(), at=this_moment()))


@room.form("/meetings/new", permission="meetings.plan")
def gather() -> ResponseReturnValue:
    """Plan a meeting of the steering group, or a learning event."""
    form = PlanForm()
    form.offer(gatherings_to_plan())
    by, at = current_person(), this_moment()
    if taken(form, lambda: planned_meeting.plan_gathering(form.entry, by=by, at=at)):
        return _planned(form.entry, url_for("planned.index"))
    return show("planned/new.html", form)


@room.form("/reviews/<reference>/meetings/planned/new", permission="meeting.plan")
def plan(reference: str) -> ResponseReturnValue:
    """Plan a meeting of a review."""
    by, at = current_person(), this_moment()
    form = PlanForm()
    form.offer(kinds_to_plan(reference, by=by, at=at))
    if taken(form, lambda: planned_meeting.plan_meeting(reference, form.entry, by=by, at=at)):
        return _planned(form.entry, url_for("meeting.see", reference=reference))
    return show_part("planned/of_a_review.html", reference, form)


@room.form("/meetings/<uuid:planned_id>", permission="meetings.list")
def see(planned_id: UUID) -> ResponseReturnValue:
    """One planned meeting; whoever planned it moves it here."""
    by, at = current_person(), this_moment()
    shown = planned_page(planned_id, by=by, at=at)
    if request.method == "POST":
        planned_meeting.may_settle(planned_id, by=by, at=at)
    form = MoveForm(data=typed_from(shown.entry, shown.version))
    try:
        if taken(form, lambda: planned_meeting.move_meeting(planned_id, form.entry, version_of(form), by=by, at=at)):
            return _planned(form.entry, url_for("planned.see", planned_id=planned_id), said="The meeting is moved.")
    except Stale:
        shown = planned_page(planned_id, by=by, at=at)
        kept_to_look_at(form, shown.version)
    return show("planned/see.html", form, shown=shown)


@room.post("/meetings/<uuid:planned_id>/cancel", permission="meetings.list")
def cancel(planned_id: UUID) -> ResponseReturnValue:
    """Cancel a planned meeting."""
    return _settled(
        planned_id, planned_meeting.cancel_meeting, "The meeting is cancelled. Calendars say so from now on."
    )


@room.post("/meetings/<uuid:planned_id>/held", permission="meetings.list")
def took_place(planned_id: UUID) -> ResponseReturnValue:
    """Say that a meeting of the partnership was held."""
    return _settled(planned_id, planned_meeting.took_place, "The meeting was held.")


@room.form("/reviews/<reference>/meetings/planned/<uuid:planned_id>/held", permission="meeting.change")
def hold(reference: str, planned_id: UUID) -> ResponseReturnValue:
    """Record a planned meeting as it was held; what is known already is filled in."""
    by, at = current_person(), this_moment()
    shown = to_record(reference, planned_id, by=by, at=at)
    form = MeetingForm(data=typed_from_held(MeetingEntry(shown.entry.kind, shown.entry.on)))
    form.organisations.choices = form.apologies.choices = names_through_time()
    if taken(form, lambda: meeting.hold_meeting(reference, form.entry, planned=planned_id, by=by, at=at)):
        return done("The meeting is recorded.", url_for("meeting.see", reference=reference))
    return show_part("meeting/edit.html", reference, form, asked=form, shown=None, planned=shown)


def _planned(entry: PlannedEntry, onward: str, *, said: str = "The meeting is planned.") -> ResponseReturnValue:
    """Say so, and what somebody should think of who planned it on that day."""
    if beside := said_beside(entry):
        flash(beside, "notice")
    return done(said, onward)


def _settled(planned_id: UUID, settle: Callable[..., None], said: str) -> ResponseReturnValue:
    settle(planned_id, by=current_person(), at=this_moment())
    return done(said, url_for("planned.index"))
