"""What a steering report counts: each figure’s name, what it means, and how many there were in a quarter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework.replayed import Dated, PastPlans, seminars
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class Past:
    """What is counted from: every event up to the day, the plans as they stood, and the stage of each review."""

    happened: Collection[Any]
    plans: PastPlans
    stages: dict[UUID, Stage]


Find = Callable[[Past], Iterable[Dated]]


@dataclass(frozen=True)
class Figure:
    """One thing that is counted; `means` is the sentence that defines it."""

    key: str
    label: str
    means: str
    find: Find


@dataclass(frozen=True)
class Count:
    """How often it happened in the quarter; `earlier` before it, but recorded in it; `in_all` since the beginning."""

    key: str
    label: str
    means: str
    in_quarter: int
    earlier: int
    in_all: int


def counts(past: Past, quarter: tuple[date, date]) -> tuple[Count, ...]:
    """Every figure, for a quarter whose last day is the day of the report."""
    return tuple(_count(figure, past, quarter) for figure in FIGURES)


def _count(figure: Figure, past: Past, quarter: tuple[date, date]) -> Count:
    begins, ends = quarter
    found = list(figure.find(past))
    within = sum(begins <= one.on <= ends for one in found)
    earlier = sum(one.on < begins <= london_date(one.recorded_at) for one in found)
    return Count(figure.key, figure.label, figure.means, within, earlier, len(found))


def _notified(past: Past) -> Iterable[Dated]:
    for event in past.happened:
        if event.kind == Happened.REVIEW_NOTIFIED and past.stages.get(event.review_id) is not Stage.VOID:
            yield Dated(event.happened_on, event.recorded_at)


def _moved(*names: str) -> Find:
    def find(past: Past) -> Iterable[Dated]:
        for event in past.happened:
            if event.kind == Happened.MOVED and event.details.get("move") in names:
                yield Dated(event.happened_on, event.recorded_at)

    return find


def _shared(past: Past) -> Iterable[Dated]:
    return seminars(past.happened)


def _done(past: Past) -> Iterable[Dated]:
    for action in past.plans.standing(past.stages):
        if action.done is not None and action.done_at is not None:
            yield Dated(action.done, action.done_at)


def _signed_off(past: Past) -> Iterable[Dated]:
    for action in past.plans.standing(past.stages):
        if action.outcome == "signed_off" and action.minuted is not None and action.closed_at is not None:
            yield Dated(action.minuted, action.closed_at)


MISTAKES = "A step that was taken by mistake and put right later is counted too."
FIGURES = (
    Figure("notified", "Deaths notified",
           "Reviews begun here, on the day of their entry; those that were entered in error are left out.", _notified),
    Figure("commissioned", "Reviews commissioned",
           f"Decisions to review, and directions of the Secretary of State. {MISTAKES}",
           _moved("commission", "direct")),
    Figure("not_reviewed", "Decisions not to review",
           f"Decisions of the deciding body, on the day of the decision. {MISTAKES}", _moved("decide_not_to_review")),
    Figure("submitted", "Reports sent to the Home Office",
           f"Submissions; a report that is sent again counts again. {MISTAKES}", _moved("submit_to_home_office")),
    Figure("published", "Reports published",
           f"First publications; one that was taken down and published again counts once. {MISTAKES}",
           _moved("publish")),
    Figure("closed", "Reviews closed",
           f"Reviews closed, and contributions to other partnerships’ reviews closed. {MISTAKES}",
           _moved("close", "close_contribution")),
    Figure("learning_shared", "Seminars and other sharing of learning",
           "Each seminar, or other way of sharing, once, however many reviews it was about.", _shared),
    Figure("actions_done", "Actions reported as done",
           "On the day on which the agency says it was done; a report that was taken back is left out.", _done),
    Figure("actions_signed_off", "Actions signed off",
           "On the day of the steering group’s minute; one that was opened again is left out.", _signed_off),
)  # fmt: skip
