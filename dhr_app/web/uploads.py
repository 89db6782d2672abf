"""Files in a form: let in only by doors that take them, and sealed byte by byte while they come; none lies in clear.

    @room.form("/reviews/<reference>/drafts/new", permission="draft.hand_in", files=draft.must_take_drafts)
    def hand_in(reference): ...
        for incoming in handed_in("overview_report"): ...

`files` is asked before a byte of the form is read, with what the path holds and `by=`, `at=`: it raises where this
person may not hand anything in there. Everywhere else a file in a form goes nowhere, and the form may be one megabyte
long. What no verb kept by the end of the request is thrown away.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from dhr_app.casework.files import Incoming
from dhr_app.casework.incoming import LARGEST, MEGABYTE
from dhr_app.web.plain_text import PlainRequest
from dhr_app.workflows.permissions import Person

MOST_FILES = 20
TOO_MANY = f"Hand in at most {MOST_FILES} files at a time: choose this one again afterwards."

Gate = Callable[..., None]


class Arriving(io.RawIOBase):
    """A file of a form as the parser writes it. It goes back to its beginning once the file is whole."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming = incoming

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes in."""
        self.incoming.add(bytes(data))
        return len(data)

    def seekable(self) -> bool:
        """To its beginning, when it is whole."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """The parser has come to the end of this file."""
        self.incoming.end()
        return 0


class Nowhere(io.RawIOBase):
    """Where the file of a form goes that takes none."""

    def writable(self) -> bool:
        """Yes, and nothing is kept of it."""
        return True

    def write(self, data: Any) -> int:
        """Forget it."""
        return len(data)

    def seekable(self) -> bool:
        """There is nowhere to go."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """The parser has come to the end of it."""
        return 0


class FileRequest(PlainRequest):
    """A request whose files are never laid down in clear, as Werkzeug would from half a megabyte on."""

    arrivals: list[Incoming] | None = None  # a list once files may come in
    left_out = False  # whether a file was chosen that went nowhere

    def let_files_in(self) -> None:
        """From here on this form may bring files."""
        self.arrivals = []
        self.max_content_length = MOST_FILES * LARGEST + MEGABYTE

    def _load_form_data(self) -> None:
        super()._load_form_data()
        if self.arrivals is None:
            self.files = ImmutableMultiDict()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.arrivals is None or not filename:
            self.left_out = self.left_out or bool(filename)
            return Nowhere()  # type: ignore[return-value]
        incoming = Incoming(filename)
        if len(self.arrivals) >= MOST_FILES:
            incoming.refuse(TOO_MANY)
        self.arrivals.append(incoming)
        return Arriving(incoming)  # type: ignore[return-value]

    def throw_away(self) -> None:
        """Leave nothing of the files that nobody kept."""
        for incoming in self.arrivals or ():
            incoming.throw_away()


def install(app: Flask) -> None:
    """Throw away, at the end of each request, what came in and was not kept."""

    @app.teardown_request
    def tidy(error: BaseException | None) -> None:
        if isinstance(request._get_current_object(), FileRequest):  # type: ignore[attr-defined]
            request.throw_away()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Sent:
    """The words of a form, by the names of its boxes, and whether a file was chosen with them."""

    words: list[tuple[str, str]]
    with_file: bool


def words_sent() -> Sent:
    """What stands in a form that is not taken. Of one that is too long for its file only what comes before the file.

    Raises RequestEntityTooLarge where its words alone are too long.
    """
    asked: FileRequest = request._get_current_object()  # type: ignore[attr-defined]
    try:
        words = list(asked.form.items(multi=True))
    except RequestEntityTooLarge:
        if asked.mimetype != "multipart/form-data" or getattr(asked.url_rule, "files", None) is None:
            raise
        return Sent(_before_the_file(asked), with_file=True)
    return Sent(words, asked.left_out or bool(asked.arrivals))


def _before_the_file(asked: FileRequest) -> list[tuple[str, str]]:
    """The boxes that a browser sent before its file, from the first megabyte; nothing of the file is read."""
    decoder = MultipartDecoder(asked.mimetype_params.get("boundary", "").encode(), MEGABYTE)
    decoder.receive_data(asked.environ["wsgi.input"].read(MEGABYTE))
    found: list[tuple[str, str]] = []
    with suppress(ValueError):  # what is no form at all holds no words
        while not isinstance(part := decoder.next_event(), NeedData | File | Epilogue):
            if isinstance(part, Field):
                found.append((part.name or "", ""))
            elif isinstance(part, Data) and found:
                found[-1] = (found[-1][0], found[-1][1] + part.data.decode(errors="replace"))
    return found


def let_in(gate: Gate | None, *, by: Person | None, at: datetime) -> None:
    """Ask the gate of a door that takes files, before anything of the form is read. Raises what the gate raises.

    `by` is None at a door that anybody may come to: its gate asks for something else.
    """
    if gate is not None and request.method == "POST":
        gate(**(request.view_args or {}), by=by, at=at)
        request.let_files_in()  # type: ignore[attr-defined]


def handed_in(field: str) -> list[Incoming]:
    """The files that were chosen in one box of the form, whole; each may have a fault already."""
    return [file.stream.incoming for file in request.files.getlist(field) if isinstance(file.stream, Arriving)]
