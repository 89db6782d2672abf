"""The desk of a chair or author: each of their reviews, where it stands, and what is asked of them next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.casework.words import what
from dhr_app.database.facts import facts_of
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Reason
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.lifecycle import Move, moves_from, still_needed
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import MAIN_LINE, NOT_COMMISSIONED, OPEN, Stage

# What somebody must hold to put right what is missing, by the page that puts it right (`mend` of a condition).
# What only the coordinator enters is not asked of a chair.
ASKED_OF = {
    "panel":    "panel.change",
    "terms":    "terms.change",
    "imrs":     "imr.ask",
    "family":   "family.change",
    "report":   "paper.change",
    "accuracy": "accuracy.ask",
    "plan":     "plan.change",
    "home_office": "home_office.answer",
}  # fmt: skip

# Answered on one of these pages, and all the same not by whoever sits on the review.
OF_OTHERS = frozenset(
    {"chair_appointed", "independence_declared", "clearance_letter_on_file", "local_actions_signed_off"}
)

# Moves that go on along the main line, but are made once and seldom.
SELDOM = frozenset({"direct", "bring_in", "reopen"})


@dataclass(frozen=True)
class OnDesk:
    """One review. `asked` is what this person can put right before the next step; `onward` is that step’s name.

    `ready` says that nothing is missing any more. `drafts` counts the versions handed in so far.
    """

    reference: str
    public_name: str
    stage: Stage
    next_on: date | None
    next_what: str
    late: bool
    on_hold_since: date | None
    onward: str
    asked: tuple[Reason, ...]
    others: int
    may_hand_in: bool
    drafts: int

    @property
    def ready(self) -> bool:
        """Whether the next step waits for nothing but somebody to take it."""
        return bool(self.onward) and not self.asked and not self.others


def desk(*, by: Person, at: datetime) -> tuple[OnDesk, ...]:
    """The reviews that the person sits on today, those still open first, by their next date. Raises NotAllowed."""
    today = london_date(at)
    require(by, "desk.see", on=today)
    ids = [seat.review_id for seat in by.memberships if allows(by, "review.see", review_id=seat.review_id, on=today)]
    with house().reading() as session:
        rows = session.execute(
            select(Review, RuleSetUsed.content)
            .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
            .where(Review.id.in_(ids))
            .order_by(Review.sorts_on, Review.reference)
        ).all()
        facts = facts_of(session, [review.id for review, _ in rows])
        drafts = _drafts(session, ids)
        return tuple(
            _on_desk(review, facts[review.id], rule_book.pinned(content), drafts.get(review.id, 0), by, today)
            for review, content in sorted(rows, key=lambda row: Stage(row[0].stage) not in OPEN)
        )


def _on_desk(review: Review, facts: ReviewFacts, rule_set: RuleSet, drafts: int, by: Person, today: date) -> OnDesk:
    stage = Stage(review.stage)
    onward = _onward(stage, rule_set)
    missing = still_needed(facts, onward, rule_set) if onward else ()
    asked = tuple(
        reason
        for reason in missing
        if reason.mend in ASKED_OF
        and reason.condition not in OF_OTHERS
        and allows(by, ASKED_OF[reason.mend], review_id=review.id, on=today)
    )
    return OnDesk(
        reference=review.reference,
        public_name=f"{review.public_name}/{review.public_year}" if review.public_name else "",
        stage=stage,
        next_on=review.next_on,
        next_what=what(review.next_what),
        late=review.next_on is not None and review.next_on < today,
        on_hold_since=review.on_hold_since,
        onward=onward.button if onward else "",
        asked=asked,
        others=len(missing) - len(asked),
        may_hand_in=_takes_drafts(stage) and allows(by, "draft.hand_in", review_id=review.id, on=today),
        drafts=drafts,
    )


def _takes_drafts(stage: Stage) -> bool:
    return stage in OPEN - NOT_COMMISSIONED


def _onward(stage: Stage, rule_set: RuleSet) -> Move | None:
    """The step that takes the review further along its main line, if there is one."""
    if stage not in MAIN_LINE:
        return None
    ahead = MAIN_LINE[MAIN_LINE.index(stage) + 1 :]
    steps = [move for move in moves_from(stage, rule_set) if move.name not in SELDOM and len(move.targets) == 1]
    return next((move for move in steps if move.targets[0] in ahead), None)


def _drafts(session: NamedSession, ids: list[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(Draft.review_id, func.count())
        .where(Draft.review_id.in_(ids))
        .group_by(Draft.review_id)
        .order_by(Draft.review_id)
    )
    return {row[0]: row[1] for row in rows}
