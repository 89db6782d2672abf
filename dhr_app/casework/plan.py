"""The action plan as its pages show it: every recommendation in natural order, with its actions and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from dhr_app.casework.plan_rows import ActionShown, RecommendationShown, recommendations
from dhr_app.casework.scene import changing, looking
from dhr_app.casework.seen import still_stands
from dhr_app.database.models.plan import Recommendation
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import Stage

MOST = 500  # recommendations of one report
# While the text can still be changed, its weak wording is pointed out.
IN_THE_MAKING = (Stage.PANEL, Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA)


@dataclass(frozen=True)
class InReport:
    """How many recommendations the report makes in all; None where nobody has said."""

    in_report: int | None = None


@dataclass(frozen=True)
class PlanPage:
    """The action plan of a review; nothing of it is sealed.

    Who steers moves dates and answers wishes for later ones (`may_move`); what an agency reports is entered by itself
    or, on its behalf, by the coordinator (`may_report`).
    """

    reference: str
    public_name: str
    standing: tuple[RecommendationShown, ...]
    withdrawn: tuple[RecommendationShown, ...]
    in_report: int | None
    may_change: bool
    may_close: bool
    may_report: bool = False
    may_move: bool = False

    @property
    def asks_something(self) -> bool:
        """Whether there is anything that the person may do with an action."""
        return self.may_change or self.may_move or self.may_report or self.may_close

    @property
    def lacking(self) -> int:
        """How many recommendations still lack something."""
        return sum(bool(one.lacks) for one in self.standing)

    @property
    def actions(self) -> tuple[ActionShown, ...]:
        """Every action of the recommendations that stand."""
        return tuple(action for one in self.standing for action in one.actions)

    @property
    def late(self) -> int:
        """How many actions are late."""
        return sum(one.state.code == "late" for one in self.actions)

    @property
    def reported(self) -> tuple[ActionShown, ...]:
        """The actions that wait for the steering group chair."""
        return reported(self.actions)


def plan_page(reference: str, *, by: Person, at: datetime) -> PlanPage:
    """The whole action plan. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.see", by=by, at=at) as look:
        may_change = look.may("plan.change")
        shown = recommendations(look, lint=may_change and Stage(look.review.stage) in IN_THE_MAKING)
        return PlanPage(
            reference,
            look.review.public_name or "",
            tuple(one for one in shown if one.withdrawn_on is None),
            tuple(one for one in shown if one.withdrawn_on is not None),
            look.review.recommendations_in_report,
            may_change,
            look.may("plan.close_action"),
            look.may("plan.report_done"),
            look.may("plan.move_date"),
        )


def consent_list(reference: str, *, by: Person, at: datetime) -> tuple[ActionShown, ...]:
    """The actions reported as done, for whoever may sign them off. Raises OutOfReach, NotAllowed."""
    with looking(reference, "plan.close_action", by=by, at=at) as look:
        standing = [one for one in recommendations(look, lint=False) if one.withdrawn_on is None]
        return reported(action for one in standing for action in one.actions)


def reported(actions: Iterable[ActionShown]) -> tuple[ActionShown, ...]:
    """Those of the actions that wait for the steering group chair."""
    return tuple(one for one in actions if one.state.code == "reported")


def count_in_report(reference: str, entry: InReport, version: int, *, by: Person, at: datetime) -> None:
    """Say how many recommendations the report makes in all. Raises Stale, Invalid for fewer than are entered."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        still_stands(InReport(scene.review.recommendations_in_report), version, entry)
        standing = select(func.count()).where(
            Recommendation.review_id == scene.review.id, Recommendation.withdrawn_on.is_(None)
        )
        entered = scene.session.scalar(standing) or 0
        if entry.in_report is not None and entry.in_report > MOST:
            raise Invalid({"in_report": f"That is more than {MOST}: check the number."})
        if entry.in_report is not None and entry.in_report < max(entered, 1):
            raise Invalid({"in_report": f"{entered} are entered here already: check the number."})
        scene.review.recommendations_in_report = entry.in_report
        scene.record(Happened.RECOMMENDATIONS_COUNTED, subject=scene.review)
