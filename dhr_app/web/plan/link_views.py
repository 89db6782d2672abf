"""The coordinator sends an agency a link to report on one action, and withdraws it."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dhr_app.casework import action_link
from dhr_app.casework.action_link import LinkEntry
from dhr_app.casework.action_link_page import links_page
from dhr_app.web.answering import taken
from dhr_app.web.fields import line, tick
from dhr_app.web.plan.room import room
from dhr_app.web.review_part import done, show_part
from dhr_app.web.security import current_person, this_moment


class LinkForm(FlaskForm):
    """To which address a link goes."""

    email = line(
        "Work e-mail address at the agency",
        missing="Enter one work e-mail address, like name@organisation.org.",
        hint="Of one person, or a mailbox that the agency reads. The link works for whoever reads the mail there.",
        limit=254,
        type="email",
        autocomplete="off",
        spellcheck=False,
    )
    sure = tick("The address is right")

    @property
    def entry(self) -> LinkEntry:
        """What was typed."""
        return LinkEntry(self.email.data or "", bool(self.sure.data))


@room.form("/reviews/<reference>/plan/actions/<uuid:action_id>/link", permission="action_link.send")
def send_link(reference: str, action_id: UUID) -> ResponseReturnValue:
    """Send a link to an address of the action’s agency; below stand those that were sent."""
    page = links_page(reference, action_id, by=current_person(), at=this_moment())
    form = LinkForm(data={"email": page.suggested})

    def take() -> UUID:
        return action_link.send_link(reference, action_id, form.entry, by=current_person(), at=this_moment())

    if taken(form, take):
        here = url_for("plan.send_link", reference=reference, action_id=action_id)
        return done(f"The link to action {page.label} is on its way.", here)
    return show_part("plan/link.html", reference, form, page=page, action_id=action_id)


@room.post("/reviews/<reference>/plan/links/<uuid:link_id>/withdraw", permission="action_link.send")
def withdraw_link(reference: str, link_id: UUID) -> ResponseReturnValue:
    """Withdraw a link: it opens nothing from now on."""
    action_id = action_link.withdraw_link(reference, link_id, by=current_person(), at=this_moment())
    here = url_for("plan.send_link", reference=reference, action_id=action_id)
    return done("The link is withdrawn: it opens nothing any more.", here)
