"""The single point of contact of each agency. Whoever chooses it shows first that it is they."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import agency_contact
from dhr_app.web.again import need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.contacts.forms import ContactForm
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("contacts", __name__)


@room.get("/accounts/contacts", permission="contacts.see")
def see() -> ResponseReturnValue:
    """Each agency with its contact."""
    return render_template(
        "contacts/see.html", agencies=agency_contact.contacts_page(by=current_person(), at=this_moment())
    )


@room.form("/accounts/contacts/<uuid:agency_id>", permission="contacts.change")
def choose(agency_id: UUID) -> ResponseReturnValue:
    """Say who an agency's contact is."""
    page = agency_contact.contact_page(agency_id, by=current_person(), at=this_moment())
    need_proof()
    form = ContactForm()
    form.offer(page)
    if taken(form, lambda: agency_contact.set_contact(agency_id, form.chosen, by=current_person(), at=this_moment())):
        said = "The contact is set." if form.chosen else "The agency has no contact now."
        return done(said, url_for("contacts.see"))
    return show("contacts/choose.html", form, page=page)
