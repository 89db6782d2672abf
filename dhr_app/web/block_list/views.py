"""The block list of a review, for the coordinator and the steering group’s chair. It takes two to take somebody off."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import block_list
from dhr_app.casework.block_list_page import barred_one, block_list_page, unsure_one
from dhr_app.web.again import after_password
from dhr_app.web.answering import taken
from dhr_app.web.block_list.forms import AskOffForm, BarForm, DecideForm, TakeOffForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid

room = Room("block_list", __name__)


@room.get("/reviews/<reference>/conflicts", permission="conflict.see")
def see(reference: str) -> ResponseReturnValue:
    """Who is barred, and whom to decide about."""
    page = block_list_page(reference, by=current_person(), at=this_moment())
    return show_part("block_list/see.html", reference, page=page)


@room.form("/reviews/<reference>/conflicts/new", permission="conflict.enter")
def bar(reference: str) -> ResponseReturnValue:
    """Put somebody on the list."""
    page = block_list_page(reference, by=current_person(), at=this_moment())
    form = BarForm()
    form.offer(page)
    if taken(form, lambda: _bar(reference, form)):
        return done("They stand on the block list. This review is out of their reach from now on.", _back(reference))
    return show_part("block_list/bar.html", reference, form)


@room.form("/reviews/<reference>/conflicts/unsure/<uuid:declaration_id>", permission="conflict.decide")
def decide(reference: str, declaration_id: UUID) -> ResponseReturnValue:
    """Decide about somebody who was not sure."""
    by, at = current_person(), this_moment()
    one, form = unsure_one(reference, declaration_id, by=by, at=at), DecideForm()

    def work() -> None:
        take_part = form.decision.data == "allowed"
        block_list.decide(reference, declaration_id, take_part=take_part, by=by, at=at)

    if taken(form, work):
        return done("It is decided. Tell them: they are sent no mail about it.", _back(reference))
    return show_part("block_list/decide.html", reference, form, one=one)


@room.form("/reviews/<reference>/conflicts/<uuid:conflict_id>/off", permission="conflict.lift")
def off(reference: str, conflict_id: UUID) -> ResponseReturnValue:
    """Ask that somebody be taken off the list, or agree to it as the second person."""
    by, at = current_person(), this_moment()
    one = barred_one(reference, conflict_id, by=by, at=at)
    if not one.asked_by:
        asking = AskOffForm()
        reason = asking.reason.data or ""
        if taken(asking, lambda: block_list.ask_off(reference, conflict_id, reason, by=by, at=at)):
            return done("It is asked for. They stay barred until a second person agrees.", _back(reference))
        return show_part("block_list/ask_off.html", reference, asking, one=one)
    form = TakeOffForm()
    work = after_password(form, "conflict.lift", lambda: block_list.take_off(reference, conflict_id, by=by, at=at))
    if taken(form, work):
        return done("They are taken off the list. For a seat they are asked everything anew.", _back(reference))
    return show_part("block_list/take_off.html", reference, form, one=one)


def _bar(reference: str, form: BarForm) -> None:
    by, at, email = current_person(), this_moment(), form.email.data or ""
    if form.chosen is not None and email:
        raise Invalid({"email": "Choose a person or enter an address, not both."})
    if email:
        block_list.bar_address(reference, email, by=by, at=at)
    else:
        block_list.bar_account(reference, form.chosen, by=by, at=at)


def _back(reference: str) -> str:
    return url_for("block_list.see", reference=reference)
