"""A date in three boxes, day, month and year: whole, or as much of it as anybody remembers."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from govuk_frontend_wtf.gov_form_base import GovFormBase
from wtforms import Field

from dhr_app.workflows.destroyed import Destroyed

PARTS = ("day", "month", "year")
MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name
}
OLDEST = 1900


class DateInput(GovFormBase):
    """GOV.UK's date input; the boxes are named after the field: decided_on-day, decided_on-month, decided_on-year."""

    template = "govuk_frontend_wtf/date.html"

    def __call__(self, field: ThreeBoxes, **kwargs: Any) -> Any:
        return super().__call__(field, **{"id": field.id, **kwargs})

    def map_gov_params(self, field: ThreeBoxes, **kwargs: Any) -> dict[str, Any]:
        """What the component is told: a legend for the question, and a box for each part, the wrong ones marked."""
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params.setdefault("fieldset", {"legend": {"text": field.label.text}})
        params["items"] = [
            {
                "label": part.capitalize(),
                "id": f"{field.id}-{part}",
                "name": f"{field.name}-{part}",
                "value": field.typed[part],
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
                + (" govuk-input--error" if field.errors and part in (field.wrong or PARTS) else ""),
                "inputmode": "numeric",
            }
            for part in PARTS
        ]
        return params


class ThreeBoxes(Field):
    """What both kinds of date share. `called` begins each sentence: "The day of the decision must include a year"."""

    widget = DateInput()
    required_parts: ClassVar[Sequence[str]] = PARTS

    def __init__(
        self, question: str, *, missing: str = "", hint: str = "", called: str = "The date", **kwargs: Any
    ) -> None:
        super().__init__(question, description=hint, **kwargs)
        self.missing, self.called = missing, called
        self.typed: dict[str, str] = dict.fromkeys(PARTS, "")
        self.wrong: tuple[str, ...] = ()

    @property
    def focus_id(self) -> str:
        """The first box that has to be put right: where the error summary leads."""
        return f"{self.id}-{self.wrong[0] if self.wrong else PARTS[0]}"

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the three boxes, or spread what is stored over them."""
        if formdata is not None:
            self.typed = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS}
        super().process(formdata, *args, **kwargs)
        if formdata is None:
            self.typed = self.spread(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Make a date of what was typed, or raise ValueError with the sentence that says what is wrong."""
        self.data = None
        if not any(self.typed.values()):
            if self.missing:
                self._refuse(self.missing)
            return
        lacking = [part for part in self.required_parts if not self.typed[part]]
        if lacking:
            self._refuse(f"{self.called} must include a {' and a '.join(lacking)}.", *lacking)
        numbers = {part: self._number(part) for part in PARTS if self.typed[part]}
        self.data = self.made(numbers)

    def made(self, numbers: dict[str, int]) -> Any:
        """The value, from the parts that were given."""
        return self.real_day(numbers["year"], numbers["month"], numbers["day"])

    def spread(self, value: Any) -> dict[str, str]:
        """The three boxes' texts for a stored value."""
        return {part: str(getattr(value, part)) if value else "" for part in PARTS}

    def real_day(self, year: int, month: int, day: int) -> date:
        """The date. Raises ValueError, with a sentence, for one that no calendar has."""
        try:
            return date(year, month, day)
        except ValueError:
            last = calendar.monthrange(year, month)[1]
            self._refuse(
                f"{self.called} must be a real date: {calendar.month_name[month]} {year} has {last} days.", "day"
            )
            raise

    def _number(self, part: str) -> int:
        text = self.typed[part]
        if part == "month" and text.casefold() in MONTHS:
            return MONTHS[text.casefold()]
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1
        if part == "year" and (len(text) != 4 or number < OLDEST):
            self._refuse(f"{self.called} must have a year of four figures, like 2026.", part)
        if part == "month" and not 1 <= number <= 12:
            self._refuse(f"{self.called} must have a month from 1 to 12.", part)
        if part == "day" and not 1 <= number <= 31:
            self._refuse(f"{self.called} must have a day from 1 to 31.", part)
        return number

    def _refuse(self, sentence: str, *parts: str) -> None:
        self.wrong = parts
        raise ValueError(sentence)


class DayField(ThreeBoxes):
    """A whole date; data is a `date`, or None where all three boxes are empty."""


class PartialDayField(ThreeBoxes):
    """As much of a date as is known; data is "2018", "2018-09" or "2018-09-14", or None."""

    required_parts = ("year",)

    def made(self, numbers: dict[str, int]) -> str:
        """The text, after the boxes that were filled. A day without its month is refused."""
        if "day" in numbers and "month" not in numbers:
            self._refuse(f"{self.called} must include a month if it has a day.", "month")
        if "month" not in numbers:
            return f"{numbers['year']}"
        if "day" not in numbers:
            return f"{numbers['year']}-{numbers['month']:02}"
        return self.real_day(numbers["year"], numbers["month"], numbers["day"]).isoformat()

    def spread(self, value: str | None) -> dict[str, str]:
        """The boxes' texts for a stored text; none for a day that was destroyed."""
        if isinstance(value, Destroyed):
            return dict.fromkeys(PARTS, "")
        parts = [str(int(part)) for part in (value or "").split("-") if part]
        return dict(zip(("year", "month", "day"), [*parts, "", "", ""], strict=False))
