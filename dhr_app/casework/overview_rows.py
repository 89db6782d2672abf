"""What the overview asks of the database: grouped, so that it costs the same however many reviews there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from dhr_app.casework.pinned_rules import pinned_rules
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.models.standing import Standing
from dhr_app.database.models.statement import Statement
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.lateness import LATE, LOOK_AGAIN, REPORTED, Band, edges
from dhr_app.workflows.stages import ASIDE, NOT_COMMISSIONED, OPEN, Stage

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]

# The reviews that a conflict of interest bars to whoever reads the overview.
Barred = frozenset[UUID]

REVIEW = (
    Review.reference, Review.public_name, Review.public_year, Review.stage, Review.next_on, Review.next_what,
    Review.on_hold_since,
)  # fmt: skip


def by_stage(session: NamedSession, today: date, barred: Barred) -> list[Any]:
    """How many reviews stand at each stage, how many are on hold, and where their next dates lie."""
    held = func.count(Review.on_hold_since).label("on_hold")
    bands = _counted(_in_bands(Review.next_on, today))
    rows = select(Review.stage, func.count().label("reviews"), held, *bands)
    return list(session.execute(_but(rows, Review.id, barred).group_by(Review.stage).order_by(Review.stage)))


def by_holder(session: NamedSession, barred: Barred) -> list[Any]:
    """How many reviews wait for each kind of holder: whoever owes the next date, or had the stage’s turn."""
    holder = func.coalesce(Standing.owed_by, Standing.waits_for)
    rows = select(holder.label("waits_for"), func.count().label("reviews"))
    now = rows.where(Standing.replaced_at.is_(None), Standing.waits_for.is_not(None))
    return list(session.execute(_but(now, Standing.review_id, barred).group_by(holder).order_by(holder)))


def latest(session: NamedSession, today: date, most: int, barred: Barred) -> list[Any]:
    """The reviews whose next date has passed for longest: which agencies owe it, and what a deferral waits for."""
    put_off = (
        select(MoveMade.details)
        .where(MoveMade.review_id == Review.id, MoveMade.name == "defer")
        .order_by(MoveMade.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = select(*REVIEW, Review.deferred_until, Standing.owed_by, Standing.owed_agencies, put_off.label("put_off"))
    now = and_(Standing.review_id == Review.id, Standing.replaced_at.is_(None))
    late = _but(columns.outerjoin(Standing, now).where(Review.sorts_on < today), Review.id, barred)
    return list(session.execute(late.order_by(Review.sorts_on, Review.reference).limit(most)))


def longest_on_hold(session: NamedSession, most: int, barred: Barred) -> list[Any]:
    """The reviews that have been on hold for longest."""
    held = _but(select(*REVIEW).where(Review.on_hold_since.is_not(None)), Review.id, barred)
    return list(session.execute(held.order_by(Review.on_hold_since, Review.reference).limit(most)))


def by_owner(session: NamedSession, today: date, barred: Barred) -> list[Any]:
    """The open actions of each agency, by band."""
    waits = Action.done_on.is_(None)
    due_on = func.coalesce(Action.target_on, Action.look_again_on)
    again = and_(Action.target_on.is_(None), Action.look_again_on < today)
    bands = {
        name: and_(waits, condition, Action.target_on.is_not(None)) if name in LATE else and_(waits, condition)
        for name, condition in {**_in_bands(due_on, today), LOOK_AGAIN: again}.items()
    }
    counted = _counted({REPORTED: Action.done_on.is_not(None), **bands})
    rows = _open_actions(Action.owner_id, *counted, barred=barred)
    return list(session.execute(rows.group_by(Action.owner_id).order_by(Action.owner_id)))


def to_sign_off(session: NamedSession, most: int, barred: Barred) -> list[Any]:
    """The reviews with actions reported as done, and how many those are; most first."""
    count = func.count().label("actions")
    open_ones = _open_actions(Action.review_id, count, barred=barred)
    reported = open_ones.where(Action.done_on.is_not(None)).group_by(Action.review_id).subquery()
    rows = select(*REVIEW, reported.c.actions).join(reported, reported.c.review_id == Review.id)
    may = rows.where(Review.stage.in_(_codes(OPEN - NOT_COMMISSIONED)))
    return list(session.execute(may.order_by(reported.c.actions.desc(), Review.reference).limit(most)))


def to_agree(session: NamedSession, by_id: UUID, most: int, barred: Barred) -> list[Any]:
    """Statements that wait for the agreement or acceptance of somebody who did not record them, the oldest first.

    What a review no longer asks at its stage is left out: nobody can settle it.
    """
    waiting = (
        select(Review.reference, Review.stage, Review.rule_set_id, Statement.condition, Statement.answer)
        .select_from(Statement)
        .join(Review, Review.id == Statement.review_id)
        .where(
            Statement.recorded_by_id != by_id,
            Statement.counts.is_(False),
            Statement.withdrawn_at.is_(None),
            Statement.voided_on.is_(None),
            Statement.used_by.is_(None),
        )
    )
    in_order = _but(waiting, Review.id, barred).order_by(Statement.stated_on, Review.reference, Statement.id)
    rules = pinned_rules(session)
    asked = (row for row in session.execute(in_order) if rules.asks(row.rule_set_id, row.stage, row.condition))
    return list(islice(asked, most))


def _open_actions(*columns: Any, barred: Barred) -> Rows:
    """Open actions of recommendations that stand, on reviews that have not left their way.

    What is left out is asked for first: it is little, and looking each action's review up would take longer.
    """
    withdrawn = select(Recommendation.id).where(Recommendation.withdrawn_on.is_not(None))
    aside = select(Review.id).where(Review.stage.in_(_codes(ASIDE)))
    rows = (
        select(*columns)
        .select_from(Action)
        .where(
            Action.outcome == "open",
            Action.removed_on.is_(None),
            Action.recommendation_id.not_in(withdrawn),
            Action.review_id.not_in(aside),
        )
    )
    return _but(rows, Action.review_id, barred)


def _but(rows: Rows, of: Any, barred: Barred) -> Rows:
    """The same without what belongs to a barred review; `of` is the column that names the review."""
    return rows.where(of.not_in(barred)) if barred else rows


def _codes(stages: frozenset[Stage]) -> list[str]:
    return sorted(stage.value for stage in stages)


def _in_bands(day: Any, today: date) -> Mapping[str, ColumnElement[bool]]:
    """For each band, whether a column's day lies in it."""
    dated = {band.value: _within(day, *ends) for band, ends in edges(today).items()}
    return {**dated, Band.UNDATED.value: day.is_(None)}


def _within(day: Any, first: date | None, last: date | None) -> ColumnElement[bool]:
    return and_(*([day >= first] if first else []), *([day <= last] if last else []))


def _counted(conditions: Mapping[str, ColumnElement[bool]]) -> list[Any]:
    return [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in conditions.items()]
