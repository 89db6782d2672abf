"""The box for the code of an authenticator, or of a mail. What is typed into it is never kept nor shown again."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from dhr_app.web.fields import AtMost, Needed

LONGEST_CODE = 60  # a recovery code, however its groups are parted
MISSING = "Enter the code that your authenticator shows."


class CodeField(StringField):
    """A code: good once, so that it would be wrong if it came back."""

    def _value(self) -> str:
        return ""


def code_box(question: str, *, hint: str, missing: str = MISSING) -> Any:
    """The box, with its question and its hint."""
    return CodeField(
        question,
        [Needed(missing), AtMost(LONGEST_CODE)],
        widget=GovTextInput(),
        description=hint,
        render_kw={
            "params": {"autocomplete": "one-time-code", "spellcheck": False, "classes": "govuk-input--width-20"}
        },
    )
