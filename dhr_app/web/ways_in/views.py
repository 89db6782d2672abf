"""A new password: an administrator lets somebody choose one, a second person confirms it, and the link is followed.

Nobody asks for one here by their address, so nothing tells whether it has an account: /forgotten says whom to ask.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import coming_back, way_in
from dhr_app.casework.account_page import AccountPage, account_page
from dhr_app.casework.coming_back import NoWayIn
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web.again import need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.review_part import done
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.signing_in.views import wait
from dhr_app.web.ways_in.forms import NewPasswordForm, WayInForm
from dhr_app.workflows.errors import NotAllowed, Over

room = Room("ways_in", __name__)

GONE = "The link is on its way to the address of the account. It works once, for 24 hours."
PROPOSED = (
    "It is asked for, and the holder of the account is told. The link goes once somebody else confirms it: a "
    "coordinator, the steering group chair or an administrator."
)
CONFIRMED = f"Confirmed. {GONE}"
TAKEN_BACK = "It is taken back. Its link opens nothing."
CHOSEN = "Your new password is chosen, and all your sign-ins have ended. Sign in with it now."
CHOSEN_WITH_FACTOR = f"{CHOSEN} You then set up your authenticator anew."


@room.form("/accounts/<uuid:account_id>/new-password", permission="way_in.ask")
def ask(account_id: UUID) -> ResponseReturnValue:
    """Let somebody choose a new password, having stated how one made sure of them."""
    page, by, at = _others(account_id), current_person(), this_moment()
    need_proof()
    form = WayInForm()
    said: list[str] = []
    if taken(form, lambda: said.append(GONE if way_in.ask(account_id, form.entry, by=by, at=at) else PROPOSED)):
        return done(said[0], url_for("accounts.see", account_id=account_id))
    return show("ways_in/ask.html", form, page=page)


@room.post("/accounts/new-passwords/<uuid:way_in_id>/confirm", permission="accounts.confirm")
def confirm(way_in_id: UUID) -> ResponseReturnValue:
    """Confirm what somebody else asked for."""
    need_proof()
    way_in.confirm(way_in_id, by=current_person(), at=this_moment())
    return done(CONFIRMED, url_for("invitations.see"))


@room.post("/accounts/new-passwords/<uuid:way_in_id>/take-back", permission="accounts.confirm")
def take_back(way_in_id: UUID) -> ResponseReturnValue:
    """Take it back, quickly: no fresh proof is asked for."""
    way_in.take_back(way_in_id, by=current_person(), at=this_moment())
    return done(TAKEN_BACK, url_for("invitations.see"))


@room.form("/new-password/<token>", permission=PUBLIC)
def choose(token: str) -> ResponseReturnValue:
    """Choose a new password. A link that opens nothing says whom to ask, and nothing else."""
    address, at, form = request.remote_addr, this_moment(), NewPasswordForm()
    try:
        found = coming_back.coming_back(token, address=address, at=at)
        if taken(form, lambda: coming_back.choose_anew(token, form.password.data or "", address=address, at=at)):
            flash(CHOSEN_WITH_FACTOR if found.with_factor else CHOSEN, "success")
            return redirect(url_for("signing_in.sign_in"), 303)
    except NoWayIn:
        return render_template("ways_in/none.html"), 404
    except TooManyTries as tired:
        return wait(tired)
    return show("ways_in/choose.html", form, found=found)


def _others(account_id: UUID) -> AccountPage:
    """Somebody else's account that is not blocked. Raises NotAllowed, Over before a form is shown."""
    page = account_page(account_id, by=current_person(), at=this_moment())
    if page.own:
        raise NotAllowed("way_in.ask", way_in.OWN)
    if page.blocked_on is not None:
        raise Over(way_in.BLOCKED)
    return page
