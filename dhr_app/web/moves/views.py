"""The page on which a move is made: ready or not, it says why."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from dhr_app.casework.move import check_move, make_move
from dhr_app.casework.move_choices import move_choices
from dhr_app.web.answering import show, taken
from dhr_app.web.moves.forms import MoveForm
from dhr_app.web.needs import need_lines
from dhr_app.web.review_part import done, review_url
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("moves", __name__)


@room.form("/reviews/<reference>/moves/<name>", permission="review.see")
def make(reference: str, name: str) -> ResponseReturnValue:
    """Show what the move needs and, once it is ready, its form. One that is not ready is refused with all it lacks."""
    by, at = current_person(), this_moment()
    choices = move_choices(reference, name, by=by, at=at)
    form = MoveForm(choices)
    if request.method == "POST" and not choices.ready:
        make_move(reference, name, form.entry(), by=by, at=at)  # refuses, lists what is missing, and keeps the refusal

    def check() -> None:
        check_move(reference, name, form.entry(), by=by, at=at)

    if taken(form, lambda: make_move(reference, name, form.entry(), by=by, at=at), check=check):
        return done(f"{choices.move.happened}.", review_url(reference))
    lines = need_lines(reference, choices.page.shown, choices.may)
    return show("moves/make.html", form, reference=reference, may=choices.may, choices=choices, lines=lines)
