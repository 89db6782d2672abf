"""Whoever opens the address of a button, from a browser's history or a copied link, is led to the page it stands on.

Only those who are signed in and may open that page: anybody else is told what every wrong address tells them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import MapAdapter, RequestRedirect

from dhr_app.adapters.clock import london_date
from dhr_app.casework.sections import may_see
from dhr_app.web.routes import PUBLIC, Door
from dhr_app.web.security import current_sign_in, this_moment
from dhr_app.workflows.permissions import Person, allows


def install(app: Flask) -> None:
    """Look at each request that no page answers because it is only taken from a form."""

    @app.before_request
    def lead_back() -> ResponseReturnValue | None:
        signed_in = current_sign_in()
        is_a_button = isinstance(request.routing_exception, MethodNotAllowed) and request.method in ("GET", "HEAD")
        if not is_a_button or signed_in is None:
            return None
        page = nearest_page(request.path, app.create_url_adapter(request), by=signed_in.person)
        return redirect(page, 303) if page else None


def nearest_page(path: str, addresses: MapAdapter | None, *, by: Person) -> str | None:
    """The page above this address that the person may open; one of the same review, where it is about one.

    Raises OutOfReach, and writes it down, where they cannot reach that review.
    """
    for above, door, found in _pages_above(path, addresses):
        reference = found.get("reference")
        if door.permission == PUBLIC:
            continue
        if reference is None:
            return above if allows(by, str(door.permission), on=london_date(this_moment())) else None
        if may_see(reference, str(door.permission), by=by, at=this_moment()):
            return above
    return None


def _pages_above(path: str, addresses: MapAdapter | None) -> Iterator[tuple[str, Door, Mapping[str, Any]]]:
    """Each page whose address is a beginning of this one, the longest first, and what its address holds."""
    while path != "/" and addresses is not None:
        path = path.rpartition("/")[0] or "/"
        try:
            door, found = addresses.match(path, method="GET", return_rule=True)
        except (HTTPException, RequestRedirect):
            continue
        if isinstance(door, Door):
            yield path, door, found
