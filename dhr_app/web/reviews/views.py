"""Looking at reviews: the list, one review, what happened to it. Nothing here opens anything or changes anything."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework.before_start import waiting_for
from dhr_app.casework.case_list import Place, case_list
from dhr_app.casework.outline_page import outline_page
from dhr_app.casework.review_page import review_page
from dhr_app.casework.timeline import timeline_page
from dhr_app.web.needs import need_lines
from dhr_app.web.review_part import show_part
from dhr_app.web.reviews.events import told_rows
from dhr_app.web.reviews.filtering import filters_of, in_words, kinds, links
from dhr_app.web.reviews.next_steps import arranged
from dhr_app.web.reviews.standing import standing
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.permissions import allows
from dhr_app.workflows.stages import Stage

room = Room("reviews", __name__)


@room.get("/reviews", permission="reviews.list")
def index() -> ResponseReturnValue:
    """The reviews one may reach, by next date, a page at a time."""
    by, at = current_person(), this_moment()
    filters = filters_of(request.args)
    found = case_list(
        filters,
        after=Place.parse(request.args.get("after", "")),
        before=Place.parse(request.args.get("before", "")),
        last="last" in request.args,
        by=by,
        at=at,
    )
    return render_template(
        "reviews/list.html",
        found=found,
        filters=filters,
        narrowed_to=in_words(filters),
        stages=[(stage.value, stage.label) for stage in Stage],
        kinds=kinds(),
        links=links(found, filters),
        waiting=waiting_for(by=by, at=at),
        may_notify=allows(by, "review.notify", on=london_date(at)),
    )


@room.get("/reviews/<reference>", permission="review.see")
def see(reference: str) -> ResponseReturnValue:
    """One review at a glance, and what to do next; to an auditor its outline."""
    by, at = current_person(), this_moment()
    if allows(by, "review.outline", on=london_date(at)):
        return show_part("reviews/outline.html", reference, page=outline_page(reference, by=by, at=at))
    page = review_page(reference, by=by, at=at)
    may = page.may | {"review.see"}
    return render_template(
        "reviews/review.html",
        page=page,
        may=may,
        steps=arranged(page),
        needs={shown.move.name: need_lines(reference, shown, may) for shown in page.moves},
        standing=standing(page),
        entries=told_rows(page.timeline),
    )


@room.get("/reviews/<reference>/timeline", permission="review.see")
def timeline(reference: str) -> ResponseReturnValue:
    """Everything that happened, latest first, a page at a time."""
    start = _id(request.args.get("from", ""))
    page = timeline_page(reference, from_entry=start, by=current_person(), at=this_moment())
    return show_part(
        "reviews/timeline.html", reference, page=page, entries=told_rows(page.entries), later="from" in request.args
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
