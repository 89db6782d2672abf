"""What the steps that publish, withhold and take down write into the record of a publication.

A report that was published on paper, before its publication had a record, has none to write into: there the step
itself, on the timeline, is all that is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dhr_app.casework.family_dates import planned_publication
from dhr_app.casework.rows import rows_of
from dhr_app.casework.scene import Scene
from dhr_app.database.models.publication import Publication
from dhr_app.workflows.calendar import in_words

if TYPE_CHECKING:
    from dhr_app.casework.move import MoveEntry


def publish_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """A report is published on the day that was planned: that is the day the family knows."""
    planned = planned_publication(scene)
    if planned is None:
        return {}
    day = in_words(planned.planned_on)
    if planned.planned_on > scene.today:
        return {"decided_on": f"Publication is planned for {day}: record it on that day, or correct the plan first."}
    if planned.planned_on < entry.decided_on:
        return {"decided_on": f"Publication was planned for {day}, before this decision: correct one of the two days."}
    return {}


def publish(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """The planned publication is done, on its day."""
    planned = planned_publication(scene)
    if planned is not None:
        _done(scene, planned)
    return {}


def withhold(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """What was planned will not happen: the plan is used up, and shows as not published."""
    planned = planned_publication(scene)
    if planned is not None:
        planned.used_by = scene.review.moves_made
    return {}


def take_down_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """Nothing is taken down before it was published."""
    since = [row.published_on for row in _up(scene) if row.published_on]
    if since and entry.decided_on < min(since):
        return {"decided_on": f"The report was published on {in_words(min(since))}: it cannot be taken down before."}
    return {}


def take_down(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """Whatever of the report is on the web is taken down."""
    for row in _up(scene):
        row.taken_down_on = max(entry.decided_on, row.published_on or entry.decided_on)
    return {}


def publish_again(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """The report is published again: as it was planned anew, or, where nobody planned, as it was the last time.

    Where nobody approved the plan, or nobody planned, the decision itself is the approval, and the record says so.
    """
    planned = planned_publication(scene)
    if planned is not None:
        if planned.approved_on is None:
            planned.approved_on, planned.approved_by = entry.decided_on, entry.decided_by.strip()
            planned.evidence = entry.evidence.strip() or None
        _done(scene, planned)
        return {}
    last = next(iter(rows_of(scene, Publication, Publication.number.desc())), None)
    if last is None:
        return {}
    scene.session.add(
        Publication(
            review_id=scene.review.id,
            number=last.number + 1,
            mode=last.mode,
            address=last.address,
            planned_on=entry.decided_on,
            published_on=entry.decided_on,
            approved_on=entry.decided_on,
            approved_by=entry.decided_by.strip(),
            evidence=entry.evidence.strip() or None,
            used_by=scene.review.moves_made,
        )
    )
    return {}


def _done(scene: Scene, planned: Publication) -> None:
    planned.published_on = planned.planned_on
    planned.used_by = scene.review.moves_made


def _up(scene: Scene) -> list[Publication]:
    rows = rows_of(scene, Publication, Publication.number)
    return [row for row in rows if row.published_on is not None and row.taken_down_on is None]
