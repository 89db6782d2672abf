"""A whole number in a box: how many there were, or which year it was."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Field
from wtforms.validators import StopValidation

from dhr_app.casework.seminar_checks import MOST


class CountField(Field):
    """How many: data is a whole number, or None where the box is empty."""

    widget = GovTextInput()
    data: int | None

    def __init__(self, question: str, *, hint: str = "", **kwargs: Any) -> None:
        params = {"inputmode": "numeric", "classes": "govuk-input--width-5", "autocomplete": "off"}
        super().__init__(question, description=hint, render_kw={"params": params}, **kwargs)
        self.typed = ""

    def process_data(self, value: int | None) -> None:
        """Show a stored number."""
        self.data, self.typed = value, "" if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number; what is none is kept as it was typed, and refused."""
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = int(self.typed) if self._is_number() else None

    def pre_validate(self, form: Any) -> None:
        """Refuse with a sentence what is no number."""
        if self.typed and not self._is_number():
            raise StopValidation(f"Give a whole number from 0 to {MOST:,}, or leave the box empty.")

    def _value(self) -> str:
        return self.typed

    def _is_number(self) -> bool:
        return self.typed.isascii() and self.typed.isdigit() and len(self.typed) <= 6 and int(self.typed) <= MOST
