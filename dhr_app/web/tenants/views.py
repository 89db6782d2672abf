"""The agencies' own tenants: which there are, a new one, and turning one off and on."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import tenant
from dhr_app.web.again import need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.tenants.forms import TenantForm

room = Room("tenants", __name__)


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
        said = "It is entered and turned on. Give its redirect address to the organisation’s administrator."
        return done(said, url_for("tenants.see"))
    return show("tenants/add.html", form)


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
