"""Whose records end over all reviews, and the freeze that forbids that anything at all is destroyed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import legal_hold
from dhr_app.casework.retention_page import freeze_to_lift, retention_page
from dhr_app.web.again import after_password
from dhr_app.web.answering import show, taken
from dhr_app.web.records.forms import HoldForm, LiftForm
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("retention", __name__)

FROZEN = "Nothing is destroyed any more, of any review, until this is lifted."
FROZEN_LATE = "Nothing else is destroyed, of any review, until this is lifted."


@room.get("/retention", permission="retention.see")
def see() -> ResponseReturnValue:
    """Every review that has ended, and until when its records are kept."""
    return render_template("retention/see.html", page=retention_page(by=current_person(), at=this_moment()))


@room.form("/retention/freeze", permission="hold.place")
def freeze() -> ResponseReturnValue:
    """Forbid that anything of any review is destroyed."""
    form = HoldForm()
    by, at, too_late = current_person(), this_moment(), list[str]()
    if taken(form, lambda: too_late.extend(legal_hold.freeze(form.entry, by=by, at=at))):
        for sentence in too_late:
            flash(sentence, "notice")
        return done(FROZEN_LATE if too_late else FROZEN, url_for("retention.see"))
    return show("retention/freeze.html", form)


@room.form("/retention/freezes/<uuid:hold_id>/lift", permission="hold.lift")
def thaw(hold_id: UUID) -> ResponseReturnValue:
    """Lift it, or ask that somebody else does."""
    by, at = current_person(), this_moment()
    held, form = freeze_to_lift(hold_id, by=by, at=at), LiftForm()
    lifted: list[bool] = []
    work = after_password(form, "hold.lift", lambda: lifted.append(legal_hold.thaw(hold_id, by=by, at=at)))
    if taken(form, work):
        asked = "It is recorded that you ask for it to be lifted. Somebody else has to agree."
        return done("It is lifted." if lifted[0] else asked, url_for("retention.see"))
    return show("retention/thaw.html", form, held=held, alone=by.role in legal_hold.ALONE)
