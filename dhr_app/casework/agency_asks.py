"""Everything that agencies were asked for on a review, whatever it was: a scoping return, an IMR, an accuracy check."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, union, union_all

from dhr_app.casework.scene import Look
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.workflows.waiting import AgencyAsk


def agency_asks(look: Look) -> list[tuple[UUID, AgencyAsk]]:
    """Each of them with its agency’s id, in one query. What a new version voided is owed no longer; what was asked by
    mistake never was."""
    asked, imr, check = ScopingRequest, Imr, AccuracyCheck
    given_up = func.coalesce(check.answered_on, check.voided_on)
    of_review = look.review.id
    each = union_all(
        select(asked.agency_id, asked.asked_on, asked.answered_on).where(asked.review_id == of_review),
        select(imr.agency_id, imr.requested_on, imr.answered_on).where(
            imr.review_id == of_review, imr.not_required_because.is_distinct_from("wrong_agency")
        ),
        select(check.agency_id, check.sent_on, given_up).where(
            check.review_id == of_review, check.outcome != "taken_back"
        ),
    ).subquery()
    found = look.session.execute(
        select(each.c.agency_id, Agency.name, each.c.asked_on, each.c.answered_on)
        .join(Agency, Agency.id == each.c.agency_id)
        .order_by(Agency.name, each.c.asked_on, each.c.answered_on)
    )
    return [(agency_id, AgencyAsk(name, asked_on, answered_on)) for agency_id, name, asked_on, answered_on in found]


def asked_kinds(look: Look) -> list[str]:
    """What sort of things the reader’s own agency was asked for on the review, answered or not, in one query."""
    kinds: dict[str, Any] = {"scoping_return": ScopingRequest, "imr": Imr, "accuracy_check": AccuracyCheck}
    asked = [
        select(literal(kind).label("kind")).where(
            model.review_id == look.review.id, model.agency_id == look.by.agency_id
        )
        for kind, model in kinds.items()
    ]
    return sorted(look.session.scalars(union(*asked).order_by("kind")))
