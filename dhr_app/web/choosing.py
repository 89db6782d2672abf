"""Two people corrected the same thing: the second sees both texts of each answer that differs, and chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field, FormField, IntegerField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from dhr_app.web.date_fields import PartialDayField
from dhr_app.web.filters import day, partial_day
from dhr_app.web.review_part import around

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Entry = TypeVar("Entry", bound="DataclassInstance")
Words = Mapping[str, Mapping[str, str]]

KEEP = "keep-"
THEIRS, YOURS = "theirs", "yours"
OF_THE_CHOICE = ("csrf_token", "version", "version_seen", "choosing")


class Versioned(FlaskForm):
    """A form that corrects something, and remembers which version of it its reader had before them."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    def renew(self, version: int) -> None:
        """Let the form, shown again, be about what its reader sees now."""
        self.version.data, self.version.raw_data = version, None


@dataclass(frozen=True)
class Difference:
    """One answer that two people gave differently, in words; empty where one of them gave none."""

    name: str
    question: str
    theirs: str
    yours: str


def version_of(form: Versioned) -> int:
    """The version the form was filled in from: after a choice the one seen then, but only if all of it was chosen."""
    names = request.form.getlist("choosing")
    if names and all(request.form.get(KEEP + name) in (THEIRS, YOURS) for name in names):
        return request.form.get("version_seen", 0, type=int)
    return form.version.data or 0


def settled(entry: Entry, saved: Entry) -> Entry:
    """What the form says, with what was saved meanwhile for each answer of which the person chose to keep that."""
    kept = [name for name in vars(entry) if request.form.get(KEEP + name) == THEIRS]
    return replace(entry, **{name: getattr(saved, name) for name in kept})


def choose(
    reference: str, form: Versioned, *, yours: Entry, saved: Entry, version: int, words: Words | None = None
) -> ResponseReturnValue:
    """The page on which the second person chooses. Every word of the form goes along; nothing is saved before.

    `words` says what codes mean where the form's own choices do not say it. Answered with 409.
    """
    fields = {field.short_name: field for field in form}
    differing = [
        _difference(name, fields.get(name), getattr(saved, name), mine, (words or {}).get(name))
        for name, mine in vars(yours).items()
        if not _same(mine, getattr(saved, name))
    ]
    carried = [
        (name, text)
        for name, texts in request.form.lists()
        if name not in OF_THE_CHOICE and not name.startswith(KEEP)
        for text in texts
    ]
    page = render_template(
        "choosing/choose.html", **around(reference), differing=differing, carried=carried, keep=KEEP,
        version=form.version.data or 0, version_seen=version, asked_before="choosing" in request.form,
    )  # fmt: skip
    return page, 409


def _same(one: Any, other: Any) -> bool:
    return set(one) == set(other) if isinstance(one, tuple) else bool(one == other)


def _difference(name: str, field: Field | None, theirs: Any, yours: Any, words: Mapping[str, str] | None) -> Difference:
    question = str(field.label.text) if field is not None else name.replace("_", " ").capitalize()
    meanings = words if words is not None else _meanings(field)
    by_parts = isinstance(field, PartialDayField)
    return Difference(
        name, question, _in_words(theirs, meanings, by_parts=by_parts), _in_words(yours, meanings, by_parts=by_parts)
    )


def _meanings(field: Field | None) -> Mapping[str, str]:
    """What the codes of an answer mean; of several questions under one heading, which question each code is."""
    if isinstance(field, FormField):
        return {str(inner.short_name): str(inner.label.text) for inner in field}
    choices = getattr(field, "choices", None) or {}
    return {code: text for code, text in choices.items() if code}


def _in_words(value: Any, meanings: Mapping[str, str], *, by_parts: bool) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{meanings.get(code, code)}: {answer}" for code, answer in value.items())
    if isinstance(value, tuple):
        return "; ".join(meanings.get(str(each), str(each)) for each in value)
    text = "" if value is None else str(value)
    return partial_day(text) if by_parts else meanings.get(text, text)
