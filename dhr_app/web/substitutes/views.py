"""An agency's contact sees to its own substitutes here, having shown just now that it is they.

To read who they are, or to withdraw an invitation, which must be quick, takes no proof.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import substitutes
from dhr_app.web.again import need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.substitutes.forms import EndForm, SubstituteForm
from dhr_app.workflows.errors import Invalid, OutOfReach

room = Room("substitutes", __name__)


@room.form("/owed/colleagues", permission="substitutes.see")
def see() -> ResponseReturnValue:
    """Who works for the agency here; its contact invites another."""
    by, at = current_person(), this_moment()
    page = substitutes.substitutes_page(by=by, at=at)
    form = SubstituteForm()
    if form.is_submitted():
        need_proof()
    if taken(form, lambda: substitutes.invite_substitute(form.entry, by=by, at=at)):
        return done("The invitation is on its way. Its link works once, for 14 days.", url_for("substitutes.see"))
    return show("substitutes/see.html", form, page=page)


@room.form("/owed/colleagues/<uuid:account_id>/end", permission="substitutes.change")
def end(account_id: UUID) -> ResponseReturnValue:
    """End a colleague's account; their seats fall to the contact."""
    by, at = current_person(), this_moment()
    page = substitutes.substitutes_page(by=by, at=at)
    colleague = next((one for one in page.people if one.id == account_id and not one.own), None)
    if colleague is None:
        raise OutOfReach
    need_proof()
    form = EndForm()
    if taken(form, lambda: substitutes.end_substitute(account_id, form.reason.data or "", by=by, at=at)):
        return done("The account is blocked. Their seats on reviews are yours now.", url_for("substitutes.see"))
    return show("substitutes/end.html", form, colleague=colleague)


@room.post("/owed/colleagues/invitations/<uuid:invitation_id>/send-again", permission="substitutes.change")
def send_again(invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation once more."""
    need_proof()
    try:
        substitutes.send_substitute_again(invitation_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        for sentence in wrong.fields.values():
            flash(sentence, "notice")
        return redirect(url_for("substitutes.see"), 303)
    return done("It is on its way again, for 14 days.", url_for("substitutes.see"))


@room.post("/owed/colleagues/invitations/<uuid:invitation_id>/withdraw", permission="substitutes.change")
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Withdraw an invitation."""
    substitutes.withdraw_substitute(invitation_id, by=current_person(), at=this_moment())
    return done("The invitation is withdrawn. Its link opens nothing.", url_for("substitutes.see"))
