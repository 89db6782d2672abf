"""Words for what the database keeps as codes, where they come from the rule book in force."""

from __future__ import annotations

from dhr_app.casework.house import house
from dhr_app.workflows.dates import TAKE_UP_THE_DECISION


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
