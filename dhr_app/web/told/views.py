"""“I told …”: one page that shows what is owed, and settles every duty that a telling meets."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import telling, telling_page
from dhr_app.web.answering import put_beside, taken
from dhr_app.web.filters import plural
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.told.forms import TakeBackForm, TellingForm, preselected
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.facts import IN_TOUCH
from dhr_app.workflows.lifecycle import MOVES

room = Room("told", __name__)


@room.form("/reviews/<reference>/told", permission="told.record")
def tell(reference: str) -> ResponseReturnValue:
    """Record who was told of what, or why not; `whom` and `about` in the address choose both beforehand."""
    page = telling_page.telling_page(reference, by=current_person(), at=this_moment())
    form = TellingForm(data=preselected(page, request.args.get("whom", ""), request.args.get("about", "")))
    form.offer(page)
    if form.validate_on_submit():
        try:
            settled = telling.tell(reference, form.entry, by=current_person(), at=this_moment())
        except Invalid as wrong:
            put_beside(form, wrong)
        else:
            return done(_said(form.entry.about, settled), _told(reference))
    today = london_date(this_moment())
    return show_part("told/tell.html", reference, form, page=page, today=today)


@room.form("/reviews/<reference>/told/<uuid:telling_id>", permission="told.record")
def see(reference: str, telling_id: UUID) -> ResponseReturnValue:
    """One telling with its note; taken back where it was recorded by mistake."""
    by, at = current_person(), this_moment()
    page = telling_page.telling_shown(reference, telling_id, by=by, at=at)
    form = TakeBackForm()
    if taken(form, lambda: telling.take_back(reference, telling_id, by=by, at=at)):
        return done("It is taken back. What it had settled is still to be told.", _told(reference))
    return show_part("told/see.html", reference, form, page=page)


def _told(reference: str) -> str:
    return url_for("told.tell", reference=reference)


def _said(about: str, settled: int) -> str:
    if about in MOVES:
        return f"Recorded. It counts for “{MOVES[about].button}”."
    if about == IN_TOUCH:
        return "Recorded."
    if settled == 0:
        return "Recorded. Nothing on the list was waiting for this."
    return f"Recorded. {plural(settled, 'thing', 'things')} that had to be told can be crossed off."
