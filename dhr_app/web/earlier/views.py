"""Marking which stages a review had reached before it was brought into this system."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import earlier
from dhr_app.casework.earlier import EarlierShown
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.earlier.forms import EarlierForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("earlier", __name__)


@room.get("/reviews/<reference>/earlier-steps", permission="review.see")
def see(reference: str) -> ResponseReturnValue:
    """Each stage of the main line, and what is marked of it."""
    page = earlier.earlier_page(reference, by=current_person(), at=this_moment())
    return show_part("earlier/see.html", reference, page=page)


@room.form("/reviews/<reference>/earlier-steps/<stage>", permission="review.change")
def mark(reference: str, stage: str) -> ResponseReturnValue:
    """Mark one stage, or correct its mark."""
    shown = earlier.earlier_step(reference, stage, by=current_person(), at=this_moment())
    form = EarlierForm(data={**vars(shown.entry), "version": shown.version})
    try:
        if taken(form, lambda: _mark(reference, shown, form)):
            said = f"“{shown.stage.label}” is marked."
            return done(said, url_for("earlier.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("earlier/mark.html", reference, form, stage=shown.stage)


def _mark(reference: str, shown: EarlierShown, form: EarlierForm) -> None:
    entry = settled(form.entry, shown.entry)
    earlier.mark_earlier_step(reference, shown.stage, entry, version_of(form), by=current_person(), at=this_moment())
