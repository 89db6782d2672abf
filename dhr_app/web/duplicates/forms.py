"""The form that turns the check for duplicates on or off."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from dhr_app.web.fields import one_of
from dhr_app.workflows.duplicates import OFF_REASONS, ON_REASONS


class SwitchForm(FlaskForm):
    """Why it is turned on, or off: its reasons are those of what can be done now."""

    reason = one_of("Why?", {}, missing="Choose the reason.")

    def __init__(self, *args: Any, on: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = dict(OFF_REASONS if on else ON_REASONS)
        self.reason.label.text = "Why is it turned off?" if on else "Why is it turned on?"
