"""The room of the action plan, which its views share, and the way back to its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework.plan_parts import Part
from dhr_app.web.answering import taken
from dhr_app.web.choosing import Versioned, Words, choose
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.workflows.errors import Stale

room = Room("plan", __name__)


def answered(
    form: Versioned,
    part: Part[Any],
    take: Callable[[], object],
    said: str,
    template: str,
    *,
    at: str = "",
    words: Words | None = None,
) -> ResponseReturnValue:
    """Take the form and go back to its place in the plan; or choose where somebody else saved first; or show it."""
    try:
        if taken(form, take):
            return done(said, url_for("plan.see", reference=part.reference) + (f"#{at}" if at else ""))
    except Stale:
        typed = form.entry
        return choose(part.reference, form, yours=typed, saved=part.entry, version=part.version, words=words)
    return show_part(template, part.reference, form, part=part)
