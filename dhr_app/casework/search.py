"""Looking for a person: what one may open is opened and compared, and the trail knows before and after.

The trail is told first which classes of records, and of how many reviews, are looked through; then how many were found.
Each review of which somebody is shown tells it in its own trail too. What was looked for is written down nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.casework.search_reach import InReach, among, in_reach
from dhr_app.casework.search_records import Reading, Record
from dhr_app.database.audit import record
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.name_search import How, NothingToLookFor, Sought
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.stages import Stage

MOST = 10  # reviews shown at once; whoever finds more is asked to be more exact


@dataclass(frozen=True)
class Hit:
    """Somebody who was found: what they are called where names have no place, their name, and why they were found."""

    page: str
    anchor: str
    label: str
    name: str
    why: tuple[tuple[str, How], ...]

    @property
    def rank(self) -> int:
        """How sure the surest reason is; 0 is the surest."""
        return min(how.rank for _, how in self.why)


@dataclass(frozen=True)
class ReviewFound:
    """A review with those found in it, the surest first."""

    reference: str
    stage: Stage
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class SearchResult:
    """What was found among so many reviews. `more` counts the reviews that are not shown.

    `unreadable` are the references of reviews of which a record could not be opened: it was not looked at.
    """

    reviews: tuple[ReviewFound, ...]
    hits: int
    searched: int
    more: int
    unreadable: tuple[str, ...]


def search(looked_for: str, *, by: Person, at: datetime) -> SearchResult:
    """Everybody like that in the reviews whose people the person may open. Raises NotAllowed, Invalid."""
    today = london_date(at)
    require(by, "search.see", on=today)
    try:
        sought = Sought(looked_for, house().rule_book.nicknames)
    except NothingToLookFor as refusal:
        raise Invalid({"looked_for": str(refusal)}) from None
    with house().reading() as session:
        reviews = in_reach(session, by, today)
    if not reviews:  # nothing is opened; that somebody looked is told all the same
        return _told({}, {}, set(), by=by, at=at)
    keyring = house().keyring(by, at=at)
    keyring.announce_search(among(reviews.values()), at=at)
    with house().reading() as session:
        reading = Reading(session, reviews, keyring)
        found = _by_review(sought, reading.records(), reviews)
    return _told(found, reviews, reading.unreadable, by=by, at=at)


def _by_review(sought: Sought, records: Iterable[Record], reviews: Mapping[UUID, InReach]) -> dict[UUID, list[Hit]]:
    found = defaultdict(list)
    for one in records:
        if why := tuple(_why(sought, one)):
            label = one.label(reviews[one.review_id].criminal_state)
            found[one.review_id].append(Hit(one.page, one.anchor, label, one.name, why))
    return found


def _why(sought: Sought, one: Record) -> Iterator[tuple[str, How]]:
    if how := sought.in_name(one.name):
        yield "name", how
    if one.other_names and (how := sought.in_name(one.other_names)):
        yield "other_names", how
    if sought.day and (how := sought.in_birth(one.born_on)):
        yield "born_on", how
    if one.address and (how := sought.in_address(one.address)):
        yield "address", how
    if one.crime_number and (how := sought.in_number(one.crime_number)):
        yield "crime_number", how


def _told(
    found: dict[UUID, list[Hit]], reviews: dict[UUID, InReach], unreadable: set[UUID], *, by: Person, at: datetime
) -> SearchResult:
    """The result, once the trail holds how much was found and of which reviews it is shown."""
    by_reference = {review_id: reviews[review_id].reference for review_id in found}
    in_order = sorted(found, key=lambda each: (min(hit.rank for hit in found[each]), by_reference[each]))
    shown, hits = in_order[:MOST], sum(len(each) for each in found.values())
    with house().transaction(by=by, at=at) as session:
        counts = {"hits": hits, "reviews": len(found)}
        record(session, Happened.SEARCHED, happened_on=london_date(at), details=counts)
        for review_id in shown:
            classes = {_CLASS[hit.page].value for hit in found[review_id]}
            details = {"classes": sorted(classes)}
            record(session, Happened.OPENED, happened_on=london_date(at), review_id=review_id, details=details)
    return SearchResult(
        tuple(
            ReviewFound(
                reviews[each].reference, reviews[each].stage, tuple(sorted(found[each], key=lambda hit: hit.rank))
            )
            for each in shown
        ),
        hits,
        len(reviews),
        len(found) - len(shown),
        tuple(sorted(reviews[each].reference for each in unreadable)),
    )


_CLASS = {
    "people": DataClass.IDENTITIES,
    "family": DataClass.FAMILY,
    "notification": DataClass.IDENTITIES,
}
