"""Emergency access: its question, its answer, its end, and the look at it afterwards."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import emergency
from dhr_app.casework.emergency_page import emergencies_page, over_one, own_emergencies, question_page
from dhr_app.web.again import after_password
from dhr_app.web.answering import show, taken
from dhr_app.web.emergency.forms import AnswerForm, AskForm, LookForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("emergency", __name__)

ASKED = "You have asked. A second person has 60 minutes to answer: ring them if it cannot wait."
CONFIRMED = "It is confirmed: they read the review for 60 minutes from now. Everybody on the review is told."
REFUSED = "It is refused. They are told."
ENDED = "The emergency access is over: the review is shut to them."


@room.form("/emergency", permission="emergency.ask")
def ask() -> ResponseReturnValue:
    """Ask for a review in an emergency; what became of one’s questions stands above."""
    by, at = current_person(), this_moment()
    form = AskForm()
    if taken(form, lambda: emergency.ask(form.entry, by=by, at=at)):
        return done(ASKED, url_for("emergency.ask"))
    return show("emergency/ask.html", form, own=own_emergencies(by=by, at=at))


@room.post("/emergency/<uuid:emergency_id>/withdraw", permission="emergency.ask")
def withdraw(emergency_id: UUID) -> ResponseReturnValue:
    """Withdraw one’s own question."""
    emergency.withdraw(emergency_id, by=current_person(), at=this_moment())
    return done("The question is withdrawn.", url_for("emergency.ask"))


@room.get("/reviews/<reference>/emergency", permission="emergency.see")
def see(reference: str) -> ResponseReturnValue:
    """Who had this review opened in an emergency, and who confirmed it."""
    page = emergencies_page(reference, by=current_person(), at=this_moment())
    return show_part("emergency/see.html", reference, page=page)


@room.form("/reviews/<reference>/emergency/<uuid:emergency_id>/answer", permission="emergency.confirm")
def answer(reference: str, emergency_id: UUID) -> ResponseReturnValue:
    """The second person confirms or refuses, with their password."""
    by, at = current_person(), this_moment()
    page, form = question_page(reference, emergency_id, by=by, at=at), AnswerForm()

    def work() -> None:
        if form.answer.data == "confirm":
            emergency.confirm(reference, emergency_id, by=by, at=at)
        else:
            emergency.refuse(reference, emergency_id, form.because.data or "", by=by, at=at)

    if taken(form, after_password(form, "emergency.confirm", work)):
        said = CONFIRMED if form.answer.data == "confirm" else REFUSED
        return done(said, url_for("emergency.see", reference=reference))
    return show_part("emergency/answer.html", reference, form, page=page)


@room.post("/reviews/<reference>/emergency/<uuid:emergency_id>/end", permission="emergency.end")
def end(reference: str, emergency_id: UUID) -> ResponseReturnValue:
    """End it before its time; whoever had it is led to their own page, for they read the review no more."""
    by, at = current_person(), this_moment()
    emergency.end(reference, emergency_id, by=by, at=at)
    own = any(each.reference == reference for each in by.emergencies)
    return done(ENDED, url_for("emergency.ask") if own else url_for("emergency.see", reference=reference))


@room.form("/reviews/<reference>/emergency/<uuid:emergency_id>/look", permission="emergency.look")
def look(reference: str, emergency_id: UUID) -> ResponseReturnValue:
    """The steering chair looks at it afterwards and writes what they found."""
    by, at = current_person(), this_moment()
    line, form = over_one(reference, emergency_id, by=by, at=at), LookForm()
    if taken(form, lambda: emergency.look(reference, emergency_id, form.found.data or "", by=by, at=at)):
        return done("What you found is recorded.", url_for("emergency.see", reference=reference))
    return show_part("emergency/look.html", reference, form, line=line)
