"""The bank holidays in force; a day is added, or taken back, once somebody has seen what that moves."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import bank_holidays
from dhr_app.casework.bank_holidays import Change
from dhr_app.casework.bank_holidays_page import holidays_page
from dhr_app.web.answering import put_beside, show, taken
from dhr_app.web.bank_holidays.forms import HolidayForm, TakeBackForm
from dhr_app.web.filters import plural
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid

room = Room("bank_holidays", __name__)


@room.get("/bank-holidays", permission="holidays.see")
def see() -> ResponseReturnValue:
    """Which list is in force, how far it reaches, and what was added to it."""
    return render_template("bank_holidays/see.html", page=holidays_page(by=current_person(), at=this_moment()))


@room.form("/bank-holidays/new", permission="holidays.change")
def add() -> ResponseReturnValue:
    """Add a day: first what it moves is shown, then it is saved."""
    form, looked, moved = HolidayForm(), list[Change](), list[int]()
    by, at = current_person(), this_moment()

    def look() -> None:
        looked.append(bank_holidays.look_at_adding(form.entry, by=by, at=at))

    def save() -> None:
        moved.append(bank_holidays.add_holiday(form.entry, form.mark.data or "", by=by, at=at))

    if taken(form, save if form.mark.data else look) and moved:
        return done(f"The bank holiday is added. {_said(moved[0])}", url_for("bank_holidays.see"))
    if form.form_errors:
        look()
    if looked:
        return show("bank_holidays/look.html", form, change=looked[0], entry=form.entry, adding=True)
    return show("bank_holidays/add.html", form)


@room.form("/bank-holidays/<uuid:holiday_id>/take-back", permission="holidays.change")
def take_back(holiday_id: UUID) -> ResponseReturnValue:
    """Take back a day that was added: what it moves is shown, then it is saved."""
    form, moved = TakeBackForm(), list[int]()
    by, at = current_person(), this_moment()

    def save() -> None:
        moved.append(bank_holidays.take_back_holiday(holiday_id, form.mark.data or "", by=by, at=at))

    if taken(form, save):
        return done(f"The bank holiday is taken back. {_said(moved[0])}", url_for("bank_holidays.see"))
    try:
        entry, change = bank_holidays.look_at_taking_back(holiday_id, by=by, at=at)
    except Invalid as wrong:
        put_beside(form, wrong)
        return show("bank_holidays/stays.html", form, sentences=list(wrong.fields.values()))
    return show("bank_holidays/look.html", form, change=change, entry=entry, adding=False)


def _said(moved: int) -> str:
    if not moved:
        return "No open date moved."
    return f"{plural(moved, 'open date')} moved, and {'is' if moved == 1 else 'are'} counted by it from now on."
