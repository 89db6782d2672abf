"""Whether the check for the same person in other reviews is on; the chair of the steering group turns it on and off."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import duplicate_settings
from dhr_app.web.answering import put_beside, show
from dhr_app.web.duplicates.forms import SwitchForm
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.duplicates import FEWEST
from dhr_app.workflows.errors import Invalid

room = Room("duplicates", __name__)

ON = "The check is on. Whoever saves a person is told where there may be a match."
PREPARED_TONIGHT = "The check is on. It could not be prepared just now, and will be tonight."
OFF = "The check is off. Everything that it had made of names is deleted."


@room.get("/duplicate-check", permission="duplicates.see")
def see() -> ResponseReturnValue:
    """How it stands, what it does, and who turned it on or off."""
    page = duplicate_settings.duplicates_page(by=current_person(), at=this_moment())
    return show("duplicates/see.html", SwitchForm(on=page.on), page=page, fewest=FEWEST)


@room.post("/duplicate-check/on", permission="duplicates.change")
def turn_on() -> ResponseReturnValue:
    """Turn it on."""
    return _turn(on=True)


@room.post("/duplicate-check/off", permission="duplicates.change")
def turn_off() -> ResponseReturnValue:
    """Turn it off."""
    return _turn(on=False)


def _turn(*, on: bool) -> ResponseReturnValue:
    form = SwitchForm(on=not on)
    try:
        if form.validate_on_submit():
            return done(_turned(form.reason.data or "", on=on), url_for("duplicates.see"))
    except Invalid as wrong:
        put_beside(form, wrong)
    page = duplicate_settings.duplicates_page(by=current_person(), at=this_moment())
    return show("duplicates/see.html", form, page=page, fewest=FEWEST)


def _turned(reason: str, *, on: bool) -> str:
    if on:
        prepared = duplicate_settings.turn_on(reason, by=current_person(), at=this_moment())
        return ON if prepared else PREPARED_TONIGHT
    duplicate_settings.turn_off(reason, by=current_person(), at=this_moment())
    return OFF
