"""The forms of what is kept apart: recording and correcting it, striking it out, and letting somebody open it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.extra_grant import GrantEntry, GrantForm
from dhr_app.casework.kept_apart import NO_WORDS, NoteEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, long_text, one_of
from dhr_app.workflows.kept_apart import GRANTED_BECAUSE, NOTE_KINDS, STRUCK_OUT_BECAUSE

NOBODY = "nobody"


class NoteForm(Versioned):
    """Something to be kept apart."""

    kind = one_of("What is it?", NOTE_KINDS, missing="Choose what it is.")
    about = from_list("Whom is it about?", {}, missing="Choose whom it is about, or nobody in particular.")
    agency_id = from_list(
        "Which agency did it come from?", {}, hint="Leave it as it is where it came from nobody’s records."
    )
    words = long_text(
        "What is to be kept apart?",
        missing=NO_WORDS,
        hint="Only what the review needs. Once it is saved, it opens only with the extra grant, for you too.",
        rows=8,
    )

    def offer(self, about: dict[str, str], agencies: dict[str, str]) -> None:
        """Offer the people of the review, and the agencies."""
        self.about.choices = {"": "Choose one", **about, NOBODY: "Nobody in particular"}
        self.agency_id.choices = {"": "No agency", **agencies}

    @property
    def entry(self) -> NoteEntry:
        """What was typed."""
        about = self.about.data or ""
        return NoteEntry(
            self.kind.data or "",
            "" if about == NOBODY else about,
            UUID(self.agency_id.data) if self.agency_id.data else None,
            self.words.data or "",
        )


class StrikeForm(FlaskForm):
    """Why something is struck out."""

    because = one_of("Why?", STRUCK_OUT_BECAUSE, missing="Say why it is struck out.")


class ExtraGrantForm(FlaskForm):
    """Whom to let open it, why, and for how long."""

    account_id = from_list(
        "Who needs to open it?",
        {},
        missing="Choose a person from the list.",
        hint="Somebody with an open seat on this review, or with an office that opens its details. Not you.",
    )
    because = one_of("Why?", GRANTED_BECAUSE, missing="Say why they need it: choose the reason.")
    from_on = DayField("From which day?", missing="Give the first day.", called="The first day")
    to_on = DayField(
        "Until which day?", missing="Give the last day.", hint="Twelve weeks at most.", called="The last day"
    )

    def offer(self, offered: GrantForm) -> None:
        """Offer whoever may be given it."""
        self.account_id.choices = {"": "Choose one", **{str(each): who for each, who in offered.people.items()}}

    @property
    def entry(self) -> GrantEntry:
        """What was chosen."""
        chosen = UUID(self.account_id.data) if self.account_id.data else None
        return GrantEntry(chosen, self.because.data or "", self.from_on.data, self.to_on.data)


def typed_from(entry: NoteEntry) -> dict[str, Any]:
    """A form’s first values."""
    return {**vars(entry), "about": entry.about or NOBODY, "agency_id": str(entry.agency_id or "")}
