"""What cannot be seen stays outside: the control characters that come along when text is pasted from elsewhere.

Word's own line breaks become plain ones. The rest, the NUL among them, means nothing to a reader, and PostgreSQL takes
no text that holds one. Nobody is asked about it: not one letter that somebody wrote is changed.

What is sent is a form. Flask-WTF would fill one from JSON as well, past all that is asked of the boxes of a form here
and in web/unasked.py; our own pages send none, so it is not read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import NotFound, UnsupportedMediaType

LINE_ENDS = dict.fromkeys(map(ord, "\v\f\x85\u2028\u2029"), "\n")
KEPT = "\t\n\r"
FORMS = ("", "application/x-www-form-urlencoded", "multipart/form-data")  # without a kind there is nothing to read


def plain(text: str) -> str:
    """The text as it is read."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter for letter in text.translate(LINE_ENDS) if letter in KEPT or not _is_control(letter))


class Boxes(ImmutableMultiDict[str, str]):
    """The boxes of a form that was sent, and which of them somebody looked into."""

    def __init__(self, sent: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(sent)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.read.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, *args: Any, **options: Any) -> list[Any]:
        """Every text that was sent under one name."""
        self.read.add(key)
        return super().getlist(key, *args, **options)


class PlainRequest(Request):
    """A request in whose form and query string no box holds a control character."""

    form: Boxes

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """What stands after the question mark."""
        return ImmutableMultiDict(_plain_of(super().args.items(multi=True)))

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.form = Boxes(_plain_of(self.form.items(multi=True)))


def install(app: Flask) -> None:
    """An address that holds one leads nowhere, and what is no form is not taken."""

    @app.before_request
    def only_plain_addresses() -> None:
        if any(map(_is_control, request.path)):
            raise NotFound

    @app.before_request
    def only_forms() -> None:
        if request.method == "POST" and request.mimetype not in FORMS:
            raise UnsupportedMediaType


def _plain_of(sent: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, plain(text)) for name, text in sent]


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc"
