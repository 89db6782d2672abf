"""Who has opened what of a review, for those who watch over it."""

from __future__ import annotations

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from dhr_app.casework.openings import openings
from dhr_app.web.review_part import show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("openings", __name__)


@room.get("/reviews/<reference>/openings", permission="openings.see")
def see(reference: str) -> ResponseReturnValue:
    """Who opened which details and took out which files, day by day, latest first."""
    page = openings(reference, until=_day(request.args.get("until", "")), by=current_person(), at=this_moment())
    return show_part("openings/see.html", reference, page=page, later="until" in request.args)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
