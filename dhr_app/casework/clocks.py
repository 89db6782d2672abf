"""The clocks of a review as things happen: an event meets the deadlines that waited for it and starts its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.scene import Scene
from dhr_app.database.models.clocks import Deadline
from dhr_app.workflows.deadlines import DeadlineRule, due
from dhr_app.workflows.stages import OPEN, Stage


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
            start(scene, rule, on, subject_id=subject_id, agency_id=agency_id, sealed_day=sealed_day)


def restart(scene: Scene, event: str, on: date, *, was: date | None = None, sealed_day: bool = False) -> None:
    """The day an event happened was corrected: the deadlines it started end, and start again from the right day.

    A deadline that was already met stays met on the same day under its new date. None is started that never ran once
    the decision is behind the review (a review brought in, whose earlier steps were taken elsewhere). Of an event
    that happens more than once (a letter in each round), `was` is the wrong day: only what counted from it restarts.
    """
    rules = {rule.key for rule in scene.rule_set.deadlines_from(event)}
    rows = select(Deadline).where(
        Deadline.review_id == scene.review.id, Deadline.rule.in_(rules), Deadline.ended_on.is_(None)
    )
    if was is not None:
        rows = rows.where(Deadline.anchor_on == was)
    met = {}
    for deadline in scene.session.scalars(rows.order_by(Deadline.first_due_on, Deadline.id)):
        met[deadline.rule] = deadline.met_on
        deadline.ended_on = scene.today
    undecided = Stage(scene.review.stage) in (Stage.NOTIFICATION, Stage.SCOPING)
    for rule in scene.rule_set.deadlines_from(event):
        if rule.key in met or undecided:
            start(scene, rule, on, sealed_day=sealed_day, met_on=met.get(rule.key))


def stand(
    scene: Scene,
    asked: str,
    answered: str,
    *,
    subject_id: UUID,
    agency_id: UUID | None,
    since: date,
    met_on: date | None,
    waits: bool,
) -> None:
    """Bring the dates of one thing into line with its record, whatever was corrected there.

    They count from `since`, the day on which `asked` happened; are met by `answered` on `met_on`; and where nobody
    `waits` for an answer any more, they end unmet. Saying the same again changes nothing.
    """
    started = scene.rule_set.deadlines_from(asked)
    met = {rule.key for rule in scene.rule_set.met_by(answered)}
    rows = select(Deadline).where(
        Deadline.review_id == scene.review.id,
        Deadline.subject_id == subject_id,
        Deadline.rule.in_([rule.key for rule in started]),
        Deadline.ended_on.is_(None),
    )
    standing = set()
    for deadline in scene.session.scalars(rows.order_by(Deadline.first_due_on, Deadline.id)):
        if deadline.anchor_on != since or not (waits or met_on):
            deadline.ended_on = scene.today
            continue
        standing.add(deadline.rule)
        deadline.met_on = met_on if deadline.rule in met else deadline.met_on
    for rule in started:
        if rule.key not in standing and (waits or met_on):
            day = met_on if rule.key in met else None
            start(scene, rule, since, subject_id=subject_id, agency_id=agency_id, met_on=day)


def met_by_the_first(scene: Scene, event: str, days: Collection[date], *, was: date | None = None) -> None:
    """Bring the deadlines that one event meets into line with every day on which it happened, after a correction.

    Each is met on the first of `days` from its own day 0 on. One that was met on `was`, a day that turned out to be
    wrong, opens again where no day is left; what something else met earlier stays met.
    """
    rules = {rule.key for rule in scene.rule_set.met_by(event)}
    rows = select(Deadline).where(
        Deadline.review_id == scene.review.id, Deadline.rule.in_(rules), Deadline.ended_on.is_(None)
    )
    for deadline in scene.session.scalars(rows.order_by(Deadline.first_due_on, Deadline.id)):
        begins = deadline.anchor_on
        first = min((day for day in days if begins is None or day >= begins), default=None)
        if deadline.met_on in (None, was) or (first is not None and first < deadline.met_on):
            if deadline.met_on and first is None and Stage(scene.review.stage) not in OPEN:
                deadline.ended_on = scene.today  # on a review that is closed or left its way nobody waits again
            deadline.met_on = first


def begin_again(scene: Scene, event: str, on: date | None) -> None:
    """An event happened on another day, or after all not (None): what counts from it ends, and begins from that day."""
    started = {rule.key for rule in scene.rule_set.deadlines_from(event)}
    for deadline in _running(scene):
        if deadline.rule in started:
            deadline.ended_on = scene.today
    if on is not None:
        happened(scene, event, on)


def waits_for(scene: Scene, event: str) -> bool:
    """Whether a running deadline waits for this event."""
    met = {rule.key for rule in scene.rule_set.met_by(event)}
    return any(deadline.rule in met for deadline in _running(scene))


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


def start(
    scene: Scene,
    rule: DeadlineRule,
    on: date,
    *,
    subject_id: UUID | None = None,
    agency_id: UUID | None = None,
    sealed_day: bool = False,
    met_on: date | None = None,
) -> None:
    """Start one deadline from its day 0; with `met_on` it is met already.

    On a review that is closed or has left its way nobody waits: only what is met already is kept there.
    """
    if met_on is None and Stage(scene.review.stage) not in OPEN:
        return
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
