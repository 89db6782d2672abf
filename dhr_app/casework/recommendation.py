"""Recommendations: entered as the report prints them, corrected, withdrawn where they no longer stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import last_action
from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.rows import own_row, unknown_agencies
from dhr_app.casework.scene import Look, Scene, changing
from dhr_app.casework.seen import still_stands
from dhr_app.database.models.plan import Addressee, Recommendation
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.natural_order import sorts_as
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import ORIGINS, SCOPES, WITHDRAWN_BECAUSE

LONGEST_NUMBER = 20  # characters
NUMBER = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.:/+-]{{0,{LONGEST_NUMBER - 1}}}")  # what the audit trail may quote


@dataclass(frozen=True)
class RecommendationEntry:
    """What the form says. `number` is a text as the report prints it; `addressee_ids` are in the order of their ids."""

    number: str = ""
    text: str = ""
    scope: str = ""
    origin: str = ""
    addressee_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class WithdrawalEntry:
    """Since when and why a recommendation no longer stands; both empty where it stands."""

    withdrawn_on: date | None = None
    because: str = ""


def add_recommendation(reference: str, entry: RecommendationEntry, *, by: Person, at: datetime) -> UUID:
    """Enter a recommendation. Raises OutOfReach, NotAllowed, NotYet before the review is commissioned, Invalid."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        _check(scene, entry, None)
        row = Recommendation(review_id=scene.review.id, **_columns(entry))
        scene.session.add(row)
        scene.session.flush()
        _address(scene, row, entry.addressee_ids)
        scene.record(Happened.RECOMMENDATION_ADDED, subject=row, number=row.number)
        return row.id


def correct_recommendation(
    reference: str, recommendation_id: UUID, entry: RecommendationEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct a recommendation or whom it is addressed to. Raises Stale with both texts, Invalid, OutOfReach."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, Recommendation, recommendation_id)
        still_stands(entry_of(row, addressees_of(scene, row)), version, entry)
        _check(scene, entry, row)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        _address(scene, row, entry.addressee_ids)
        scene.record(Happened.RECOMMENDATION_CHANGED, subject=row, number=row.number)
        last_action.tell(scene)


def withdraw_recommendation(
    reference: str, recommendation_id: UUID, entry: WithdrawalEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Say that a recommendation no longer stands, or with an empty entry that it does after all. Raises Stale."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, Recommendation, recommendation_id)
        still_stands(withdrawal_of(row), version, entry)
        faults = not_in_future(scene.today, withdrawn_on=entry.withdrawn_on)
        if entry.because and entry.because not in WITHDRAWN_BECAUSE:
            faults["because"] = "Choose from the list."
        elif entry.withdrawn_on and not entry.because:
            faults["because"] = "Say why it no longer stands."
        elif entry.because and not entry.withdrawn_on:
            faults["withdrawn_on"] = "Give the day since which it no longer stands."
        if faults:
            raise Invalid(faults)
        stood = row.withdrawn_on is None
        row.withdrawn_on, row.withdrawn_because = entry.withdrawn_on, entry.because or None
        goes = stood and entry.withdrawn_on is not None
        kind = Happened.RECOMMENDATION_WITHDRAWN if goes else Happened.RECOMMENDATION_CHANGED
        scene.record(kind, on=entry.withdrawn_on if goes else None, subject=row, number=row.number)
        last_action.tell(scene)


def entry_of(row: Recommendation, addressees: list[Addressee]) -> RecommendationEntry:
    """A recommendation as its form would say it."""
    ids = tuple(sorted(one.agency_id for one in addressees))
    return RecommendationEntry(row.number, row.text, row.scope, row.origin, ids)


def withdrawal_of(row: Recommendation) -> WithdrawalEntry:
    """A withdrawal as its form would say it."""
    return WithdrawalEntry(row.withdrawn_on, row.withdrawn_because or "")


def addressees_of(at: Scene | Look, row: Recommendation) -> list[Addressee]:
    """Whom a recommendation is addressed to, in the order of their ids."""
    found = select(Addressee).where(Addressee.recommendation_id == row.id).order_by(Addressee.agency_id)
    return list(at.session.scalars(found))


def _columns(entry: RecommendationEntry) -> dict[str, str]:
    number = entry.number.strip()
    return {
        "number": number,
        "sorts_as": sorts_as(number),
        "text": entry.text.strip(),
        "scope": entry.scope,
        "origin": entry.origin,
    }


def _check(scene: Scene, entry: RecommendationEntry, row: Recommendation | None) -> None:
    """Raise Invalid. Whom the report addresses may have ended since: the recommendation follows its successor."""
    faults = known_codes(entry, {"scope": SCOPES, "origin": ORIGINS})
    faults |= filled("text", entry.text, "Enter the recommendation as the report words it.")
    faults |= _number_faults(scene, entry.number.strip(), row)
    before = addressees_of(scene, row) if row else []
    faults |= unknown_agencies(scene, "addressee_ids", entry.addressee_ids, None)
    if any(one.refused_on is not None and one.agency_id not in entry.addressee_ids for one in before):
        faults["addressee_ids"] = "One of those taken off has refused in writing: take its refusal back first."
    if faults:
        raise Invalid(faults)


def _number_faults(scene: Scene, number: str, row: Recommendation | None) -> dict[str, str]:
    if not number:
        return {"number": "Give its number as the report prints it."}
    if not NUMBER.fullmatch(number):
        return {"number": "Use figures, letters, dots, dashes and slashes without spaces, such as 10.1 or 3b."}
    same = select(Recommendation).where(
        Recommendation.review_id == scene.review.id, Recommendation.sorts_as == sorts_as(number)
    )
    other = scene.session.scalars(same.order_by(Recommendation.id)).first()
    if other is None or other is row:
        return {}
    if other.withdrawn_on is None:
        return {"number": f"Recommendation {other.number} is entered already: correct it there, or check the number."}
    return {"number": f"Recommendation {other.number} was withdrawn: let it stand again, or check the number."}


def _address(scene: Scene, row: Recommendation, agency_ids: tuple[UUID, ...]) -> None:
    """Let the recommendation be addressed to exactly these agencies."""
    before = {one.agency_id: one for one in addressees_of(scene, row)}
    for agency_id, one in before.items():
        if agency_id not in agency_ids:
            scene.session.delete(one)
    for agency_id in dict.fromkeys(agency_ids):
        if agency_id not in before:
            scene.session.add(Addressee(review_id=row.review_id, recommendation_id=row.id, agency_id=agency_id))
