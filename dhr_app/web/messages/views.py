"""The page of the mail: what was not taken and why, and the button that tries again."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import message_page
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("messages", __name__)


@room.get("/messages", permission="messages.see")
def see() -> ResponseReturnValue:
    """What a mail server did not take, what waits, what was sent."""
    page = message_page.message_page(by=current_person(), at=this_moment())
    return render_template("messages/see.html", page=page, most=message_page.MOST)


@room.post("/messages/<uuid:message_id>/again", permission="messages.see")
def try_again(message_id: UUID) -> ResponseReturnValue:
    """Let one message go out again."""
    if message_page.try_again(message_id, by=current_person(), at=this_moment()):
        flash("It is tried again within a few minutes.", "success")
    else:
        flash("It has gone out meanwhile.", "success")
    return redirect(url_for("messages.see"), 303)
