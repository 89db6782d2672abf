"""The desk of a chair or author: each of their reviews, where it stands, and what is asked of them next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.desk_dates import NextDate, next_date_of
from dhr_app.casework.desk_tasks import Task, Waits, is_for, pending, tasks
from dhr_app.casework.draft_page import TOLD_WHO_READ
from dhr_app.casework.draft_reading import NewestDraft, newest_drafts
from dhr_app.casework.house import house
from dhr_app.casework.paper_gaps import Gaps, paper_gaps
from dhr_app.casework.planned_page import PlannedShown, ahead_of
from dhr_app.casework.promises import promised
from dhr_app.casework.scene import require
from dhr_app.casework.words import awaited
from dhr_app.database.facts import facts_of
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.lifecycle import Move, moves_from, still_needed
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.reminders import AHEAD, Thing
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import MAIN_LINE, NOT_COMMISSIONED, OPEN, Stage

# Moves that go on along the main line, but are made once and seldom.
SELDOM = frozenset({"direct", "bring_in", "reopen"})


@dataclass(frozen=True)
class OnDesk:
    """One review. `asked` is what this person can put right before the next step; `onward` is that step’s name.

    `others` counts what others have still to do before it, with `waiting`: what is answered and waits for one of them.
    `newest` is the draft that was handed in last; its readers are None for whoever is not told them. `promised` are the
    updates that family members were promised by a day that is near or has passed, for whoever speaks with them.
    """

    reference: str
    public_name: str
    stage: Stage
    next_date: NextDate | None
    on_hold_since: date | None
    onward: str
    asked: tuple[Task, ...]
    waiting: tuple[Waits, ...]
    others: int
    may_hand_in: bool
    newest: NewestDraft | None
    told_who_read: bool
    promised: tuple[Thing, ...]
    meetings: tuple[PlannedShown, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the next step waits for nothing but somebody to take it."""
        return bool(self.onward) and not self.asked and not self.others

    @property
    def place(self) -> tuple[bool, bool]:
        """Where it stands in the list: open before closed, what asks something before what asks nothing."""
        return self.stage not in OPEN, not self.asked


def desk(*, by: Person, at: datetime) -> tuple[OnDesk, ...]:
    """The reviews that the person sits on today: those that ask something of them first, by their next date.

    Raises NotAllowed.
    """
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
        gaps = paper_gaps(session, facts)
        meetings = ahead_of(session, ids, by=by, at=at)
        drafts = newest_drafts(session, [each for each in ids if allows(by, "draft.see", review_id=each, on=today)])
        near = _promised(session, ids, by, today)
        found = [
            replace(
                _on_desk(
                    review, facts[review.id], rule_book.pinned(content), gaps, drafts.get(review.id), near, by, today
                ),
                meetings=tuple(each for each in meetings if each.reference == review.reference),
            )
            for review, content in rows
        ]
    return tuple(sorted(found, key=lambda one: one.place))


def _on_desk(
    review: Review,
    facts: ReviewFacts,
    rule_set: RuleSet,
    gaps: Mapping[UUID, Gaps],
    newest: NewestDraft | None,
    promises: Sequence[Thing],
    by: Person,
    today: date,
) -> OnDesk:
    stage = Stage(review.stage)
    onward = _onward(stage, rule_set)
    missing = still_needed(facts, onward, rule_set) if onward else ()
    waiting = [reason for reason in missing if pending(facts, reason)]
    asked = [
        task
        for reason in missing
        if reason not in waiting and is_for(by, reason, review.id, today)
        for task in tasks(reason, gaps[review.id], may_finish=allows(by, "paper.finish", review_id=review.id, on=today))
    ]
    return OnDesk(
        reference=review.reference,
        public_name=f"{review.public_name}/{review.public_year}" if review.public_name else "",
        stage=stage,
        next_date=next_date_of(review, facts, by, today),
        on_hold_since=review.on_hold_since,
        onward=onward.button if onward else "",
        asked=tuple(asked),
        waiting=tuple(Waits(reason, awaited(facts.statements[reason.condition].answer)) for reason in waiting),
        others=len(missing) - len({task.reason for task in asked}),
        may_hand_in=_takes_drafts(stage) and allows(by, "draft.hand_in", review_id=review.id, on=today),
        newest=newest,
        told_who_read=by.role in TOLD_WHO_READ,
        promised=tuple(one for one in promises if one.review_id == review.id),
    )


def _promised(session: NamedSession, ids: Sequence[UUID], by: Person, today: date) -> tuple[Thing, ...]:
    """The updates promised by a day that is near, on those of the reviews where this person speaks with the family."""
    theirs = [each for each in ids if allows(by, "family.change", review_id=each, on=today)]
    return tuple(promised(session, today + AHEAD, theirs)) if theirs else ()


def _takes_drafts(stage: Stage) -> bool:
    return stage in OPEN - NOT_COMMISSIONED


def _onward(stage: Stage, rule_set: RuleSet) -> Move | None:
    """The step that takes the review further along its main line, if there is one."""
    if stage not in MAIN_LINE:
        return None
    ahead = MAIN_LINE[MAIN_LINE.index(stage) + 1 :]
    steps = [move for move in moves_from(stage, rule_set) if move.name not in SELDOM and len(move.targets) == 1]
    return next((move for move in steps if move.targets[0] in ahead), None)
