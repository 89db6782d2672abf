"""Work that belongs to nobody: without an owner, of an agency without an account, or asked of one without a seat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.casework.open_actions import open_actions
from dhr_app.casework.principal import people_in
from dhr_app.casework.unseated import unseated_things
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class NobodysLine:
    """The actions of one agency, by review; or, with an empty `agency`, one action that has no owner.

    With `give_seat`, the address where somebody of the agency is given a seat, it was asked for something (`what`) that
    nobody there can see.
    """

    agency: str
    what: str
    actions: int
    references: tuple[str, ...]
    give_seat: str = ""


def nobodys_lines(session: NamedSession, today: date, *, barred: Collection[UUID]) -> tuple[NobodysLine, ...]:
    """What belongs to nobody, on every review but those that a conflict of interest bars; what nobody can see first."""
    people = people_in(session, (Role.AGENCY_CONTRIBUTOR,))
    found = [
        thing
        for thing in open_actions(session, people, None)
        if thing.kind is Kind.NOBODY and thing.review_id not in barred
    ]
    ownerless = [one for one in found if one.agency_id is None]
    unseen = [one for one in unseated_things(session, people, today=today) if one.review_id not in barred]
    return (
        *(NobodysLine(one.agency, one.what, 0, (one.reference,), one.path) for one in unseen),
        *(NobodysLine("", one.what, 1, (one.reference,)) for one in ownerless),
        *_by_agency(found),
    )


def _by_agency(found: list[Thing]) -> list[NobodysLine]:
    lines = []
    for agency in sorted({one.agency for one in found if one.agency_id is not None}):
        theirs = [one for one in found if one.agency == agency]
        references = tuple(dict.fromkeys(one.reference for one in theirs))
        lines.append(NobodysLine(agency, "", len(theirs), references))
    return lines
