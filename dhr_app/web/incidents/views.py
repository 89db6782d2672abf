"""The log of incidents: a list, one of them, and the two forms that fill it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import incident
from dhr_app.casework.incident_page import incident_page, incidents_page
from dhr_app.web.answering import show, taken
from dhr_app.web.incidents.forms import FoundForm, IncidentForm, OutcomeForm
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.saved_meanwhile import kept_to_look_at
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import request_wording
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.permissions import allows

room = Room("incidents", __name__)


@room.get("/incidents", permission="incidents.list")
def index() -> ResponseReturnValue:
    """Every incident, those whose hours run first."""
    page = incidents_page(by=current_person(), at=this_moment())
    return render_template("incidents/list.html", page=page, words=request_wording)


@room.form("/incidents/new", permission="incidents.enter")
def enter() -> ResponseReturnValue:
    """Write an incident down; whoever comes from a review finds its reference typed."""
    by, at = current_person(), this_moment()
    reads = allows(by, "incidents.read", on=london_date(at))
    form = IncidentForm(data={"reviews": request.args.get("review", "")}) if reads else FoundForm()
    made: list[UUID] = []
    if taken(form, lambda: made.append(incident.enter(form.entry, by=by, at=at))):
        return done("The incident is recorded. The hours are counted below.", _page_of(made[0]))
    return show("incidents/edit.html", form, page=None)


@room.get("/incidents/<uuid:incident_id>", permission="incidents.list")
def see(incident_id: UUID) -> ResponseReturnValue:
    """One incident: its hours, and what was done."""
    page = incident_page(incident_id, by=current_person(), at=this_moment())
    return render_template("incidents/see.html", page=page, words=request_wording)


@room.form("/incidents/<uuid:incident_id>/correct", permission="incidents.change")
def correct(incident_id: UUID) -> ResponseReturnValue:
    """Correct what was found, and which reviews it touches."""
    by, at = current_person(), this_moment()
    page = incident_page(incident_id, "incidents.change", by=by, at=at)
    form = IncidentForm(data={**vars(page.entry), "version": page.version})
    try:
        if taken(form, lambda: incident.correct(incident_id, form.entry, form.version.data or 0, by=by, at=at)):
            return done("The incident is saved.", _page_of(incident_id))
    except Stale:
        kept_to_look_at(form, page.version)
    return show("incidents/edit.html", form, page=page)


@room.form("/incidents/<uuid:incident_id>/answer", permission="incidents.change")
def answer(incident_id: UUID) -> ResponseReturnValue:
    """Write down what was decided and done so far."""
    by, at = current_person(), this_moment()
    page = incident_page(incident_id, "incidents.change", by=by, at=at)
    form = OutcomeForm(data={**vars(page.outcome), "version": page.version})
    try:
        if taken(form, lambda: incident.answer(incident_id, form.entry, form.version.data or 0, by=by, at=at)):
            return done("What was done is recorded.", _page_of(incident_id))
    except Stale:
        kept_to_look_at(form, page.version)
    return show("incidents/answer.html", form, page=page)


def _page_of(incident_id: UUID) -> str:
    return url_for("incidents.see", incident_id=incident_id)
