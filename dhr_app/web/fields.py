"""The boxes that forms are made of, in GOV.UK's shape: each is told its question, and its sentence where it is missing.

None of them marks its box `required`: the browser's own bubbles cannot be read by everybody, our sentences can.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextInput,
)
from markupsafe import Markup
from wtforms import (
    BooleanField,
    Field,
    Form,
    RadioField,
    SelectField,
    SelectFieldBase,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from dhr_app.web.protected_words import beneath

LINE, PAGE = 200, 10_000  # characters; a table's text has no limit, a form's box has


class Needed:
    """Something has to be entered."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(self.sentence)


class AtMost:
    """So many characters and no more."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Form, field: Field) -> None:
        if isinstance(field.data, str) and len(field.data) > self.limit:
            raise ValidationError(f"Use {self.limit:,} characters or fewer. You have used {len(field.data):,}.")


class _Choice(SelectFieldBase):
    """Choices whose data is None where nothing was chosen, and whose refusals are sentences."""

    data: Any
    choices: Any

    def pre_validate(self, form: BaseForm) -> None:
        chosen = self.data if isinstance(self.data, list) else [self.data] if self.data else []
        if any(each not in self.choices for each in chosen):
            raise StopValidation("Choose one of the answers shown.")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] else None


class OneOf(_Choice, RadioField):
    """Radio buttons; data is the code chosen, or None."""


class OneFromList(_Choice, SelectField):
    """A drop-down list, for more answers than radio buttons can show; data is the code chosen, or None."""


class SomeOf(_Choice, SelectMultipleField):
    """Tick boxes; data is the list of codes ticked."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Every box that was ticked."""
        self.data = list(valuelist)


class _Line(GovTextInput):
    """One line, and beneath it the question whether words that may name somebody stay."""

    def __call__(self, field: Field, **options: Any) -> Markup:
        return Markup(super().__call__(field, **options)) + beneath(field)  # noqa: S704 - made by our templates


class _LongText(GovCharacterCount):
    """Many lines, and the same beneath them."""

    def __call__(self, field: Field, **options: Any) -> Markup:
        return Markup(super().__call__(field, **options)) + beneath(field)  # noqa: S704 - made by our templates


def line(question: str, *, missing: str = "", hint: str = "", limit: int = LINE, **params: Any) -> StringField:
    """One line of text. `params` go to the GOV.UK input as they are (classes, autocomplete)."""
    return StringField(
        question,
        [*_needed(missing), AtMost(limit)],
        filters=[_stripped],
        widget=_Line(),
        description=hint,
        render_kw={"params": params},
    )


def long_text(
    question: str, *, missing: str = "", hint: str = "", limit: int = PAGE, rows: int = 6, **params: Any
) -> TextAreaField:
    """A text of many lines, which counts what is left of its limit."""
    # Without maxlength of its own the count is dead: the component does not look at validators.
    shown = {"maxlength": limit, "rows": rows, "threshold": 75, **params}
    return TextAreaField(
        question,
        [*_needed(missing), AtMost(limit)],
        filters=[_stripped, _one_kind_of_line_end],
        widget=_LongText(),
        description=hint,
        render_kw={"params": shown},
    )


def one_of(question: str, choices: Mapping[str, str], *, missing: str = "", hint: str = "", **params: Any) -> OneOf:
    """Radio buttons for a list of choices (code → words)."""
    return OneOf(
        question,
        _needed(missing),
        choices=dict(choices),
        widget=GovRadioInput(),
        description=hint,
        render_kw={"params": params},
    )


def some_of(question: str, choices: Mapping[str, str], *, missing: str = "", hint: str = "", **params: Any) -> SomeOf:
    """Tick boxes for a list of choices (code → words)."""
    return SomeOf(
        question,
        _needed(missing),
        choices=dict(choices),
        widget=GovCheckboxesInput(),
        description=hint,
        render_kw={"params": params},
    )


def from_list(
    question: str, choices: Mapping[str, str], *, missing: str = "", hint: str = "", **params: Any
) -> OneFromList:
    """A drop-down list (code → words), an empty line first. Choices known only at the request are set on the form."""
    return OneFromList(
        question,
        _needed(missing),
        choices={"": "Choose one", **choices},
        widget=GovSelect(),
        description=hint,
        render_kw={"params": params},
    )


def tick(question: str, *, missing: str = "", hint: str = "") -> BooleanField:
    """One box that is ticked or not."""
    return BooleanField(question, _needed(missing), widget=GovCheckboxInput(), description=hint)


def _needed(sentence: str) -> list[Needed]:
    return [Needed(sentence)] if sentence else []


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")
