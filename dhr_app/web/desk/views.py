"""Where a chair’s or author’s day begins: their reviews, what is asked of them next, and a way to hand in a draft."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework.before_start import waiting_for
from dhr_app.casework.desk import OnDesk, desk
from dhr_app.web.mending import mending_url
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("desk", __name__)


@room.get("/desk", permission="desk.see")
def see() -> ResponseReturnValue:
    """Each review that this person sits on."""
    found = desk(by=current_person(), at=this_moment())
    waiting = waiting_for(by=current_person(), at=this_moment())
    today = london_date(this_moment())
    return render_template("desk/see.html", found=[(one, _links(one)) for one in found], waiting=waiting, today=today)


def _links(one: OnDesk) -> list[tuple[str, str | None]]:
    """What is asked of them, each with the page that puts it right."""
    return [(task.sentence, mending_url(one.reference, task.reason)) for task in one.asked]
