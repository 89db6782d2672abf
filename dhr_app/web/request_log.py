"""One line a request, as JSON: how it went, never what it was about."""

from __future__ import annotations

import traceback
from collections.abc import MutableMapping
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from dhr_app.casework.house import House

# Nothing else is ever written: no path, no search word, no form, no header, no message of an error.
ALLOWED = ("event", "at", "request", "method", "endpoint", "status", "ms", "person", "error", "where")

HERE = Path(__file__).parents[1]
FRAMES = 8


def install(app: Flask, house: House) -> None:
    """Give every request its reference, and write its line when it is answered."""
    log = structlog.wrap_logger(None, processors=[allow_listed, structlog.processors.JSONRenderer()])  # standard output
    app.extensions["request_log"] = log

    @app.before_request
    def begin() -> None:
        g.request_id = uuid4().hex[:12]
        g.began = perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint != "static":
            signed_in = g.get("signed_in")
            log.info(
                "request",
                at=house.clock.now().isoformat(timespec="seconds"),
                request=g.request_id,
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                ms=round((perf_counter() - g.began) * 1000),
                person=str(signed_in.person.id) if signed_in else None,
            )
        return response


def log_failure(app: Flask, error: BaseException) -> None:
    """Where an unexpected error happened, without its message: messages quote what they stumbled over.

    Our own last frames, and where it ended: what a library did in between would push ours out.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(HERE)][-FRAMES:]
    ended = [frame for frame in frames[-1:] if frame not in ours]
    where = [f"{frame.filename.removeprefix(f'{HERE}/')}:{frame.lineno} {frame.name}" for frame in (*ours, *ended)]
    app.extensions["request_log"].error("failure", request=g.get("request_id"), error=type(error).__name__, where=where)


def allow_listed(logger: Any, name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list."""
    return {key: line[key] for key in ALLOWED if key in line}
