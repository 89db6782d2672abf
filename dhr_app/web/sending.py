"""A file on its way out: to be saved, never shown in the browser, and kept by nobody in between."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

# What came from outside never acts as a page of ours, even where a browser shows it all the same.
SHUT_IN = "sandbox; default-src 'none'"


def sent(content: Iterable[bytes], *, name: str, media_type: str, size: int) -> Response:
    """The answer that carries the file. `name` is made by us, of letters, figures and dashes; `size` is in bytes."""
    answer = Response(content, mimetype=media_type, direct_passthrough=True)
    answer.content_length = size
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = SHUT_IN
    answer.headers["Accept-Ranges"] = "none"
    return answer
