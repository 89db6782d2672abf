"""How a review stands now, and the row that says so from the moment it changed: lists and reports go by these."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.turns import owe, turns
from dhr_app.database.models.earlier import EarlierStep
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.models.standing import Standing
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.partial_dates import exact
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.waiting import waits_for_now


@dataclass(frozen=True)
class Stand:
    """What a row of a review's standing says.

    The last three say who owes the next date and what was met late, as casework/turns.py tells it. They are None in
    rows that are older than these columns: those say no more than they did.
    """

    public_name: str | None
    public_year: int | None
    stage: str
    since: date
    next_on: date | None
    next_what: str | None
    waits_for: str | None
    on_hold: bool
    owed_by: str | None
    owed_agencies: list[str] | None
    met_late: list[dict[str, str]] | None


def stands(
    session: NamedSession,
    reviews: Collection[tuple[Review, RuleSet]],
    facts: Mapping[UUID, ReviewFacts],
    calendar: Calendar,
) -> dict[UUID, Stand]:
    """How each of these reviews stands, from its own columns and its facts, in three queries."""
    came = _came_to_their_stage(session, [review.id for review, _ in reviews])
    turn = turns(session, reviews, facts, calendar)
    found = {}
    for review, _ in reviews:
        of, whose = facts[review.id], turn[review.id]
        waits_for = waits_for_now(of.stage, on_hold=review.on_hold_since is not None, agencies_owe=owe(of))
        found[review.id] = Stand(
            review.public_name, review.public_year, review.stage,
            came.get(review.id) or london_date(review.notified_at), review.next_on, review.next_what,
            waits_for.value if waits_for else None, review.on_hold_since is not None,
            whose.owed_by, list(whose.agencies), list(whose.met_late),
        )  # fmt: skip
    return found


def kept(session: NamedSession, review_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """The row that stands now for each of these reviews."""
    rows = select(Standing).where(Standing.review_id.in_(review_ids), Standing.replaced_at.is_(None))
    return {row.review_id: row for row in session.scalars(rows.order_by(Standing.review_id))}


def says(row: Standing | None) -> Stand | None:
    """What a row says, to be held against how a review stands."""
    return None if row is None else Stand(**{name: getattr(row, name) for name in Stand.__dataclass_fields__})


def differs(row: Standing | None, now: Stand) -> bool:
    """Whether a row says anything else than how the review stands; of what an older row says nothing, it does not."""
    said = says(row)
    if said is not None and said.met_late is None:
        now = replace(now, owed_by=None, owed_agencies=None, met_late=None)
    return said != now


def keep(
    session: NamedSession, review: Review, rules: RuleSet, facts: ReviewFacts, calendar: Calendar, *, at: datetime
) -> bool:
    """Begin a new row where the review stands otherwise than the last one says; returns whether it does."""
    now = stands(session, [(review, rules)], {review.id: facts}, calendar)[review.id]
    last = kept(session, [review.id]).get(review.id)
    if says(last) == now:
        return False
    recorded_at = max(at, last.recorded_at) if last else at  # the rows of one review follow each other without a gap
    if last is not None:
        last.replaced_at = recorded_at
        session.flush()  # only one row may stand now
    session.add(Standing(review_id=review.id, recorded_at=recorded_at, **vars(now)))
    return True


def _came_to_their_stage(session: NamedSession, review_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day on which the last change of stage was decided, for those that had one.

    A review that was brought in stood at its stage before: since the day that is marked, where it is known.
    """
    rows = session.execute(_last_changes(), {"review_ids": list(review_ids)})
    return {row.review_id: exact(row.reached or "") or row.decided_on for row in rows}


@cache
def _last_changes() -> Any:
    """The statement is put together once: every verb asks it."""
    these = bindparam("review_ids", expanding=True, type_=Uuid())
    change = (
        select(MoveMade.review_id, func.max(MoveMade.seq).label("seq"))
        .where(MoveMade.review_id.in_(these), MoveMade.from_stage != MoveMade.to_stage)
        .group_by(MoveMade.review_id)
        .subquery()
    )
    before = and_(
        EarlierStep.review_id == MoveMade.review_id,
        EarlierStep.stage == MoveMade.to_stage,
        MoveMade.name == "bring_in",
        EarlierStep.was_reached,
    )
    return (
        select(MoveMade.review_id, MoveMade.decided_on, EarlierStep.reached)
        .join(change, and_(change.c.review_id == MoveMade.review_id, change.c.seq == MoveMade.seq))
        .outerjoin(EarlierStep, before)
        .order_by(MoveMade.review_id)
    )
