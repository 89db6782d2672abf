"""What the rules may know of a review: plain values, no names, nothing that has to be opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from dhr_app.workflows.answers import Answer, Stated
from dhr_app.workflows.deadlines import Extension, Pause
from dhr_app.workflows.record_facts import (
    EndingFacts,
    HomeOfficeFacts,
    PanelFacts,
    PlanFacts,
    PublicationFacts,
    ReportFacts,
    TakingPart,
)
from dhr_app.workflows.stages import Stage


class Audience(StrEnum):
    """Whom "I told …" can tell; family members are told one by one."""

    HOME_OFFICE = "home_office"
    FAMILY = "family"
    NOTIFIER = "notifier"
    AGENCIES = "agencies"
    PANEL = "panel"
    STEERING_CHAIR = "steering_chair"
    COMMISSIONER = "commissioner"

    @property
    def label(self) -> str:
        """The audience's name in a sentence."""
        return AUDIENCE_LABELS[self]


AUDIENCE_LABELS = {
    Audience.HOME_OFFICE:    "the Home Office",
    Audience.FAMILY:         "the family",
    Audience.NOTIFIER:       "whoever notified the death",
    Audience.AGENCIES:       "the agencies",
    Audience.PANEL:          "the review panel",
    Audience.STEERING_CHAIR: "the steering group chair",
    Audience.COMMISSIONER:   "the Domestic Abuse Commissioner",
}  # fmt: skip


# What a telling is about where it is about no step: it answers none, and settles nothing.
IN_TOUCH = "in_touch"


@dataclass(frozen=True)
class Told:
    """A telling on which no step rests yet: whom, and which step it was about.

    `about` is a step by its name, IN_TOUCH, or None where it was recorded before that was asked: then it counts for
    whichever step comes next. With `afterwards` the step had been taken when it was told of.
    """

    audience: Audience
    about: str | None = None
    afterwards: bool = False
    family_member_id: UUID | None = None

    def counts_for(self, step: str) -> bool:
        """Whether it answers a question of this step; without a name, of any step to come."""
        if self.about is None:
            return True
        return self.about != IN_TOUCH and not self.afterwards and step in ("", self.about)


@dataclass(frozen=True)
class Clock:
    """A deadline of this review: its rule, what it is about, its day 0, its first date, and the day it was met.

    `ended` is true where the review left its way before the deadline was met: it is no longer waited for.

    `anchor_on` is None where day 0 is sealed because it is also the day of the death or the finding; then the
    first date stands, and only an extension can move it.
    """

    clock_id: UUID
    rule: str
    subject_id: UUID | None
    agency_id: UUID | None
    anchor_on: date | None
    first_due_on: date
    met_on: date | None
    ended: bool = False


@dataclass(frozen=True)
class DutyOwed:
    """Something the move of this number obliged somebody to do; late is red, never a block."""

    duty_id: UUID
    name: str
    audience: Audience
    family_member_id: UUID | None
    since: date
    due_on: date
    move_seq: int


@dataclass(frozen=True)
class OpenPause:
    """The pause now in force: since when, and by when it must be looked at again."""

    pause_id: UUID
    paused_on: date
    review_by: date


@dataclass(frozen=True)
class OutstandingReturn:
    """An agency that was asked what it knows and has not answered, been nil, or been closed."""

    request_id: UUID
    agency_id: UUID
    agency: str
    asked_on: date
    escalated_on: date | None


@dataclass(frozen=True)
class ReviewFacts:
    """Everything the rule book asks about one review, built by `database/facts.py` in two statements.

    Of the family, `family_to_tell` may be contacted; `family_barred` may not be, and it is recorded why. `told` has
    whom we told, or of the family why not; `step` is the name of the step that the questions are asked for. `holds` are
    all its times on hold; `pauses` those that stop a clock, by rule; `extensions` are by deadline.
    """

    review_id: UUID
    reference: str
    stage: Stage
    version: int
    moves_made: int
    rule_set: str
    rule_set_version: int
    notified_in_system_on: date
    lead_partnership_named: bool = False
    aware_recorded: bool = False
    agencies_asked: int = 0
    other_reviews_considered: bool = False
    decision: str | None = None
    family_to_tell: int = 0
    family_barred: int = 0
    told: tuple[Told, ...] = ()
    step: str = ""
    statements: Mapping[str, Stated] = field(default_factory=dict)
    outstanding: tuple[OutstandingReturn, ...] = ()
    clocks: tuple[Clock, ...] = ()
    duties: tuple[DutyOwed, ...] = ()
    open_pause: OpenPause | None = None
    deferred_until: date | None = None
    holds: tuple[Pause, ...] = ()
    pauses: Mapping[str, tuple[Pause, ...]] = field(default_factory=dict)
    extensions: Mapping[UUID, tuple[Extension, ...]] = field(default_factory=dict)
    panel: PanelFacts = field(default_factory=PanelFacts)
    taking_part: TakingPart = field(default_factory=TakingPart)
    report: ReportFacts = field(default_factory=ReportFacts)
    home_office: HomeOfficeFacts = field(default_factory=HomeOfficeFacts)
    publication: PublicationFacts = field(default_factory=PublicationFacts)
    plan: PlanFacts = field(default_factory=PlanFacts)
    ending: EndingFacts = field(default_factory=EndingFacts)

    def for_step(self, step: str) -> ReviewFacts:
        """The same, asked for one step: only what was told about that step answers its questions."""
        return replace(self, step=step)

    def was_told(self, audience: Audience) -> bool:
        """Whether an audience was told about the step; of the family that nobody is known, or why they were not."""
        return any(
            one.audience is audience and one.family_member_id is None and one.counts_for(self.step) for one in self.told
        )

    def was_sent(self, audience: Audience) -> bool:
        """Whether an audience was told of any step at all: what is sent once need not be sent again for the next."""
        return any(one.audience is audience and one.about != IN_TOUCH for one in self.told)

    @property
    def family_told(self) -> int:
        """How many of those who may be contacted were told about the step, or it is recorded why not."""
        return len({one.family_member_id for one in self.told if one.family_member_id and one.counts_for(self.step)})

    def stated(self, condition: str) -> bool:
        """Whether a named person stated, on a day, that this is done, and the statement counts."""
        statement = self.statements.get(condition)
        return statement is not None and statement.counts and statement.answer is Answer.DONE
