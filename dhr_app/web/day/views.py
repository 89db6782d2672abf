"""The coordinator's day: each line leads to the page that settles it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from dhr_app.casework.day import what_needs_you
from dhr_app.casework.last_proof import trail_holds
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("day", __name__)


@room.get("/today", permission="day.see")
def today() -> ResponseReturnValue:
    """Everything that the mornings’ mails bring up, for as long as it is open."""
    found = what_needs_you(by=current_person(), at=this_moment())
    return render_template("day/today.html", found=found, trail_broken=not trail_holds())
