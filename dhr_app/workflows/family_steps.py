"""What a family member taking part is offered and told: which steps each question asks for, how each is answered."""

from __future__ import annotations

from dhr_app.workflows.record_wording import FAMILY_STEPS

# The steps that each question of the rule book asks to have been taken with everybody who takes part.
STEPS_ASKED = {
    "family_offered_part":        ("advocate", "leaflet", "terms", "meeting"),
    "family_offered_reading":     ("reading",),
    "family_told_of_changes":     ("changes",),
    "family_told_of_publication": ("publication_date", "copy"),
    "family_view_recorded":       ("withholding",),
    "family_told_what_changed":   ("what_changed",),
}  # fmt: skip

OFFERS = ("advocate", "terms", "meeting", "reading")
GIVEN = ("leaflet", "copy")
ASKED = ("withholding",)

# Steps that may be taken as soon as somebody is known; every other is about a review that goes on, or its report.
FROM_THE_BEGINNING = ("advocate", "leaflet", "update")

# Answers of which there is no day: none came yet, or none is needed.
WITHOUT_A_DAY = ("awaited", "not_needed")


def answers_to(kind: str) -> tuple[str, ...]:
    """The answers that a step of this kind can have, the one that stands until something is said first."""
    if kind in OFFERS:
        return ("awaited", "accepted", "declined", "no_answer", "asked_not_to_be")
    if kind in ASKED:
        return ("awaited", "view_given", "no_answer", "asked_not_to_be")
    if kind in GIVEN:
        return ("not_needed", "declined", "asked_not_to_be")
    return ("not_needed", "asked_not_to_be")


def step_words(kind: str) -> str:
    """A kind of step inside a sentence: “an advocate was offered”; empty for one that there is not."""
    words = FAMILY_STEPS.get(kind, "")
    return words[:1].lower() + words[1:]
