"""Before a seat opens: one question a page, and nothing of the review but its reference; declared again later too."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import before_start
from dhr_app.casework.before_start import Asked, BeforeStart
from dhr_app.web.answering import show, taken
from dhr_app.web.before_start.forms import DeclareForm, SignForm
from dhr_app.web.navigation import home_of
from dhr_app.web.review_part import done, review_url
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.roles import Role

room = Room("before_start", __name__)

CLOSED = "Thank you for saying so. That review is closed to you now, and you need do nothing more."
TO_BE_DECIDED = "Thank you. The coordinator or the steering group’s chair decides, and will tell you."
SAID = "Thank you. Your answer is recorded."


@room.form("/reviews/<reference>/before-you-start", permission="seat.prepare")
def see(reference: str) -> ResponseReturnValue:
    """The next thing that is asked, or that nothing is."""
    page = before_start.before_start(reference, by=current_person(), at=this_moment())
    if page.asked is Asked.DECLARE:
        return _declare(reference, "before_start/declare.html", first=True)
    if page.asked is Asked.SIGN:
        return _sign(page)
    return render_template("before_start/see.html", page=page, reference=reference, onward=_onward(reference))


@room.form("/reviews/<reference>/declare", permission="conflict.declare")
def declare(reference: str) -> ResponseReturnValue:
    """Say it again, once something has come to light."""
    before_start.declaring(reference, by=current_person(), at=this_moment())
    return _declare(reference, "before_start/declare.html", first=False)


def _declare(reference: str, template: str, *, first: bool) -> ResponseReturnValue:
    by, at, form = current_person(), this_moment(), DeclareForm()
    if not taken(form, lambda: before_start.declare(reference, form.entry, by=by, at=at)):
        return show(template, form, reference=reference, first=first)
    if form.answer.data == "conflict":
        return done(CLOSED, home_of(by.role))
    if form.answer.data == "unsure":
        return done(TO_BE_DECIDED, home_of(by.role))
    if first:
        return redirect(url_for("before_start.see", reference=reference), 303)
    return done(SAID, _onward(reference))


def _sign(page: BeforeStart) -> ResponseReturnValue:
    by, at, form = current_person(), this_moment(), SignForm()
    if taken(form, lambda: before_start.sign(page.reference, form.number, by=by, at=at)):
        if not page.opens:
            return redirect(url_for("before_start.see", reference=page.reference), 303)
        return done("Thank you. The review is open to you now.", _onward(page.reference))
    form.version.data = str(page.number)
    return show("before_start/sign.html", form, page=page, reference=page.reference)


def _onward(reference: str) -> str:
    """The review’s own page, or where whoever cannot see that finds what they are asked."""
    role = current_person().role
    return home_of(role) if role is Role.AGENCY_CONTRIBUTOR else review_url(reference)
