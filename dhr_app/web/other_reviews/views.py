"""Other kinds of review that may run beside this one are considered, so that no family is asked twice."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import other_reviews
from dhr_app.casework.other_reviews import OtherReviewsPage
from dhr_app.web.agency_choices import agency_names
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.other_reviews.forms import OtherReviewsForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import wording
from dhr_app.workflows.errors import Stale

room = Room("other_reviews", __name__)


@room.form("/reviews/<reference>/other-reviews", permission="review.see")
def consider(reference: str) -> ResponseReturnValue:
    """What was considered; whoever may change it does so here, and goes on to the decision."""
    page = other_reviews.other_reviews_page(reference, by=current_person(), at=this_moment())
    entry = page.entry
    agencies = agency_names(*filter(None, [entry.lead_body_id]))
    data = {
        **vars(entry),
        "kinds": list(entry.kinds),
        "lead_body_id": str(entry.lead_body_id or ""),
        "version": page.version,
    }
    form = OtherReviewsForm(agencies=agencies, data=data)
    try:
        if taken(form, lambda: _consider(reference, form, page)):
            onward = url_for("decision.prepare", reference=reference)
            return done("It is recorded that other kinds of review were considered.", onward)
    except Stale:
        return choose(
            reference, form, yours=form.entry, saved=entry, version=page.version, words={"lead_body_id": agencies}
        )
    return show_part("other_reviews/consider.html", reference, form, page=page, agencies=agencies, words=wording)


def _consider(reference: str, form: OtherReviewsForm, page: OtherReviewsPage) -> None:
    entry = settled(form.entry, page.entry)
    other_reviews.consider_other_reviews(reference, entry, version_of(form), by=current_person(), at=this_moment())
