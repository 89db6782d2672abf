"""The independent chair and the report author: appointed, corrected, and one day gone."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import appointment, leaving, panel_page
from dhr_app.casework.panel_page import AppointmentPage
from dhr_app.web.again import need_proof
from dhr_app.web.answering import put_beside, taken
from dhr_app.web.appointment.forms import AppointmentForm, LeavingForm, typed_from
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid, Stale

room = Room("appointment", __name__)


@room.form("/reviews/<reference>/panel/appointments/new", permission="appointment.change")
def appoint(reference: str) -> ResponseReturnValue:
    """Appoint a chair or an author."""
    page = panel_page.new_appointment(reference, by=current_person(), at=this_moment())
    form = AppointmentForm(data={"appointed_on": london_date(this_moment())})
    form.offer(page)
    _proved_before_a_seat(form, page)
    if taken(form, lambda: appointment.appoint(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The appointment is recorded.", url_for("panel.see", reference=reference))
    return show_part("appointment/edit.html", reference, form, page=page)


@room.form(
    "/reviews/<reference>/panel/appointments/<uuid:appointment_id>",
    permission="appointment.read",
    sends="appointment.change",
)
def see(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """One appointment with what was declared; the coordinator corrects it or adds to it here."""
    page = panel_page.open_appointment(reference, appointment_id, by=current_person(), at=this_moment())
    form = AppointmentForm(data=typed_from(page))
    form.offer(page)
    _proved_before_a_seat(form, page)
    try:
        if taken(form, lambda: _correct(reference, appointment_id, form, page)):
            return done("The appointment is saved.", url_for("panel.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry_on(page), saved=page.entry, version=page.version)
    return show_part("appointment/edit.html", reference, form, page=page)


@room.form("/reviews/<reference>/panel/appointments/<uuid:appointment_id>/end", permission="appointment.change")
def leave(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """Record that somebody left, or correct what was recorded of it."""
    page = panel_page.open_appointment(
        reference, appointment_id, "appointment.change", by=current_person(), at=this_moment()
    )
    first = {} if page.leaving.ended_on else {"ended_on": london_date(this_moment())}
    form = LeavingForm(data={**vars(page.leaving), **first, "version": page.version})
    try:
        if taken(form, lambda: _leave(reference, appointment_id, form, page)):
            said = "Saved. They reach this review no longer." if first else "Saved."
            return done(said, url_for("panel.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.leaving, version=page.version)
    return show_part("appointment/end.html", reference, form, page=page)


@room.post(
    "/reviews/<reference>/panel/appointments/<uuid:appointment_id>/end/take-back", permission="appointment.change"
)
def take_back(reference: str, appointment_id: UUID) -> ResponseReturnValue:
    """They did not leave after all."""
    try:
        leaving.take_back_leaving(reference, appointment_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        page = panel_page.open_appointment(reference, appointment_id, by=current_person(), at=this_moment())
        form = LeavingForm(formdata=None, data={**vars(page.leaving), "version": page.version})
        put_beside(form, wrong)
        return show_part("appointment/end.html", reference, form, page=page)
    return done("They are in office again.", url_for("panel.see", reference=reference))


def _proved_before_a_seat(form: AppointmentForm, page: AppointmentPage) -> None:
    """With another account than before, somebody is given a seat: whoever does that shows first that it is they."""
    if form.is_submitted() and form.account_id.data and form.account_id.data != str(page.entry.account_id):
        need_proof()


def _correct(reference: str, appointment_id: UUID, form: AppointmentForm, page: AppointmentPage) -> None:
    entry, version = settled(form.entry_on(page), page.entry), version_of(form)
    appointment.correct_appointment(reference, appointment_id, entry, version, by=current_person(), at=this_moment())


def _leave(reference: str, appointment_id: UUID, form: LeavingForm, page: AppointmentPage) -> None:
    entry = settled(form.entry, page.leaving)
    leaving.end_appointment(reference, appointment_id, entry, version_of(form), by=current_person(), at=this_moment())
