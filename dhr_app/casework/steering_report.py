"""The steering group’s report as at a day: made from what was recorded until then, so that it never changes again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import as_at
from dhr_app.casework.front_door import letterhead
from dhr_app.casework.house import house
from dhr_app.casework.outgoing import must_not_name
from dhr_app.casework.replayed import plans
from dhr_app.casework.scene import require
from dhr_app.casework.slips import Deferral, Slip, deferrals, held_since, slips
from dhr_app.casework.steering_actions import AgencyLine, agency_lines
from dhr_app.casework.steering_counts import Count, Past, counts
from dhr_app.casework.successors import answering
from dhr_app.casework.words import to_do
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.lateness import quarter_up_to
from dhr_app.workflows.owing import is_nobodys_fault
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import OPEN, Stage

MARKING = "OFFICIAL-SENSITIVE"  # of the paper, on the page and in the file


@dataclass(frozen=True)
class ReviewLine:
    """One review as it stood; `days_late` counts from its next date to the day of the report.

    `late_when_held` is how late it was when it was put on hold, where it still is. `family_time` marks a time given
    to a family, which is never said to be late. `agencies` owed the next date, where agencies did.
    """

    reference: str
    public_name: str
    kind: str
    stage: Stage
    since: date
    next_on: date | None
    next_what: str
    days_late: int
    late_when_held: int
    family_time: bool
    waits_for: str
    agencies: tuple[str, ...]
    on_hold: bool
    deferral: Deferral | None
    slips: tuple[Slip, ...]

    @property
    def name(self) -> str:
        """What it is called in public, else its reference."""
        return self.public_name or self.reference


@dataclass(frozen=True)
class Report:
    """The whole report; it does not say how many reviews are left out because they are barred to whoever reads it."""

    as_at: date
    quarter: tuple[date, date]
    partnership: str
    reviews: tuple[ReviewLine, ...]
    ended: tuple[ReviewLine, ...]
    counts: tuple[Count, ...]
    agencies: tuple[AgencyLine, ...]

    @property
    def late(self) -> tuple[ReviewLine, ...]:
        """The open reviews whose next date had passed."""
        return tuple(line for line in self.reviews if line.days_late)


def report_for(day: date, *, by: Person, at: datetime) -> Report:
    """The report for somebody who may see the overview, without reviews barred to them. Raises NotAllowed too."""
    require(by, "overview.see", on=london_date(at))
    return steering_report(day, without=by.conflicts, at=at)


def steering_report(day: date, *, without: Collection[UUID] = (), at: datetime) -> Report:
    """The report as at the end of a day, held against what its reviews protect: it is printed and handed round.

    Raises Invalid for a day to come, or before anything was recorded here; MayNotLeave where it would name somebody
    protected, in a review’s public name or an agency’s; SealError where that cannot be read.
    """
    report = _made(day, without, at)
    listed = [line.reference for line in (*report.reviews, *report.ended)]
    must_not_name(report, listed, what="This report", at=at)
    return report


def _made(day: date, without: Collection[UUID], at: datetime) -> Report:
    before = as_at.end_of(day)
    with house().reading() as session:
        if fault := _fault(day, as_at.first_day(session), london_date(at)):
            raise Invalid({"as_at": fault})
        stood = as_at.reviews(session, before, without)
        moves = as_at.moves(session, before, without)
        happened = as_at.events(session, before, without)
        names = answering(session, day)
    past = Past(happened, plans(happened), {one.id: one.stage for one in stood})
    slipped, put_off = slips(moves, past.plans.moved, stood, until=day), deferrals(moves)
    lines = [_line(one, slipped.get(one.id, ()), put_off.get(one.id), day) for one in stood]
    called = {one.id: (line.reference, line.name) for one, line in zip(stood, lines, strict=True)}
    quarter = quarter_up_to(day)
    return Report(
        day,
        quarter,
        letterhead().name,
        tuple(sorted((line for line in lines if line.stage in OPEN), key=_soonest_first)),
        tuple(line for line in lines if line.stage not in OPEN),
        counts(past, quarter),
        agency_lines(past.plans.standing(past.stages), names, called, day),
    )


def _fault(day: date, first: date | None, today: date) -> str:
    if day > today:
        return f"{in_words(day)} has not come yet: choose {in_words(today)} or an earlier day."
    if first is None:
        return "No review is recorded here yet, so there is nothing to report."
    if day < first:
        return f"Nothing was recorded here before {in_words(first)}: choose that day or a later one."
    return ""


def _line(one: as_at.PastReview, slipped: tuple[Slip, ...], deferral: Deferral | None, day: date) -> ReviewLine:
    rule_set = house().rule_book.rule_sets.get(one.kind)
    late = max(0, (day - one.next_on).days) if one.next_on else 0
    held_on = held_since(slipped)
    when_held = (held_on - one.next_on).days if one.on_hold and held_on and one.next_on else 0
    return ReviewLine(
        one.reference, one.public_name, rule_set.short_name if rule_set else one.kind, one.stage, one.since,
        one.next_on, to_do(one.next_what), late, max(0, min(when_held, late)), is_nobodys_fault(one.next_what),
        one.waits_for, one.agencies, one.on_hold, deferral, slipped,
    )  # fmt: skip


def _soonest_first(line: ReviewLine) -> tuple[date, str]:
    return line.next_on or date.max, line.reference
