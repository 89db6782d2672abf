"""Whom a review is waiting for: every day of it belongs to exactly one holder, so that the days add up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from dhr_app.workflows.deadlines import Pause
from dhr_app.workflows.stages import Stage


class Waiting(StrEnum):
    """The kinds of holder, in the order in which a bar shows them."""

    PARTNERSHIP = "partnership"
    CHAIR = "chair"
    AGENCY = "agency"
    HOME_OFFICE = "home_office"
    ON_HOLD = "on_hold"


# Whose turn it is at a stage when no agency owes an answer. At the stages left out nobody is waited for.
TURN = {
    Stage.NOTIFICATION:   Waiting.PARTNERSHIP,
    Stage.SCOPING:        Waiting.PARTNERSHIP,
    Stage.PANEL:          Waiting.CHAIR,
    Stage.CHAIR_REPORT:   Waiting.CHAIR,
    Stage.HOME_OFFICE_QA: Waiting.HOME_OFFICE,
    Stage.PUBLICATION:    Waiting.PARTNERSHIP,
    Stage.SEMINAR:        Waiting.PARTNERSHIP,
}  # fmt: skip

# The stages whose work stands still while an agency owes an answer: a scoping return, later an IMR.
AGENCIES_ANSWER = frozenset({Stage.SCOPING, Stage.PANEL, Stage.CHAIR_REPORT})
MOST_NAMED = 3  # agencies of one share


@dataclass(frozen=True)
class StageSpan:
    """The review stood at `stage` from `from_on` up to, and not counting, `to_on`; None while it still does."""

    stage: Stage
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True)
class AgencyAsk:
    """An agency owed an answer from `asked_on` up to, and not counting, `answered_on`; None while it still does."""

    agency: str
    asked_on: date
    answered_on: date | None = None


@dataclass(frozen=True)
class Holder:
    """Who is waited for; `agency` is its name where that is an agency, or those of several, else empty."""

    kind: Waiting
    agency: str = ""


@dataclass(frozen=True)
class Run:
    """Days in a row with one holder, from `from_on` up to, and not counting, `to_on`."""

    holder: Holder
    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        """The run's length."""
        return (self.to_on - self.from_on).days


@dataclass(frozen=True)
class Share:
    """All the days of one holder."""

    holder: Holder
    days: int


def runs(
    spans: Sequence[StageSpan],
    asks: Sequence[AgencyAsk],
    pauses: Sequence[Pause],
    *,
    until: date,
    chair_from: date = date.min,
) -> tuple[Run, ...]:
    """The review's days before `until` in order of time, neighbours with the same holder joined.

    A day on hold is nobody's but the hold's. Else, where agencies answer, it is the agency's whose answer came last
    (one not yet given is the latest of all; of several together it is theirs alike): the others had answered, and the
    work still stood still. Else it is the turn of the stage's holder; at the panel that is the partnership until a
    chair is in office, on `chair_from`. Closed and aside stages have no runs. On a day that two spans claim, as after a
    correction, the one that began later has it.
    """
    edges = {until, chair_from}
    for span in spans:
        edges |= {span.from_on, span.to_on or until}
    for ask in asks:
        edges |= {ask.asked_on, ask.answered_on or until}
    for pause in pauses:
        edges |= {pause.paused_on, pause.resumed_on or until}
    found: list[Run] = []
    for from_on, to_on in pairwise(sorted(edge for edge in edges if edge <= until)):
        holder = _holder(from_on, spans, asks, pauses, chair_from)
        if holder is None:
            continue
        if found and found[-1].holder == holder and found[-1].to_on == from_on:
            found[-1] = replace(found[-1], to_on=to_on)
        else:
            found.append(Run(holder, from_on, to_on))
    return tuple(found)


def waits_for_now(stage: Stage, *, on_hold: bool, agencies_owe: bool) -> Waiting | None:
    """The kind of holder that a review waits for as it stands; None where nobody is waited for any more."""
    turn = TURN.get(stage)
    if turn is None:
        return None
    if on_hold:
        return Waiting.ON_HOLD
    return Waiting.AGENCY if agencies_owe and stage in AGENCIES_ANSWER else turn


def shares(runs: Sequence[Run]) -> tuple[Share, ...]:
    """The days of each holder: kinds in their order, agencies by most days, then by name. They add up."""
    days: dict[Holder, int] = {}
    for run in runs:
        days[run.holder] = days.get(run.holder, 0) + run.days
    order = list(Waiting)
    ranked = sorted(days, key=lambda holder: (order.index(holder.kind), -days[holder], holder.agency))
    return tuple(Share(holder, days[holder]) for holder in ranked)


def _within(day: date, start: date, end: date | None) -> bool:
    return start <= day and (end is None or day < end)


def _holder(
    day: date, spans: Sequence[StageSpan], asks: Sequence[AgencyAsk], pauses: Sequence[Pause], chair_from: date
) -> Holder | None:
    current = max(
        (span for span in spans if _within(day, span.from_on, span.to_on)), key=lambda span: span.from_on, default=None
    )
    turn = TURN.get(current.stage) if current else None
    if current is None or turn is None:
        return None
    if any(pause.covers(day) for pause in pauses):
        return Holder(Waiting.ON_HOLD)
    owing = [ask for ask in asks if _within(day, ask.asked_on, ask.answered_on)]
    if owing and current.stage in AGENCIES_ANSWER:
        latest = max(ask.answered_on or date.max for ask in owing)
        last = {ask.agency for ask in owing if (ask.answered_on or date.max) == latest}
        return Holder(Waiting.AGENCY, _together(last))
    if current.stage is Stage.PANEL and day < chair_from:
        return Holder(Waiting.PARTNERSHIP)
    return Holder(turn)


def _together(agencies: Collection[str]) -> str:
    """Their names in a sentence; of more than three the first two, and how many there are besides."""
    names = sorted(agencies)
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more agencies"]
    return " and ".join([*filter(None, [", ".join(names[:-1])]), names[-1]])
