"""The forms of handing a review over: to whom, what goes with it, and the receiver’s word that it has come."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from dhr_app.casework.handover import HandoverEntry, ItemEntry, ReceiptEntry
from dhr_app.casework.handover_page import HandoverShown
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of
from dhr_app.workflows.record_wording import HANDING_OVER

EXAMPLE = "For example, 27 3 2026."

# What each line of the list is about, asked and explained in the words of that line.
ASKS = {
    "papers": (
        "Which papers?",
        "Notification, scoping returns, minutes, IMRs, drafts: enough for the other partnership to tick them off.",
    ),
    "actions": (
        "Which actions?",
        "Each with its agency and its date, so that the other partnership follows it from now on.",
    ),
    "family_contact": (
        "What about contact with the family?",
        "Who is to be contacted and how, their advocate, days to avoid, and who must not be contacted.",
    ),
}


class HandoverForm(Versioned):
    """To whom a review goes; whether it was given up is asked only of one that has begun."""

    receiver_id = from_list(
        "Which partnership receives the review?", {}, missing="Choose the partnership that receives the review."
    )
    given_up_on = DayField(
        "On which day was the handing-over given up?",
        hint="Leave this empty while it goes on.",
        called="The day on which it was given up",
    )

    def offer(self, receivers: Mapping[UUID, str], chosen: HandoverShown | None = None) -> None:
        """Offer these partnerships, and the one that was chosen before even where it has ended since."""
        offered = {"": "Choose one", **{str(one): name for one, name in receivers.items()}}
        if chosen is not None:
            offered[str(chosen.entry.receiver_id)] = chosen.receiver
        self.receiver_id.choices = offered

    @property
    def receiver(self) -> UUID | None:
        """The partnership chosen; None for whatever was never offered."""
        chosen = self.receiver_id.data
        return UUID(chosen) if chosen and chosen in self.receiver_id.choices else None

    @property
    def entry(self) -> HandoverEntry:
        """What was typed."""
        return HandoverEntry(self.receiver, self.given_up_on.data)


class ReceiptForm(Versioned):
    """The receiver’s word that it has the review."""

    acknowledged_on = DayField(
        "On which day did they say that they have the review?", hint=EXAMPLE, called="The day on which they said so"
    )
    acknowledged_by = line("Who said so?", hint="Their name and post.", autocomplete="off")

    @property
    def entry(self) -> ReceiptEntry:
        """What was typed."""
        return ReceiptEntry(self.acknowledged_on.data, self.acknowledged_by.data or "")


class ItemForm(Versioned):
    """A line of the list; its words are asked in the manner of its kind."""

    state = one_of("How does it stand?", HANDING_OVER, missing="Say how it stands.")
    what = long_text("", rows=6, autocomplete="off")
    handed_on = DayField("On which day was it handed over?", hint=EXAMPLE, called="The day of handing over")

    def ask_about(self, kind: str) -> None:
        """Ask in the words of this line of the list."""
        question, hint = ASKS[kind]
        self.what.label.text, self.what.description = question, f"{hint} Where there is none, say why. This is sealed."

    @property
    def entry(self) -> ItemEntry:
        """What was typed."""
        return ItemEntry(self.state.data or "", self.handed_on.data, self.what.data or "")
