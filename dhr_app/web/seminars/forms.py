"""The forms of a seminar: what it was and which reviews it was about; who came, and what the survey said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Form, FormField

from dhr_app.casework.seminar import ReviewToChoose
from dhr_app.casework.seminar_checks import SeminarEntry, SeminarFigures
from dhr_app.web.choosing import Versioned
from dhr_app.web.count_field import CountField
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, one_of, some_of
from dhr_app.workflows.record_wording import RATINGS, SEMINAR_FORMATS, SPEAKERS


class SeminarForm(Versioned):
    """A seminar, or another way of sharing; the reviews are offered when the form is made."""

    theme = line(
        "What was it about?",
        hint="The theme as it stood in the invitation. No name of a person in a case may stand here.",
        autocomplete="off",
    )
    reviews = some_of("Which reviews was it about?", {}, hint="Tick all that apply.")
    format = one_of("How was it held?", SEMINAR_FORMATS)
    held_on = DayField("On which day?", hint="For example, 27 3 2026.", called="The day")
    minuted = line(
        "If it was shared in another way: where is it minuted?", hint="The number and day of the minute.",
        autocomplete="off",
    )  # fmt: skip
    speakers = some_of("Who spoke?", SPEAKERS)
    invited = CountField("How many were invited?", hint="Leave it empty if nobody counted.")
    registered = CountField("How many registered?", hint="Leave it empty if nobody counted.")

    def offer(self, reviews: Sequence[ReviewToChoose], chosen: Sequence[str]) -> None:
        """Offer the reviews there are; one chosen before stays, wherever it is now."""
        offered = {
            one.reference: ", ".join(filter(None, (one.reference, one.public_name, one.stage.label))) for one in reviews
        }
        self.reviews.choices = {**{reference: reference for reference in chosen}, **offered}

    @property
    def entry(self) -> SeminarEntry:
        """What was typed."""
        return SeminarEntry(
            theme=self.theme.data or "",
            format=self.format.data or "",
            held_on=self.held_on.data,
            reviews=tuple(sorted(set(self.reviews.data or ()))),
            minuted=self.minuted.data or "",
            speakers=tuple(self.speakers.data or ()),
            invited=self.invited.data,
            registered=self.registered.data,
        )


RatingsForm: type[Form] = type("RatingsForm", (Form,), {code: CountField(words) for code, words in RATINGS.items()})


class FiguresForm(Versioned):
    """Who came, by agency, and the survey; made for the agencies there are by `figures_form`."""

    attendance: FormField[Form]
    surveys_sent = CountField("How many survey forms were sent?")
    surveys_returned = CountField("How many came back?")
    ratings = FormField(RatingsForm, "How did those who answered rate it?")

    @property
    def entry(self) -> SeminarFigures:
        """What was typed; an agency or a rating whose box is empty is left out."""
        return SeminarFigures(
            attendance=_given(self.attendance.data),
            surveys_sent=self.surveys_sent.data,
            surveys_returned=self.surveys_returned.data,
            ratings=_given(self.ratings.data),
        )


def figures_form(agencies: Mapping[str, str], **given: Any) -> FiguresForm:
    """The form with a box for each of these agencies (id → name)."""
    boxes = type("AttendanceForm", (Form,), {agency_id: CountField(name) for agency_id, name in agencies.items()})
    made = type("FiguresForm", (FiguresForm,), {"attendance": FormField(boxes, "How many came from each agency?")})
    form: FiguresForm = made(**given)
    return form


def _given(boxes: Mapping[str, int | None]) -> dict[str, int]:
    return {name: number for name, number in boxes.items() if number is not None}
