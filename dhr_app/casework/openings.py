"""Who has opened the personal details of a review: counted by day and person from the audit trail, opening nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, cast, func, select

from dhr_app.casework.scene import looking
from dhr_app.database.models.event import Event
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person

DAYS = 31  # a page shows at most so many days on which something was opened


@dataclass(frozen=True)
class Opening:
    """On one day one person opened these classes of details together, so many times."""

    on: date
    by: str
    classes: tuple[DataClass, ...]
    times: int


@dataclass(frozen=True)
class OpeningsPage:
    """A page of openings, latest day first; `older` is the day on which the next page begins."""

    reference: str
    openings: tuple[Opening, ...]
    older: date | None


def openings(reference: str, *, until: date | None = None, by: Person, at: datetime) -> OpeningsPage:
    """Who opened details of the review, up to a day (both included). A day is never cut in two.

    Raises OutOfReach, NotAllowed.
    """
    with looking(reference, "openings.see", by=by, at=at) as look:
        opened = [Event.review_id == look.review.id, Event.kind == Happened.OPENED.value]
        if until is not None:
            opened.append(Event.happened_on <= until)
        days = select(Event.happened_on).where(*opened).order_by(Event.happened_on.desc()).distinct().limit(DAYS + 1)
        shown = look.session.scalars(days).all()
        older = shown[DAYS] if len(shown) > DAYS else None
        classes = cast(Event.details, String)
        rows = (
            select(Event.happened_on, Event.recorded_by_name, classes.label("details"), func.count().label("times"))
            .where(*opened, Event.happened_on > (older or date.min))
            .group_by(Event.happened_on, Event.recorded_by_name, classes)
            .order_by(Event.happened_on.desc(), Event.recorded_by_name, classes)
        )
        found = tuple(
            Opening(row.happened_on, row.recorded_by_name, _classes(row.details), row.times)
            for row in look.session.execute(rows)
        )
        return OpeningsPage(reference, found, older)


def _classes(details: str) -> tuple[DataClass, ...]:
    return tuple(DataClass(each) for each in json.loads(details)["classes"])
