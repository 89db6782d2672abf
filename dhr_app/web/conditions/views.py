"""What a condition asks, what was stated about it, and stating something more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import statement
from dhr_app.casework.condition_page import condition_page
from dhr_app.web.answering import taken
from dhr_app.web.conditions.forms import StatementForm
from dhr_app.web.mending import mending_url
from dhr_app.web.review_part import done, review_url, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.conditions import CONDITIONS

room = Room("conditions", __name__)

Verb = Callable[..., None]


@room.form("/reviews/<reference>/conditions/<name>", permission="statement.see")
def see(reference: str, name: str) -> ResponseReturnValue:
    """One condition with all its statements, newest first, and the form for one more."""
    by, at = current_person(), this_moment()
    page = condition_page(reference, name, by=by, at=at)
    form = StatementForm(page.condition)
    if taken(form, lambda: statement.state(reference, name, form.entry(), by=by, at=at)):
        return done("The statement is recorded.", url_for("conditions.see", reference=reference, name=name))
    return show_part(
        "conditions/condition.html",
        reference,
        form,
        page=page,
        own_page=mending_url(reference, page.condition.reason()) if page.condition.mend != "statement" else None,
        asks_something=bool(form.answer.choices),
    )


@room.post("/reviews/<reference>/statements/<uuid:statement_id>/second", permission="statement.second")
def second(reference: str, statement_id: UUID) -> ResponseReturnValue:
    """Agree, as the second person."""
    return _settled(statement.second, reference, statement_id, "Your agreement is recorded.", at=this_moment())


@room.post("/reviews/<reference>/statements/<uuid:statement_id>/accept", permission="statement.accept")
def accept(reference: str, statement_id: UUID) -> ResponseReturnValue:
    """Accept that it could not be done."""
    return _settled(statement.accept, reference, statement_id, "Your acceptance is recorded.", at=this_moment())


@room.post("/reviews/<reference>/statements/<uuid:statement_id>/withdraw", permission="statement.make")
def withdraw(reference: str, statement_id: UUID) -> ResponseReturnValue:
    """Take a statement back; it stays readable."""
    return _settled(statement.withdraw, reference, statement_id, "The statement is taken back.", at=this_moment())


def _settled(verb: Verb, reference: str, statement_id: UUID, sentence: str, *, at: datetime) -> ResponseReturnValue:
    """Do it and go back to the condition that the button stood on, or to the review where none is named."""
    verb(reference, statement_id, by=current_person(), at=at)
    condition = request.form.get("condition", "")
    if condition in CONDITIONS:
        return done(sentence, url_for("conditions.see", reference=reference, name=condition))
    return done(sentence, review_url(reference))
