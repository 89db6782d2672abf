"""One action as whoever reports on it finds it: what is asked, by when, and what was reported so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework.own_action import by_own_action
from dhr_app.casework.plan_rows import ActionShown, one_action
from dhr_app.casework.progress_entry import DONE, NEED_LONGER, NO_CHANGE, PROGRESS
from dhr_app.casework.progress_rows import before, latest
from dhr_app.casework.progress_shown import ReportShown
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Look, Scene, looking
from dhr_app.casework.seen import seen
from dhr_app.casework.taking_records import takes_records
from dhr_app.casework.words import known_as
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.workflows.action_plan import SHORT_MOVE, needs_minute
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import NOT_COMMISSIONED, Stage


@dataclass(frozen=True)
class ActionPage:
    """An action, for its agency or for whoever reports on its behalf.

    `review` is the review’s reference, after its public name where it has one. `closed` is a sentence where no report
    is taken any more. `version` is what a report is held against.
    """

    reference: str
    review: str
    number: str
    recommendation: str
    action: ActionShown
    version: int
    today: date
    closed: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can be reported: whatever has no date needs no longer, and of what is done “no change” says nothing."""
        if self.closed:
            return ()
        first = () if self.action.done_on else (NO_CHANGE,)
        return (*first, PROGRESS, DONE, *((NEED_LONGER,) if self.action.target_on else ()))

    @property
    def days_late(self) -> int:
        """Calendar days late; 0 on the day it is due, and once it is reported as done."""
        due_on = self.action.target_on or self.action.look_again_on
        late = due_on is not None and self.action.open and self.action.done_on is None
        return max(0, (self.today - due_on).days) if late and due_on else 0

    @property
    def blocked(self) -> bool:
        """Whether its last report says that something stands in the way."""
        return self.action.open and self.action.done_on is None and bool(self.last and self.last.blocked_by)

    @property
    def short_until(self) -> date | None:
        """The last day to which its date moves without the steering group chair; None where it never had a date."""
        first_on = self.action.first_target_on
        return first_on + SHORT_MOVE if first_on else None

    @property
    def last(self) -> ReportShown | None:
        """The last report."""
        return self.action.reports[0] if self.action.reports else None

    @property
    def last_text(self) -> str:
        """How far it was when somebody last said so."""
        return next((one.text for one in self.action.reports if one.kind == PROGRESS), "")


@dataclass(frozen=True)
class WishPage:
    """An agency’s wish for a later date, to be answered; None once nobody waits for an answer."""

    page: ActionPage
    wish: ReportShown | None

    @property
    def needs_minute(self) -> bool:
        """Whether the day that is asked for is the steering group chair’s to agree."""
        first_on = self.page.action.first_target_on
        return self.wish is not None and first_on is not None and needs_minute(first_on, self.wish.wanted_on)


def own_action_page(action_id: UUID, *, by: Person, at: datetime) -> ActionPage:
    """An action of the person’s own agency. Raises OutOfReach for any other, audited as a refusal."""
    with looking(by_own_action(action_id, by=by, on=london_date(at)), "owed.see", by=by, at=at) as look:
        return _page(look, look.session.get_one(Action, action_id))


def action_page(
    reference: str, action_id: UUID, permission: str = "progress.report", *, by: Person, at: datetime
) -> ActionPage:
    """An action, for whoever reports on its agency’s behalf, or answers it. Raises OutOfReach, NotAllowed."""
    with looking(reference, permission, by=by, at=at) as look:
        return _page(look, own_row(look, Action, action_id))


def wish_page(reference: str, action_id: UUID, *, by: Person, at: datetime) -> WishPage:
    """An action with the wish that waits for an answer. Raises OutOfReach, NotAllowed."""
    page = action_page(reference, action_id, "plan.answer_longer", by=by, at=at)
    return WishPage(page, None if page.closed else page.action.wish)


def wish_to_move(reference: str, action_id: UUID, *, by: Person, at: datetime) -> ReportShown | None:
    """The wish that moving the date would answer, for whoever may read it. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.move_date", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        return one_action(look, look.session.get_one(Recommendation, row.recommendation_id), row).wish


def _page(look: Look, row: Action) -> ActionPage:
    of = look.session.get_one(Recommendation, row.recommendation_id)
    review = look.review
    return ActionPage(
        reference=review.reference,
        review=known_as(review),
        number=of.number,
        recommendation=of.text,
        action=one_action(look, of, row),
        version=seen(before(row, latest(look, row.id))),
        today=look.today,
        closed=closed_because(look, of, row),
    )


def closed_because(look: Scene | Look, of: Recommendation, row: Action) -> str:
    """Why no report is taken any more, in a sentence; empty where one is."""
    if row.removed_on is not None:
        return "This action was taken off the plan: it had been entered by mistake. Nothing is asked of you."
    if of.withdrawn_on is not None:
        return "Its recommendation was withdrawn. Nothing is asked of you any more."
    if row.outcome == "signed_off":
        return "This action is signed off: the steering group has accepted it as done. It takes no more reports."
    if row.outcome == "superseded":
        return "Something else took this action’s place. It takes no more reports."
    if row.outcome != "open":
        return "The steering group decided that this action is not taken forward. It takes no more reports."
    if row.owner_id is None:
        return "Nobody owns this action yet: name the agency first."
    if not takes_records(look) or Stage(look.review.stage) in NOT_COMMISSIONED:
        return "Its review is closed or has left its way here. It takes no more reports."
    return ""
