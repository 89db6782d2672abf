"""The list of accounts; making and blocking them is a command of the operator for now."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from dhr_app.casework.account_list import account_list
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("accounts", __name__)


@room.get("/accounts", permission="accounts.see")
def index() -> ResponseReturnValue:
    """Everybody who may sign in, or once could."""
    return render_template("accounts/list.html", accounts=account_list(by=current_person(), at=this_moment()))
