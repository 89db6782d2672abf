"""The dates of a review that came to its stage by no move of its own: it was brought in, or its stage corrected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.earlier import reached_before
from dhr_app.casework.scene import Scene
from dhr_app.database.models.clocks import Deadline
from dhr_app.database.models.review import MoveMade
from dhr_app.workflows.lifecycle import arrivals
from dhr_app.workflows.partial_dates import exact
from dhr_app.workflows.stages import MAIN_LINE, Stage


def brought_in(scene: Scene, target: Stage, as_at: date) -> None:
    """What ran ends unmet. What counts from a stage reached before this system runs on, if it was due after `as_at`.

    Where the day of that stage is not known, or a later stage met the date, nothing is started: nothing that was due
    before a review was brought in is counted late.
    """
    clocks.end_all(scene, as_at)
    if target not in MAIN_LINE:
        return
    way = MAIN_LINE[: MAIN_LINE.index(target) + 1]
    for stage, reached in reached_before(scene).items():
        day = exact(reached)
        if day is None or stage not in way:
            continue
        met_since = _events(scene, way[way.index(stage) + 1 :])
        _start(scene, _events(scene, [stage]), day, met_since, after=as_at)


def corrected(scene: Scene, from_stage: Stage, to_stage: Stage, on: date) -> None:
    """Bring the dates into line with the stage a review really stands at.

    Back along the line: what counts from the stages left ends, and what their moves met is waited for again. Forward:
    what the stages passed over would have met ends unmet, and what counts from them starts on the day of the
    correction. Back from aside: what the move aside had ended runs again. To aside: everything ends.
    """
    if to_stage not in MAIN_LINE:
        clocks.end_all(scene, on)
        return
    place = MAIN_LINE.index(to_stage)
    beyond = [*MAIN_LINE[place + 1 :], *(stage for stage in Stage if stage not in MAIN_LINE)]
    _undo(scene, _events(scene, beyond), on)
    if from_stage in MAIN_LINE and MAIN_LINE.index(from_stage) < place:
        passed = MAIN_LINE[MAIN_LINE.index(from_stage) + 1 : place + 1]
        _pass_over(scene, passed, on)


def _undo(scene: Scene, events: set[str], on: date) -> None:
    """End what these events started, and take back what they met or ended."""
    rules = {rule.key: rule for rule in scene.rule_set.deadlines}
    moves = select(MoveMade.name, MoveMade.decided_on).where(MoveMade.review_id == scene.review.id)
    made = [(f"moved:{row.name}", row.decided_on) for row in scene.session.execute(moves.order_by(MoveMade.seq))]
    wrong = [(event, day) for event, day in made if event in events]
    for deadline in _deadlines(scene):
        rule = rules[deadline.rule]
        if set(rule.anchor) <= events:
            deadline.ended_on = deadline.ended_on or on
        elif any(event in rule.met_by and day == deadline.met_on for event, day in wrong):
            deadline.met_on = None
        elif deadline.met_on is None and any(day == deadline.ended_on for _, day in wrong):
            deadline.ended_on = None


def _pass_over(scene: Scene, passed: Iterable[Stage], on: date) -> None:
    stages = list(passed)
    events = _events(scene, stages)
    met = {rule.key for event in events for rule in scene.rule_set.met_by(event)}
    for deadline in _deadlines(scene):
        if deadline.rule in met and deadline.met_on is None and deadline.ended_on is None:
            deadline.ended_on = on
    for place, stage in enumerate(stages):
        _start(scene, _events(scene, [stage]), on, _events(scene, stages[place + 1 :]))


def _start(scene: Scene, events: set[str], day: date, met_since: set[str], *, after: date | None = None) -> None:
    for rule in scene.rule_set.deadlines:
        runs = set(rule.anchor) & events and not set(rule.met_by) & met_since
        if runs and (after is None or clocks.first_due(scene, rule.key, day) > after):
            clocks.start(scene, rule, day)


def _events(scene: Scene, stages: Iterable[Stage]) -> set[str]:
    """The moves that lead to these stages, as the events that deadlines count from and are met by."""
    return {f"moved:{move.name}" for stage in stages for move in arrivals(stage, scene.rule_set)}


def _deadlines(scene: Scene) -> list[Deadline]:
    rows = select(Deadline).where(Deadline.review_id == scene.review.id)
    return list(scene.session.scalars(rows.order_by(Deadline.first_due_on, Deadline.id)))
