"""How a form is answered: taken by the work, or shown again with every word kept and each sentence beside its box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dhr_app.casework.protected_names import keeping
from dhr_app.web import protected_words
from dhr_app.workflows.destroyed import Destroyed
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.kept_words import MayNameSomebody


def taken(form: FlaskForm, do: Callable[[], object], *, check: Callable[[], object] | None = None) -> bool:
    """Whether a form was sent, is in order, and the work took it; what the work refuses is put beside its box.

    Where a text may name somebody protected, the person is asked beneath it whether the words stay, and why.

    `check` is asked where a box cannot be read: it raises Invalid for whatever else the work would refuse, and saves
    nothing, so that everything that is wrong is said at once.

    if taken(form, lambda: notify(entry_of(form), by=current_person(), at=this_moment())):
        return redirect(…)
    return show("notification/new.html", form)
    """
    if not form.validate_on_submit():
        if form.is_submitted():
            protected_words.answers(form)
        if check is not None and form.is_submitted():
            _say_the_rest(form, check)
        return False
    try:
        with keeping(protected_words.answers(form)):
            do()
    except MayNameSomebody as held:
        protected_words.ask(form, held)
        return False
    except Invalid as wrong:
        put_beside(form, wrong)
        return False
    return True


def _say_the_rest(form: FlaskForm, check: Callable[[], object]) -> None:
    try:
        check()
    except Invalid as wrong:
        said = {field.short_name for field in form if field.errors}
        put_beside(form, Invalid({name: text for name, text in wrong.fields.items() if name not in said}))


def put_beside(form: FlaskForm, wrong: Invalid) -> None:
    """Put each sentence beside the field it is about; what belongs to no field stands at the top."""
    for name, sentence in wrong.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            form.form_errors.append(sentence)


def show(template: str, form: FlaskForm, **context: Any) -> ResponseReturnValue:
    """The page with the form: 422 where something has to be put right, 200 otherwise; 410 where it would ask to change

    what was destroyed.
    """
    if any(isinstance(field.data, Destroyed) for field in form):
        abort(410)
    return render_template(template, form=form, **context), 422 if form.errors else 200
