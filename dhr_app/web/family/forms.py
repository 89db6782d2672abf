"""The form of a relative or friend: who they are, how they wish to be spoken to, and whether they may be."""

from __future__ import annotations

from typing import Any

from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of
from dhr_app.workflows.wording import NOT_CONTACTED_BECAUSE

MAY_BE_CONTACTED = "may_be"


class FamilyMemberForm(Versioned):
    """A relative or friend; a name or what they were to the person who died is enough."""

    full_name = line("Name", autocomplete="off")
    relationship = line(
        "What are they to the person who died?", hint="For example, sister, or close friend.", autocomplete="off"
    )
    contact_details = long_text(
        "How would they like to be reached?",
        hint="Telephone, e-mail or post, through an advocate or a liaison officer, and the language they prefer."
        " This is kept apart: once it is saved, it opens only with the extra grant. If you leave the box empty, what is"
        " kept already stays as it is.",
        rows=3,
        limit=1000,
    )
    wishes = long_text(
        "What have they asked for?",
        hint="Times and ways that suit them, and what else matters to them. Days to avoid have their own place.",
    )
    not_contacted_because = one_of(
        "May they be contacted?", {MAY_BE_CONTACTED: "Yes", **NOT_CONTACTED_BECAUSE},
        hint="If not, nothing is offered or sent to them. Say why.",
    )  # fmt: skip
    not_contacted_until = DayField(
        "If not: until when?", hint="Leave it empty if nobody can say yet.", called="The day until when"
    )

    @property
    def entry(self) -> FamilyMemberEntry:
        """What was typed."""
        because = self.not_contacted_because.data
        return FamilyMemberEntry(
            full_name=self.full_name.data or "",
            relationship=self.relationship.data or "",
            contact_details=self.contact_details.data or "",
            wishes=self.wishes.data or "",
            not_contacted_because="" if because in (None, MAY_BE_CONTACTED) else because,
            not_contacted_until=self.not_contacted_until.data,
        )


def typed_from(entry: FamilyMemberEntry) -> dict[str, Any]:
    """A form’s first values."""
    return {**vars(entry), "not_contacted_because": entry.not_contacted_because or MAY_BE_CONTACTED}
