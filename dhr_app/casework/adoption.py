"""A rule set is adopted when a review first uses it: kept as it stood then, whatever its file says later."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.database.audit import record
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.session import NamedSession
from dhr_app.settings import SettingsError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.rule_sets import RuleSet


def adopt_rule_set(session: NamedSession, rule_set: RuleSet, *, on: date) -> RuleSetUsed:
    """The row a new review is pinned to: found, or kept now for the first time; called inside a verb.

    Raises SettingsError where the same version was adopted with other rules.
    """
    session.queue("rule set")  # two first users at one moment: the second finds the row of the first
    chosen = select(RuleSetUsed).where(RuleSetUsed.key == rule_set.key, RuleSetUsed.version == rule_set.version)
    row = session.scalars(chosen).one_or_none()
    if row is not None:
        if row.sha256 != rule_set.sha256():
            raise SettingsError([_changed(rule_set)])
        return row
    row = RuleSetUsed(
        key=rule_set.key,
        version=rule_set.version,
        content=rule_set.canonical().decode(),
        sha256=rule_set.sha256(),
    )
    session.add(row)
    record(
        session,
        Happened.RULE_SET_ADOPTED,
        happened_on=on,
        subject=row,
        details={"key": rule_set.key, "version": rule_set.version, "sha256": rule_set.sha256()},
    )
    return row


def check_pinned(in_house: House) -> None:
    """Raise SettingsError naming each rule set changed since it was adopted, in its file or in the database."""
    with in_house.reading() as session:
        adopted = list(session.scalars(select(RuleSetUsed).order_by(RuleSetUsed.key, RuleSetUsed.version)))
    problems = []
    for row in adopted:
        if sha256(row.content.encode()).hexdigest() != row.sha256:
            problems.append(f"The rule set {row.key}, version {row.version}, was changed in the database itself.")
        rule_set = in_house.rule_book.rule_sets.get(row.key)
        if rule_set is not None and rule_set.version == row.version and rule_set.sha256() != row.sha256:
            problems.append(_changed(rule_set))
    if problems:
        raise SettingsError(problems)


def _changed(rule_set: RuleSet) -> str:
    return (
        f"The rule set {rule_set.key} was changed but still says version {rule_set.version}, "
        "which reviews began under: give it the next version."
    )
