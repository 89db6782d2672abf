"""Who had access to a review: one page, for those who watch over it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from dhr_app.casework.had_access import had_access
from dhr_app.web.review_part import show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import request_wording

room = Room("had_access", __name__)


@room.get("/reviews/<reference>/access", permission="had_access.see")
def see(reference: str) -> ResponseReturnValue:
    """Who opened what, with whom it was shared, what was disclosed, and until when each class is kept."""
    page = had_access(reference, by=current_person(), at=this_moment())
    return show_part("had_access/see.html", reference, page=page, words=request_wording)
