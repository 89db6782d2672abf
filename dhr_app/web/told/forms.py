"""The form “I told …”: family members are chosen by number, one by one."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.telling import NOT_AT_ALL, TellingEntry
from dhr_app.casework.telling_page import FamilyChoice, TellingPage
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, long_text, one_of, some_of, tick
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.wording import CHANNELS, NOT_TOLD_BECAUSE


class TellingForm(FlaskForm):
    """Whom, of what, how, and on which day; or why not."""

    audiences = some_of("Whom did you tell?", {}, hint="Tick everybody you told the same way on the same day.")
    family_member_ids = some_of("Which family members did you tell?", {})
    about = one_of(
        "What was it about?", {}, hint="It counts for this alone. If you told them of two things, record each."
    )
    told_on = DayField("On which day?", hint="For example, 27 3 2026.", called="The day")
    channel = one_of("How did you tell them?", {**CHANNELS, NOT_AT_ALL: "They were not told"})
    why_not = from_list("If they were not told: why not?", NOT_TOLD_BECAUSE, hint="Leave this if you told them.")
    note = long_text(
        "Note of the letter or talk", hint="Where the letter is kept, or what was said. This is sealed.", rows=4
    )

    def offer(self, page: TellingPage) -> None:
        """Offer whom one can tell, and of what: the family as one body only where nobody of it is recorded."""
        named = [one for one in Audience if not (page.family and one is Audience.FAMILY)]
        self.audiences.choices = {one.value: one.label[:1].upper() + one.label[1:] for one in named}
        self.family_member_ids.choices = {str(one.id): _called(one) for one in page.family}
        self.about.choices = {one.code: one.words for one in page.about}
        self.why_not.choices = {"": "I told them", **NOT_TOLD_BECAUSE}

    @property
    def entry(self) -> TellingEntry:
        """What was typed."""
        return TellingEntry(
            audiences=tuple(self.audiences.data or ()),
            family_member_ids=tuple(UUID(one) for one in self.family_member_ids.data or ()),
            channel=self.channel.data or "",
            told_on=self.told_on.data,
            why_not=self.why_not.data or "",
            note=self.note.data or "",
            about=self.about.data or "",
        )


class TakeBackForm(FlaskForm):
    """One box, which says that it is meant."""

    sure = tick("Yes, this was recorded by mistake", missing="Tick the box to take it back.")


def preselected(page: TellingPage, whom: str, about: str) -> dict[str, list[str] | str]:
    """What a link “tell the … of …” chooses: the audience, for the family each member who may be contacted; and what.

    A link that does not say of what means the step taken of which that audience is to be told first. One that names
    what is no longer offered chooses nothing: a telling must never count for another step unnoticed.
    """
    if whom not in set(Audience):
        return {}
    if about:
        of = about if about in {one.code for one in page.about} else ""
    else:
        of = next((one.code for one in page.about if one.seq is not None and whom in one.audiences), "")
    if whom == Audience.FAMILY and page.family:
        return {"family_member_ids": [str(one.id) for one in page.family if not one.not_to_be_contacted], "about": of}
    return {"audiences": [whom], "about": of}


def _called(one: FamilyChoice) -> str:
    return f"Family member {one.number}" + (" (not to be contacted)" if one.not_to_be_contacted else "")
