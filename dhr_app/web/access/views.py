"""Who can see a review, and that somebody has looked through the list."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import access
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("access", __name__)


@room.get("/reviews/<reference>/who-can-see", permission="access.see")
def see(reference: str) -> ResponseReturnValue:
    """Everybody who reaches the review today, why, and what they may open."""
    page = access.access_page(reference, by=current_person(), at=this_moment())
    return show_part("access/see.html", reference, page=page)


@room.post("/reviews/<reference>/who-can-see/confirm", permission="access.confirm")
def confirm(reference: str) -> ResponseReturnValue:
    """Say that everybody on the list needs what they can see."""
    access.confirm(reference, by=current_person(), at=this_moment())
    return done("The list is confirmed for this stage.", url_for("access.see", reference=reference))
