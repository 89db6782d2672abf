"""Words for what the database keeps as codes, where they come from the rule book in force."""

from __future__ import annotations

from typing import Any

from dhr_app.casework.house import house
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.dates import TAKE_UP_THE_DECISION
from dhr_app.workflows.duties import DUTIES


def what(rule_key: str | None) -> str:
    """The name of the deadline, duty or reminder that a review’s next date stands for."""
    if rule_key is None:
        return ""
    if rule_key == TAKE_UP_THE_DECISION:
        return "Take up the deferred decision"
    for rule_set in house().rule_book.rule_sets.values():
        for rule in rule_set.deadlines:
            if rule.key == rule_key:
                return rule.name
    return rule_key.replace("_", " ").capitalize()


def to_do(rule_key: str | None) -> str:
    """The same as something that somebody has yet to do: “Tell the agencies”, where the date’s own name is “Agencies
    told”, which beside a day that passed would sound as if they had been."""
    if rule_key is None:
        return ""
    for duty in DUTIES.values():
        if duty.rule == rule_key:
            return duty.sentence
    return what(rule_key)


def known_as(review: Any) -> str:
    """What agencies call a review, from its row: its public name where it has one, and always its reference."""
    return f"{review.public_name}/{review.public_year} ({review.reference})" if review.public_name else review.reference


def awaited(answer: Answer) -> str:
    """What a statement that does not count yet waits for."""
    could_not = answer is Answer.COULD_NOT_BE_DONE
    return "the steering group chair’s acceptance" if could_not else "a second person’s agreement"
