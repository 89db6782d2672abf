"""Whether anything is added to a review any more: asked by each step, and by a form before anybody fills it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dhr_app.database.models.review import MoveMade
from dhr_app.workflows.errors import NotYet, Reason
from dhr_app.workflows.stages import OPEN, Stage

if TYPE_CHECKING:
    from dhr_app.casework.scene import Look, Scene


def takes_records(at: Scene | Look) -> bool:
    """Whether records may be added: the review is not closed and has not left its way.

    One that was brought in as closed takes them too: what is recorded there was done before this system.
    """
    stage = Stage(at.review.stage)
    return stage in OPEN | {Stage.NOT_REVIEWED} or (stage is Stage.CLOSED and went_no_further_here(at))


def must_take_records(at: Scene | Look) -> None:
    """Raise NotYet where nothing is added to the review any more; a form asks it too, before anybody fills it in."""
    if not takes_records(at):
        stage = Stage(at.review.stage)
        raise NotYet("change", (Reason("stage", f"The review is at “{stage.label}”: nothing can be added to it."),))


def went_no_further_here(at: Scene | Look) -> bool:
    """Whether the review has made no move in this system, or the one that brought it in was its last."""
    moves = select(MoveMade.name).where(MoveMade.review_id == at.review.id).order_by(MoveMade.seq.desc()).limit(1)
    return at.session.scalar(moves) in (None, "bring_in")
