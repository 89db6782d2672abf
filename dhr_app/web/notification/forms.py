"""The forms of a notification: everything not known yet may be left, and a day known to the month or year is enough."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from wtforms import FieldList, Form, FormField, HiddenField

from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField, PartialDayField
from dhr_app.web.fields import from_list, line, long_text, one_of, some_of
from dhr_app.workflows import wording as w

AS_MUCH_AS_KNOWN = "Give as much as is known: 2026, or 3 2026, or 27 3 2026."
MOST_VICTIMS = 20


def without_empty_line(field: Any) -> None:
    """A list whose choices have a “not known” of their own needs no empty line before them."""
    field.choices = {code: words for code, words in field.choices.items() if code}


class VictimForm(Form):
    """One person who died, as far as anything is known of them."""

    full_name = line("Full name", hint="Leave it empty if it is not known yet.")
    born_on = PartialDayField("Date of birth", hint=AS_MUCH_AS_KNOWN, called="The date of birth")
    died_on = PartialDayField("When did they die?", hint=AS_MUCH_AS_KNOWN, called="The date of death")
    address = long_text("Home address", rows=3, limit=1000)
    sex = one_of("Sex", w.SEXES)
    age_band = from_list("Age when they died", w.AGE_BANDS)
    relationship_to_victim = from_list("What were they to the person who may have caused the death?", w.RELATIONSHIPS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without_empty_line(self.age_band)
        without_empty_line(self.relationship_to_victim)

    @property
    def entry(self) -> PersonEntry:
        """What was typed of this person."""
        return PersonEntry(
            full_name=self.full_name.data or "",
            born_on=self.born_on.data or "",
            died_on=self.died_on.data or "",
            address=self.address.data or "",
            sex=self.sex.data or "not_known",
            age_band=self.age_band.data or "not_known",
            relationship_to_victim=self.relationship_to_victim.data or "not_known",
        )


FeaturesForm: type[Form] = type(
    "FeaturesForm", (Form,), {code: one_of(words, w.YES_NO_NOT_KNOWN) for code, words in w.FEATURES.items()}
)


class NotificationForm(Versioned):
    """A notification as it is corrected and added to."""

    lead_partnership_id = from_list("Which partnership leads?", {}, hint="Where the person who died normally lived.")
    notifier_kind = one_of("Who told the partnership of the death?", w.NOTIFIER_KINDS)
    notifier_agency_id = from_list("Which agency was it?", {}, hint="If it was an agency.")
    police_told_on = DayField(
        "On which day did the police tell the partnership?", hint="For example, 27 3 2026.",
        called="The day on which the police told the partnership",
    )  # fmt: skip
    aware_on = DayField(
        "On which day did the partnership become aware of the death?",
        hint="The time to decide whether to review counts from this day, not from the day of the death.",
        called="The day on which the partnership became aware",
    )
    found_on = PartialDayField(
        "When were they found?", hint=AS_MUCH_AS_KNOWN, called="The date on which they were found"
    )
    cause_of_death = from_list("Cause of death, as it seems now", w.CAUSES_OF_DEATH)
    place_of_death = one_of("Where did it happen?", w.PLACES_OF_DEATH)
    suspected_suicide = one_of("Does it seem that the person took their own life?", w.YES_NO_NOT_KNOWN)
    kinds = some_of("What kind of death was it?", w.KINDS_OF_DEATH, hint="Tick all that apply: these kinds overlap.")
    features = FormField(FeaturesForm, "What was there before the death?")
    officer = line("Officer in charge", hint="Name, and how to reach them.", autocomplete="off")
    crime_number = line("Crime number", autocomplete="off", classes="govuk-input--width-20")
    criminal_state = one_of("Where do criminal proceedings stand?", w.CRIMINAL_STATES)
    inquest_state = one_of("Where does the inquest stand?", w.INQUEST_STATES)
    parallel_reviews = some_of("Which other reviews or investigations are running?", w.PARALLEL_REVIEWS)
    safeguarding = long_text(
        "Is anybody at risk now?", hint="Children, relatives or others, and what is being done to keep them safe."
    )
    account = long_text("What is known so far?", hint="What the notification says, in its own words.", rows=10)

    def __init__(self, *args: Any, agencies: Mapping[str, str], leads: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead_partnership_id.choices = {"": "Not known yet", **leads}
        self.notifier_agency_id.choices = {"": "No agency, or not known", **agencies}
        without_empty_line(self.cause_of_death)

    @property
    def entry(self) -> NotificationEntry:
        """What was typed; what was left is not known."""
        return NotificationEntry(
            lead_partnership_id=_id(self.lead_partnership_id.data),
            notifier_kind=self.notifier_kind.data or "other",
            notifier_agency_id=_id(self.notifier_agency_id.data),
            aware_on=self.aware_on.data,
            police_told_on=self.police_told_on.data,
            found_on=self.found_on.data or "",
            suspected_suicide=self.suspected_suicide.data or "not_known",
            criminal_state=self.criminal_state.data or "not_known",
            inquest_state=self.inquest_state.data or "not_known",
            kinds=tuple(self.kinds.data or ()),
            features={code: said for code, said in self.features.data.items() if said in ("yes", "no")},
            parallel_reviews=tuple(self.parallel_reviews.data or ()),
            cause_of_death=self.cause_of_death.data or "unknown",
            place_of_death=self.place_of_death.data or "not_known",
            officer=self.officer.data or "",
            crime_number=self.crime_number.data or "",
            safeguarding=self.safeguarding.data or "",
            account=self.account.data or "",
        )


class NewNotificationForm(NotificationForm):
    """A notification as it comes in: with the kind of review, and whoever died."""

    once = HiddenField()
    rule_set = one_of("What kind of review may this become?", {}, missing="Choose the kind of review.")
    victims = FieldList(FormField(VictimForm), "Whoever died", min_entries=1, max_entries=MOST_VICTIMS)

    def __init__(self, *args: Any, kinds_of_review: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule_set.choices = kinds_of_review

    @property
    def mark(self) -> UUID | None:
        """What tells this form from every other, so that sending it twice makes one review; None if tampered with."""
        with suppress(ValueError):
            return UUID(self.once.data or "")
        return None


def typed_from(entry: NotificationEntry) -> dict[str, Any]:
    """A form’s first values: what is recorded, and “not known” where nothing is."""
    recorded = dict(vars(entry))
    return {
        **recorded,
        "lead_partnership_id": str(entry.lead_partnership_id or ""),
        "notifier_agency_id": str(entry.notifier_agency_id or ""),
        "kinds": list(entry.kinds),
        "parallel_reviews": list(entry.parallel_reviews),
        "features": {**dict.fromkeys(w.FEATURES, "not_known"), **entry.features},
    }


def _id(chosen: str | None) -> UUID | None:
    return UUID(chosen) if chosen else None
