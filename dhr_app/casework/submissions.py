"""The submissions of a review to the Home Office, read from the moves it has made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.review import MoveMade
from dhr_app.workflows.rounds import Round, Step, rounds
from dhr_app.workflows.stages import Stage


def rounds_of(at: Scene | Look, letters: Mapping[int, date] | None = None) -> tuple[Round, ...]:
    """The review’s rounds; `letters` says for each round on which day its first letter came."""
    moves = at.session.execute(
        select(MoveMade.name, MoveMade.to_stage, MoveMade.decided_on)
        .where(MoveMade.review_id == at.review.id)
        .order_by(MoveMade.seq)
    )
    steps = [Step(move.name, Stage(move.to_stage), move.decided_on) for move in moves]
    return rounds(steps, letters or {})
