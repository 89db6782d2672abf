"""One person’s reminders of one morning as a mail: references, stages, agencies, dates and links, never a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminders import Kind, Thing, Wanted
from dhr_app.workflows.roles import Role

MARKING = "OFFICIAL-SENSITIVE"
MOST = 40  # lines under one heading: nobody reads more of a mail
HOME, OWED = "/today", "/owed"
NOBODY = "nobody"  # where on that page
# The page on which somebody finds everything of theirs.
HOMES = {
    Role.COORDINATOR:        ("What needs you today", HOME),
    Role.INDEPENDENT_CHAIR:  ("Your reviews",         "/desk"),
    Role.AGENCY_CONTRIBUTOR: ("What your agency owes", OWED),
}  # fmt: skip
ANSWERED, LATE, THIS_WEEK, HOLDS, SILENT, NOBODYS = (
    "Answered",
    "Late",
    "Due within a week",
    "On hold, to be looked at again",
    "Agencies that are silent",
    "Work that belongs to nobody",
)
SECTIONS = (ANSWERED, LATE, SILENT, HOLDS, THIS_WEEK, NOBODYS)


@dataclass(frozen=True)
class Line:
    """One thing in a digest. `path` leads to the page where it is done.

    `reference` is empty for what is about several reviews, `stage` for whoever sees nothing of the review itself.
    """

    section: str
    reference: str
    stage: str
    what: str
    when: str
    path: str


@dataclass(frozen=True)
class Digest:
    """A mail to one person: its subject, its text, the lines it is made of, and the reminders that these are."""

    person: Person
    subject: str
    body: str
    lines: tuple[Line, ...]
    reminders: tuple[Wanted, ...]


def digest(person: Person, said: Sequence[Wanted], *, today: date, site_url: str) -> Digest:
    """What a person is told today; links begin with `site_url`. What reads the same is said once."""
    found = [*_dated(said, today), *_nobodys(said)]
    lines = tuple(dict.fromkeys(sorted(found, key=lambda line: SECTIONS.index(line.section))))
    body = _body(person, lines, today, site_url)
    return Digest(person, _subject(lines, said), body, lines, tuple(said))


def _dated(said: Sequence[Wanted], today: date) -> list[Line]:
    return [
        Line(
            _section(one, today),
            one.thing.reference,
            "" if one.person.role is Role.AGENCY_CONTRIBUTOR else one.thing.stage.label,
            _what(one.thing, one.person),
            _when(one, today),
            _path(one.thing, one.person),
        )
        for one in said
        if one.thing.kind not in (Kind.NOBODY, Kind.SEAT)
    ]


def _nobodys(said: Sequence[Wanted]) -> list[Line]:
    """What one agency could not be told of is one line, in however many reviews; what has no owner one a review."""
    things = [one.thing for one in said if one.thing.kind is Kind.NOBODY]
    unseen = [one.thing for one in said if one.thing.kind is Kind.SEAT]
    return [*_without_owner(things), *_without_account(things), *(_without_seat(thing) for thing in unseen)]


def _without_seat(thing: Thing) -> Line:
    unseen = "cannot be seen there: nobody of them has a seat on the review"
    return Line(NOBODYS, thing.reference, thing.stage.label, f"{thing.what} of {thing.agency}", unseen, thing.path)


def _without_owner(things: Sequence[Thing]) -> Iterator[Line]:
    for thing in things:
        if thing.agency_id is None:
            yield Line(NOBODYS, thing.reference, thing.stage.label, thing.what, "has no owner", thing.path)


def _without_account(things: Sequence[Thing]) -> Iterator[Line]:
    for agency in dict.fromkeys(thing.agency for thing in things if thing.agency_id is not None):
        references = list(dict.fromkeys(thing.reference for thing in things if thing.agency == agency))
        count = sum(thing.agency == agency for thing in things)
        named = f"{'1 action' if count == 1 else f'{count} actions'} of {agency}, where nobody has an account here,"
        told = " and ".join([", ".join(references[:3]), *([f"{len(references) - 3} more"] if references[3:] else [])])
        yield Line(NOBODYS, "", "", named, f"{'waits' if count == 1 else 'wait'} in {told}", f"{HOME}#{NOBODY}")


def _section(one: Wanted, today: date) -> str:
    if one.thing.kind is Kind.HOLD:
        return HOLDS
    if one.thing.kind is Kind.ANSWER:
        return ANSWERED
    if one.due_on >= today:
        return THIS_WEEK
    return SILENT if one.thing.kind is Kind.ASK and one.person.role is not Role.AGENCY_CONTRIBUTOR else LATE


def _what(thing: Thing, person: Person) -> str:
    theirs = person.role is Role.AGENCY_CONTRIBUTOR
    return thing.what if theirs or not thing.agency else f"{thing.what} of {thing.agency}"


def _when(one: Wanted, today: date) -> str:
    days = (today - one.due_on).days
    if one.thing.kind is Kind.ANSWER:
        return f"was answered on {in_words(one.due_on)}"
    if days > 0:
        return f"was due on {in_words(one.due_on)}, {days} {'day' if days == 1 else 'days'} late"
    return {0: "is due today", -1: "is due tomorrow"}.get(days, f"is due on {in_words(one.due_on)}")


def _path(thing: Thing, person: Person) -> str:
    """An agency answers for its action on a page of its own, and sees nothing else of the review."""
    if thing.kind is Kind.ACTION and person.role is Role.AGENCY_CONTRIBUTOR:
        return f"{OWED}/actions/{thing.subject_id}"
    return thing.path


def _subject(lines: Sequence[Line], said: Sequence[Wanted]) -> str:
    late = sum(line.when.startswith("was due") for line in lines)
    due = sum(line.when.startswith("is due") for line in lines)
    nobodys = sum(one.thing.kind is Kind.NOBODY for one in said)
    unseen = sum(one.thing.kind is Kind.SEAT for one in said)
    answered = sum(line.section == ANSWERED for line in lines)
    told = []
    if late:
        told.append("1 thing is late" if late == 1 else f"{late} things are late")
    if due:
        told.append(
            f"{due} due this week" if late else ("1 thing is" if due == 1 else f"{due} things are") + " due this week"
        )
    if answered:
        told.append("1 request is answered" if answered == 1 else f"{answered} requests are answered")
    if nobodys and not told:
        told.append("1 action belongs to nobody" if nobodys == 1 else f"{nobodys} actions belong to nobody")
    if not told:
        told.append(f"{unseen} {'thing an agency was' if unseen == 1 else 'things agencies were'} asked cannot be seen")
    return f"{MARKING}: {', '.join(told)}"


def _body(person: Person, lines: Sequence[Line], today: date, site_url: str) -> str:
    text = [f"{MARKING}", "", f"{in_words(today)}: what to look at. You are asked to sign in when you follow a link."]
    for section in SECTIONS:
        here = [line for line in lines if line.section == section]
        if here:
            text += ["", "", f"{section.upper()} ({len(here)})"]
        for line in here[:MOST]:
            review = f"{line.reference} ({line.stage})" if line.stage else line.reference
            text += ["", *([review] if review else []), f"{line.what} {line.when}.", f"{site_url}{line.path}"]
        if here[MOST:]:
            text += ["", f"And {len(here) - MOST} more, which the page below leads to."]
    name, path = HOMES[person.role]
    text += ["", "", f"{name}:", f"{site_url}{path}", "", _why(person), ""]
    return "\n".join(text)


def _why(person: Person) -> str:
    often = "each working morning on which something is new, and in full on Mondays"
    if person.role is not Role.COORDINATOR:
        often = "on Mondays, when something is due the next working day, and when you are answered"
    return f"You get this message {often}. It never holds a name. Nobody reads answers to it."
