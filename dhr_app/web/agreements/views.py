"""The agreements: which are in force, a new one, and the end of one."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import agreement
from dhr_app.web.agreements.forms import AgreementForm, EndForm
from dhr_app.web.answering import show, taken
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import OutOfReach

room = Room("agreements", __name__)


@room.get("/accounts/agreements", permission="agreements.see")
def see() -> ResponseReturnValue:
    """Every agreement, those in force first."""
    return render_template("agreements/see.html", page=_page())


@room.form("/accounts/agreements/new", permission="agreements.change")
def add() -> ResponseReturnValue:
    """Record an agreement."""
    form = AgreementForm()
    form.offer(reviews=_page().may_name_reviews)
    if taken(form, lambda: agreement.add_agreement(form.entry, by=current_person(), at=this_moment())):
        return done("The agreement is recorded. People of that organisation can be invited.", url_for("agreements.see"))
    return show("agreements/add.html", form)


@room.form("/accounts/agreements/<uuid:agreement_id>/end", permission="agreements.change")
def end(agreement_id: UUID) -> ResponseReturnValue:
    """Record the last day of an agreement."""
    page = _page()
    line = next((one for one in (*page.in_force, *page.not_in_force) if one.id == agreement_id), None)
    if line is None:
        raise OutOfReach
    form = EndForm()
    by, at = current_person(), this_moment()
    if taken(form, lambda: agreement.end_agreement(agreement_id, form.ends_on.data, by=by, at=at)):
        return done("The last day is recorded. Nobody is invited under it after that.", url_for("agreements.see"))
    return show("agreements/end.html", form, line=line)


def _page() -> agreement.AgreementsPage:
    return agreement.agreements_page(by=current_person(), at=this_moment())
