"""The outline of a review, for whoever checks the work and not the case: where it stands, and its dates.

Security 3.3: an auditor sees skeletons only. So no text stands here that somebody wrote about the review, not even in
clear: neither its panel, its plan and its learning, nor the name under which it is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dhr_app.casework.review_page import StageShown, moves_made, tracker
from dhr_app.casework.scene import looking
from dhr_app.casework.working_days import working_days
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class DateOutline:
    """One deadline: its name, its day now (None while on hold), and the day on which it was met; `late` if unmet."""

    name: str
    due_on: date | None
    met_on: date | None
    ended: bool
    late: bool


@dataclass(frozen=True)
class OutlinePage:
    """Codes and days; nothing of it is sealed, and nothing was typed."""

    reference: str
    kind: str
    stage: Stage
    on_hold_since: date | None
    tracker: tuple[StageShown, ...]
    dates: tuple[DateOutline, ...]


def outline_page(reference: str, *, by: Person, at: datetime) -> OutlinePage:
    """The outline of one review. Raises OutOfReach, NotAllowed."""
    with looking(reference, "review.outline", by=by, at=at) as look:
        facts = look.facts()
        dates = dates_of(facts, look.rule_set, working_days(look.session), today=look.today)
        return OutlinePage(
            reference,
            look.rule_set.name,
            facts.stage,
            facts.open_pause.paused_on if facts.open_pause else None,
            tracker(look, moves_made(look)),
            tuple(
                DateOutline(one.rule.name, one.due.on, one.met_on, one.ended, one.overdue(look.today)) for one in dates
            ),
        )
