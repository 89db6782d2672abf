"""The forms of an appointment: who is appointed as what, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from dhr_app.casework.appointment import AppointmentEntry
from dhr_app.casework.leaving import LeavingEntry
from dhr_app.casework.panel_page import AppointmentPage
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of
from dhr_app.workflows.record_wording import APPOINTED_AS, LEFT_BECAUSE


class AppointmentForm(Versioned):
    """Somebody is appointed as chair or author, or their appointment is corrected or added to."""

    role = one_of("As what are they appointed?", APPOINTED_AS)
    holder = line("Name", missing="Give their name.", autocomplete="off")
    organisation = line(
        "Where do they come from?",
        hint="Their firm or employer, or “self-employed”. A chair comes from no agency of the review.",
        missing="Say where they come from, or that they work for themselves.",
        autocomplete="off",
    )
    account_id = from_list(
        "Their account on this system", {},
        hint="With an account they reach this review from today, until they leave.",
    )  # fmt: skip
    appointed_on = DayField(
        "On which day were they appointed?", missing="Give the day of the appointment.",
        hint="For example, 27 3 2026.", called="The day of the appointment",
    )  # fmt: skip
    independence_declared_on = DayField(
        "On which day did they declare their independence?", hint="Leave it empty until they have.",
        called="The day of the declaration",
    )  # fmt: skip
    declaration = long_text(
        "What did they declare?",
        hint="Any tie to an agency or a person of the review, past or present, or that there is none; and where the "
        "signed declaration is kept.",
        rows=5,
    )
    trained_on = DayField(
        "On which day did they finish the Home Office’s online training?", hint="Leave it empty if it is not known.",
        called="The day of the training",
    )  # fmt: skip

    def offer(self, page: AppointmentPage) -> None:
        """Offer the accounts that fit."""
        accounts = {str(one.id): f"{one.name}, {one.role}" for one in page.accounts}
        self.account_id.choices = {"": "They have no account", **accounts}

    @property
    def entry(self) -> AppointmentEntry:
        """What was typed."""
        return AppointmentEntry(
            role=self.role.data or "",
            holder=self.holder.data or "",
            organisation=self.organisation.data or "",
            account_id=UUID(self.account_id.data) if self.account_id.data else None,
            appointed_on=self.appointed_on.data,
            independence_declared_on=self.independence_declared_on.data,
            declaration=self.declaration.data or "",
            trained_on=self.trained_on.data,
        )

    def entry_on(self, page: AppointmentPage) -> AppointmentEntry:
        """What was typed about an appointment that stands: it keeps its role."""
        return replace(self.entry, role=page.entry.role)


class LeavingForm(Versioned):
    """Somebody left, or what was recorded of it is corrected."""

    ended_on = DayField(
        "On which day did they leave?", missing="Give the day on which they left.",
        hint="For example, 27 3 2026.", called="The day on which they left",
    )  # fmt: skip
    ended_because = one_of("Why did they leave?", LEFT_BECAUSE, missing="Say why they left.")
    papers_returned_on = DayField(
        "On which day had they returned or destroyed every paper of the review?",
        hint="Leave it empty until they have told you so.", called="The day on which the papers were returned",
    )  # fmt: skip
    interim_holder = line(
        "Who holds the review until the new chair begins?",
        hint="Name and post. Leave it empty if nobody has to.",
        autocomplete="off",
    )

    @property
    def entry(self) -> LeavingEntry:
        """What was typed."""
        return LeavingEntry(
            ended_on=self.ended_on.data,
            ended_because=self.ended_because.data or "",
            papers_returned_on=self.papers_returned_on.data,
            interim_holder=self.interim_holder.data or "",
        )


def typed_from(page: AppointmentPage) -> dict[str, Any]:
    """The first values of the form of an appointment."""
    account_id = page.entry.account_id
    return {**vars(page.entry), "account_id": str(account_id) if account_id else None, "version": page.version}
