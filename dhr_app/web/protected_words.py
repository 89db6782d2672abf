"""The question beneath a text that may name somebody protected: whether the words stay and why, and its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flask import render_template, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, FieldList, FormField, StringField

from dhr_app.workflows.kept_words import OTHER, WHY_KEPT, Asked, Keeping, MayNameSomebody

BOXES = "protected-box"
ASKED, FOCUS, INSTEAD = "asked_about", "focus_id", "said_instead"  # what a field carries; see error_summary.py
LONGEST_NOTE = 500  # characters


class Names(NamedTuple):
    """What the inputs of one such question are called; `box` says that it was asked."""

    box: str
    field: str
    words: str
    stay: str
    why: str
    note: str

    @classmethod
    def of(cls, number: int) -> Names:
        """Those of the question with this number on its page."""
        parts = ("field", "words", "stay", "why", "note")
        return cls(BOXES, *(f"protected-{part}-{number}" for part in parts))


@dataclass(frozen=True)
class Box:
    """One question, with whatever was answered so far; `field` is the id of the box it stands beneath."""

    number: int
    field: str
    words: tuple[str, ...]
    stay: bool = False
    why: str = ""
    note: str = ""
    fault: str = ""

    @property
    def names(self) -> Names:
        """The names of its inputs."""
        return Names.of(self.number)

    @property
    def answer(self) -> Keeping | None:
        """The answer, where the words are to stay."""
        return Keeping.of(self.words, self.why, self.note) if self.stay else None


def beneath(of: Field) -> Markup:
    """The question beneath a field; nothing where none is asked."""
    box = getattr(of, ASKED, None)
    if box is None:
        return Markup()
    page = render_template("protected_words/box.html", box=box, reasons=WHY_KEPT, other=OTHER)
    return Markup(page)  # noqa: S704 - our own template, which escapes


def answers(form: FlaskForm) -> list[Keeping]:
    """What was answered with a form; each question goes back beneath its box, in case the form is shown again."""
    boxes = _sent()
    for of in _texts(form):
        asked = [box for box in boxes if box.field == of.id]
        if asked and any(words in (of.data or "") for words in asked[0].words):
            setattr(of, ASKED, asked[0])
    return [answer for box in boxes if (answer := box.answer)]


def ask(form: FlaskForm, held: MayNameSomebody) -> None:
    """Put each question beneath the box in which the words stand; nothing was saved."""
    for number, asked in enumerate(held.asked):
        of = _where(form, asked)
        if of is None:
            form.form_errors.append(asked.sentence)
            continue
        sent = next((box for box in _sent() if box.field == of.id), Box(number, of.id, ()))
        stay = sent.stay and bool(asked.fault)
        said = (sent.why, sent.note) if stay else ("", "")
        box = Box(number, of.id, asked.words, stay, *said, fault=asked.fault)
        setattr(of, ASKED, box)
        of.errors = [*of.errors, asked.sentence]
        if asked.fault:
            setattr(of, FOCUS, box.names.note if box.why == OTHER else box.names.why)
            setattr(of, INSTEAD, asked.fault)


def _sent() -> list[Box]:
    return [_box(int(number)) for number in request.form.getlist(BOXES)[:20] if number.isdecimal()]


def _box(number: int) -> Box:
    names, form = Names.of(number), request.form
    return Box(
        number,
        form.get(names.field, ""),
        tuple(form.getlist(names.words)),
        names.stay in form,
        form.get(names.why, ""),
        form.get(names.note, "")[:LONGEST_NOTE],
    )


def _where(form: FlaskForm, asked: Asked) -> StringField | None:
    """The box that holds the text; else one that holds the words; else the first text there is."""
    texts = list(_texts(form))
    same = [of for of in texts if of.data == asked.text]
    among = [of for of in texts if any(words in (of.data or "") for words in asked.words)]
    return next(iter(same or among or texts), None)


def _texts(fields: FlaskForm | FormField | FieldList) -> Iterator[StringField]:
    for each in fields:
        if isinstance(each, FormField | FieldList):
            yield from _texts(each)
        elif isinstance(each, StringField):
            yield each
