"""One person’s reminders of one morning as a mail: references, stages, agencies, dates and links, never a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dhr_app.casework.said_lines import OWED, Line, lines_of
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminders import AHEAD, ANSWERED, BEHIND, SECTIONS, Kind, Wanted
from dhr_app.workflows.roles import Role

MOST = 40  # lines under one heading: nobody reads more of a mail
# The page on which somebody finds everything of theirs.
HOMES = {
    Role.COORDINATOR:        ("What needs you today", "/today"),
    Role.INDEPENDENT_CHAIR:  ("Your reviews",         "/desk"),
    Role.STEERING_CHAIR:     ("Steering overview",    "/overview"),
    Role.STEERING_DEPUTY:    ("Steering overview",    "/overview"),
    Role.STEERING_MEMBER:    ("Steering overview",    "/overview"),
    Role.AGENCY_CONTRIBUTOR: ("What your agency owes", OWED),
}  # fmt: skip
ON_MONDAYS = "on Mondays, and when something is new or due the next working day"
OFTEN = {
    Role.COORDINATOR:        "each working morning on which something is new, and in full on Mondays",
    Role.STEERING_MEMBER:    "at most once a month, when your own organisation is behind",
    Role.AGENCY_CONTRIBUTOR: "on Mondays, when something is due the next working day, and when you are answered",
}  # fmt: skip


@dataclass(frozen=True)
class Digest:
    """A mail to one person: its subject, its text, the lines it is made of, and the reminders that these are."""

    person: Person
    subject: str
    body: str
    lines: tuple[Line, ...]
    reminders: tuple[Wanted, ...]

    @property
    def mail(self) -> str:
        """All that it says, to be held against what is protected."""
        return mail_of(self.subject, self.body)


def mail_of(subject: str, body: str) -> str:
    """All that a mail says."""
    return f"{subject}\n{body}"


def digest(person: Person, said: Sequence[Wanted], *, today: date, site_url: str) -> Digest:
    """What a person is told today; links begin with `site_url`."""
    lines = lines_of(said, today=today)
    body = _body(person, lines, today, site_url)
    return Digest(person, _subject(lines, said, today), body, lines, tuple(said))


def _subject(lines: Sequence[Line], said: Sequence[Wanted], today: date) -> str:
    late = sum(line.days_late > 0 for line in lines)
    due = sum(line.due_on is not None and today <= line.due_on <= today + AHEAD for line in lines)
    nobodys = sum(one.thing.kind is Kind.NOBODY for one in said)
    unseen = sum(one.thing.kind is Kind.SEAT for one in said)
    behind = sum(line.section == BEHIND for line in lines)
    answered = sum(line.section == ANSWERED for line in lines)
    told = []
    if late:
        told.append("1 thing is late" if late == 1 else f"{late} things are late")
    if due:
        counted = "" if late else " thing is" if due == 1 else " things are"
        told.append(f"{due}{counted} due within a week")
    if answered:
        told.append("1 request is answered" if answered == 1 else f"{answered} requests are answered")
    if nobodys and not told:
        told.append("1 action belongs to nobody" if nobodys == 1 else f"{nobodys} actions belong to nobody")
    if unseen and not told:
        told.append(f"{unseen} {'thing an agency was' if unseen == 1 else 'things agencies were'} asked cannot be seen")
    if behind and not told:
        told.append("1 agency is behind" if behind == 1 else f"{behind} agencies are behind")
    if not told:
        told.append("1 thing waits for you" if len(lines) == 1 else f"{len(lines)} things wait for you")
    return ", ".join(told)


def _body(person: Person, lines: Sequence[Line], today: date, site_url: str) -> str:
    text = [f"{in_words(today)}: what to look at. You are asked to sign in when you follow a link."]
    for section in SECTIONS:
        here = [line for line in lines if line.section == section]
        if here:
            text += ["", "", f"{section.upper()} ({len(here)})"]
        for line in here[:MOST]:
            review = f"{line.reference} ({line.stage})" if line.stage else line.reference
            text += ["", *([review] if review else []), f"{line.what} {line.when}.", *_links(line, site_url)]
        if here[MOST:]:
            text += ["", f"And {len(here) - MOST} more, which the page below leads to."]
    name, path = HOMES[person.role]
    text += ["", "", f"{name}:", f"{site_url}{path}", "", _why(person), ""]
    return "\n".join(text)


def _links(line: Line, site_url: str) -> Iterator[str]:
    if not line.links:
        yield f"{site_url}{line.path}"
    for link in line.links[:MOST]:
        yield f"{link.reference}: {site_url}{link.path}"
    if line.links[MOST:]:
        yield f"And {len(line.links) - MOST} more, which the page below leads to."


def _why(person: Person) -> str:
    return (
        f"You get this message {OFTEN.get(person.role, ON_MONDAYS)}. It never holds a name. Nobody reads answers to it."
    )
