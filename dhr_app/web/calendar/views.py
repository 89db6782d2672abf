"""One’s own private calendar: its link made and withdrawn; and the file itself, for programs that have the link."""

from __future__ import annotations

import hashlib

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.icalendar_file import MIME
from dhr_app.casework import calendar_feed, calendar_link
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web.again import need_proof
from dhr_app.web.review_part import done
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.signing_in.views import wait

room = Room("calendar", __name__)

KEPT_PRIVATELY = "private, no-cache"  # a program may keep its copy, and asks whether it still holds


@room.get("/calendar", permission="meetings.list")
def see() -> ResponseReturnValue:
    """Whether one has a link, and what it is for."""
    own = calendar_link.own_calendar(by=current_person(), at=this_moment())
    return render_template("calendar/see.html", own=own)


@room.post("/calendar/link", permission="meetings.list")
def make() -> ResponseReturnValue:
    """Make a link and show it, this once."""
    need_proof()
    return render_template("calendar/link.html", link=calendar_link.make_link(by=current_person(), at=this_moment()))


@room.post("/calendar/withdraw", permission="meetings.list")
def withdraw() -> ResponseReturnValue:
    """Let the link open nothing any more."""
    calendar_link.withdraw_link(by=current_person(), at=this_moment())
    return done("The link opens nothing any more.", url_for("calendar.see"))


@room.get("/calendar/<token>.ics", permission=PUBLIC)
def feed(token: str) -> ResponseReturnValue:
    """The calendar as a file; whoever has it already is told so without it."""
    try:
        file = calendar_feed.feed(token, address=request.remote_addr, at=this_moment())
    except TooManyTries as tired:
        return wait(tired)
    answer = Response(file, headers={"Content-Type": MIME, "Cache-Control": KEPT_PRIVATELY})
    answer.set_etag(hashlib.sha256(file).hexdigest())
    return answer.make_conditional(request)
