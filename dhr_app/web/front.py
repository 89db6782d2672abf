"""The front hall: where a person's day begins, and whether the house stands."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from dhr_app.casework.front_door import known_red
from dhr_app.web.navigation import home_of
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import current_person

room = Room("front", __name__)


@room.get("/", permission="home.see")
def home() -> ResponseReturnValue:
    """Each role lands on what it must do next."""
    return redirect(home_of(current_person().role))


@room.get("/health", permission=PUBLIC)
def health() -> ResponseReturnValue:
    """For the machine that watches: 200 while the database answers and nothing is known to be red, 503 otherwise."""
    red = known_red()
    return ({"status": "red", "questions": red}, 503) if red else {"status": "ok"}


@room.get("/alive", permission=PUBLIC)
def alive() -> ResponseReturnValue:
    """For the proxy in front: this process answers. It asks nothing, so that no other trouble takes the site away."""
    return {"status": "ok"}
