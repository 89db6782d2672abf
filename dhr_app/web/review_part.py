"""A page of one review: its reference, and the ways inside the review, stand around whatever the page shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dhr_app.casework.sections import sections
from dhr_app.web.answering import show
from dhr_app.web.security import current_person, this_moment


def around(reference: str) -> dict[str, Any]:
    """What every page of a review is told: its reference, and the parts of it that the person may go to."""
    return {"reference": reference, "may": sections(reference, by=current_person(), at=this_moment())}


def show_part(template: str, reference: str, form: FlaskForm | None = None, **context: Any) -> ResponseReturnValue:
    """The page, with its form where it has one: 422 where something in the form has to be put right."""
    if form is None:
        return render_template(template, **around(reference), **context)
    return show(template, form, **around(reference), **context)


def done(sentence: str, onward: str) -> ResponseReturnValue:
    """Say that it is done, and go on to where the next thing is. The sentence holds nothing sealed.

    Where that is a place in the middle of a page (`…/plan#a-…`), it is said there too: see macros/saved.html.
    """
    flash(sentence, "success")
    if place := urlsplit(onward).fragment:
        flash(sentence, f"#{place}")
    return redirect(onward, 303)


def review_url(reference: str) -> str:
    """The review’s own page."""
    return f"/reviews/{reference}"
