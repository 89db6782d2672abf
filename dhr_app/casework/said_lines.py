"""Open things as lines under their headings: the same for the morning’s mail and for the page of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.escalation import WITHOUT, Late
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminders import (
    AHEAD,
    BEHIND,
    LATE,
    LATER,
    NOBODYS,
    SAID,
    SECTIONS,
    SILENT,
    THIS_WEEK,
    Kind,
    Thing,
    Wanted,
)
from dhr_app.workflows.roles import Role

OWED = "/owed"


@dataclass(frozen=True)
class Link:
    """Where one review of a line that is about several is worked on."""

    reference: str
    path: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is open. `path` leads to the page where it is done.

    `reference` is empty for what is about several reviews, each of which has its own of the `links`; `stage` for
    whoever sees nothing of the review itself. `due_on` is None where nothing is due on a day; `more` stands on the page
    only. `times` counts what reads the same: several members of a family. `ends` is the moment that its hours end,
    where hours are counted, and `hours` how many are left; below zero, how many too late.
    """

    section: str
    reference: str
    stage: str
    what: str
    when: str
    path: str
    due_on: date | None = None
    days_late: int = 0
    more: str = ""
    links: tuple[Link, ...] = ()
    times: int = 1
    ends: datetime | None = None
    hours: int | None = None


def lines_of(said: Sequence[Wanted], *, today: date) -> tuple[Line, ...]:
    """What somebody is told as lines, by section; a family that is to be told is one line."""
    told = Counter(_line(one, today) for one in said if one.thing.kind is Kind.TELLING)
    lines = [replace(line, times=times) for line, times in told.items()]
    lines += [_behind(one, today) for one in said if one.thing.kind is Kind.ESCALATED]
    others = [one for one in said if one.thing.kind not in (Kind.TELLING, Kind.ESCALATED)]
    lines += [_line(one, today) for one in others if not _of_an_agency_without_account(one.thing)]
    lines += _without_account([one.thing for one in others if _of_an_agency_without_account(one.thing)])
    return tuple(sorted(lines, key=lambda line: SECTIONS.index(line.section)))


def _of_an_agency_without_account(thing: Thing) -> bool:
    return thing.kind is Kind.NOBODY and thing.agency_id is not None


def _line(one: Wanted, today: date) -> Line:
    thing, said = one.thing, SAID.get(one.thing.kind)
    words = said.words if said else ""
    return Line(
        section=said.section if said else _by_its_day(one, today),
        reference=thing.reference,
        stage="" if thing.stage is None or one.person.role is Role.AGENCY_CONTRIBUTOR else thing.stage.label,
        what=_what(thing, one.person),
        when=words.format(day=in_words(one.due_on)) if words else _when(one.due_on, today),
        path=path_for(thing, one.person),
        due_on=None if words else one.due_on,
        days_late=0 if words else max(0, (today - one.due_on).days),
        more=thing.more,
        ends=thing.ends,
    )


def _behind(one: Wanted, today: date) -> Line:
    """How many things of an agency are late, of those that the person may hear of, and since when."""
    thing, person = one.thing, one.person
    late = thing.behind.heard_by(person, today) if thing.behind else ()
    theirs = person.role is Role.AGENCY_CONTRIBUTOR
    count = "1 thing" if len(late) == 1 else f"{len(late)} things"
    when = f"was due on {in_words(late[0].due_on)}" if len(late) == 1 else _oldest(late)
    if thing.behind and person.role is Role.COORDINATOR:
        when = "; ".join([when, *(WITHOUT[rung] for rung in thing.behind.empty)])
    return Line(
        section=BEHIND,
        reference="",
        stage="",
        what=f"{count} of {'your agency' if theirs else thing.agency}",
        when=when,
        path=OWED if theirs else thing.path,
    )


def _oldest(late: Sequence[Late]) -> str:
    return f"are late, the oldest since {in_words(min(one.due_on for one in late))}"


def _without_account(things: Iterable[Thing]) -> Iterator[Line]:
    """What one agency could not be told of is one line, in however many reviews."""
    by_agency: dict[str, list[Thing]] = {}
    for thing in things:
        by_agency.setdefault(thing.agency, []).append(thing)
    for agency, theirs in by_agency.items():
        count = len(theirs)
        links = dict.fromkeys(Link(thing.reference, thing.path) for thing in theirs)
        yield Line(
            section=NOBODYS,
            reference="",
            stage="",
            what=f"{'1 action' if count == 1 else f'{count} actions'} of {agency}, where nobody has an account here,",
            when=f"{'waits' if count == 1 else 'wait'} in {_named([link.reference for link in links])}",
            path="",
            links=tuple(links),
        )


def _named(references: Sequence[str]) -> str:
    rest = len(references) - 3
    return " and ".join([", ".join(references[:3]), *([f"{rest} more"] if rest > 0 else [])])


def _by_its_day(one: Wanted, today: date) -> str:
    if one.due_on > today + AHEAD:
        return LATER
    if one.due_on >= today:
        return THIS_WEEK
    return SILENT if one.thing.kind is Kind.ASK and one.person.role is not Role.AGENCY_CONTRIBUTOR else LATE


def _what(thing: Thing, person: Person) -> str:
    theirs = person.role is Role.AGENCY_CONTRIBUTOR
    return thing.what if theirs or not thing.agency else f"{thing.what} of {thing.agency}"


@lru_cache(maxsize=4096)
def _when(due_on: date, today: date) -> str:
    days = (today - due_on).days
    if days > 0:
        return f"was due on {in_words(due_on)}, {days} {'day' if days == 1 else 'days'} late"
    return {0: "is due today", -1: "is due tomorrow"}.get(days, f"is due on {in_words(due_on)}")


def path_for(thing: Thing, person: Person) -> str:
    """Where the person goes for it: an agency answers for its action on a page of its own, and sees nothing else."""
    if thing.kind is Kind.ACTION and person.role is Role.AGENCY_CONTRIBUTOR:
        return f"{OWED}/actions/{thing.subject_id}"
    return thing.path
