"""What a condition asks, what was stated about it, and stating something more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import statement
from dhr_app.casework.condition_page import condition_page, statement_page
from dhr_app.web.again import after_password
from dhr_app.web.answering import taken
from dhr_app.web.conditions.forms import StatementForm
from dhr_app.web.conditions.settling import ACCEPT, SECOND, WITHDRAW, Settling, SettlingForm
from dhr_app.web.mending import mending_url
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("conditions", __name__)

Verb = Callable[..., None]


@room.form("/reviews/<reference>/conditions/<name>", permission="statement.see", sends="statement.make")
def see(reference: str, name: str) -> ResponseReturnValue:
    """One condition with all its statements, newest first, and the form for one more."""
    by, at = current_person(), this_moment()
    page = condition_page(reference, name, by=by, at=at)
    form = StatementForm(page.condition)
    work = after_password(form, "statement.make", lambda: statement.state(reference, name, form.entry(), by=by, at=at))
    if taken(form, work, check=lambda: statement.check(reference, name, form.entry(), by=by, at=at)):
        return done("The statement is recorded.", url_for("conditions.see", reference=reference, name=name))
    return show_part(
        "conditions/condition.html",
        reference,
        form,
        page=page,
        own_page=mending_url(reference, page.condition.reason()) if page.condition.mend != "statement" else None,
        asks_something=bool(form.answer.choices),
    )


@room.form("/reviews/<reference>/statements/<uuid:statement_id>/second", permission="statement.second")
def second(reference: str, statement_id: UUID) -> ResponseReturnValue:
    """Agree, as the second person, once one has looked for oneself."""
    return _settled(SECOND, statement.second, reference, statement_id, at=this_moment())


@room.form("/reviews/<reference>/statements/<uuid:statement_id>/accept", permission="statement.accept")
def accept(reference: str, statement_id: UUID) -> ResponseReturnValue:
    """Accept that it could not be done."""
    return _settled(ACCEPT, statement.accept, reference, statement_id, at=this_moment())


@room.form("/reviews/<reference>/statements/<uuid:statement_id>/withdraw", permission="statement.make")
def withdraw(reference: str, statement_id: UUID) -> ResponseReturnValue:
    """Take a statement back; it stays readable."""
    return _settled(WITHDRAW, statement.withdraw, reference, statement_id, at=this_moment())


def _settled(words: Settling, verb: Verb, reference: str, statement_id: UUID, *, at: datetime) -> ResponseReturnValue:
    """Show what it is about and what follows; do it once it is said to be meant, and go back to the condition."""
    by = current_person()
    page, stated = statement_page(reference, statement_id, words.permission, by=by, at=at)
    form = SettlingForm(words, files=bool(stated.files))
    work = after_password(form, words.permission, lambda: verb(reference, statement_id, by=by, at=at))
    if taken(form, work):
        return done(words.done, url_for("conditions.see", reference=reference, name=page.condition.name))
    return show_part("conditions/settle.html", reference, form, page=page, stated=stated, words=words)
