"""Invitations: who was written to, what a second person confirms, and a new one.

Whoever invites somebody shows first that it is they: a screen left open lets nobody in.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import invitation
from dhr_app.casework.agreement import contractors
from dhr_app.casework.invitations_page import invitations_page
from dhr_app.web.again import need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.invitations.forms import InvitationForm
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid

room = Room("invitations", __name__)

GONE = "The invitation is on its way. Its link works once, for 14 days."
PROPOSED = "The mail goes once somebody else confirms it: a coordinator, the steering group chair or an administrator."


@room.get("/accounts/invitations", permission="invitations.see")
def see() -> ResponseReturnValue:
    """Who was invited and has not come yet."""
    return render_template("invitations/see.html", page=invitations_page(by=current_person(), at=this_moment()))


@room.form("/accounts/invitations/new", permission="invitations.make")
def invite() -> ResponseReturnValue:
    """Invite somebody."""
    need_proof()
    by, at = current_person(), this_moment()
    form = InvitationForm()
    form.offer(contractors(by=by, at=at), by=by)
    said: list[str] = []
    if taken(form, lambda: said.append(GONE if invitation.invite(form.entry, by=by, at=at) else PROPOSED)):
        return done(said[0], url_for("invitations.see"))
    return show("invitations/invite.html", form)


@room.post("/accounts/invitations/<uuid:invitation_id>/confirm", permission="accounts.confirm")
def confirm(invitation_id: UUID) -> ResponseReturnValue:
    """Confirm what somebody else proposed."""
    need_proof()
    try:
        invitation.confirm(invitation_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        return _not_now(wrong)
    return done(f"Confirmed. {GONE}", url_for("invitations.see"))


@room.post("/accounts/invitations/<uuid:invitation_id>/send-again", permission="invitations.make")
def send_again(invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation once more."""
    need_proof()
    try:
        invitation.send_again(invitation_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        return _not_now(wrong)
    return done(
        "It is on its way again, for 14 days. The link that was sent before is dead.", url_for("invitations.see")
    )


@room.post("/accounts/invitations/<uuid:invitation_id>/withdraw", permission="invitations.see")
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """Withdraw an invitation."""
    invitation.withdraw(invitation_id, by=current_person(), at=this_moment())
    return done("The invitation is withdrawn. Its link opens nothing.", url_for("invitations.see"))


def _not_now(wrong: Invalid) -> ResponseReturnValue:
    """Say on the list what has to be put right first."""
    for sentence in wrong.fields.values():
        flash(sentence, "notice")
    return redirect(url_for("invitations.see"), 303)
