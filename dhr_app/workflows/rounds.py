"""The rounds of Home Office quality assurance: each submission with its answer, and whose days went by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dhr_app.workflows.stages import MAIN_LINE, Stage

# The stages at which a submitted report has gone past the Home Office.
_PAST = frozenset(MAIN_LINE[MAIN_LINE.index(Stage.HOME_OFFICE_QA) + 1 :])


@dataclass(frozen=True)
class Step:
    """A move as the rounds see it: its name, where it led, and the day it was decided on."""

    name: str
    to_stage: Stage
    on: date


@dataclass(frozen=True)
class Round:
    """One submission. `submitted_on` is None where it was before this system; `answered_on` where no answer came yet.

    It ends with the next submission, or when the review goes on from the Home Office.
    """

    number: int
    submitted_on: date | None = None
    answered_on: date | None = None
    ended_on: date | None = None

    def days_with_them(self, today: date) -> int | None:
        """Days from the submission to the answer, or until now; None where the day of submission is not known."""
        if self.submitted_on is None:
            return None
        return _days(self.submitted_on, self.answered_on or self.ended_on or today)

    def days_with_us(self, today: date) -> int | None:
        """Days from the answer to the next submission or the end, or until now; None before there is an answer."""
        return None if self.answered_on is None else _days(self.answered_on, self.ended_on or today)


def rounds(steps: Iterable[Step], letters: Mapping[int, date]) -> tuple[Round, ...]:
    """The rounds of a review from its moves, in their order, and the day on which each round’s first letter came.

    A review that arrives at or past the Home Office without a submission here was submitted before this system. One
    whose stage is corrected back to the Home Office goes on with the round it was in. Without a letter a round counts
    as answered on the day the Home Office decided to send the report back.
    """
    found: list[Round] = []
    for step in steps:
        if step.name == "submit_to_home_office":
            _end(found, step.on)
            found.append(Round(len(found) + 1, step.on))
        elif step.to_stage is Stage.HOME_OFFICE_QA:
            found[-1:] = [replace(found[-1], ended_on=None) if found else Round(1)]
        elif not found and step.to_stage in _PAST:
            found.append(Round(1, ended_on=step.on))
        elif found and step.name == "send_back":
            found[-1] = replace(found[-1], answered_on=step.on)
        elif step.to_stage is not Stage.CHAIR_REPORT:
            _end(found, step.on)
    return tuple(replace(one, answered_on=letters.get(one.number, one.answered_on)) for one in found)


def _end(found: list[Round], on: date) -> None:
    if found and found[-1].ended_on is None:
        found[-1] = replace(found[-1], ended_on=on)


def _days(begins: date, ends: date) -> int:
    return max(0, (ends - begins).days)
