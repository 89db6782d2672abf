"""The forms of the panel’s seats: which agency sits on it, represented by whom, and until when."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.panel import SeatEntry
from dhr_app.web.agency_choices import names_through_time
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, one_of
from dhr_app.workflows.record_wording import SEAT_BRINGS

# Each code answers whether they had no part in it.
INVOLVED = {
    "yes": "No",
    "no": "Yes: they worked with somebody in it, or managed those who did",
    "not_known": "Not known",
}


class SeatForm(Versioned):
    """A seat on the panel. When it ended is asked only of one that did."""

    agency_id = from_list("Which agency has the seat?", {}, missing="Choose an agency from the list.")
    brings = one_of("What does it bring?", SEAT_BRINGS, missing="Say what it brings.")
    representative = line(
        "Who sits for it?",
        hint="Name and post, for example: Ann Hale, head of safeguarding.",
        missing="Give the name and post of whoever sits for the agency.",
        autocomplete="off",
    )
    not_involved = one_of(
        "Were they involved in the case themselves?", INVOLVED, missing="Say whether they were involved in the case."
    )  # fmt: skip
    from_on = DayField(
        "From which day does it sit on the panel?", missing="Give the day from which it sits on the panel.",
        hint="For example, 27 3 2026.", called="The first day",
    )  # fmt: skip
    to_on = DayField(
        "On which day did it leave the panel?", hint="Leave it empty if it still sits on it.", called="The last day"
    )

    def offer(self) -> None:
        """Offer the agencies there are today, and those that may have had a seat and have ended since."""
        self.agency_id.choices = {"": "Choose one", **names_through_time()}

    @property
    def entry(self) -> SeatEntry:
        """What was typed."""
        return SeatEntry(
            agency_id=UUID(self.agency_id.data) if self.agency_id.data else None,
            brings=self.brings.data or "",
            representative=self.representative.data or "",
            not_involved=self.not_involved.data or "",
            from_on=self.from_on.data,
            to_on=self.to_on.data,
        )


class EndSeatForm(FlaskForm):
    """An agency leaves the panel."""

    to_on = DayField(
        "On which day did it leave the panel?", missing="Give the day on which it left.",
        hint="For example, 27 3 2026.", called="The day on which it left",
    )  # fmt: skip
