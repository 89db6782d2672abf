"""Decisions whether to review that wait to be taken: all is ready, one is written down, or the day has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from dhr_app.casework.overview_rows import Barred
from dhr_app.database.models.decision import Decision
from dhr_app.database.models.review import Review
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.stages import Stage

DUE = "decision_due"


@dataclass(frozen=True)
class DecideLine:
    """A review on which nobody has decided yet whether to review.

    `written` is "review" or "not_review" where a decision is written down and not taken, else empty; `silent` says how
    many agencies have not answered; `days_late` how long ago the decision was due. It may have been `put_off_until`
    a day that has come.
    """

    reference: str
    written: str
    silent: int
    days_late: int
    put_off_until: date | None


def to_decide(session: NamedSession, today: date, most: int, barred: Barred) -> tuple[DecideLine, ...]:
    """At most so many, the one due first at the top, in one query; none that is put off to a day still to come."""
    of_review = select(func.count()).where(ScopingRequest.review_id == Review.id)
    asked = of_review.scalar_subquery()
    silent = of_review.where(ScopingRequest.outcome == "open").scalar_subquery()
    written = (
        select(Decision.kind)
        .where(Decision.review_id == Review.id, Decision.used_by.is_(None))
        .order_by(Decision.prepared_on.desc(), Decision.id)
        .limit(1)
        .scalar_subquery()
    )
    late = and_(Review.next_what == DUE, Review.next_on < today)
    rows = (
        select(
            Review.reference, Review.next_on, Review.next_what, Review.deferred_until, silent.label("silent"),
            written.label("written"),
        )
        .where(
            Review.stage == Stage.SCOPING.value,
            Review.on_hold_since.is_(None),
            Review.id.not_in(barred),
            or_(Review.deferred_until.is_(None), Review.deferred_until <= today),
            or_(and_(asked > 0, silent == 0), written.is_not(None), late, Review.deferred_until.is_not(None)),
        )
        .order_by(Review.sorts_on, Review.reference)
        .limit(most)
    )  # fmt: skip
    return tuple(
        DecideLine(
            row.reference,
            row.written or "",
            row.silent,
            max(0, (today - row.next_on).days) if row.next_what == DUE else 0,
            row.deferred_until,
        )
        for row in session.execute(rows)
    )
