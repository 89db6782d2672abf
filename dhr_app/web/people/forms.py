"""The form of somebody involved in a death; whatever is not known may be left."""

from __future__ import annotations

from typing import Any

from dhr_app.casework.people import PersonEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import PartialDayField
from dhr_app.web.fields import from_list, line, long_text, one_of
from dhr_app.workflows import wording as w

AS_MUCH_AS_KNOWN = "Give as much as is known: 2026, or 3 2026, or 27 3 2026."


class PersonForm(Versioned):
    """A person as they are corrected: what part they have in it stays."""

    full_name = line("Full name", autocomplete="off")
    other_names = line("Other names", hint="Names they also went by, or had before.", autocomplete="off")
    born_on = PartialDayField("Date of birth", hint=AS_MUCH_AS_KNOWN, called="The date of birth")
    died_on = PartialDayField("If they died: when?", hint=AS_MUCH_AS_KNOWN, called="The date of death")
    address = long_text("Home address", rows=3, limit=1000)
    sex = one_of("Sex", w.SEXES)
    age_band = from_list("Age at the time of the death", w.AGE_BANDS)
    relationship_to_victim = from_list(
        "Relationship",
        w.RELATIONSHIPS,
        hint="For whoever died: what they were to the person who may have caused the death. "
        "For anybody else: what they are to whoever died.",
    )
    notes = long_text("Notes", hint="Anything else that whoever looks after the review should know of them.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.age_band, self.relationship_to_victim):
            field.choices = {code: words for code, words in field.choices.items() if code}

    def entry(self, part: str) -> PersonEntry:
        """What was typed of somebody who has this part."""
        return PersonEntry(
            part=part,
            full_name=self.full_name.data or "",
            other_names=self.other_names.data or "",
            born_on=self.born_on.data or "",
            died_on=self.died_on.data or "",
            address=self.address.data or "",
            notes=self.notes.data or "",
            sex=self.sex.data or "not_known",
            age_band=self.age_band.data or "not_known",
            relationship_to_victim=self.relationship_to_victim.data or "not_known",
        )


class NewPersonForm(PersonForm):
    """Somebody who is added, with the part they have in it."""

    part = one_of("Who is it?", {}, missing="Say who it is.")
