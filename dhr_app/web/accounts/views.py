"""The accounts: who may sign in, one account, and what is done with it; nobody does it with their own.

Whoever gives a role or takes a second factor away shows first that it is they: a screen left open is no way to power.
"""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import account_block, account_change, authenticator
from dhr_app.casework.account_list import account_list
from dhr_app.casework.account_page import AccountPage, account_page
from dhr_app.web.accounts.forms import ChangeForm, FindForm, ReasonForm
from dhr_app.web.again import need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import NotAllowed

room = Room("accounts", __name__)

CHANGED = "The account is changed. They sign in again to go on."
FORGOTTEN = "The lost authenticator is taken away. They set up another one when they sign in next."
CONFIRMED = "It is confirmed and holds from now on. They sign in again to go on."
PROPOSED = "It is proposed. It takes hold once somebody else confirms it."


@room.form("/accounts", permission="accounts.see")
def index() -> ResponseReturnValue:
    """Everybody who may sign in, or once could; a name is looked for by a form, so that it is in no address."""
    form = FindForm()
    sought = (form.name.data or "") if form.validate_on_submit() else ""
    found = account_list(sought, by=current_person(), at=this_moment())
    return show("accounts/list.html", form, accounts=found, sought=sought)


@room.get("/accounts/<uuid:account_id>", permission="accounts.see")
def see(account_id: UUID) -> ResponseReturnValue:
    """One account."""
    return render_template("accounts/see.html", page=_page(account_id))


@room.form("/accounts/<uuid:account_id>/block", permission="accounts.change")
def block(account_id: UUID) -> ResponseReturnValue:
    """Block an account, or let somebody in again."""
    page, by, at = _others(account_id), current_person(), this_moment()
    form = ReasonForm()
    blocked = page.blocked_on is not None
    form.offer(blocked=blocked)
    said: list[str] = []

    def work() -> None:
        if not blocked:
            account_block.block(account_id, form.reason.data or "", by=by, at=at)
            said.append("The account is blocked. Nothing opens for it any more.")
        elif account_block.unblock(account_id, form.reason.data or "", by=by, at=at):
            said.append("They can sign in again.")
        else:
            said.append(PROPOSED)

    if taken(form, work):
        return done(said[0], url_for("accounts.see", account_id=account_id))
    return show("accounts/block.html", form, page=page, blocked=blocked)


@room.post("/accounts/<uuid:account_id>/forget-factor", permission="factor.forget")
def forget_factor(account_id: UUID) -> ResponseReturnValue:
    """Take away an authenticator that was lost."""
    need_proof()
    authenticator.forget_factor(account_id, by=current_person(), at=this_moment())
    return done(FORGOTTEN, url_for("accounts.see", account_id=account_id))


@room.form("/accounts/<uuid:account_id>/change", permission="accounts.change")
def change(account_id: UUID) -> ResponseReturnValue:
    """Give an account another role or agency, or propose it."""
    page, by, at = _others(account_id), current_person(), this_moment()
    need_proof()
    form = ChangeForm()
    form.offer(page, by=by)
    said: list[str] = []
    if taken(
        form, lambda: said.append(CHANGED if account_change.change(account_id, form.entry, by=by, at=at) else PROPOSED)
    ):
        return done(said[0], url_for("accounts.see", account_id=account_id))
    return show("accounts/change.html", form, page=page)


@room.post("/accounts/changes/<uuid:change_id>/confirm", permission="accounts.confirm")
def confirm_change(change_id: UUID) -> ResponseReturnValue:
    """Confirm a change that somebody else proposed."""
    need_proof()
    account_change.confirm_change(change_id, by=current_person(), at=this_moment())
    return done(CONFIRMED, url_for("invitations.see"))


@room.post("/accounts/changes/<uuid:change_id>/withdraw", permission="accounts.confirm")
def withdraw_change(change_id: UUID) -> ResponseReturnValue:
    """Withdraw a proposed change."""
    account_change.withdraw_change(change_id, by=current_person(), at=this_moment())
    return done("The proposed change is withdrawn.", url_for("invitations.see"))


def _page(account_id: UUID) -> AccountPage:
    return account_page(account_id, by=current_person(), at=this_moment())


def _others(account_id: UUID) -> AccountPage:
    """Somebody else's account. Raises NotAllowed for one's own, or an office, before a form is shown."""
    page = _page(account_id)
    if page.own:
        raise NotAllowed("accounts.change", account_block.OWN)
    if not page.may_change:
        raise NotAllowed("accounts.change_office", account_block.OFFICE)
    return page
