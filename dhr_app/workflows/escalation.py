"""The ladder of an agency that is behind: who hears of it, once a month, by how long its oldest thing has been late.

Each rung hears from its own day on, and those below it go on hearing: nobody is gone over without knowing. A line says
how many things are late and since when, and counts only what its reader may hear of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.reminder_rules import Kind, Rule, Rung
from dhr_app.workflows.roles import Role

# What is late with an agency, and what a colleague there must be allowed to hear of it.
OWED = {Kind.ACTION: "progress.report", Kind.ASK: "imr.answer"}
# Rungs that only a body we work with every day has: a government department has no account here.
LOCAL = (Rung.DEPUTIES, Rung.CONTACT, Rung.MEMBER)
WITHOUT = {
    Rung.DEPUTIES: "nobody there stands in for its contact",
    Rung.CONTACT:  "nobody is its single point of contact",
    Rung.MEMBER:   "nobody of it sits in the steering group",
    Rung.CHAIR:    "nobody chairs the steering group",
}  # fmt: skip


@dataclass(frozen=True)
class Late:
    """One thing that an agency owes and that was due before the month began."""

    kind: Kind
    review_id: UUID
    due_on: date


@dataclass(frozen=True)
class Behind:
    """What an agency is behind with as a month begins. `empty` are the rungs it has reached where nobody is.

    `contact_id` is its single point of contact; `local` whether it is a body whose people work here.
    """

    agency_id: UUID
    month: date
    late: tuple[Late, ...]
    contact_id: UUID | None = None
    local: bool = True
    empty: tuple[Rung, ...] = ()

    def heard_by(self, person: Person, on: date) -> tuple[Late, ...]:
        """What of it a person may hear of: nothing of a review that is barred to them, or asked of others' seats."""
        return tuple(one for one in self.late if self._may_hear(person, one, on))

    def _may_hear(self, person: Person, one: Late, on: date) -> bool:
        permission = OWED[one.kind] if person.role is Role.AGENCY_CONTRIBUTOR else "review.see"
        return allows(person, permission, review_id=one.review_id, agency_id=self.agency_id, on=on)


def is_reached(rule: Rule, behind: Behind, person: Person, on: date) -> bool:
    """Whether a person stands on this rung of the agency's ladder and it has come to them.

    A coordinator hears also of an agency with a rung where nobody is.
    """
    if rule.rung not in rungs_of(person, behind):
        return False
    heard = behind.heard_by(person, on)
    return bool(heard) and (late_enough(rule, heard, behind.month) or _lacks_somebody(rule, behind))


def rungs_of(person: Person, behind: Behind) -> frozenset[Rung]:
    """On which rungs of this agency's ladder somebody stands."""
    if person.role is Role.COORDINATOR:
        return frozenset({Rung.COORDINATOR})
    if person.role in (Role.STEERING_CHAIR, Role.STEERING_DEPUTY):
        return frozenset({Rung.CHAIR})
    if person.agency_id != behind.agency_id:
        return frozenset()
    if person.role is Role.STEERING_MEMBER:
        return frozenset({Rung.MEMBER})
    if person.role is Role.AGENCY_CONTRIBUTOR:
        return frozenset({Rung.CONTACT if person.id == behind.contact_id else Rung.DEPUTIES})
    return frozenset()


def late_enough(rule: Rule, late: Sequence[Late], month: date) -> bool:
    """Whether the oldest of these was so late when the month began that the rung is reached."""
    return bool(late) and (month - min(one.due_on for one in late)).days >= rule.ladder.after[0]


def empty_rungs(behind: Behind, people: Iterable[Person], rules: Iterable[Rule]) -> tuple[Rung, ...]:
    """The rungs that the agency has reached and on which nobody stands, from the lowest up."""
    there = {rung for person in people for rung in rungs_of(person, behind)}
    reached = {rule.rung for rule in rules if rule.rung is not None and late_enough(rule, behind.late, behind.month)}
    asked = {rung for rung in reached if behind.local or rung not in LOCAL}
    return tuple(rung for rung in WITHOUT if rung in asked - there)


def _lacks_somebody(rule: Rule, behind: Behind) -> bool:
    return rule.rung is Rung.COORDINATOR and bool(behind.empty)
