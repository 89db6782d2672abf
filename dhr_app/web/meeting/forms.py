"""The form of a meeting: which it was, who came, what was agreed, where the minutes are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.meeting import MeetingEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, some_of
from dhr_app.workflows.record_wording import MEETING_KINDS


class MeetingForm(Versioned):
    """One meeting as it was held."""

    kind = one_of("Which meeting was it?", MEETING_KINDS, missing="Say which meeting it was.")
    held_on = DayField(
        "On which day was it held?", missing="Give the day of the meeting.", hint="For example, 27 3 2026.",
        called="The day of the meeting",
    )  # fmt: skip
    organisations = some_of(
        "Which organisations were present?", {}, missing="Choose the organisations that were present.",
        hint="Tick each once: organisations are counted, not heads.",
    )  # fmt: skip
    apologies = some_of("Who sent apologies?", {})
    agreed = long_text(
        "What was agreed?", hint="Decisions, and who does what by when. This is sealed.", rows=8, autocomplete="off"
    )
    minutes_kept = line(
        "Where are the minutes kept?", hint="The folder, or the number of the minute. This is sealed.",
        autocomplete="off",
    )  # fmt: skip

    @property
    def entry(self) -> MeetingEntry:
        """What was typed."""
        return MeetingEntry(
            kind=self.kind.data or "",
            held_on=self.held_on.data,
            organisations=_ids(self.organisations.data),
            apologies=_ids(self.apologies.data),
            agreed=self.agreed.data or "",
            minutes_kept=self.minutes_kept.data or "",
        )


class RemoveForm(FlaskForm):
    """One button: the meeting was entered by mistake."""


def typed_from(entry: MeetingEntry) -> dict[str, Any]:
    """A form’s first values."""
    return {
        **vars(entry),
        "organisations": [str(one) for one in entry.organisations],
        "apologies": [str(one) for one in entry.apologies],
    }


def _ids(ticked: list[str] | None) -> tuple[UUID, ...]:
    return tuple(UUID(one) for one in ticked or ())
