"""The name a review is known by in public: a pseudonym and the year of the death, one pair for each review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from dhr_app.casework.scene import changing, looking
from dhr_app.casework.seen import seen, still_stands
from dhr_app.database.models.review import Review
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

LONGEST = 60  # characters
FIRST_YEAR = 1990  # a death long before the Act may still be reviewed


@dataclass(frozen=True)
class PublicNameEntry:
    """A pseudonym and the year of the death; both empty where none is chosen yet."""

    public_name: str = ""
    public_year: int | None = None


@dataclass(frozen=True)
class PublicNamePage:
    """The public name as it stands, and the number its form is held against."""

    reference: str
    entry: PublicNameEntry
    version: int


def give_public_name(reference: str, entry: PublicNameEntry, version: int, *, by: Person, at: datetime) -> None:
    """Give a review its public name, correct it, or with an empty entry take it away. Raises Stale, Invalid."""
    with changing(reference, "review.change", by=by, at=at) as scene:
        scene.must_be_open()
        scene.session.queue("public name")  # one name for one review: nobody else may choose the same meanwhile
        still_stands(_entry(scene.review), version, entry)
        name = " ".join(entry.public_name.split())
        faults = _faults(name, entry.public_year, scene.today)
        taken = select(Review.id).where(
            func.lower(Review.public_name) == name.lower(), Review.public_year == entry.public_year,
            Review.id != scene.review.id,
        )  # fmt: skip
        if name and not faults and scene.session.scalar(taken.limit(1)) is not None:
            faults["public_name"] = (
                f"Another review is called {name}/{entry.public_year} already: choose another name, "
                "or tell the two apart."
            )
        if faults:
            raise Invalid(faults)
        scene.review.public_name, scene.review.public_year = name or None, entry.public_year
        scene.record(Happened.PUBLIC_NAME_GIVEN, subject=scene.review)


def public_name_page(reference: str, *, by: Person, at: datetime) -> PublicNamePage:
    """The public name, for somebody who may change it. Raises OutOfReach, NotAllowed."""
    with looking(reference, "review.change", by=by, at=at) as look:
        entry = _entry(look.review)
        return PublicNamePage(reference, entry, seen(entry))


def _entry(review: Review) -> PublicNameEntry:
    return PublicNameEntry(review.public_name or "", review.public_year)


def _faults(name: str, year: int | None, today: date) -> dict[str, str]:
    faults = {}
    if year is not None and not name:
        faults["public_name"] = "Give the name as well, or leave both empty."
    if len(name) > LONGEST or not name.isprintable() or "/" in name:
        faults["public_name"] = f"Use a name of at most {LONGEST} characters, without a stroke."
    if name and year is None:
        faults["public_year"] = "Give the year of the death as well."
    elif year is not None and not FIRST_YEAR <= year <= today.year:
        faults["public_year"] = f"Give a year from {FIRST_YEAR} to {today.year}."
    return faults
