"""What is read to say what a morning’s mails hold, by whoever writes them, freshens them, or asks beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dhr_app.casework.house import House, at_work
from dhr_app.casework.open_things import open_things
from dhr_app.casework.principal import people_in
from dhr_app.casework.quiet_days import quiet_days
from dhr_app.casework.reminder_rules import edits_in
from dhr_app.casework.working_days import working_days
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminder_edits import in_use
from dhr_app.workflows.reminder_rules import Rule
from dhr_app.workflows.reminders import TOLD, Made, Thing, Wanted, wanted


@dataclass(frozen=True)
class Morning:
    """A day’s calendar, quiet days and rules, and everybody who may be told anything."""

    session: NamedSession
    today: date
    calendar: Calendar
    quiet: frozenset[date]
    rules: Sequence[Rule]
    people: Sequence[Person]

    def things(self) -> list[Thing]:
        """Everything that is open, for whom it may concern."""
        return open_things(
            self.session, self.people, today=self.today, calendar=self.calendar, roles=TOLD, rules=self.rules,
            quiet=self.quiet,
        )  # fmt: skip

    def wanted(
        self, things: Sequence[Thing], people: Sequence[Person], made: Made, *, hush: bool = True
    ) -> tuple[Wanted, ...]:
        """What these people are to be told of these things. Without `hush` a quiet day is like any other."""
        return wanted(
            things, people, made, today=self.today, calendar=self.calendar, rules=self.rules, quiet=self.quiet,
            hush=hush,
        )  # fmt: skip


def morning(session: NamedSession, in_house: House, today: date) -> Morning:
    """Read what a morning needs, by the rules in use."""
    with at_work(in_house):  # a seat counts if the undertaking is signed that this house asks for
        people = people_in(session, TOLD)
    calendar, rules = working_days(session, in_house), in_use(edits_in(session))
    return Morning(session, today, calendar, quiet_days(session), rules, people)
