"""What is asked of a chair or author on a review, said as tasks; and what is answered but waits for somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.casework.paper_gaps import OF_PAPERS, Gaps
from dhr_app.workflows.errors import Reason
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.tasks import TASKS

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


@dataclass(frozen=True)
class Task:
    """Something that this person can put right: what is missing, and that said as a task."""

    reason: Reason
    sentence: str


@dataclass(frozen=True)
class Waits:
    """Something that is answered, and does not count before somebody else agreed."""

    reason: Reason
    awaits: str


def pending(facts: ReviewFacts, reason: Reason) -> bool:
    """Whether it is answered, and waits for somebody’s agreement."""
    stated = facts.statements.get(reason.condition)
    return stated is not None and not stated.counts


def is_for(by: Person, reason: Reason, review_id: UUID, today: date) -> bool:
    """Whether this person can put it right, and is asked to."""
    if reason.mend not in ASKED_OF or reason.condition in OF_OTHERS:
        return False
    return allows(by, ASKED_OF[reason.mend], review_id=review_id, on=today)


def tasks(reason: Reason, gaps: Gaps, *, may_finish: bool) -> list[Task]:
    """What is asked of somebody, in its missing parts alone where these are known; empty where all are for others."""
    if reason.condition not in OF_PAPERS:
        return [Task(reason, TASKS[reason.condition])]
    return [Task(reason, part) for part in (*gaps.to_file, *(gaps.to_finish if may_finish else ()))]
