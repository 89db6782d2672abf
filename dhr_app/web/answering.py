"""How a form is answered: taken by the work, or shown again with every word kept and each sentence beside its box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dhr_app.workflows.errors import Invalid


def taken(form: FlaskForm, do: Callable[[], object]) -> bool:
    """Whether a form was sent, is in order, and the work took it; what the work refuses is put beside its box.

    if taken(form, lambda: notify(entry_of(form), by=current_person(), at=this_moment())):
        return redirect(…)
    return show("notification/new.html", form)
    """
    if not form.validate_on_submit():
        return False
    try:
        do()
    except Invalid as wrong:
        put_beside(form, wrong)
        return False
    return True


def put_beside(form: FlaskForm, wrong: Invalid) -> None:
    """Put each sentence beside the field it is about; what belongs to no field stands at the top."""
    for name, sentence in wrong.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            form.form_errors.append(sentence)


def show(template: str, form: FlaskForm, **context: Any) -> ResponseReturnValue:
    """The page with the form: 422 where something has to be put right, 200 otherwise."""
    return render_template(template, form=form, **context), 422 if form.errors else 200
