"""The forms of a meeting that is to be held."""

from __future__ import annotations

from typing import Any

from dhr_app.casework.planned_checks import FORMATS, PlannedEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, one_of

CLOCK = "By the clock of twenty-four hours, like 9:40 or 16:05."


class MoveForm(Versioned):
    """When a meeting is, and in which form."""

    on = DayField(
        "On which day?", missing="Give the day of the meeting.", hint="For example, 27 3 2027.",
        called="The day of the meeting",
    )  # fmt: skip
    begins = line(
        "When does it begin?", hint=CLOCK, missing="Give the time at which it begins.",
        classes="govuk-input--width-5", autocomplete="off",
    )  # fmt: skip
    ends = line(
        "When does it end?", hint=CLOCK, missing="Give the time at which it ends.",
        classes="govuk-input--width-5", autocomplete="off",
    )  # fmt: skip
    format = one_of(
        "In which form?", FORMATS, missing="Say in which form.",
        hint="The room, the link and the agenda go with the invitation, not in here.",
    )  # fmt: skip

    @property
    def entry(self) -> PlannedEntry:
        """What was typed."""
        return PlannedEntry(
            self.chosen_kind,
            self.on.data,
            self.begins.data or "",
            self.ends.data or "",
            self.format.data or "",
        )

    @property
    def chosen_kind(self) -> str:
        """Which meeting it is: not asked of one that is moved."""
        return ""


class PlanForm(MoveForm):
    """A new meeting: which one it is, too."""

    kind = one_of("Which meeting is it?", {}, missing="Say which meeting it is.")

    def offer(self, kinds: dict[str, str]) -> None:
        """Offer these meetings; where there is one alone, it is chosen."""
        self.kind.choices = kinds
        if len(kinds) == 1 and self.kind.data is None:
            (self.kind.data,) = kinds

    @property
    def chosen_kind(self) -> str:
        """Which meeting it is."""
        return self.kind.data or ""


def typed_from(entry: PlannedEntry, version: int) -> dict[str, Any]:
    """A form’s first values."""
    return {**vars(entry), "version": version}
