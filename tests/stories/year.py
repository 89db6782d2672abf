"""A year of the county, day by day: the clockwork’s jobs, the plans of reviews, and the mail that arrives each morning.

Each day begins at night with the jobs of the night, goes on at half past seven with the reminders and their mail, which
a real mail server takes, and at ten o’clock people do what was planned for the day, by the verbs of the casework.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dhr_app import jobs
from dhr_app.casework.account_block import block
from dhr_app.casework.house import House
from dhr_app.database.models import Message, Reminder, Review
from dhr_app.workflows.roles import Role
from tests.factories import PASSWORD, StoppedClock, make_account, submit
from tests.mailserver import MailServer, text_of
from tests.reviews import County

FIRST, LAST = date(2026, 6, 1), date(2027, 5, 31)
NIGHT, MORNING, AT_WORK = time(2, 30), time(7, 30), time(10)
BY_NIGHT = ("end_lapsed_seats", "prove_next_dates", "give_notices", "finish_disposals", "end_emergencies")
NOTHING_MENDED = "0 next dates were mended"
LINK = re.compile(r"https?://\S+")
REFERENCE = re.compile(r"DHR-\d{4}-\d{3}")

Deed = Callable[[], object]


@dataclass(frozen=True)
class Letter:
    """A mail as it arrived: on which day, to whom, and its text."""

    day: date
    address: str
    subject: str
    text: str

    @property
    def references(self) -> frozenset[str]:
        """The reviews that it speaks of."""
        return frozenset(REFERENCE.findall(f"{self.subject}\n{self.text}"))

    @property
    def links(self) -> frozenset[str]:
        """Every address in it."""
        return frozenset(LINK.findall(self.text))


@dataclass(frozen=True)
class Told:
    """A reminder as it is remembered: one person, one thing, one step of its ladder."""

    day: date
    person: str
    reference: str
    kind: str
    subject_id: UUID
    due_on: date
    step: int


@dataclass
class Year:
    """The county through a year. `people` are their names by address; what is planned is done on its day."""

    county: County
    post: House
    app: Flask
    clock: StoppedClock
    server: MailServer
    plans: dict[date, list[Deed]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    asked: int = 0

    def person(self, role: Role, number: int, name: str, agency: str = "") -> None:
        """Somebody gets an account on the day that it is."""
        agency_id = self.county.agency(agency) if agency else None
        made, email = make_account(self.county.house, role, name=name, agency_id=agency_id)
        self.county.accounts[role, number] = made.id
        self.people[email], self.names[made.id] = name, name

    def leaves(self, role: Role, number: int) -> None:
        """Somebody is blocked because they left their post."""
        block(
            self.county.accounts[role, number], "left_post", by=self.county.who(Role.ADMINISTRATOR), at=self.clock.now()
        )

    def on(self, day: date, *deeds: Deed) -> None:
        """Plan what people do on a day."""
        self.plans.setdefault(day, []).extend(deeds)

    def at(self, day: date, moment: time) -> datetime:
        """It is this moment of this day now."""
        self.clock.moment = datetime.combine(day, moment, UTC)
        return self.clock.moment

    def run(self) -> Iterator[date]:
        """Live through every day; yields each when its mail has arrived and before anybody works."""
        every = {job.name: job for job in jobs.JOBS}
        for day in (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)):
            at = self.at(day, NIGHT)
            for name in BY_NIGHT:
                said = every[name].what(self.post, at)
                assert name != "prove_next_dates" or said == NOTHING_MENDED, f"{day}: {said}"
            at, before = self.at(day, MORNING), len(self.server.taken)
            every["remind"].what(self.post, at)
            every["deliver"].what(self.post, at)
            self.letters += [_letter(day, each) for each in self.server.taken[before:]]
            yield day
            self.at(day, AT_WORK)
            for deed in self.plans.get(day, ()):
                deed()

    def open_every_link(self, day: date) -> None:
        """Whoever got mail today signs in and follows every link in it: each leads to a page."""
        at = self.at(day, time(8))
        for letter in [each for each in self.letters if each.day == day]:
            client = self.app.test_client()
            answer = submit(client, "/sign-in", {"email": letter.address, "password": PASSWORD})
            assert answer.status_code == 302, f"{day}: {self.people[letter.address]} cannot sign in"
            for link in sorted(letter.links):
                path = link.removeprefix(self.post.settings.site_url).partition("#")[0]
                status = client.get(path).status_code
                assert status == 200, f"{at:%d %B}: {path} was answered with {status} to {self.people[letter.address]}"
                self.asked += 1

    def told(self) -> list[Told]:
        """Everything anybody was reminded of whose mail went out, in order."""
        rows = (
            select(Reminder, Review.reference, Message.state)
            .join(Message, Message.id == Reminder.message_id)
            .outerjoin(Review, Review.id == Reminder.of_review_id)
            .order_by(Reminder.made_on, Reminder.id)
        )
        with self.county.house.reading() as session:
            return [
                Told(
                    one.made_on, self.names[one.account_id], reference or "", one.rule, one.subject_id, one.due_on,
                    one.step,
                )
                for one, reference, state in session.execute(rows)
                if state == "sent"
            ]  # fmt: skip


def _letter(day: date, message: EmailMessage) -> Letter:
    return Letter(day, str(message["To"]), str(message["Subject"]), text_of(message))
