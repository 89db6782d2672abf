"""What may be said of a seminar: which reviews it can be about, and which figures can be right together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.learning import PASSED_ON_AT
from dhr_app.casework.scene import Scene
from dhr_app.database.models.partnership import Agency
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.record_wording import RATINGS, SEMINAR_FORMATS, SPEAKERS
from dhr_app.workflows.stages import Stage

MOST = 100_000  # people: more is a slip of the hand
IN_ANOTHER_WAY = "another_way"


@dataclass(frozen=True)
class SeminarEntry:
    """What the form says. `reviews` are references; `minuted` is the minute, needed where it was no seminar."""

    theme: str = ""
    format: str = ""
    held_on: date | None = None
    reviews: tuple[str, ...] = ()
    minuted: str = ""
    speakers: tuple[str, ...] = ()
    invited: int | None = None
    registered: int | None = None


@dataclass(frozen=True)
class SeminarFigures:
    """Who came, by agency id, and the survey: forms sent, returned, and how those returned rate it (RATINGS)."""

    attendance: Mapping[str, int] = field(default_factory=dict)
    surveys_sent: int | None = None
    surveys_returned: int | None = None
    ratings: Mapping[str, int] = field(default_factory=dict)


def checked(entry: SeminarEntry, scenes: Sequence[Scene], *, new: Sequence[Scene], today: date) -> date:
    """The day it was held. Raises Invalid. Only a `new` review must be at a stage where learning is passed on."""
    faults = filled("theme", entry.theme, "Say what it was about, in a few words.")
    faults |= known_codes(entry, {"format": SEMINAR_FORMATS})
    faults |= not_in_future(today, held_on=entry.held_on)
    faults |= _counts(invited=entry.invited, registered=entry.registered)
    if entry.held_on is None:
        faults["held_on"] = "Give the day."
    if entry.format == IN_ANOTHER_WAY:
        faults |= filled("minuted", entry.minuted, "Give the minute in which it was recorded: its number and day.")
    if set(entry.speakers) - set(SPEAKERS):
        faults["speakers"] = "Choose from the list."
    if not scenes:
        faults["reviews"] = "Choose at least one review."
    for scene in new:
        stage = Stage(scene.review.stage)
        if stage not in PASSED_ON_AT:
            faults["reviews"] = f"{scene.review.reference} is at “{stage.label}”: its report is not settled yet."
    if faults or entry.held_on is None:
        raise Invalid(faults)
    return entry.held_on


def checked_figures(figures: SeminarFigures, session: NamedSession) -> None:
    """Raise Invalid for figures that cannot be right together, or an agency that nobody knows."""
    faults = _counts(surveys_sent=figures.surveys_sent, surveys_returned=figures.surveys_returned)
    faults |= _counts(**figures.ratings) | _counts(**figures.attendance)
    if set(figures.ratings) - set(RATINGS):
        faults["ratings"] = "Choose from the list."
    if any(session.get(Agency, UUID(agency_id)) is None for agency_id in figures.attendance):
        faults["attendance"] = "This agency is not known to the partnership."
    if faults:
        raise Invalid(faults)
    sent, returned = figures.surveys_sent, figures.surveys_returned or 0
    if sent is not None and returned > sent:
        faults["surveys_returned"] = f"{returned} came back of {sent} that were sent: check the two figures."
    rated = sum(figures.ratings.values())
    if rated > returned:
        came_back = "No form is recorded as returned" if not returned else f"{returned} forms were returned"
        faults["surveys_returned"] = f"{came_back}, and {rated} rated the seminar: check the figures."
    if faults:
        raise Invalid(faults)


def _counts(**figures: int | None) -> dict[str, str]:
    return {
        name: f"Give a number from 0 to {MOST:,}."
        for name, figure in figures.items()
        if figure is not None and not 0 <= figure <= MOST
    }
