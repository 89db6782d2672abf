"""Whose turn the next date of a review is, by name where it is an agency’s; and the dates that it met late."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import Review
from dhr_app.database.models.telling import DutyOwed, Telling
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.dates import ReviewDate, dates_of
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.owing import is_nobodys_fault, owed_by
from dhr_app.workflows.rule_sets import RuleSet


@dataclass(frozen=True)
class Turn:
    """Who owes the next date: a code of workflows/waiting.py and, of agencies, their names as they are now.

    `met_late` has one entry for each date that was met after it had passed, in the order of the days on which they
    were met: {`what`: the rule’s key, `agency`: a name or "", `due`, `met`: days}. It is kept as it is told here.
    """

    owed_by: str | None
    agencies: tuple[str, ...]
    met_late: tuple[dict[str, str], ...]


def turns(
    session: NamedSession,
    reviews: Collection[tuple[Review, RuleSet]],
    facts: Mapping[UUID, ReviewFacts],
    calendar: Calendar,
) -> dict[UUID, Turn]:
    """Whose turn it is on each of these reviews, in two queries however many they are."""
    told_late = _told_late(session, [review.id for review, _ in reviews])
    dates = {
        review.id: dates_of(facts[review.id], rules, calendar, today=facts[review.id].notified_in_system_on)
        for review, rules in reviews
    }
    names = _names(session, {one.agency_id for each in dates.values() for one in each if one.agency_id})
    found = {}
    for review, _ in reviews:
        of = facts[review.id]
        who = owed_by(review.next_what, of.stage, on_hold=review.on_hold_since is not None, agencies_owe=owe(of))
        late = [_late(one, names) for one in dates[review.id] if _was_late(one)] + told_late.get(review.id, [])
        late.sort(key=lambda one: (one["met"], one["due"], one["what"], one["agency"]))
        found[review.id] = Turn(who.value if who else None, _owing(review, dates[review.id], names), tuple(late))
    return found


def owe(facts: ReviewFacts) -> bool:
    """Whether an agency owes anything on the review: a return, an IMR, an accuracy check."""
    return bool(facts.outstanding or facts.panel.imrs_open or facts.report.checks_open)


def _owing(review: Review, dates: Iterable[ReviewDate], names: Mapping[UUID, str]) -> tuple[str, ...]:
    """The agencies that owe what is next on the day it is due, by name; those whose day comes later are not named."""
    owing = {
        names[one.agency_id]
        for one in dates
        if one.agency_id and one.waited_for and (one.rule.key, one.due.on) == (review.next_what, review.next_on)
    }
    return tuple(sorted(owing))


def _was_late(one: ReviewDate) -> bool:
    return one.met_on is not None and not one.ended and one.late(one.met_on) > 0 and not is_nobodys_fault(one.rule.key)


def _late(one: ReviewDate, names: Mapping[UUID, str]) -> dict[str, str]:
    agency = names[one.agency_id] if one.agency_id else ""
    return _entry(one.rule.key, agency, one.due.on or one.first_due_on, one.met_on or one.first_due_on)


def _told_late(session: NamedSession, review_ids: Collection[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """What had to be told and was told late, by review; of several members of a family once for each day."""
    found: dict[UUID, list[dict[str, str]]] = {}
    for review_id, name, due_on, told_on in session.execute(_tellings_late(), {"review_ids": list(review_ids)}):
        found.setdefault(review_id, []).append(_entry(f"duty_{name}", "", due_on, told_on))
    return found


@cache
def _tellings_late() -> Any:
    """The statement is put together once: every verb asks it."""
    these = bindparam("review_ids", expanding=True, type_=Uuid())
    return (
        select(DutyOwed.review_id, DutyOwed.name, DutyOwed.due_on, Telling.told_on)
        .join(Telling, Telling.id == DutyOwed.settled_by_id)
        .where(DutyOwed.review_id.in_(these), Telling.told_on > DutyOwed.due_on, Telling.why_not.is_(None))
        .distinct()
        .order_by(DutyOwed.review_id, Telling.told_on, DutyOwed.name, DutyOwed.due_on)
    )


def _entry(what: str, agency: str, due_on: date, met_on: date) -> dict[str, str]:
    return {"what": what, "agency": agency, "due": due_on.isoformat(), "met": met_on.isoformat()}


def _names(session: NamedSession, agency_ids: Collection[UUID]) -> dict[UUID, str]:
    if not agency_ids:
        return {}
    rows = select(Agency.id, Agency.name).where(Agency.id.in_(agency_ids)).order_by(Agency.name)
    return {row.id: row.name for row in session.execute(rows)}
