"""Behind an invitation's link: a password is chosen, and the account is made. Anybody may come here, few tries each."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import joining
from dhr_app.casework.joining import NoInvitation
from dhr_app.casework.tenant_question import ask_for_invited
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web.answering import show, taken
from dhr_app.web.joining.forms import JoinForm
from dhr_app.web.organisation.going import onward
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import this_moment
from dhr_app.web.signing_in.views import wait

room = Room("joining", __name__)


@room.post("/invitation/<token>/organisation", permission=PUBLIC)
def by_organisation(token: str) -> ResponseReturnValue:
    """Have the account by the agency’s own sign-in instead of a password."""
    try:
        return onward(lambda: ask_for_invited(token, address=request.remote_addr, at=this_moment()))
    except NoInvitation as none:
        return render_template("joining/none.html", ask=none.ask), 404


@room.form("/invitation/<token>", permission=PUBLIC)
def join(token: str) -> ResponseReturnValue:
    """Choose a password. A link that opens nothing says whom to ask, and nothing else."""
    address, at = request.remote_addr, this_moment()
    form = JoinForm()
    try:
        invited = joining.invited(token, address=address, at=at)
        if taken(form, lambda: joining.accept(token, form.password.data or "", address=address, at=at)):
            flash("Your account is ready. Sign in with your e-mail address and your new password.", "success")
            return redirect(url_for("signing_in.sign_in"), 303)
    except NoInvitation as none:
        return render_template("joining/none.html", ask=none.ask), 404
    except TooManyTries as tired:
        return wait(tired)
    return show("joining/join.html", form, invited=invited, token=token)
