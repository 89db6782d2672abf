"""The shipped rule sets, and facts of a review of which nothing is known, or whatever a test says is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from dhr_app.workflows.answers import Answer, Stated
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.facts import OpenPause, ReviewFacts
from dhr_app.workflows.permissions import Membership, Person
from dhr_app.workflows.record_facts import HomeOfficeFacts, ReportFacts
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.rule_sets import RuleSet, parse
from dhr_app.workflows.stages import Stage

CONFIG = Path(__file__).parents[2] / "config"
SHIPPED = ("dhr-2016", "dardr", "local-review", "contribution")
REVIEW, OTHER_REVIEW = UUID(int=1), UUID(int=2)
POLICE, HEALTH = UUID(int=11), UUID(int=12)
TODAY = date(2026, 6, 3)
YESTERDAY = date(2026, 6, 2)
TOMORROW = date(2026, 6, 4)

# What makes true each condition that a record answers.
RECORDED: dict[str, dict[str, Any]] = {
    "lead_partnership_named":   {"lead_partnership_named": True},
    "aware_date_recorded":      {"aware_recorded": True},
    "an_agency_asked":          {"agencies_asked": 1},
    "every_return_settled":     {"agencies_asked": 1, "outstanding": ()},
    "other_reviews_considered": {"other_reviews_considered": True},
    "decided_to_review":        {"decision": "review"},
    "decided_not_to_review":    {"decision": "not_review"},
    "not_on_hold":              {"open_pause": None},
    "is_on_hold":               {"open_pause": OpenPause(UUID(int=21), YESTERDAY, date(2026, 8, 31))},
}  # fmt: skip

# What makes each question arise that arises only of some reviews.
ARISING: dict[str, Any] = {
    "home_office": HomeOfficeFacts(points_touching_family=1),
    "report":      ReportFacts(joint_bodies=1, joint_open=1),
}  # fmt: skip


@cache
def rule_set(key: str) -> RuleSet:
    """A shipped rule set."""
    return parse(tomllib.loads((CONFIG / "regimes" / f"{key}.toml").read_text(encoding="utf-8")))


@cache
def whole_rule_set() -> RuleSet:
    """A rule set with every move, condition and duty."""
    return replace(rule_set("dhr-2016"), without=frozenset(), without_moves=frozenset())


@cache
def calendar() -> Calendar:
    """The shipped calendar."""
    return Calendar.from_toml(tomllib.loads((CONFIG / "bank_holidays.toml").read_text(encoding="utf-8")))


def facts_at(stage: Stage | str, **known: Any) -> ReviewFacts:
    """The facts of a review at a stage of which nothing else is known than what makes every question arise."""
    bare = ReviewFacts(REVIEW, "DHR-2026-001", Stage(stage), 1, 0, "dhr-2016", 1, date(2026, 1, 15))
    return replace(bare, **{**ARISING, **known})


def stated(name: str, answer: Answer | str = Answer.DONE, *, counts: bool = True) -> dict[str, Stated]:
    """One statement, as facts hold it."""
    return {name: Stated(UUID(int=31), name, Answer(answer), YESTERDAY, counts)}


def answered(facts: ReviewFacts, names: Iterable[str]) -> ReviewFacts:
    """The facts with these conditions answered “done”, each by its record or by a statement."""
    statements = dict(facts.statements)
    known: dict[str, Any] = {}
    for name in names:
        if name in RECORDED:
            known |= RECORDED[name]
        else:
            statements |= stated(name)
    return replace(facts, statements=statements, **known)


def person(
    role: Role | str, number: int = 1, *, seated: bool = True, stage: Stage = Stage.PANEL, **more: Any
) -> Person:
    """Somebody of a role; where the role needs a seat, they have one on REVIEW at this stage, for the police."""
    role = Role(role)
    agency_id = POLICE if role in (Role.AGENCY_CONTRIBUTOR, Role.PANEL_MEMBER) else None
    seat = Membership(REVIEW, role, agency_id, date(2026, 1, 15), is_open=True, stage=stage)
    seats = (seat,) if seated and role in BY_MEMBERSHIP else ()
    given: dict[str, Any] = {"memberships": seats, "agency_id": agency_id, **more}
    return Person(UUID(int=100 + number), f"{role.label} {number}", role, **given)
