"""The rule book in force, read from config/ and checked at the start: calendar, rule sets, retention, undertaking."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from dhr_app.settings import SettingsError
from dhr_app.workflows import rule_sets
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.common_passwords import CommonPasswords
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.retention import Schedule
from dhr_app.workflows.rule_sets import BrokenRuleSet, RuleSet
from dhr_app.workflows.spelling import Nicknames
from dhr_app.workflows.undertaking import Undertaking

T = TypeVar("T")


@dataclass(frozen=True)
class RuleBook:
    """What rules need beside facts: working days, the rule sets offered to new reviews, which names are nicknames, how

    long records are kept, what is signed before a seat opens, and which passwords nobody may choose.
    """

    calendar: Calendar
    rule_sets: Mapping[str, RuleSet]
    nicknames: Nicknames
    retention: Schedule
    undertaking: Undertaking
    common_passwords: CommonPasswords


def load(config: Path, *, more_passwords: str = "") -> RuleBook:
    """Read bank_holidays, nicknames, retention, undertaking and common_passwords.toml, and every file of regimes/.

    `more_passwords` is the path of a longer list of common passwords, one in each line.

    Raises SettingsError naming every fault of all of them.
    """
    faults: list[str] = []
    calendar = _read(config / "bank_holidays.toml", Calendar.from_toml, faults)
    nicknames = _read(config / "nicknames.toml", Nicknames.from_toml, faults)
    retention = _read(config / "retention.toml", Schedule.from_toml, faults)
    undertaking = _read(config / "undertaking.toml", Undertaking.from_toml, faults)
    common = _read(config / "common_passwords.toml", CommonPasswords.from_toml, faults)
    if common is not None and more_passwords:
        common = _with_more(common, Path(more_passwords), faults)
    found: dict[str, RuleSet] = {}
    for path in sorted((config / "regimes").glob("*.toml")):
        try:
            rule_set = rule_sets.parse(_parsed(path))
        except BrokenRuleSet as error:
            faults += [f"{path.name}: {fault}" for fault in error.faults]
        except (ValueError, OSError) as error:
            faults.append(f"{path.name}: {error}")
        else:
            faults += [f"{path.name}: {fault}" for fault in _strangers(rule_set)]
            found[rule_set.key] = rule_set
    if not found and not faults:
        faults.append("config/regimes holds no rule set.")
    if faults or calendar is None or nicknames is None or retention is None or undertaking is None or common is None:
        raise SettingsError(faults)
    return RuleBook(calendar, found, nicknames, retention, undertaking, common)


def _with_more(common: CommonPasswords, path: Path, faults: list[str]) -> CommonPasswords:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            return common.with_more(lines)
    except OSError as error:
        faults.append(f"common_passwords: the list cannot be read ({error.strerror}).")
        return common


def _read(path: Path, parse: Callable[[Mapping[str, Any]], T], faults: list[str]) -> T | None:
    """What a file says, or None with its fault added."""
    try:
        return parse(_parsed(path))
    except (ValueError, OSError) as error:
        faults.append(f"{path.name}: {error}")
        return None


def _parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _strangers(rule_set: RuleSet) -> list[str]:
    """Names in a rule set that the lifecycle table does not know: a misspelt exception must not pass unseen."""
    events = [event for rule in rule_set.deadlines for event in (*rule.anchor, *rule.met_by)]
    named = {event.partition(":")[2] for event in events if event.startswith("moved:")}
    answered = {event.partition(":")[2] for event in events if event.startswith("answered:")}
    faults = [f"“{name}” is no condition or duty" for name in rule_set.without - set(CONDITIONS) - set(DUTIES)]
    faults += [f"“{name}” is no move" for name in (rule_set.without_moves | named) - set(MOVES)]
    faults += [f"“{name}” is no condition" for name in answered - set(CONDITIONS)]
    owed = {duty.rule for name, move in MOVES.items() if name not in rule_set.without_moves for duty in move.duties}
    known = {rule.key for rule in rule_set.deadlines} | {f"duty_{name}" for name in rule_set.without}
    faults += [f"no deadline “{name}” says by when the duty is owed" for name in owed - known]
    return sorted(faults)


@lru_cache(maxsize=64)
def pinned(content: str) -> RuleSet:
    """The rule set as a review holds it, from its canonical JSON; parsed once."""
    return rule_sets.parse(json.loads(content))
