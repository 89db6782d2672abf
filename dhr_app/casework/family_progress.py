"""How far each family member is: how they take part, what is still ahead of them at the review’s stage, who waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.rows import rows_of
from dhr_app.casework.scene import Look
from dhr_app.database.models.family_part import FamilyComment, FamilyStep
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.publication import Publication
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.family_steps import STEPS_ASKED
from dhr_app.workflows.lifecycle import moves_from, needs
from dhr_app.workflows.rule_sets import RuleSet

# The other way out of a stage than the one that everybody hopes for: its step is offered on the page, but not missed.
NOT_MISSED = ("withhold",)


@dataclass(frozen=True)
class Progress:
    """How far one family member is. `ahead` are the kinds of step that the review’s next moves still ask for."""

    takes_part: str
    ahead: tuple[str, ...]
    answers_awaited: int
    comments_open: int


def progress_of(look: Look, members: Sequence[FamilyMember]) -> dict[UUID, Progress]:
    """How far each of these family members is; opens nothing."""
    asked = kinds_asked(look.facts(), look.rule_set)
    steps: dict[UUID, list[FamilyStep]] = defaultdict(list)
    for step in rows_of(look, FamilyStep, FamilyStep.done_on):
        if step.removed_on is None:
            steps[step.family_member_id].append(step)
    open_comments = [
        comment.family_member_id
        for comment in rows_of(look, FamilyComment, FamilyComment.made_on)
        if comment.removed_on is None and comment.answered_on is None
    ]
    return {
        member.id: Progress(
            member.takes_part,
            _ahead(member, asked, steps[member.id]),
            sum(step.answer == "awaited" for step in steps[member.id]),
            open_comments.count(member.id),
        )
        for member in members
    }


def kinds_asked(facts: ReviewFacts, rule_set: RuleSet) -> tuple[str, ...]:
    """The kinds of step that the moves from the review’s stage ask for, and that nothing has answered yet."""
    asked = {
        need
        for move in moves_from(facts.stage, rule_set)
        if move.name not in NOT_MISSED
        for need in needs(move, rule_set)
        if need.name in STEPS_ASKED and need.answer(facts) is None
    }
    names = {need.name for need in asked}
    return tuple(kind for name, kinds in STEPS_ASKED.items() if name in names for kind in kinds)


def a_day_to_avoid_is_planned(look: Look) -> bool:
    """Whether the day planned for publication is known to be one that the family asked to avoid."""
    rows = select(Publication.id).where(
        Publication.review_id == look.review.id,
        Publication.used_by.is_(None),
        Publication.published_on.is_(None),
        Publication.avoids_family_dates.is_(False),
    )
    return look.session.scalar(rows.limit(1)) is not None


def _ahead(member: FamilyMember, asked: tuple[str, ...], steps: Sequence[FamilyStep]) -> tuple[str, ...]:
    """What is still to be offered or told to somebody who takes part and may be contacted."""
    if member.takes_part != "yes" or member.not_contacted_because:
        return ()
    done = {step.kind for step in steps if step.used_by is None}
    return tuple(kind for kind in asked if kind not in done)
