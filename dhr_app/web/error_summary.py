"""The list of errors at the top of a form: each leads to the very box that has to be put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from wtforms import Field, FieldList, Form, FormField


def install(app: Flask) -> None:
    """Replace govuk-frontend-wtf's own summary, whose link to a date leads to a box that cannot be typed in."""
    app.add_template_global(wtforms_errors)


def wtforms_errors(form: Form, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the GOV.UK error summary shows of a form, in the order of its fields."""
    errors = [{"text": str(sentence)} for sentence in form.form_errors]
    for field in form:
        errors += [{"text": sentence, "href": f"#{place}"} for place, sentence in _of(field)]
    return {"titleText": "There is a problem", "errorList": errors, **(params or {})}


def _of(field: Field) -> Iterator[tuple[str, str]]:
    if isinstance(field, FieldList | FormField):
        for inner in field:
            yield from _of(inner)
        if isinstance(field, FieldList):
            yield from ((field.id, str(error)) for error in field.errors if isinstance(error, str))
    elif field.errors:
        # A question beneath a box (protected_words.py) has an error and a place of its own.
        yield str(getattr(field, "focus_id", field.id)), str(getattr(field, "said_instead", field.errors[0]))
