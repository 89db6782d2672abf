"""The mail as its readers would get it: public, because a mailbox asks for no sign-in here, and never in production."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from dhr_app.casework import inbox
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import this_moment

room = Room("inbox", __name__)


@room.get("/inbox", permission=PUBLIC)
def see() -> ResponseReturnValue:
    """The newest messages, whoever they are for."""
    return render_template("inbox/see.html", mails=inbox.inbox())


@room.get("/inbox/<uuid:message_id>", permission=PUBLIC)
def mail(message_id: UUID) -> ResponseReturnValue:
    """One message, its links leading to this site."""
    return render_template("inbox/mail.html", mail=inbox.mail(message_id, at=this_moment()))
