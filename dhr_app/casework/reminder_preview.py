"""Who would get what on the next morning of mail, with other days for one row of the table, and without them.

It is read by a coordinator: whatever is about a review that is barred to them stays out of it. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.morning import Morning, morning
from dhr_app.casework.quiet_days import quiet_days
from dhr_app.casework.reminder_rules import edits_in, rule_of
from dhr_app.casework.reminding import made_by
from dhr_app.casework.said_lines import Line, lines_of
from dhr_app.casework.scene import require
from dhr_app.casework.working_days import working_days
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.quiet import next_morning
from dhr_app.workflows.reminder_edits import RuleEntry, edit_of, in_use
from dhr_app.workflows.reminders import Thing, Wanted
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class TheirMorning:
    """What one person would be told: how many lines as it is, how many as it would be, and which come or go."""

    who: str
    role: Role
    now: int
    then: int
    more: tuple[Line, ...]
    fewer: tuple[Line, ...]

    @property
    def changes(self) -> bool:
        """Whether anything would be different for them."""
        return bool(self.more or self.fewer)


@dataclass(frozen=True)
class Preview:
    """The next morning on which mail goes out, and everybody who would get a message then or would have got one."""

    on: date
    people: tuple[TheirMorning, ...]

    @property
    def same(self) -> bool:
        """Whether nobody’s mail would be different."""
        return not any(one.changes for one in self.people)


def preview(key: str, entry: RuleEntry | None, *, by: Person, at: datetime) -> Preview:
    """The next morning with other days for this row; None: with the house’s own.

    Raises NotAllowed, OutOfReach where there is no such row, Invalid by box as saving it would.
    """
    today = london_date(at)
    require(by, "reminders.change", on=today)
    rule = rule_of(key)
    edit = edit_of(rule, entry) if entry is not None else None
    with house().reading() as session:
        edits = edits_in(session)
        on = next_morning(today, working_days(session), quiet_days(session))
        as_it_is = morning(session, house(), on)
        without = {each: value for each, value in edits.items() if each != key}
        as_it_would_be = replace(as_it_is, rules=in_use(without if edit is None else {**without, key: edit}))
        people, made = as_it_is.people, made_by(session, on)

        def said(of: Morning) -> Mapping[UUID, tuple[Line, ...]]:
            things = [seen for one in of.things() if (seen := _seen(one, by)) is not None]
            told = of.wanted(things, people, made)
            return {each.id: _lines(told, each, on) for each in people}

        before, after = said(as_it_is), said(as_it_would_be)
    mornings = [_their(each, before[each.id], after[each.id]) for each in people]
    told = [one for one in mornings if one.now or one.then]
    return Preview(on, tuple(sorted(told, key=lambda one: (not one.changes, one.role.label, one.who))))


def _seen(thing: Thing, by: Person) -> Thing | None:
    """The thing without whatever of it is barred to the person who looks."""
    if thing.review_id in by.conflicts or thing.about & by.conflicts:
        return None
    if thing.behind is None:
        return thing
    late = tuple(one for one in thing.behind.late if one.review_id not in by.conflicts)
    return replace(thing, behind=replace(thing.behind, late=late)) if late else None


def _lines(told: Sequence[Wanted], person: Person, on: date) -> tuple[Line, ...]:
    return lines_of([one for one in told if one.person.id == person.id], today=on)


def _their(person: Person, now: tuple[Line, ...], then: tuple[Line, ...]) -> TheirMorning:
    more = tuple(line for line in then if line not in now)
    fewer = tuple(line for line in now if line not in then)
    return TheirMorning(person.name, person.role, len(now), len(then), more, fewer)
