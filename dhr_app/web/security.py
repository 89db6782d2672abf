"""Who is there, and whether this door is open to them: asked before every view, in this order."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, Unauthorized

from dhr_app.casework import account
from dhr_app.casework.account import SignedIn
from dhr_app.casework.front_door import check_door, check_step
from dhr_app.casework.house import House, at_work, came_by
from dhr_app.casework.scene import review_asked_for
from dhr_app.casework.troubles import DatabaseUnavailable
from dhr_app.web import sessions, uploads
from dhr_app.web.routes import PUBLIC, Door
from dhr_app.workflows.permissions import Person

# What may stand after a question mark and stays through the sign-in: codes and ids that our own links hold, and the day
# of a report; no search word.
KEPT = ("whom", "about", "as-at", "agency", "draft", "document", "paper", "review")


def current_person() -> Person:
    """The person signed in, for a verb's `by=`. Raises Unauthorized on a public page nobody is signed in to."""
    signed_in = current_sign_in()
    if signed_in is None:
        raise Unauthorized
    return signed_in.person


def current_sign_in() -> SignedIn | None:
    """The sign-in of this request, or None."""
    found: SignedIn | None = g.get("signed_in")
    return found


def this_moment() -> datetime:
    """The moment this request came in, aware and in UTC, for a verb's `at=`; the same throughout the request."""
    moment: datetime = g.at
    return moment


def install(app: Flask, house: House) -> None:
    """Put the house in place for each request; find out who is there, check the door, then the form and its token."""

    @app.before_request
    def arrive() -> None:
        review_asked_for.set(False)
        g.at = house.clock.now()
        g.stay = ExitStack()
        g.stay.enter_context(at_work(house))
        g.signed_in = sessions.who_is_here()
        g.stay.enter_context(came_by(g.request_id, g.signed_in.id if g.signed_in else None))
        if g.signed_in is not None:
            g.stay.enter_context(house.with_keys(g.signed_in.person, at=g.at))
            with suppress(DatabaseUnavailable):  # a page can be read while the one writer is busy
                account.touch(g.signed_in, at=g.at)

    @app.before_request
    def check() -> ResponseReturnValue | None:
        door = request.url_rule
        if not isinstance(door, Door) or door.permission is None:
            return None
        if door.permission == PUBLIC:
            uploads.let_in(door.files, by=None, at=g.at)
            return None
        if g.signed_in is None:
            return _to_sign_in()
        if "reference" not in door.arguments:
            check_door(str(door.permission), by=g.signed_in.person, at=g.at)
        elif request.method == "POST":
            reference = str((request.view_args or {})["reference"])
            check_step(reference, str(door.sends), by=g.signed_in.person, at=g.at)
        uploads.let_in(door.files, by=g.signed_in.person, at=g.at)  # before the form's token, which is in the form
        return None

    @app.before_request
    def only_own_pages() -> None:
        if request.method == "POST" and sent_from_elsewhere():
            raise BadRequest

    @app.teardown_request
    def go(error: BaseException | None) -> None:
        if "stay" in g:
            g.pop("stay").close()

    CSRFProtect(app)  # after the door: whoever was signed out while writing is told so, not that a token is missing


def sent_from_elsewhere() -> bool:
    """Whether the browser says that a form came from another site; one too old to say so is held to its token alone.

    A proxy may end the encryption, so that the origin’s scheme is not ours: its host is compared.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _to_sign_in() -> ResponseReturnValue:
    """Ask for a sign-in and come back to the same page. A form that was sent is shown again, so no words are lost."""
    if request.method not in ("GET", "HEAD"):
        raise Unauthorized
    return redirect(url_for("signing_in.sign_in", next=asked_for()))


def asked_for() -> str:
    """The address that was asked for, with what of it may outlast a sign-in."""
    kept = [(name, value) for name in KEPT for value in request.args.getlist(name)]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def own_path(path: str | None) -> str | None:
    """A path of this site, or None for anything that could lead elsewhere."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return None
    if "\\" in path or any(ord(letter) < 32 or ord(letter) == 127 for letter in path):
        return None
    return path
