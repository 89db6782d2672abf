"""A form that one agency answers for itself asks “your agency” what it asks others about “the agency”."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm

Questions = Mapping[str, str | tuple[str, str]]


def said_to(form: FlaskForm, questions: Questions) -> None:
    """Give fields other words, by name: a question, or a question and its hint."""
    for name, words in questions.items():
        question, hint = words if isinstance(words, tuple) else (words, form[name].description)
        form[name].label.text, form[name].description = question, hint
