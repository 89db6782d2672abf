"""How what a review taught is passed on: its briefings, entered and corrected here, and the seminars about it."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import learning
from dhr_app.casework.learning import BriefingShown
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.learning.forms import BriefingForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import record_wording
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.permissions import allows

room = Room("learning", __name__)


@room.get("/reviews/<reference>/learning", permission="learning.see")
def see(reference: str) -> ResponseReturnValue:
    """The briefings and seminars of a review."""
    page = learning.learning_page(reference, by=current_person(), at=this_moment())
    opens_seminars = allows(current_person(), "seminar.see", on=london_date(this_moment()))
    return show_part("learning/see.html", reference, page=page, words=record_wording, opens_seminars=opens_seminars)


@room.form("/reviews/<reference>/learning/briefings/new", permission="learning.change")
def issue(reference: str) -> ResponseReturnValue:
    """Record a briefing that was issued."""
    learning.may_issue_briefing(reference, by=current_person(), at=this_moment())
    form = BriefingForm()
    if taken(form, lambda: learning.issue_briefing(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The briefing is recorded.", url_for("learning.see", reference=reference))
    return show_part("learning/briefing.html", reference, form, shown=None)


@room.form("/reviews/<reference>/learning/briefings/<uuid:briefing_id>", permission="learning.change")
def correct(reference: str, briefing_id: UUID) -> ResponseReturnValue:
    """Correct the record of a briefing. Where somebody else saved first, each answer that differs is chosen."""
    shown = learning.open_briefing(reference, briefing_id, by=current_person(), at=this_moment())
    form = BriefingForm(data={**vars(shown.entry), "sent_to": list(shown.entry.sent_to), "version": shown.version})
    try:
        if taken(form, lambda: _correct(reference, briefing_id, form, shown)):
            return done("The briefing is corrected.", url_for("learning.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("learning/briefing.html", reference, form, shown=shown, briefing_id=briefing_id)


@room.post("/reviews/<reference>/learning/briefings/<uuid:briefing_id>/remove", permission="learning.change")
def remove(reference: str, briefing_id: UUID) -> ResponseReturnValue:
    """Take off a briefing that was entered by mistake."""
    learning.remove_briefing(reference, briefing_id, by=current_person(), at=this_moment())
    return done("The briefing is taken off this review.", url_for("learning.see", reference=reference))


def _correct(reference: str, briefing_id: UUID, form: BriefingForm, shown: BriefingShown) -> None:
    entry = settled(form.entry, shown.entry)
    learning.correct_briefing(reference, briefing_id, entry, version_of(form), by=current_person(), at=this_moment())
