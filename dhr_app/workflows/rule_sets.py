"""A rule set: what a kind of review is called, what does not apply to it, its criteria and its deadlines, as data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from dhr_app.workflows.deadlines import Basis, DeadlineRule, Roll, Unit
from dhr_app.workflows.mappings import Reader

# What a deadline may count from or be met by, beside "moved:<move>" and "answered:<condition>".
EVENTS = frozenset({
    "aware",                    # the partnership became aware of the death
    "scoping_requested",        "scoping_returned",
    "duty",                     # as anchor: the move that started it was decided; as met_by: this duty was settled
    "paused",                   "hold_reviewed",
    "first_panel_held",
    "chronology_requested",     "chronology_received",
    "imr_requested",            "imr_received",
    "accuracy_draft_sent",      "accuracy_answered",
    "family_draft_given",       "family_answered",
    "qa_letter_received",
    "last_action_complete",     "actions_audited",
})  # fmt: skip

EVENT_FORM = re.compile(r"(moved|answered):[a-z]+(_[a-z]+)*")
PERIOD_FORM = re.compile(r"([1-9]\d*) (month|week|day|working day)s?")
ROLLS = {Basis.STATUTE: Roll.NONE, Basis.GUIDANCE: Roll.NONE, Basis.LOCAL: Roll.FORWARD, Basis.PLANNING: Roll.NONE}


class BrokenRuleSet(ValueError):
    """A rule set that cannot be used; `faults` names everything that is wrong with it at once."""

    def __init__(self, name: str, faults: tuple[str, ...]) -> None:
        super().__init__(f"Rule set {name}: " + "; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Criterion:
    """A ground that a decision may rest on, ticked on its form."""

    key: str
    sentence: str


@dataclass(frozen=True)
class RuleSet:
    """One version of one kind of review.

    law                  the Act and guidance it rests on
    path                 "review", or "contribution" to another partnership's review
    without              conditions and duties that do not apply
    without_moves        moves that do not exist
    not_reviewed_reasons grounds for a decision not to review
    """

    key: str
    version: int
    name: str
    short_name: str
    law: str
    path: str
    without: frozenset[str]
    without_moves: frozenset[str]
    criteria: tuple[Criterion, ...]
    not_reviewed_reasons: tuple[Criterion, ...]
    deadlines: tuple[DeadlineRule, ...]

    def deadline(self, key: str) -> DeadlineRule:
        """The deadline of this key. Raises KeyError if the rule set has none."""
        for rule in self.deadlines:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def deadlines_from(self, event: str) -> tuple[DeadlineRule, ...]:
        """The deadlines that count from this event."""
        return tuple(rule for rule in self.deadlines if event in rule.anchor)

    def met_by(self, event: str) -> tuple[DeadlineRule, ...]:
        """The deadlines that this event meets."""
        return tuple(rule for rule in self.deadlines if event in rule.met_by)

    def as_mapping(self) -> dict[str, object]:
        """The rule set in the form in which its file holds it, every default written out: parse() gives it back."""
        return {
            "key": self.key,
            "version": self.version,
            "name": self.name,
            "short_name": self.short_name,
            "law": self.law,
            "path": self.path,
            "without": sorted(self.without),
            "without_moves": sorted(self.without_moves),
            "criteria": {criterion.key: criterion.sentence for criterion in self.criteria},
            "not_reviewed_reasons": {reason.key: reason.sentence for reason in self.not_reviewed_reasons},
            "deadlines": {rule.key: _deadline_as_mapping(rule) for rule in self.deadlines},
        }

    def canonical(self) -> bytes:
        """The same bytes for the same rules, however the file is laid out: what a review's rule set is pinned by."""
        return json.dumps(self.as_mapping(), ensure_ascii=False, separators=(",", ":")).encode()

    def sha256(self) -> str:
        """The hash of the canonical bytes, in hexadecimal."""
        return sha256(self.canonical()).hexdigest()


def parse(data: Mapping[str, object]) -> RuleSet:
    """The rule set of a parsed file or of its canonical JSON. Raises BrokenRuleSet with every fault."""
    read = Reader(data)
    rule_set = RuleSet(
        key=read.text("key"),
        version=read.whole_number("version"),
        name=read.text("name"),
        short_name=read.text("short_name"),
        law=read.text("law"),
        path=read.choice("path", ("review", "contribution"), default="review"),
        without=frozenset(read.texts("without", default=())),
        without_moves=frozenset(read.texts("without_moves", default=())),
        criteria=_criteria(read.table("criteria")),
        not_reviewed_reasons=_criteria(read.table("not_reviewed_reasons")),
        deadlines=tuple(_deadline(key, row) for key, row in read.table("deadlines").tables()),
    )
    read.finish()
    read.faults.extend(_strays(rule_set))
    if read.faults:
        raise BrokenRuleSet(rule_set.key or "without a key", tuple(read.faults))
    return rule_set


def _criteria(read: Reader) -> tuple[Criterion, ...]:
    return tuple(Criterion(key, sentence) for key, sentence in read.every_text())


def _deadline(key: str, read: Reader) -> DeadlineRule:
    period = PERIOD_FORM.fullmatch(read.text("period"))
    if period is None:
        read.fault("period", "is not such as “6 months”, “4 weeks”, “28 days” or “10 working days”")
    basis = Basis(read.choice("basis", tuple(Basis), default=Basis.LOCAL))
    rule = DeadlineRule(
        key=key,
        name=read.text("name"),
        anchor=_events(read, "anchor"),
        counts_from=read.text("counts_from"),
        met_by=_events(read, "met_by"),
        quantity=int(period[1]) if period else 1,
        unit=Unit(f"{period[2]}s") if period else Unit.DAYS,
        pausable=read.flag("pausable", default=False),
        roll=Roll(read.choice("roll", tuple(Roll), default=ROLLS[basis])),
        basis=basis,
        source=read.text("source"),
        checked=read.flag("checked", default=True),
    )
    read.finish()
    return rule


def _events(read: Reader, key: str) -> tuple[str, ...]:
    events = read.texts(key)
    for event in events:
        if event not in EVENTS and not EVENT_FORM.fullmatch(event):
            read.fault(key, f"names no event: “{event}”")
    return events


def _deadline_as_mapping(rule: DeadlineRule) -> dict[str, object]:
    return {
        "name": rule.name,
        "period": rule.period,
        "anchor": list(rule.anchor),
        "counts_from": rule.counts_from,
        "met_by": list(rule.met_by),
        "pausable": rule.pausable,
        "roll": rule.roll.value,
        "basis": rule.basis.value,
        "source": rule.source,
        "checked": rule.checked,
    }


def _strays(rule_set: RuleSet) -> list[str]:
    """Deadlines that count from, or are met by, a move which this rule set says does not exist."""
    gone = {f"moved:{move}" for move in rule_set.without_moves}
    return [
        f"deadlines.{rule.key}: “{event}” is of a move that this rule set is without"
        for rule in rule_set.deadlines
        for event in (*rule.anchor, *rule.met_by)
        if event in gone
    ]
