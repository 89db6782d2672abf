"""The agencies' own tenants: which there are, a new one, its confirmation, and turning one off and on."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import tenant, tenant_confirming
from dhr_app.web.again import need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.tenants.forms import TenantForm

room = Room("tenants", __name__)

ENTERED = (
    "It is entered. Give its redirect address to the organisation’s administrator. It is offered once somebody else "
    "confirms it: a coordinator, the steering group chair or an administrator."
)
CONFIRMED = "Confirmed. People of the organisation may sign in there from now on."


@room.get("/accounts/organisations", permission="tenants.see")
def see() -> ResponseReturnValue:
    """Every tenant, with what has to be registered there."""
    return render_template("tenants/see.html", page=tenant.tenants_page(by=current_person(), at=this_moment()))


@room.form("/accounts/organisations/new", permission="tenants.change")
def add() -> ResponseReturnValue:
    """Enter an agency's tenant."""
    need_proof()
    form = TenantForm()
    form.offer()
    if taken(form, lambda: tenant.add_tenant(form.entry, by=current_person(), at=this_moment())):
        return done(ENTERED, url_for("tenants.see"))
    return show("tenants/add.html", form)


@room.post("/accounts/own-sign-ins/<uuid:tenant_id>/confirm", permission="accounts.confirm")
def confirm(tenant_id: UUID) -> ResponseReturnValue:
    """Confirm what somebody else entered."""
    need_proof()
    tenant_confirming.confirm_tenant(tenant_id, by=current_person(), at=this_moment())
    return done(CONFIRMED, url_for("invitations.see"))


@room.post("/accounts/own-sign-ins/<uuid:tenant_id>/take-back", permission="accounts.confirm")
def take_back(tenant_id: UUID) -> ResponseReturnValue:
    """Take back what nobody has confirmed."""
    tenant_confirming.take_back_tenant(tenant_id, by=current_person(), at=this_moment())
    return done("It is taken back.", url_for("invitations.see"))


@room.post("/accounts/organisations/<uuid:tenant_id>/off", permission="tenants.change")
def turn_off(tenant_id: UUID) -> ResponseReturnValue:
    """Turn one off: at once, since that must be quick."""
    tenant.turn_off(tenant_id, by=current_person(), at=this_moment())
    return done("It is turned off, and every sign-in that came through it is ended.", url_for("tenants.see"))


@room.post("/accounts/organisations/<uuid:tenant_id>/on", permission="tenants.change")
def turn_on(tenant_id: UUID) -> ResponseReturnValue:
    """Turn one on again."""
    need_proof()
    tenant.turn_on(tenant_id, by=current_person(), at=this_moment())
    return done("It is turned on.", url_for("tenants.see"))
