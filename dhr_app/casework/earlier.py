"""A review that began before this system: which stages it had reached before, and on which day where it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dhr_app.casework.checks import EARLIEST, partial_day
from dhr_app.casework.rows import in_texts, rows_of
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.casework.taking_records import went_no_further_here
from dhr_app.database.models.earlier import EarlierStep
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.lifecycle import stages_of
from dhr_app.workflows.partial_dates import earliest, latest
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import MAIN_LINE, Stage


@dataclass(frozen=True)
class EarlierEntry:
    """What the form says: whether the stage was reached, and when: a year, a month, a day, or empty if not known."""

    was_reached: str = ""
    reached: str = ""


@dataclass(frozen=True)
class EarlierShown:
    """One stage of the main line as it was before this system; version 0 while nothing is said of it."""

    stage: Stage
    version: int
    entry: EarlierEntry


@dataclass(frozen=True)
class EarlierPage:
    """Every stage that can have been reached before; `may_change` until the review went on in this system."""

    reference: str
    stages: tuple[EarlierShown, ...]
    may_change: bool


def mark_earlier_step(
    reference: str, stage: Stage, entry: EarlierEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Say whether a stage was reached before this system.

    Raises OutOfReach for a stage off the main line, NotYet once the review goes on here, Stale, Invalid.
    """
    with changing(reference, "review.change", by=by, at=at) as scene:
        _must_be_before_this_system(scene)
        if stage not in _stages(scene):
            raise OutOfReach
        row = {each.stage: each for each in _marked(scene)}.get(stage)
        if row is not None:
            same_version(row, version, theirs=in_texts(_entry(row)), yours=in_texts(entry))
        _check(scene, stage, entry)
        if row is None:
            row = EarlierStep(review_id=scene.review.id, stage=stage.value)
            scene.session.add(row)
        row.was_reached = entry.was_reached == "yes"
        row.reached = entry.reached or None
        scene.record(Happened.EARLIER_STEP_MARKED, subject=row, label=_label(stage, entry))


def earlier_page(reference: str, *, by: Person, at: datetime) -> EarlierPage:
    """What is marked of each stage; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "review.see", by=by, at=at) as look:
        return EarlierPage(reference, _shown(look), look.may("review.change") and went_no_further_here(look))


def earlier_step(reference: str, stage: str, *, by: Person, at: datetime) -> EarlierShown:
    """One stage, for somebody who may mark it. Raises OutOfReach for a stage off the main line, NotAllowed."""
    with looking(reference, "review.change", by=by, at=at) as look:
        found = [shown for shown in _shown(look) if shown.stage.value == stage]
        if not found:
            raise OutOfReach
        return found[0]


def unmarked(scene: Scene, target: Stage) -> tuple[Stage, ...]:
    """The stages on the way to a target that were not marked as reached; none where nothing at all is marked."""
    marked = {row.stage for row in _marked(scene) if row.was_reached}
    if not marked or target not in MAIN_LINE:
        return ()
    way = MAIN_LINE[: MAIN_LINE.index(target) + 1]
    return tuple(stage for stage in _stages(scene) if stage in way and stage.value not in marked)


def reached_before(at: Scene | Look) -> dict[Stage, str]:
    """The stages reached before this system, each with the day as far as it is known."""
    return {Stage(row.stage): row.reached or "" for row in _marked(at) if row.was_reached}


def _shown(look: Look) -> tuple[EarlierShown, ...]:
    marked = {row.stage: row for row in _marked(look)}
    return tuple(
        EarlierShown(stage, marked[stage].version, _entry(marked[stage]))
        if stage in marked
        else EarlierShown(stage, 0, EarlierEntry())
        for stage in _stages(look)
    )


def _stages(at: Scene | Look) -> tuple[Stage, ...]:
    return tuple(stage for stage in stages_of(at.rule_set) if stage is not Stage.NOTIFICATION)


def _marked(at: Scene | Look) -> list[EarlierStep]:
    return rows_of(at, EarlierStep, EarlierStep.stage)


def _must_be_before_this_system(scene: Scene) -> None:
    if not went_no_further_here(scene):
        raise NotYet("change", (Reason("stage", "The review goes on in this system: its earlier steps stand."),))


def _check(scene: Scene, stage: Stage, entry: EarlierEntry) -> None:
    faults = {}
    if entry.was_reached not in ("yes", "no"):
        faults["was_reached"] = "Say whether the stage was reached before this system."
    if entry.was_reached == "no" and entry.reached:
        faults["reached"] = "Leave the day empty where the stage was not reached."
    faults |= partial_day("reached", entry.reached, scene.today)
    if not faults and entry.reached:
        faults |= _out_of_order(scene, stage, entry.reached)
    if faults:
        raise Invalid(faults)


def _out_of_order(scene: Scene, stage: Stage, reached: str) -> dict[str, str]:
    """A stage cannot have been reached before one that comes earlier, nor after one that comes later."""
    if latest(reached) < EARLIEST:
        return {"reached": f"There were no reviews before {in_words(EARLIEST)}: check the year."}
    place = MAIN_LINE.index(stage)
    for other, when in reached_before(scene).items():
        if not when or other is stage or other not in MAIN_LINE:
            continue
        before = MAIN_LINE.index(other) < place
        if before and latest(reached) < earliest(when):
            return {"reached": f"“{other.label}” was reached later than this: check the days."}
        if not before and earliest(reached) > latest(when):
            return {"reached": f"“{other.label}” was reached earlier than this: check the days."}
    return {}


def _entry(row: EarlierStep) -> EarlierEntry:
    return EarlierEntry("yes" if row.was_reached else "no", row.reached or "")


def _label(stage: Stage, entry: EarlierEntry) -> str:
    when = "not reached" if entry.was_reached == "no" else entry.reached or "day not known"
    return f"{stage.label.lower()}, {when}"
