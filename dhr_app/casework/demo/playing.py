"""A case while it is played: the days it happens on, and how its steps find people, agencies and records again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import scoping_page
from dhr_app.casework.condition_page import condition_page
from dhr_app.casework.house import House
from dhr_app.casework.principal import person_of
from dhr_app.database.models.account import Account
from dhr_app.database.models.clocks import Deadline
from dhr_app.database.models.review import Review
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

MORNING = time(8, 30, tzinfo=UTC)


def morning(day: date) -> datetime:
    """When work begins on a day."""
    return datetime.combine(day, MORNING)


@dataclass(frozen=True)
class Days:
    """Days counted from the demo’s today: -3 is three days before it."""

    today: date
    calendar: Calendar

    def working(self, offset: int) -> date:
        """The day itself, or the last working day before it: nobody in Barsetshire works at weekends."""
        day = self.today + timedelta(days=offset)
        while not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
        return day


@dataclass
class Playing:
    """One case as it goes on. Steps of one day follow each other minute by minute."""

    house: House
    days: Days
    staff: Mapping[Role, UUID]
    agencies: Mapping[str, UUID]
    reference: str = ""
    family: list[UUID] = field(default_factory=list)
    minutes: int = 0

    def moment(self, offset: int) -> datetime:
        """When on that day the next step happens."""
        self.minutes += 1
        return morning(self.days.working(offset)) + timedelta(minutes=self.minutes)

    def person(self, role: Role) -> Person:
        """The colleague of this role with the seats they hold by now."""
        with self.house.reading() as session:
            return person_of(session, session.get_one(Account, self.staff[role]))

    def request(self, agency: str, *, at: datetime) -> UUID:
        """What this agency was asked."""
        page = scoping_page.scoping_page(self.reference, by=self.person(Role.COORDINATOR), at=at)
        return next(line.id for line in page.requests if line.agency_id == self.agencies[agency])

    def latest_statement(self, condition: str, *, by: Person, at: datetime) -> UUID:
        """The newest statement about a condition."""
        return condition_page(self.reference, condition, by=by, at=at).statements[0].id

    def deadline(self, rule: str) -> UUID:
        """The running deadline of this rule."""
        with self.house.reading() as session:
            running = (
                select(Deadline.id)
                .join(Review, Review.id == Deadline.review_id)
                .where(Review.reference == self.reference, Deadline.rule == rule, Deadline.met_on.is_(None))
            )
            return session.scalars(running).one()


@dataclass(frozen=True)
class Step:
    """Something somebody did on a day; `sealed` are those of its texts that are kept sealed."""

    day: int
    do: Callable[[Playing, datetime], object]
    sealed: tuple[str, ...] = ()
