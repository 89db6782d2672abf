"""The guides: each role has one of a page, and everybody may read them all, and what the words mean."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect

from dhr_app.web.guide.words import WORDS
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person
from dhr_app.workflows.roles import Role

room = Room("guide", __name__)

# Which guide a role reads; roles that do the same work share one.
GUIDES = {
    Role.COORDINATOR:        "coordinator",
    Role.STEERING_CHAIR:     "steering-group",
    Role.STEERING_DEPUTY:    "steering-group",
    Role.STEERING_MEMBER:    "steering-group",
    Role.INDEPENDENT_CHAIR:  "independent-chair",
    Role.REPORT_AUTHOR:      "independent-chair",
    Role.PANEL_MEMBER:       "review-panel",
    Role.AGENCY_CONTRIBUTOR: "agency",
    Role.AUDITOR:            "auditor",
    Role.ADMINISTRATOR:      "administrator",
}  # fmt: skip

TITLES = {
    "coordinator":       "For the coordinator",
    "steering-group":    "For the steering group",
    "independent-chair": "For the independent chair and the report author",
    "review-panel":      "For the review panel",
    "agency":            "For a partner agency",
    "auditor":           "For the auditor",
    "administrator":     "For the administrator",
    "words":             "What the words mean",
}  # fmt: skip


@room.get("/help", permission="home.see")
def own() -> ResponseReturnValue:
    """The guide of whoever asks."""
    return redirect(url_for("guide.see", name=GUIDES[current_person().role]))


@room.get("/help/<name>", permission="home.see")
def see(name: str) -> ResponseReturnValue:
    """One guide."""
    if name not in TITLES:
        raise NotFound
    return render_template(f"guide/{name}.html", name=name, titles=TITLES, words=WORDS)
