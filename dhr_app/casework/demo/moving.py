"""Moves in a case: who decided, when, on what evidence; and what some moves ask for beside."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.demo.staff import DECIDERS
from dhr_app.casework.move import MoveEntry, make_move
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

COORDINATOR = Role.COORDINATOR


def moved(
    day: int,
    name: str,
    evidence: str = "",
    *,
    reason: str = "",
    target: Stage | None = None,
    as_at: int | None = None,
    by: Role = COORDINATOR,
) -> Step:
    """The review makes a move."""

    def do(case: Playing, at: datetime) -> None:
        entry = MoveEntry(
            DECIDERS[MOVES[name].who],
            case.days.working(day),
            evidence,
            reason,
            target=target,
            as_at=None if as_at is None else case.days.working(as_at),
        )
        make_move(case.reference, name, entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(evidence, reason))


def deferred(day: int, awaited: tuple[str, ...], review_by: int, evidence: str) -> Step:
    """The decision is deferred."""

    def do(case: Playing, at: datetime) -> None:
        entry = MoveEntry(
            DECIDERS[MOVES["defer"].who],
            case.days.working(day),
            evidence,
            awaited=awaited,
            review_by=case.days.working(review_by),
        )
        make_move(case.reference, "defer", entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(evidence,))


def paused(day: int, review_by: int, clocks: tuple[str, ...], evidence: str, goes_on: str) -> Step:
    """The review is put on hold for the criminal trial."""

    def do(case: Playing, at: datetime) -> None:
        entry = MoveEntry(
            DECIDERS[MOVES["pause"].who],
            case.days.working(day),
            evidence,
            goes_on,
            review_by=case.days.working(review_by),
            who_was_asked="officer_in_charge",
            reason_code="criminal_trial",
            clocks=clocks,
        )
        make_move(case.reference, "pause", entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(evidence, goes_on))


def hold_kept(day: int, review_by: int, evidence: str, goes_on: str) -> Step:
    """The hold is looked at and kept: the trial is not over."""

    def do(case: Playing, at: datetime) -> None:
        entry = MoveEntry(
            DECIDERS[MOVES["keep_hold"].who],
            case.days.working(day),
            evidence,
            goes_on,
            review_by=case.days.working(review_by),
            who_was_asked="officer_in_charge",
            reason_code="criminal_trial",
        )
        make_move(case.reference, "keep_hold", entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(evidence, goes_on))


def resumed(day: int, evidence: str) -> Step:
    """The review goes on after its time on hold."""

    def do(case: Playing, at: datetime) -> None:
        entry = MoveEntry(
            DECIDERS[MOVES["resume"].who], case.days.working(day), evidence, ended_by="The trial ended in a conviction."
        )
        make_move(case.reference, "resume", entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(evidence,))


def extended(day: int, rule: str, new_date: int, evidence: str, reason: str) -> Step:
    """A later date is agreed for one deadline."""

    def do(case: Playing, at: datetime) -> None:
        entry = MoveEntry(
            DECIDERS[MOVES["extend"].who],
            case.days.working(day),
            evidence,
            reason,
            reason_code="family_time",
            deadline_id=case.deadline(rule),
            new_date=case.days.working(new_date),
        )
        make_move(case.reference, "extend", entry, by=case.person(Role.STEERING_CHAIR), at=at)

    return Step(day, do, sealed=(evidence, reason))


def transferred(day: int, receiver: str, evidence: str) -> Step:
    """The review goes to another partnership."""

    def do(case: Playing, at: datetime) -> None:
        entry = MoveEntry(
            DECIDERS[MOVES["transfer"].who],
            case.days.working(day),
            evidence,
            receiver_id=case.agencies[receiver],
        )
        make_move(case.reference, "transfer", entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(evidence,))
