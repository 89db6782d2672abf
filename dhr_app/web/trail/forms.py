"""What the trail is to be narrowed to: asked by GET, in ids, codes, references and days only."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.trail_page import TrailChoices, TrailFilters
from dhr_app.web.date_fields import PARTS, DayField
from dhr_app.web.fields import from_list, line
from dhr_app.workflows.trail_sorts import Sort

SORTS = {sort.value: sort.label for sort in Sort}


class TrailForm(FlaskForm):
    """The choices. It changes nothing, so it is asked without a token."""

    class Meta:
        """No token stands in an address."""

        csrf = False

    person = from_list("Who", {}, classes="govuk-!-width-full")
    agency = from_list("For which agency", {}, classes="govuk-!-width-full")
    sort = from_list("What", SORTS, classes="govuk-!-width-full")
    review = line("On which review", limit=40, hint="Its reference, such as DHR-2019-014.", autocomplete="off",
                  classes="govuk-input--width-10")  # fmt: skip
    from_on = DayField("From which day", called="The first day")
    to_on = DayField("Until which day", called="The last day")

    def offer(self, choices: TrailChoices) -> None:
        """Say whom and what can be chosen; an empty line first, which narrows nothing."""
        self.person.choices = {"": "Anybody", **choices.people}
        self.agency.choices = {"": "Any agency", **choices.agencies}
        self.sort.choices = {"": "Anything", **SORTS}

    @property
    def filters(self) -> TrailFilters:
        """What was chosen."""
        return TrailFilters(
            person_id=UUID(self.person.data) if self.person.data else None,
            agency_id=UUID(self.agency.data) if self.agency.data else None,
            sort=Sort(self.sort.data) if self.sort.data else None,
            review=self.review.data or "",
            from_on=self.from_on.data,
            to_on=self.to_on.data,
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The choices as an address or a form's hidden boxes hold them; those that narrow nothing are left out."""
        plain = {name: self[name].data or "" for name in ("person", "agency", "sort", "review")}
        days = {f"{name}-{part}": self[name].typed[part] for name in ("from_on", "to_on") for part in PARTS}
        return {name: value for name, value in {**plain, **days}.items() if value}

    @property
    def address(self) -> str:
        """The choices as the end of an address."""
        return urlencode(self.chosen)

    @property
    def in_words(self) -> list[str]:
        """What the trail is narrowed to, for people; empty where it is not."""
        people, agencies = dict(self.person.choices), dict(self.agency.choices)
        words = [
            people.get(self.person.data or "-"),
            agencies.get(self.agency.data or "-"),
            SORTS.get(self.sort.data or ""),
            (self.review.data or "").upper(),
            "some days" if self.from_on.data or self.to_on.data else "",
        ]
        return [word for word in words if word]
