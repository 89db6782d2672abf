"""The days of the reminders as the coordinator sets them: changes of the house’s table, each kept with who made it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.quiet_days import QuietLine, quiet_lines
from dhr_app.casework.scene import require
from dhr_app.database.audit import record
from dhr_app.database.models.reminder_rule import ReminderRuleChange
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminder_edits import (
    MAY_NOT_STOP,
    WHAT,
    Edit,
    Edits,
    RuleEntry,
    edit_of,
    entry_of,
    rows,
    typed,
    when,
    who_hears,
)
from dhr_app.workflows.reminder_rules import Ladder, Rule

CHANGED, OFF, HOUSE = "changed", "off", "house"
SWITCHED_OFF = "Switched off"


@dataclass(frozen=True)
class RuleLine:
    """One row of the table in words. `own` are the house’s own days, and `changed_by` empty where they hold.

    `stays_because` says why it cannot be switched off; empty where it can.
    """

    key: str
    what: str
    who: str
    when: str
    own: str
    stays_because: str
    off: bool
    changed_by: str = ""
    changed_on: date | None = None


@dataclass(frozen=True)
class PastChange:
    """One change that was made: of which row, to what, by whom and when."""

    what: str
    who: str
    to: str
    by: str
    on: date


@dataclass(frozen=True)
class RulesPage:
    """The table, the quiet days that are not over, and what was changed, the latest first."""

    lines: tuple[RuleLine, ...]
    quiet: tuple[QuietLine, ...]
    history: tuple[PastChange, ...]


@dataclass(frozen=True)
class RulePage:
    """One row as it is to be changed: its line, and its days as they are typed; `is_rung` has one number of days."""

    line: RuleLine
    entry: RuleEntry
    is_rung: bool


def rules_page(*, by: Person, at: datetime) -> RulesPage:
    """The whole table. Raises NotAllowed."""
    today = london_date(at)
    require(by, "reminders.change", on=today)
    with house().reading() as session:
        made = _changes(session)
        quiet = quiet_lines(session, today)
    latest = {row.rule: row for row in made}
    lines = tuple(_line(rule, latest.get(key)) for key, rule in rows().items())
    history = tuple(_past(row) for row in reversed(made) if row.rule in rows())
    return RulesPage(lines, quiet, history)


def rule_page(key: str, *, by: Person, at: datetime) -> RulePage:
    """One row of the table. Raises NotAllowed, OutOfReach where there is none of that key."""
    require(by, "reminders.change", on=london_date(at))
    rule = rule_of(key)
    with house().reading() as session:
        latest = {row.rule: row for row in _changes(session)}.get(key)
    edit = (_edit(latest) if latest is not None else None) or Edit(rule.ladder)
    entry = replace(entry_of(edit.ladder or rule.ladder), off=edit.ladder is None)
    return RulePage(_line(rule, latest), entry, rule.rung is not None)


def change_rule(key: str, entry: RuleEntry, *, by: Person, at: datetime) -> None:
    """Set other days for a row, or switch it off. As it stands already, nothing happens.

    Raises NotAllowed, OutOfReach where there is no such row, and Invalid by box for days that are none, and for a row
    that would no longer say what may not be silenced.
    """
    require(by, "reminders.change", on=london_date(at))
    edit = edit_of(rule_of(key), entry)
    with house().transaction(by=by, at=at) as session:
        session.queue("reminder rules")
        if edits_in(session).get(key, Edit(rule_of(key).ladder)) == edit:
            return
        ladder = edit.ladder or Ladder(None, eve=False)
        _add(session, key, OFF if edit.ladder is None else CHANGED, ladder, by=by, at=at)


def put_back(key: str, *, by: Person, at: datetime) -> None:
    """Let the house’s own days hold again. Where they do, nothing happens. Raises NotAllowed, OutOfReach."""
    require(by, "reminders.change", on=london_date(at))
    rule_of(key)
    with house().transaction(by=by, at=at) as session:
        session.queue("reminder rules")
        if key in edits_in(session):
            _add(session, key, HOUSE, Ladder(None, eve=False), by=by, at=at)


def edits_in(session: NamedSession) -> Edits:
    """What stands in the place of the house’s own days, by the row’s key; in one query."""
    found = {row.rule: _edit(row) for row in _changes(session)}
    return {key: edit for key, edit in found.items() if edit is not None and key in rows()}


def rule_of(key: str) -> Rule:
    """The house’s own row of this key. Raises OutOfReach."""
    try:
        return rows()[key]
    except KeyError:
        raise OutOfReach from None


def _changes(session: NamedSession) -> list[ReminderRuleChange]:
    return list(session.scalars(select(ReminderRuleChange).order_by(ReminderRuleChange.number)))


def _edit(row: ReminderRuleChange) -> Edit | None:
    if row.how == HOUSE:
        return None
    return Edit(None if row.how == OFF else Ladder(row.mondays, _numbers(row.ahead), row.eve, _numbers(row.after)))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(", ") if part)


def _add(session: NamedSession, key: str, how: str, ladder: Ladder, *, by: Person, at: datetime) -> None:
    number = (session.scalar(select(func.max(ReminderRuleChange.number))) or 0) + 1
    row = ReminderRuleChange(
        number=number,
        rule=key,
        how=how,
        ahead=typed(ladder.ahead),
        eve=ladder.eve,
        after=typed(ladder.after),
        mondays=ladder.mondays,
        changed_at=at,
        changed_by_id=by.id,
        changed_by_name=by.name,
    )
    session.add(row)
    kind = Happened.REMINDER_RULE_PUT_BACK if how == HOUSE else Happened.REMINDER_RULE_CHANGED
    record(session, kind, happened_on=london_date(at), subject=row, details={"label": key, "how": how})


def _line(rule: Rule, latest: ReminderRuleChange | None) -> RuleLine:
    edit = _edit(latest) if latest is not None else None
    return RuleLine(
        key=rule.key,
        what=WHAT[rule.kind],
        who=who_hears(rule),
        when=_when(rule, edit) if edit is not None else when(rule),
        own=when(rule),
        stays_because=MAY_NOT_STOP[rule.kind] if rule.floor is not None else "",
        off=edit is not None and edit.ladder is None,
        changed_by=latest.changed_by_name if latest is not None and edit is not None else "",
        changed_on=london_date(latest.changed_at) if latest is not None and edit is not None else None,
    )


def _past(row: ReminderRuleChange) -> PastChange:
    rule, edit = rows()[row.rule], _edit(row)
    to = _when(rule, edit) if edit is not None else "Put back to the house’s own days"
    return PastChange(WHAT[rule.kind], who_hears(rule), to, row.changed_by_name, london_date(row.changed_at))


def _when(rule: Rule, edit: Edit) -> str:
    return SWITCHED_OFF if edit.ladder is None else when(replace(rule, ladder=edit.ladder))
