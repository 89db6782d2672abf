"""The rows behind what an agency owes: what it was asked to send, and its open actions, over all reviews at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, String, cast, func, literal, or_, select, union_all

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.action import seen_by_the_rules
from dhr_app.casework.progress_entry import NEED_LONGER
from dhr_app.casework.successors import standing_behind
from dhr_app.casework.words import known_as
from dhr_app.casework.working_days import working_days
from dhr_app.database.facts import facts_of
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.partnership import Agency, RuleSetUsed
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.progress import Progress
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.database.session import NamedSession
from dhr_app.workflows.action_plan import ActionSeen
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.stages import NOT_COMMISSIONED, OPEN, Stage

# Under which rule each thing that is asked for is due.
DUE_BY = {
    "scoping_return": "scoping_return_due",
    "imr":            "imr_due",
    "summary_report": "imr_due",
    "chronology":     "chronology_due",
    "accuracy_check": "factual_accuracy_due",
}  # fmt: skip


@dataclass(frozen=True)
class AskOwed:
    """Something the agency was asked to send. `kind` is one of record_wording.ASKED_FOR; a hold may stop its date."""

    kind: str
    id: UUID
    reference: str
    known_as: str
    due_on: date | None
    on_hold: bool


@dataclass(frozen=True)
class ActionOwed:
    """An open action as the rules see it, and its last report: what kind it was, and on which day.

    `owner` is named where it was another agency that took it on.
    """

    id: UUID
    reference: str
    known_as: str
    text: str
    owner: str
    seen: ActionSeen
    asks_longer: bool
    last_kind: str
    last_on: date | None


@dataclass(frozen=True)
class _Said:
    """What was said of an action so far."""

    kind: str = ""
    on: date | None = None
    blocked: bool = False
    asks_longer: bool = False


def asks_owed(session: NamedSession, by: Person, today: date) -> list[AskOwed]:
    """What was asked of the agency on the reviews on which the person sits for it, and is not answered yet."""
    seats = {seat.review_id for seat in by.memberships if seat.opens(today)}
    found = [
        row
        for row in session.execute(_open_asks(seats - by.conflicts))
        if allows(by, "imr.answer", review_id=row.review_id, agency_id=row.agency_id, on=today)
    ]
    due = _due_days(session, {row.review_id: row.content for row in found}, today)
    return [
        AskOwed(row.kind, row.id, row.reference, known_as(row), *due.get((DUE_BY[row.kind], row.id), (None, False)))
        for row in found
    ]


def asked_everywhere(session: NamedSession) -> Sequence[Row[Any]]:
    """Everything asked of any agency that is not answered yet, on every review that is open, in one query.

    Without the rule set of its review, which is long and the same for thousands.
    """
    rows = _open_asks(None)
    columns = [column for column in rows.selected_columns if column.key != RuleSetUsed.content.key]
    return session.execute(rows.with_only_columns(*columns)).all()


def actions_owed(session: NamedSession, by: Person, today: date) -> list[ActionOwed]:
    """The open actions of the agency and of those it succeeded, on any review: seat or not, but no conflict."""
    if by.agency_id is None:
        return []
    mine = standing_behind(session, by.agency_id, on=today)
    rows = (
        select(
            Action, Recommendation, Review.reference, Review.public_name, Review.public_year,
            Agency.name.label("owner"),
        )
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Review, Review.id == Action.review_id)
        .join(Agency, Agency.id == Action.owner_id)
        .where(
            Action.owner_id.in_(mine), Action.outcome == "open", Action.removed_on.is_(None),
            Recommendation.withdrawn_on.is_(None), _takes_reports(), Review.id.not_in(by.conflicts),
        )
        .order_by(Review.reference, Recommendation.sorts_as, Action.number)
    )  # fmt: skip
    found = session.execute(rows).all()
    said = _said(session, [row.Action.id for row in found])
    owed = []
    for row in found:
        action, told = row.Action, said.get(row.Action.id, _Said())
        owner = "" if action.owner_id == by.agency_id else row.owner
        seen = seen_by_the_rules(row.Recommendation, action, blocked=told.blocked)
        owed.append(
            ActionOwed(
                action.id, row.reference, known_as(row), action.text, owner, seen, told.asks_longer, told.kind, told.on
            )
        )  # fmt: skip
    return owed


def _open_asks(reviews: Collection[UUID] | None) -> Select[*tuple[Any, ...]]:
    """The statement for everything asked of agencies that is not answered yet, on these reviews; None is on all."""

    def asked(model: Any, kind: ColumnElement[str], *where: ColumnElement[bool]) -> Any:
        rows = select(model.id, model.agency_id, model.review_id, kind.label("kind")).where(*where)
        return rows if reviews is None else rows.where(model.review_id.in_(reviews))

    each = union_all(
        asked(ScopingRequest, literal("scoping_return"), ScopingRequest.outcome == "open"),
        asked(Imr, cast(Imr.kind, String), Imr.outcome == "open"),
        asked(
            Imr, literal("chronology"), Imr.outcome.in_(("open", "received")), Imr.chronology_requested.is_(True),
            Imr.chronology_received_on.is_(None),
        ),
        asked(
            AccuracyCheck, literal("accuracy_check"), AccuracyCheck.outcome == "open",
            AccuracyCheck.voided_on.is_(None),
        ),
    ).subquery()  # fmt: skip
    return (
        select(
            each.c.id, each.c.agency_id, each.c.review_id, each.c.kind, Review.reference, Review.public_name,
            Review.public_year, Review.stage, RuleSetUsed.content, Agency.name.label("agency"),
        )
        .join(Review, Review.id == each.c.review_id)
        .join(Agency, Agency.id == each.c.agency_id)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(Review.stage.in_(sorted(OPEN)))
        .order_by(Review.reference, each.c.kind, each.c.id)
    )  # fmt: skip


def _due_days(
    session: NamedSession, contents: dict[UUID, str], today: date
) -> dict[tuple[str, UUID], tuple[date | None, bool]]:
    """By when each thing is due, by its rule and id, and whether a hold stops that date."""
    calendar = working_days(session)
    days = {}
    for review_id, facts in facts_of(session, sorted(contents)).items():
        about = {clock.clock_id: clock.subject_id for clock in facts.clocks}
        for one in dates_of(facts, rule_book.pinned(contents[review_id]), calendar, today=today):
            subject_id = about.get(one.clock_id)
            if subject_id is not None and one.waited_for:
                days[one.rule.key, subject_id] = (one.due.on, one.due.on is None)
    return days


def _takes_reports() -> ColumnElement[bool]:
    """The same as taking_records.takes_records() says of one review, for all at once."""
    last = (
        select(MoveMade.name)
        .where(MoveMade.review_id == Review.id)
        .order_by(MoveMade.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    came_closed = (Review.stage == Stage.CLOSED) & (func.coalesce(last, "bring_in") == "bring_in")
    return or_(Review.stage.in_(sorted(OPEN - NOT_COMMISSIONED)), came_closed)


def _said(session: NamedSession, action_ids: Sequence[UUID]) -> dict[UUID, _Said]:
    """Of each action that was reported on: its last report, and whether an answer is waited for."""
    rows = (
        select(Progress.action_id, Progress.kind, Progress.blocked_by, Progress.settled_on, Progress.made_at)
        .where(Progress.action_id.in_(action_ids))
        .order_by(Progress.action_id, Progress.seq)
    )
    said: dict[UUID, _Said] = {}
    for row in session.execute(rows):
        asks = row.kind == NEED_LONGER and row.settled_on is None
        asked = said.get(row.action_id, _Said()).asks_longer
        said[row.action_id] = _Said(row.kind, london_date(row.made_at), row.blocked_by is not None, asks or asked)
    return said
