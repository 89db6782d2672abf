"""Taking a review on: one function sets a stage, and keeps what the move used up and what it started."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework import clocks, move_effects, used_up
from dhr_app.casework.checkpoints import Occasion, checkpoint
from dhr_app.casework.checks import EARLIEST
from dhr_app.casework.disposal_notice import back_from_the_end
from dhr_app.casework.scene import Scene, changing, looking
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.review import MoveMade, advancing
from dhr_app.database.models.telling import DutyOwed
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.lifecycle import MOVES, Ask, Decider, Move, answers_used, destination, duties, still_needed
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.retention import ENDED_HERE
from dhr_app.workflows.stages import MAIN_LINE, Stage

PUBLISHING = ("publish", "publish_again")
# Days that are compared with the day of the decision: nothing is said of them before that is a sound one.
COUNTED_FROM_IT = ("review_by", "new_date")
# Arriving here, a review leaves its way: what was still running is no longer waited for.
OFF_THE_WAY = frozenset(Stage) - frozenset(MAIN_LINE) | {Stage.CLOSED}


@dataclass(frozen=True)
class MoveEntry:
    """What the form of a move says. `decided_by` is a body or a member of staff; `evidence` and `reason` are sealed."""

    decided_by: str
    decided_on: date
    evidence: str = ""
    reason: str = ""
    awaited: tuple[str, ...] = ()
    review_by: date | None = None
    who_was_asked: str = ""
    reason_code: str = ""
    clocks: tuple[str, ...] = ()
    ended_by: str = ""
    deadline_id: UUID | None = None
    new_date: date | None = None
    receiver_id: UUID | None = None
    target: Stage | None = None
    as_at: date | None = None


def make_move(reference: str, name: str, entry: MoveEntry, *, by: Person, at: datetime) -> Stage:
    """Make a move and return the stage the review is at now.

    Raises OutOfReach, NotAllowed, NotYet with everything that is missing, or Invalid with what was wrongly entered.
    """
    move = MOVES[name]
    with changing(reference, f"move.{name}", by=by, at=at, doing=f"move.{name}") as scene:
        advance(scene, move, entry)
        stage = Stage(scene.review.stage)
    if name in PUBLISHING:
        checkpoint(Occasion.PUBLICATION, at=at)
    return stage


def check_move(reference: str, name: str, entry: MoveEntry, *, by: Person, at: datetime) -> None:
    """Raise Invalid for whatever `make_move` would refuse in the entry; nothing is changed.

    Raises OutOfReach, NotAllowed. Where the move still lacks something the entry is not looked at: what it is compared
    with, such as the hold that it ends, may be gone, and `make_move` says all that is missing.
    """
    with looking(reference, f"move.{name}", by=by, at=at) as look:
        if still_needed(look.facts(), MOVES[name], look.rule_set):
            return
        _check(Scene(look.session, look.review, look.rule_set, by, at), MOVES[name], entry)


def advance(scene: Scene, move: Move, entry: MoveEntry) -> MoveMade:
    """The only place that sets a stage: ask the rules, set it, keep the move and what it used up and started."""
    facts = scene.facts()
    to_stage = destination(facts, move, scene.rule_set, target=entry.target)
    _check(scene, move, entry)
    if facts.stage in ENDED_HERE and to_stage not in ENDED_HERE:
        back_from_the_end(scene.session, scene.review, at=scene.at)
    row = MoveMade(
        review_id=scene.review.id,
        seq=scene.review.moves_made + 1,
        name=move.name,
        from_stage=scene.review.stage,
        to_stage=to_stage,
        decided_by=entry.decided_by,
        decided_on=entry.decided_on,
        recorded_by_id=scene.by.id,
        recorded_at=scene.at,
        answers={name: answer.value for name, answer in answers_used(facts, move, scene.rule_set).items()},
        details={},
        evidence=entry.evidence or None,
        reason=entry.reason or entry.ended_by or None,
    )
    _set_stage(scene, to_stage)
    scene.review.moves_made = row.seq
    row.details = move_effects.apply(scene, move, entry, Stage(row.from_stage))
    scene.session.add(row)
    used_up.mark(scene, move, row.seq)
    leaves = to_stage in OFF_THE_WAY and not move.stays
    clocks.happened(scene, f"moved:{move.name}", entry.decided_on, ends_the_rest=leaves)
    _start_duties(scene, move, row)
    scene.record(Happened.MOVED, on=entry.decided_on, subject=row, move=move.name, to=to_stage.value)
    return row


def _set_stage(scene: Scene, stage: Stage) -> None:
    token = advancing.set(True)
    try:
        scene.review.stage = stage.value
    finally:
        advancing.reset(token)


def _check(scene: Scene, move: Move, entry: MoveEntry) -> None:
    """Raise Invalid, naming each field, for what cannot be right whatever the state of the review."""
    wrong: dict[str, str] = {}
    if not entry.decided_by.strip():
        wrong["decided_by"] = "Say who decided."
    if unsound := _no_day_of_a_decision(scene, entry.decided_on):
        entry = replace(entry, decided_on=scene.today)  # so that everything else is looked at too
    elif (latest := _latest_step(scene)) and entry.decided_on < latest and move.name != "correct_stage":
        wrong["decided_on"] = f"The step before this one was decided on {in_words(latest)}: this one cannot be earlier."
    if not entry.evidence.strip() and move.who is not Decider.COORDINATOR:
        wrong["evidence"] = "Say what shows the decision: the minute, letter or e-mail, and where it is kept."
    if Ask.REASON in move.asks and not entry.reason.strip():
        wrong["reason"] = "Give the reason."
    wrong |= move_effects.wrong(scene, move, entry)
    if unsound:
        wrong = {name: fault for name, fault in wrong.items() if not (name in COUNTED_FROM_IT and getattr(entry, name))}
        wrong["decided_on"] = unsound
    if wrong:
        raise Invalid(wrong)


def _no_day_of_a_decision(scene: Scene, day: date) -> str:
    """Why nothing can have been decided on this day, in a sentence; empty where it can."""
    if day > scene.today:
        return "The day of the decision cannot be in the future."
    if day < EARLIEST:
        return f"There were no reviews before {in_words(EARLIEST)}: check the year."
    return ""


def _latest_step(scene: Scene) -> date | None:
    """The latest day on which a change of stage was decided."""
    steps = select(func.max(MoveMade.decided_on)).where(
        MoveMade.review_id == scene.review.id, MoveMade.from_stage != MoveMade.to_stage
    )
    return scene.session.scalar(steps)


def _start_duties(scene: Scene, move: Move, row: MoveMade) -> None:
    """Write down what the move obliges somebody to do: a duty to tell the family once per family member to be told."""
    family = scene.session.scalars(
        select(FamilyMember.id)
        .where(FamilyMember.review_id == scene.review.id, FamilyMember.not_contacted_because.is_(None))
        .order_by(FamilyMember.number)
    ).all()
    for duty in duties(move, scene.rule_set):
        due_on = clocks.first_due(scene, duty.rule, row.decided_on)
        whom: list[UUID | None] = list(family) if duty.audience is Audience.FAMILY and family else [None]
        for member_id in whom:
            scene.session.add(
                DutyOwed(
                    review_id=scene.review.id,
                    move_seq=row.seq,
                    name=duty.name,
                    audience=duty.audience.value,
                    family_member_id=member_id,
                    since=row.decided_on,
                    due_on=due_on,
                )
            )
