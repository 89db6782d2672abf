"""Signing in with an organisation's own account: which, off to its sign-in, and back from there."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import tenant_question, tenant_sign_in
from dhr_app.casework.half_sign_in import CodeNeeded
from dhr_app.casework.passkey import passkeys_offered
from dhr_app.casework.tenant_question import NotProved, TenantAway, TenantRefused
from dhr_app.casework.tenant_sign_in import Answer, Came
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web import sessions
from dhr_app.web.again import PROVED
from dhr_app.web.answering import show
from dhr_app.web.browser_words import browser_words
from dhr_app.web.organisation.forms import OrganisationForm
from dhr_app.web.organisation.going import not_proved, onward, refused
from dhr_app.web.review_part import done
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import current_sign_in, own_path, this_moment
from dhr_app.web.signing_in.views import wait

room = Room("organisation", __name__)

ADD_ONE = (
    "You have no password here. Add a passkey now, under “Your sign-ins”: before some steps you are asked to show once "
    "more that it is you, and a passkey does that."
)
BOUND = "From now on you can sign in with your organisation’s account as well."


@room.form("/sign-in/organisation", permission=PUBLIC)
def choose() -> ResponseReturnValue:
    """Ask whose account somebody has. Nothing begins before they press the button: no other site can do that."""
    then = own_path(request.args.get("next"))
    if current_sign_in() is not None:
        return redirect(then or url_for("front.home"))
    form = OrganisationForm()
    form.offer()
    if not form.validate_on_submit():
        return show("organisation/choose.html", form)
    address, at = request.remote_addr, this_moment()
    return onward(lambda: tenant_question.ask_to_sign_in(form.chosen, address=address, at=at), then=then)


@room.get("/sign-in/organisation/<uuid:tenant_id>/back", permission=PUBLIC)
def back(tenant_id: UUID) -> ResponseReturnValue:
    """Take what the organisation’s sign-in answers; it counts only in the browser that went there, and once."""
    token, then = sessions.came_back()
    signed_in = current_sign_in()
    given = request.args
    try:
        back_again = tenant_sign_in.come_back(
            token,
            tenant_id,
            Answer(given.get("state", ""), given.get("code", ""), given.get("iss")),
            address=request.remote_addr,
            browser=browser_words(request.user_agent.string),
            here=signed_in,
            at=this_moment(),
        )
    except CodeNeeded as needed:
        sessions.half_way(needed.token)
        return redirect(url_for("signing_in.enter_code", next=then))
    except NotProved as sorry:
        return not_proved(sorry, then)
    except (TenantRefused, TenantAway) as sorry:
        return refused(sorry)
    except TooManyTries as tired:
        return wait(tired)
    match back_again.what:
        case Came.JOINED:
            return done(BOUND, url_for("sign_ins.see"))
        case Came.PROVED:
            sessions.renew(back_again.token)
            return done(PROVED, own_path(then) or url_for("sign_ins.see"))
    sessions.enter(back_again.token or "")
    if back_again.what is Came.NEW and passkeys_offered():
        flash(ADD_ONE, "notice")
    return redirect(own_path(then) or url_for("front.home"))
