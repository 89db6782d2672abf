"""One part of an action plan as its form finds it: what stands now, and the number a correction is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from dhr_app.casework import action, action_progress, addressee, recommendation, sign_off
from dhr_app.casework.action import ActionEntry
from dhr_app.casework.action_progress import DoneEntry
from dhr_app.casework.addressee import LetterEntry, RefusalEntry
from dhr_app.casework.plan import InReport
from dhr_app.casework.recommendation import RecommendationEntry, WithdrawalEntry
from dhr_app.casework.rows import agency_names, own_row
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.seen import seen
from dhr_app.casework.sign_off import OutcomeEntry
from dhr_app.database.models.plan import Action, Addressee, Recommendation
from dhr_app.workflows.permissions import Person

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Entry = TypeVar("Entry", bound="DataclassInstance")


@dataclass(frozen=True)
class Part(Generic[Entry]):
    """What a form is filled in from. `number` is a recommendation’s or an action’s, `text` what it asks.

    `may_move` is whether moving the date of the action is the reader’s too.
    """

    reference: str
    number: str
    text: str
    agency: str
    entry: Entry
    version: int
    first_target_on: date | None = None
    may_move: bool = False


def may_change_plan(reference: str, *, by: Person, at: datetime) -> None:
    """Let somebody begin a form of the plan. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at):
        return


def in_report_part(reference: str, *, by: Person, at: datetime) -> Part[InReport]:
    """How many recommendations the report makes. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at) as look:
        entry = InReport(look.review.recommendations_in_report)
        return Part(reference, "", "", "", entry, seen(entry))


def recommendation_part(
    reference: str, recommendation_id: UUID, *, by: Person, at: datetime
) -> Part[RecommendationEntry]:
    """A recommendation to be corrected. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at) as look:
        row = own_row(look, Recommendation, recommendation_id)
        entry = recommendation.entry_of(row, recommendation.addressees_of(look, row))
        return Part(reference, row.number, row.text, "", entry, seen(entry))


def withdrawal_part(reference: str, recommendation_id: UUID, *, by: Person, at: datetime) -> Part[WithdrawalEntry]:
    """A recommendation to be withdrawn, or to stand again. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at) as look:
        row = own_row(look, Recommendation, recommendation_id)
        entry = recommendation.withdrawal_of(row)
        return Part(reference, row.number, row.text, "", entry, seen(entry))


def letter_part(reference: str, recommendation_id: UUID, *, by: Person, at: datetime) -> Part[LetterEntry]:
    """The letter of a national recommendation. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at) as look:
        row = own_row(look, Recommendation, recommendation_id)
        entry = addressee.letter_of(row)
        return Part(reference, row.number, row.text, "", entry, seen(entry))


def refusal_part(reference: str, addressee_id: UUID, *, by: Person, at: datetime) -> Part[RefusalEntry]:
    """An addressee’s refusal. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at) as look:
        row = own_row(look, Addressee, addressee_id)
        of = look.session.get_one(Recommendation, row.recommendation_id)
        entry = addressee.refusal_of(row)
        agency = agency_names(look.session, [row.agency_id])[row.agency_id]
        return Part(reference, of.number, of.text, agency, entry, seen(entry))


def new_action_part(reference: str, recommendation_id: UUID, *, by: Person, at: datetime) -> Part[ActionEntry]:
    """An action to be entered, its owner the addressee where there is only one. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at) as look:
        of = own_row(look, Recommendation, recommendation_id)
        asked = [one.agency_id for one in recommendation.addressees_of(look, of) if one.refused_on is None]
        entry = ActionEntry(owner_id=asked[0] if len(asked) == 1 else None)
        return Part(reference, of.number, of.text, "", entry, 0)


def action_part(reference: str, action_id: UUID, *, by: Person, at: datetime) -> Part[ActionEntry]:
    """An action to be corrected. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.change", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        return _of_action(look, row, action.entry_of(row))


def date_part(reference: str, action_id: UUID, *, by: Person, at: datetime) -> Part[ActionEntry]:
    """An action whose date is to be moved. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.move_date", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        return _of_action(look, row, action.entry_of(row))


def done_part(reference: str, action_id: UUID, *, by: Person, at: datetime) -> Part[DoneEntry]:
    """An action to be reported as done. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.report_done", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        return _of_action(look, row, action_progress.done_of(row))


def outcome_part(reference: str, action_id: UUID, *, by: Person, at: datetime) -> Part[OutcomeEntry]:
    """An action to be closed by a minute. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.close_action", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        return _of_action(look, row, sign_off.outcome_of(row))


def _of_action(look: Look, row: Action, entry: Entry) -> Part[Entry]:
    of = look.session.get_one(Recommendation, row.recommendation_id)
    agency = agency_names(look.session, [row.owner_id]).get(row.owner_id, "") if row.owner_id else ""
    return Part(
        look.review.reference, action.label_of(of, row), row.text, agency, entry, seen(entry), row.first_target_on,
        look.may("plan.move_date"),
    )  # fmt: skip
