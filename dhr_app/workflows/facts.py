"""What the rules may know of a review: plain values, no names, nothing that has to be opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """Something a move obliged somebody to do; late is red, never a block."""

    duty_id: UUID
    name: str
    audience: Audience
    family_member_id: UUID | None
    since: date
    due_on: date


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

    Of the family, `family_to_tell` may be contacted, of whom `family_told` were told or it is recorded why not;
    `family_barred` may not be contacted, and it is recorded why. `holds` are all its times on hold; `pauses` those that
    stop a clock, by rule; `extensions` are by deadline.
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
    family_told: int = 0
    family_barred: int = 0
    told: frozenset[Audience] = frozenset()
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

    def stated(self, condition: str) -> bool:
        """Whether a named person stated, on a day, that this is done, and the statement counts."""
        statement = self.statements.get(condition)
        return statement is not None and statement.counts and statement.answer is Answer.DONE
