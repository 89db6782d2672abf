"""The clocks of a review as things happen: an event meets the deadlines that waited for it and starts its own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.scene import Scene
from dhr_app.database.models.clocks import Deadline
from dhr_app.workflows.deadlines import DeadlineRule, due
from dhr_app.workflows.stages import Stage


def happened(
    scene: Scene,
    event: str,
    on: date,
    *,
    subject_id: UUID | None = None,
    agency_id: UUID | None = None,
    sealed_day: bool = False,
    ends_the_rest: bool = False,
) -> None:
    """Meet every open deadline that waits for this event, then start every deadline that counts from it.

    With `ends_the_rest` the review leaves its way: whatever else was running ends unmet before anything starts.

    `subject_id` keeps apart the deadlines of several things of one kind (each agency's return its own). With
    `sealed_day` the day itself is not kept: the first date stands for it.
    """
    met = {rule.key for rule in scene.rule_set.met_by(event)}
    started = scene.rule_set.deadlines_from(event)
    running = [one for one in _running(scene) if ends_the_rest or one.subject_id == subject_id]
    for deadline in running:
        if deadline.rule in met:
            deadline.met_on = on
        elif ends_the_rest:
            deadline.ended_on = on
    still_running = {one.rule for one in running if one.met_on is None and one.ended_on is None}
    for rule in started:
        if rule.key not in still_running:
            _start(scene, rule, on, subject_id=subject_id, agency_id=agency_id, sealed_day=sealed_day)


def restart(scene: Scene, event: str, on: date, *, sealed_day: bool = False) -> None:
    """The day an event happened was corrected: the deadlines it started end, and start again from the right day.

    A deadline that was already met stays met on the same day under its new date. None is started that never ran once
    the decision is behind the review (a review brought in, whose earlier steps were taken elsewhere).
    """
    rules = {rule.key for rule in scene.rule_set.deadlines_from(event)}
    rows = select(Deadline).where(
        Deadline.review_id == scene.review.id, Deadline.rule.in_(rules), Deadline.ended_on.is_(None)
    )
    met = {}
    for deadline in scene.session.scalars(rows.order_by(Deadline.first_due_on, Deadline.id)):
        met[deadline.rule] = deadline.met_on
        deadline.ended_on = scene.today
    undecided = Stage(scene.review.stage) in (Stage.NOTIFICATION, Stage.SCOPING)
    for rule in scene.rule_set.deadlines_from(event):
        if rule.key in met or undecided:
            _start(scene, rule, on, sealed_day=sealed_day, met_on=met.get(rule.key))


def first_due(scene: Scene, rule_key: str, anchor: date) -> date:
    """The date a rule gives from an anchor, before any pause or extension."""
    return due(scene.rule_set.deadline(rule_key), anchor, (), (), scene.calendar).trace[-1].on or anchor


def end_all(scene: Scene, on: date) -> None:
    """End every running deadline unmet: what was due before a review was brought in is not counted late."""
    for deadline in _running(scene):
        deadline.ended_on = on


def _running(scene: Scene) -> list[Deadline]:
    rows = select(Deadline).where(
        Deadline.review_id == scene.review.id, Deadline.met_on.is_(None), Deadline.ended_on.is_(None)
    )
    return list(scene.session.scalars(rows.order_by(Deadline.first_due_on, Deadline.id)))


def end_of(scene: Scene, subject_id: UUID, on: date) -> None:
    """End the running deadlines of one thing unmet: nobody waits for it any more."""
    for deadline in _running(scene):
        if deadline.subject_id == subject_id:
            deadline.ended_on = on


def _start(
    scene: Scene,
    rule: DeadlineRule,
    on: date,
    *,
    subject_id: UUID | None = None,
    agency_id: UUID | None = None,
    sealed_day: bool = False,
    met_on: date | None = None,
) -> None:
    scene.session.add(
        Deadline(
            review_id=scene.review.id,
            rule=rule.key,
            subject_id=subject_id,
            agency_id=agency_id,
            anchor_on=None if sealed_day else on,
            first_due_on=first_due(scene, rule.key, on),
            met_on=met_on,
        )
    )
