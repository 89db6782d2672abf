"""The house’s table of reminders as somebody changed it: other days for a row, or none at all, where that may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.reminder_rules import RULES, Kind, Ladder, Rule, Rung

FURTHEST = 90  # days ahead or after: beyond it a reminder tells nobody anything
FURTHEST_MONDAY = 366  # a year of Mondays: no duty is owed for longer
MOST = 6  # days before, and as many after: more would be read by nobody

MAY_NOT_STOP = {
    Kind.BREACH:     "The 72 hours of a breach may not pass unsaid (UK GDPR Article 33).",
    Kind.DATE:       "Dates of the statutory guidance are among them.",
    Kind.UNDATED:    "Without that day no statutory date can be kept.",
    Kind.TELLING:    "A family that is not told is harmed by it.",
    Kind.PROMISE:    "A family that waits for news it was promised is harmed by it.",
    Kind.DISPOSAL:   "Records are never destroyed without those who answer for it hearing so.",
    Kind.DESTROYING: "Records are never destroyed without those who answer for it hearing so.",
    Kind.REQUEST:    "The law gives one month to answer it (UK GDPR Article 12(3)).",
    Kind.EMERGENCY:  "What was opened in an emergency is looked at afterwards by somebody else.",
}  # fmt: skip
STAYS_ON = "This row cannot be switched off. {why}"
KEEPS_MONDAYS = "This row keeps its Mondays. {why}"
KEEPS_ALL = "Days can be added to this row, and none taken away. {why}"
NO_DAYS = "Give at least one day, or switch the row off."
ONE_NUMBER = f"Give one number of days, from 0 to {FURTHEST}."
DAYS_ONLY = f"Write whole numbers from {{least}} to {FURTHEST} with commas between, like 14, 7. At most {MOST}."
MONDAY_DAYS = f"Give a whole number from 0 to {FURTHEST_MONDAY}, or leave the box empty."


@dataclass(frozen=True)
class RuleEntry:
    """What is typed of a row: the days as text, like “14, 7”. `mondays` is empty for no Monday as such."""

    off: bool = False
    ahead: str = ""
    eve: bool = False
    after: str = ""
    mondays: str = ""


@dataclass(frozen=True)
class Edit:
    """What stands in the place of a row’s own days: another ladder, or None where the row is switched off."""

    ladder: Ladder | None


Edits = Mapping[str, Edit]  # by the row’s key


def in_use(edits: Edits) -> tuple[Rule, ...]:
    """The rules as mail goes by them."""
    return tuple(edited for rule in RULES if (edited := _edited(rule, edits)) is not None)


def on_pages(edits: Edits) -> tuple[Rule, ...]:
    """The rules as pages go by them: on the house’s own days and those that were added.

    Whatever mail leaves out, for a row that has fewer days or is switched off, stands where it is done all the same. A
    rung is no thing to do: it stands on the day that was set.
    """
    return tuple(_on_a_page(rule, _edited(rule, edits)) for rule in RULES)


def rows() -> dict[str, Rule]:
    """Each row of the table by its key, in the table’s order; a rung on which two offices stand is one row."""
    found: dict[str, Rule] = {}
    for rule in RULES:
        found.setdefault(rule.key, rule)
    return found


def edit_of(rule: Rule, entry: RuleEntry) -> Edit:
    """What was typed, read and held against what the row must say all the same. Raises Invalid, by box."""
    if entry.off:
        if rule.floor is not None:
            raise Invalid({"off": STAYS_ON.format(why=MAY_NOT_STOP[rule.kind])})
        return Edit(None)
    ladder = _rung_ladder(entry) if rule.rung is not None else _ladder(entry)
    if ladder.silent:
        raise Invalid({"ahead": NO_DAYS})
    if rule.floor is not None and not ladder.covers(rule.floor):
        why = MAY_NOT_STOP[rule.kind]
        if rule.floor == rule.ladder:
            raise Invalid({"ahead": KEEPS_ALL.format(why=why)})
        raise Invalid({"mondays": KEEPS_MONDAYS.format(why=why)})
    return Edit(ladder)


def entry_of(ladder: Ladder) -> RuleEntry:
    """A row’s days as they are typed."""
    return RuleEntry(
        ahead=typed(ladder.ahead),
        eve=ladder.eve,
        after=typed(ladder.after),
        mondays="" if ladder.mondays is None else str(ladder.mondays),
    )


def typed(days: Sequence[int]) -> str:
    """Some numbers of days as they are typed: “14, 7”."""
    return ", ".join(map(str, days))


def _edited(rule: Rule, edits: Edits) -> Rule | None:
    edit = edits.get(rule.key)
    if edit is None:
        return rule
    return None if edit.ladder is None else replace(rule, ladder=edit.ladder)


def _on_a_page(rule: Rule, edited: Rule | None) -> Rule:
    if edited is None or edited is rule:
        return rule
    return edited if rule.rung is not None else replace(rule, ladder=rule.ladder.joined(edited.ladder))


def _ladder(entry: RuleEntry) -> Ladder:
    faults: dict[str, str] = {}
    ahead, after = _numbers(entry.ahead, 1), _numbers(entry.after, 0)
    if ahead is None:
        faults["ahead"] = DAYS_ONLY.format(least=1)
    if after is None:
        faults["after"] = DAYS_ONLY.format(least=0)
    mondays = _number(entry.mondays, FURTHEST_MONDAY) if entry.mondays.strip() else None
    if entry.mondays.strip() and mondays is None:
        faults["mondays"] = MONDAY_DAYS
    if faults or ahead is None or after is None:
        raise Invalid(faults)
    return Ladder(mondays, tuple(sorted(ahead, reverse=True)), entry.eve, tuple(sorted(after)))


def _rung_ladder(entry: RuleEntry) -> Ladder:
    days = _number(entry.after, FURTHEST)
    if days is None:
        raise Invalid({"after": ONE_NUMBER})
    return Ladder(mondays=None, eve=False, after=(days,))


def _numbers(text: str, least: int) -> frozenset[int] | None:
    parts = [part for part in text.split(",") if part.strip()]
    numbers = {_number(part, FURTHEST) for part in parts}
    if len(numbers) > MOST or any(number is None or number < least for number in numbers):
        return None
    return frozenset(number for number in numbers if number is not None)


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
    return number if number is not None and number <= most else None


WHAT = {
    Kind.DATE:       "A date of a review",
    Kind.TELLING:    "Somebody still to be told",
    Kind.HOLD:       "A hold to be looked at again",
    Kind.ASK:        "What an agency was asked for",
    Kind.ACTION:     "An action of a plan",
    Kind.ANSWER:     "The answer to a request for longer",
    Kind.NOBODY:     "Work that belongs to nobody",
    Kind.SEAT:       "What an agency was asked for and cannot see",
    Kind.UNDATED:    "The day we became aware, not entered yet",
    Kind.WISH:       "A request for longer that waits",
    Kind.DRAFT:      "A draft they have not opened",
    Kind.WAITING:    "A statement that waits for somebody’s agreement",
    Kind.BARRED:     "A family member who may perhaps be contacted now",
    Kind.DISPOSAL:   "Notice that records are to be destroyed",
    Kind.DESTROYING: "Records whose destruction is not finished",
    Kind.LEGAL_HOLD: "A hold on records to be looked at again",
    Kind.LIFTING:    "The lifting of a hold that waits for a second person",
    Kind.UNSURE:     "Somebody who may know a person in a review",
    Kind.ACCESS:     "Who can see a review, after its stage changed",
    Kind.LAPSING:    "Seats that are about to end",
    Kind.REQUEST:    "A request for information",
    Kind.PROMISE:    "An update that a family member was promised",
    Kind.MEETING:    "A planned meeting that has passed, and nobody said whether it was held",
    Kind.BREACH:     "A breach of personal data",
    Kind.EMERGENCY:  "What was opened in an emergency, to be looked at",
    Kind.MAIL:       "Mail that was not delivered",
    Kind.ESCALATED:  "An agency that is behind: once a month, with how many things are late and since when",
}  # fmt: skip
ON_THE_RUNG = {
    Rung.DEPUTIES:    "Contributors of that agency",
    Rung.CONTACT:     "The agency’s single point of contact",
    Rung.COORDINATOR: "Coordinator",
    Rung.MEMBER:      "Steering group member of that body",
    Rung.CHAIR:       "Steering group chair and deputy",
}  # fmt: skip


def who_hears(rule: Rule) -> str:
    """Whom a row tells, in words."""
    return ON_THE_RUNG[rule.rung] if rule.rung is not None else rule.role.label


def when(rule: Rule) -> str:
    """On which days a row speaks, in words."""
    ladder = rule.ladder
    if rule.rung is not None:
        days = ladder.after[0]
        return f"Once a month, from {_days(days)} late" if days else "Once a month, from the day it was due"
    told = [f"{_several(ladder.ahead)} before"] if ladder.ahead else []
    told += ["on the last working day before"] if ladder.eve else []
    told += ["on its day"] if 0 in ladder.after else []
    later = [number for number in ladder.after if number]
    told += [f"{_several(later)} after"] if later else []
    if ladder.mondays is not None:
        told += [f"on Mondays from {_days(ladder.mondays)} before" if ladder.mondays else "on Mondays while it is open"]
    words = ", ".join(told)
    return words[:1].upper() + words[1:]


def _several(numbers: Sequence[int]) -> str:
    *most, last = numbers
    return f"{', '.join(map(str, most))} and {_days(last)}" if most else _days(last)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
