"""docs/deadlines.md: every deadline of every rule set, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from dhr_app.casework.docs.paper import lines, pages, table
from dhr_app.casework.rule_book import RuleBook
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.deadlines import Basis, DeadlineRule, Roll
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.rule_sets import RuleSet

INTRODUCTION = """\
# Deadlines

The date is the n-th counting day after the day it counts from (day 0). Working-day rules count working days, weeks and
days count every day, months go to the same day n months on, or to the last of that month where it is shorter. Days on
hold do not count where the deadline can be paused. An extension counts calendar days afresh from the day it was agreed.
A deadline that rolls goes forward, once and last, to the next working day. “Due today” is not late.

*Check against the guidance* marks a figure that was not found in the guidance itself."""

BASES = {
    Basis.STATUTE: "an Act",
    Basis.GUIDANCE: "statutory guidance",
    Basis.LOCAL: "local practice",
    Basis.PLANNING: "a figure to plan with",
}
HEADS = ("Deadline", "Period", "Counts from", "Met by", "Paused on hold", "Rolls", "Rests on", "Source")


def document(rule_book: RuleBook) -> str:
    """The document, whole."""
    calendar = rule_book.calendar
    days = (
        f"Bank holidays of England and Wales are known from {calendar.first} to {calendar.last} ({calendar.version})."
    )
    return pages(INTRODUCTION, days, *(part for one in rule_book.rule_sets.values() for part in _rule_set(one)))


def _rule_set(rule_set: RuleSet) -> tuple[str, str]:
    head = f"## {rule_set.name}\n\nRule set `{rule_set.key}`, version {rule_set.version}. {rule_set.law}."
    return head, table(HEADS, (_row(rule) for rule in rule_set.deadlines))


def _row(rule: DeadlineRule) -> tuple[str, ...]:
    return (
        f"**{rule.name}**\n`{rule.key}`",
        rule.period,
        rule.counts_from,
        lines(_said(event) for event in rule.met_by),
        "yes" if rule.pausable else "no",
        "forward" if rule.roll is Roll.FORWARD else "no",
        BASES[rule.basis],
        lines(_source(rule)),
    )


def _source(rule: DeadlineRule) -> Iterator[str]:
    yield rule.source
    if not rule.checked and "check against" not in rule.source:
        yield "**Check against the guidance in force.**"


def _said(event: str) -> str:
    kind, _, name = event.partition(":")
    if kind == "moved":
        return f"the move “{MOVES[name].button}”"
    if kind == "answered":
        return f"the answer “{CONDITIONS[name].sentence.rstrip('.')}”"
    return event.replace("_", " ")
