"""Who was shown or sent something sealed of a review: counted by day and person from the trail, opening nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, String, cast, func, select

from dhr_app.casework.scene import looking
from dhr_app.database.models.account import Account
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.events import SHOWN, Happened
from dhr_app.workflows.opened_words import opened_words
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]

DAYS = 31  # a page shows at most so many days on which something was opened


@dataclass(frozen=True)
class Opening:
    """On one day one person was shown these classes of details together, or sent one file, so many times.

    `role` and `agency` are what the account says now; empty for the program itself.
    """

    on: date
    by: str
    role: str
    agency: str
    what: str
    times: int


@dataclass(frozen=True)
class OpeningsPage:
    """A page of openings, the latest first; `older` is the day on which the next page begins."""

    reference: str
    openings: tuple[Opening, ...]
    older: date | None


def openings(reference: str, *, until: date | None = None, by: Person, at: datetime) -> OpeningsPage:
    """Who opened details of the review or took out files of it, up to a day (both included). A day is never cut in two.

    Raises OutOfReach, NotAllowed.
    """
    with looking(reference, "openings.see", by=by, at=at) as look:
        opened = [Event.review_id == look.review.id, Event.kind.in_(sorted(SHOWN))]
        if until is not None:
            opened.append(Event.happened_on <= until)
        days = select(Event.happened_on).where(*opened).order_by(Event.happened_on.desc()).distinct().limit(DAYS + 1)
        shown = look.session.scalars(days).all()
        older = shown[DAYS] if len(shown) > DAYS else None
        each = (
            Event.happened_on, Event.recorded_by_name, Event.kind, cast(Event.details, String).label("details"),
            Account.role, Agency.short_name.label("agency"), Event.recorded_by_id,
        )  # fmt: skip
        rows: Rows = (
            select(*each, func.count().label("times"))
            .outerjoin(Account, Account.id == Event.recorded_by_id)
            .outerjoin(Agency, Agency.id == Account.agency_id)
            .where(*opened, Event.happened_on > (older or date.min))
            .group_by(*each)
            .order_by(Event.happened_on.desc(), func.max(Event.recorded_at).desc(), *each[1:])
        )
        return OpeningsPage(reference, tuple(_opening(row) for row in look.session.execute(rows)), older)


def _opening(row: Row[Any]) -> Opening:
    details: Mapping[str, Any] = json.loads(row.details)
    return Opening(
        row.happened_on,
        row.recorded_by_name,
        Role(row.role).label if row.role else "",
        row.agency or "",
        opened_words(Happened(row.kind), details),
        row.times,
    )
