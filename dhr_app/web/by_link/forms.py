"""The two forms before an action: a button that sends a code, and the box for it."""

from __future__ import annotations

from flask_wtf import FlaskForm

from dhr_app.web.codes import code_box


class AskForm(FlaskForm):
    """Nothing but its button: a machine that opens the link in a mail presses none."""


class LinkCodeForm(FlaskForm):
    """The six figures from the mail."""

    code = code_box("Code", hint="The six figures from the newest mail.", missing="Enter the code from the mail.")
