"""What cannot be seen stays outside: the control characters that come along when text is pasted from elsewhere.

Word's own line breaks become plain ones. The rest, the NUL among them, means nothing to a reader, and PostgreSQL takes
no text that holds one. Nobody is asked about it: not one letter that somebody wrote is changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cached_property

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import NotFound

LINE_ENDS = dict.fromkeys(map(ord, "\v\f\x85\u2028\u2029"), "\n")
KEPT = "\t\n\r"


def plain(text: str) -> str:
    """The text as it is read."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter for letter in text.translate(LINE_ENDS) if letter in KEPT or not _is_control(letter))


class PlainRequest(Request):
    """A request in whose form and query string no box holds a control character."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """What stands after the question mark."""
        return _plain_of(super().args.items(multi=True))

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.form = _plain_of(self.form.items(multi=True))


def install(app: Flask) -> None:
    """An address that holds one leads nowhere."""

    @app.before_request
    def only_plain_addresses() -> None:
        if any(map(_is_control, request.path)):
            raise NotFound


def _plain_of(sent: Iterable[tuple[str, str]]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(name, plain(text)) for name, text in sent])


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc"
