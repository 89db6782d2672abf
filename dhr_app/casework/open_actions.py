"""The actions that are due or late, and those that belong to nobody: without an owner, or of an agency nobody is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, or_, select

from dhr_app.casework.successors import Answering, answering
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import OPEN, Stage

NUMBER = re.compile(r"[0-9]+(\.[0-9]+)*[a-z]?")
NOT_OURS = frozenset({"national", "partnership"})  # bodies that are written to, or ourselves: no account is missing

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


def open_actions(
    session: NamedSession, people: Sequence[Person], until: date | None, *, today: date
) -> Iterator[Thing]:
    """Each action that is open and not reported as done, once where it is due by a day, once more where it is nobody’s.

    An agency that has ended owes through its successor, whose people are told.
    """
    with_people = {one.agency_id for one in people if one.role is Role.AGENCY_CONTRIBUTOR}
    owners = answering(session, today)
    nobodys = {each for each, now in owners.items() if now.id not in with_people and now.kind not in NOT_OURS}
    of_nobody = or_(Action.owner_id.is_(None), Action.owner_id.in_(nobodys))
    asked = of_nobody if until is None else or_(due_day() <= until, of_nobody)
    for row in session.execute(open_rows().where(asked)):
        owner = owners[row.owner_id] if row.owner_id else None
        if row.due_on is not None and until is not None and row.due_on <= until:
            yield _thing(row, Kind.ACTION, row.due_on, owner)
        if owner is None or row.owner_id in nobodys:
            yield _thing(row, Kind.NOBODY, None, owner)


def open_rows() -> Rows:
    """The statement for every action still to be done, of reviews that are under way."""
    return (
        select(
            Action.id, Action.review_id, Action.number, Action.owner_id, due_day().label("due_on"),
            Recommendation.number.label("of_number"), Review.reference, Review.stage,
        )
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Review, Review.id == Action.review_id)
        .where(
            Action.outcome == "open",
            Action.done_on.is_(None),
            Action.removed_on.is_(None),
            Recommendation.withdrawn_on.is_(None),
            Review.stage.in_(sorted(OPEN)),
        )
        .order_by(Review.reference, Recommendation.sorts_as, Action.number, Action.id)
    )  # fmt: skip


def due_day() -> ColumnElement[date | None]:
    """The day on which an action is due, or to be looked at again."""
    return case((Action.ongoing, Action.look_again_on), else_=Action.target_on)


def _thing(row: Row[Any], kind: Kind, due_on: date | None, owner: Answering | None) -> Thing:
    return Thing(
        kind=kind,
        subject_id=row.id,
        review_id=row.review_id,
        reference=row.reference,
        stage=Stage(row.stage),
        what=named(row.of_number, row.number),
        path=f"/reviews/{row.reference}/plan" + ("" if owner else f"#a-{row.id}"),
        due_on=due_on,
        agency_id=owner.id if owner else None,
        agency=owner.name if owner else "",
    )


def named(of_number: str, number: int) -> str:
    """The action by its number; a number that people wrote with letters may say more than a mail is to hold."""
    if NUMBER.fullmatch(of_number):
        return f"Action {of_number}/{number}"
    return f"Action {number} of a recommendation"
