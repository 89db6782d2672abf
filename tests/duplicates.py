"""A county with enough people on record for the check for duplicates, and the check turned on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from dhr_app.casework.duplicate_settings import turn_on
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.people import PersonEntry
from dhr_app.database.models import IndexEpoch, IndexTerm
from dhr_app.workflows.duplicates import FEWEST
from tests.factories import NOW
from tests.reviews import Case, County

# Invented first and last names that sound different, so that a match is only where a test makes one.
GIVEN = ("Ada", "Basil", "Clara", "Dudley", "Edgar", "Flora", "Grantly", "Hilda", "Igor", "Jemima", "Kurt", "Letty",
         "Mungo", "Nesta", "Olaf", "Petra", "Quentin", "Rhoda", "Silas", "Tabby")  # fmt: skip
FAMILY = ("Arabin", "Bold", "Crawley", "Dumbello", "Eames", "Fothergill", "Gresham", "Harcourt", "Jupe", "Kellet",
          "Lupex", "Moffat", "Neroni", "Oriel", "Proudie", "Quiverful", "Robarts", "Stanhope", "Thorne",
          "Umbleby")  # fmt: skip


def names(number: int) -> list[str]:
    """So many different names, at most 400."""
    return [f"{given} {surname}" for surname in FAMILY for given in GIVEN][:number]


def begin(county: County, *entries: PersonEntry, **notified: Any) -> Case:
    """A review with these people who died, notified now."""
    known = {"lead_partnership_id": county.agency("Barsetshire CSP"), **notified}
    reference = notify(NotificationEntry(**known), entries, "dhr-2016", by=county.coordinator, at=NOW)
    return Case(county, reference, NOW)


def crowd(county: County, number: int = FEWEST, *, in_each: int = 8) -> list[Case]:
    """So many people on record, in reviews of so many each."""
    entries = [PersonEntry(full_name=name, born_on=str(1950 + place % 50)) for place, name in enumerate(names(number))]
    return [begin(county, *entries[place : place + in_each]) for place in range(0, number, in_each)]


def switched_on(county: County, number: int = FEWEST) -> list[Case]:
    """A crowd on record, and the check turned on."""
    cases = crowd(county, number)
    assert turn_on("agreed", by=county.chair, at=NOW)
    return cases


def terms(county: County) -> list[IndexTerm]:
    """Every term there is, in a stable order."""
    with county.house.reading() as session:
        return list(session.scalars(select(IndexTerm).order_by(IndexTerm.row_id, IndexTerm.index_name)))


def epochs(county: County) -> list[IndexEpoch]:
    """Every epoch there was, in order."""
    with county.house.reading() as session:
        return list(session.scalars(select(IndexEpoch).order_by(IndexEpoch.number)))
