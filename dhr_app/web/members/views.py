"""Who sits on a review: a seat is given and ended here. Whoever gives one shows first that it is they."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import lapsing, membership
from dhr_app.web.again import need_proof
from dhr_app.web.answering import taken
from dhr_app.web.members.forms import SeatForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("members", __name__)


@room.form("/reviews/<reference>/members", permission="review.see", sends="review.change")
def see(reference: str) -> ResponseReturnValue:
    """Who sits on the review, and since when; whoever may gives a seat."""
    page = membership.members_page(reference, by=current_person(), at=this_moment())
    form = SeatForm()
    form.offer(page, agency=request.args.get("agency", ""))
    if form.is_submitted():
        need_proof()
    if taken(form, lambda: membership.join(reference, form.chosen, by=current_person(), at=this_moment())):
        return done("The seat is given, from today.", url_for("members.see", reference=reference))
    return show_part("members/see.html", reference, form, page=page)


@room.post("/reviews/<reference>/members/<uuid:membership_id>/keep", permission="review.change")
def keep(reference: str, membership_id: UUID) -> ResponseReturnValue:
    """Keep a seat that lapses."""
    lapsing.keep(reference, membership_id, by=current_person(), at=this_moment())
    return done("The seat is kept for twelve weeks.", url_for("members.see", reference=reference))


@room.post("/reviews/<reference>/members/<uuid:membership_id>/end", permission="review.change")
def end(reference: str, membership_id: UUID) -> ResponseReturnValue:
    """End a seat today."""
    membership.leave(reference, membership_id, by=current_person(), at=this_moment())
    return done(
        "The seat ended today. The review is out of their reach now.", url_for("members.see", reference=reference)
    )
