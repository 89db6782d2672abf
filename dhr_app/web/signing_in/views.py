"""The way in and the way out."""

from __future__ import annotations

import math
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import account
from dhr_app.casework.account import WrongSignIn
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web import sessions
from dhr_app.web.answering import show
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import current_sign_in, own_path, this_moment
from dhr_app.web.signing_in.forms import SignInForm

room = Room("signing_in", __name__)


@room.form("/sign-in", permission=PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Ask for address and password, then go on to where the person was going."""
    onward = own_path(request.args.get("next")) or url_for("front.home")
    if current_sign_in() is not None:
        return redirect(onward)
    form = SignInForm()
    if not form.validate_on_submit():
        return show("signing_in/sign_in.html", form)
    try:
        token = account.sign_in(
            form.email.data or "", form.password.data or "", address=request.remote_addr, at=this_moment()
        )
    except WrongSignIn as wrong:
        form.email.errors = [wrong.sentence]
        return show("signing_in/sign_in.html", form)
    except TooManyTries as tired:
        return _wait(tired)
    sessions.enter(token)
    return redirect(onward)


@room.post("/sign-out", permission=PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End the sign-in for good, here and wherever its cookie was copied to."""
    sessions.leave(current_sign_in())
    flash("You have signed out.", "success")
    return redirect(url_for("signing_in.sign_in"))


def _wait(tired: TooManyTries) -> ResponseReturnValue:
    seconds = math.ceil((tired.until - this_moment()).total_seconds())
    whole_minute = tired.until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    page = render_template("signing_in/wait.html", sentence=tired.sentence, until=whole_minute)
    return page, 429, {"Retry-After": str(max(seconds, 1))}
