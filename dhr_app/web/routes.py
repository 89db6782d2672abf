"""Rooms and their doors: no route exists without saying which permission it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from flask_wtf import FlaskForm
from werkzeug.routing import Rule

from dhr_app.casework.scene import review_asked_for
from dhr_app.web.uploads import FileRequest, Gate
from dhr_app.workflows.permissions import GRANTS

PUBLIC = "public"


class Door(Rule):
    """A route with its permission: one of GRANTS, or PUBLIC for what anybody may reach.

    `sends` is asked of whoever sends the page’s form, where more may read the page than may take the step.
    `files` is the gate of a form that takes files (web/uploads.py). `asks` is told what the path holds and gives the
    form that is behind it, where a room has forms that look alike (web/words_kept.py).
    """

    def __init__(
        self,
        string: str,
        *,
        permission: str | None = None,
        sends: str | None = None,
        files: Gate | None = None,
        asks: Callable[..., type[FlaskForm]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(string, **options)
        self.permission, self.sends, self.files, self.asks = permission, sends or permission, files, asks


class Building(Flask):
    """A Flask application whose routes are doors; no page of a review leaves it unless that review was asked for."""

    url_rule_class: type[Rule] = Door
    request_class = FileRequest

    def dispatch_request(self) -> Response:
        """Answer by the view. Raises RuntimeError for an answer to <reference> whose view forgot to ask.

        It is asked here, not after the request, where answers arrive that no view gave (“sign in first”), and
        where an error no longer finds its page.
        """
        answer = self.make_response(super().dispatch_request())
        g.view_answered = True
        door = request.url_rule
        names_a_review = isinstance(door, Door) and "reference" in door.arguments
        by_flask = request.method == "OPTIONS" and getattr(door, "provide_automatic_options", False)
        if names_a_review and not by_flask and answer.status_code < 400 and not review_asked_for.get():
            raise RuntimeError(f"{request.endpoint} answered about a review without asking whether it may be reached.")
        return answer


class Room(Blueprint):
    """The routes of one noun: `@room.get("/reviews", permission="reviews.list")`; also `post`, and `form` for both.

    Where the path holds a <reference>, the work itself asks whether the review may be reached, and an answer without
    having asked is stopped; any other permission is checked before the view runs. Whoever sends a form is asked before
    a box of it is read: an empty form is no way to learn what its questions are.
    """

    def form(self, rule: str, *, permission: str, **options: Any) -> Any:
        """A page with a form: shown by GET, taken by POST, both by one view."""
        return self.route(rule, methods=["GET", "POST"], permission=permission, **options)


def check_doors(app: Flask) -> None:
    """Raise RuntimeError, naming each, for routes without a permission or with one that no grant knows."""
    lacking = sorted(
        f"{rule.endpoint} ({rule.rule}): {permission or 'no permission'}"
        for rule in app.url_map.iter_rules()
        for permission in {getattr(rule, "permission", None), getattr(rule, "sends", None)}
        if permission not in (PUBLIC, *GRANTS)
    )
    if lacking:
        raise RuntimeError("These routes do not say who may use them: " + "; ".join(lacking))


def open_static(app: Flask) -> None:
    """Let anybody have the stylesheet and the script: Flask made their route before a permission could be given."""
    for rule in app.url_map.iter_rules("static"):
        if isinstance(rule, Door):
            rule.permission = rule.sends = PUBLIC
