"""The moves of a review in the order a tired reader needs them: what comes next, what else may be decided, the rest."""

from __future__ import annotations

from dataclasses import dataclass

from dhr_app.casework.review_page import MoveShown, ReviewPage
from dhr_app.workflows.stages import MAIN_LINE, Stage

# Moves that leave the way, put something right, or happen seldom: folded away until somebody looks for them.
SELDOM = frozenset({
    "direct", "take_down", "publish_again", "transfer", "withdraw", "void", "bring_in", "pause", "extend",
    "replace_chair", "correct_stage", "reopen",
})  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """`onward` is the move that takes the review along its main line, None where it has arrived or left it."""

    onward: MoveShown | None
    instead: tuple[MoveShown, ...]
    others: tuple[MoveShown, ...]


def arranged(page: ReviewPage) -> Steps:
    """The moves of the page: one onward, the other decisions of this stage, and the seldom ones."""
    usual = [shown for shown in page.moves if shown.move.name not in SELDOM]
    onward = next((shown for shown in usual if _leads_on(shown, page.stage)), None)
    return Steps(
        onward,
        tuple(shown for shown in usual if shown is not onward),
        tuple(shown for shown in page.moves if shown.move.name in SELDOM),
    )


def _leads_on(shown: MoveShown, stage: Stage) -> bool:
    if stage not in MAIN_LINE or len(shown.move.targets) != 1 or shown.move.targets[0] not in MAIN_LINE:
        return False
    return MAIN_LINE.index(shown.move.targets[0]) > MAIN_LINE.index(stage)
