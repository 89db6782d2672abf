"""What needs the coordinator today, over all reviews: everything that the mornings’ mails bring up, for as long as it
is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from dhr_app.adapters.clock import london_date
from dhr_app.casework.emergency_page import EmergencyLine, to_answer
from dhr_app.casework.house import house
from dhr_app.casework.invitations_page import to_confirm
from dhr_app.casework.message_page import troubles
from dhr_app.casework.open_things import open_things
from dhr_app.casework.planned_page import PlannedShown, this_week
from dhr_app.casework.principal import people_in
from dhr_app.casework.reminder_rules import edits_in
from dhr_app.casework.said_lines import Line, lines_of
from dhr_app.casework.scene import require
from dhr_app.casework.working_days import working_days
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminder_edits import on_pages
from dhr_app.workflows.reminders import SECTIONS, Kind, wanted
from dhr_app.workflows.request_dates import hours_until
from dhr_app.workflows.roles import Role

MOST = 50
ON_A_RUNG = (Role.AGENCY_CONTRIBUTOR, Role.STEERING_MEMBER, Role.STEERING_CHAIR, Role.STEERING_DEPUTY)


@dataclass(frozen=True)
class Section:
    """A heading with at most MOST lines, the most urgent first; `count` says how many there are."""

    heading: str
    lines: tuple[Line, ...]
    count: int


@dataclass(frozen=True)
class Day:
    """The coordinator’s day. `mail` counts the messages that a mail server did not take: of those no mail can tell.

    `to_confirm` counts invitations and changes of role that wait for this person to confirm them, `to_answer` are the
    questions for emergency access that wait for them; `meetings` are those of the next seven days.
    """

    today: date
    sections: tuple[Section, ...]
    mail: int
    to_confirm: int = 0
    to_answer: tuple[EmergencyLine, ...] = ()
    meetings: tuple[PlannedShown, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing needs anybody today."""
        return not (self.sections or self.mail or self.to_confirm or self.to_answer)

    def under(self, heading: str) -> tuple[Line, ...]:
        """The lines under a heading."""
        return next((section.lines for section in self.sections if section.heading == heading), ())


def what_needs_you(*, by: Person, at: datetime) -> Day:
    """Everything that needs the coordinator today; opens nothing. Raises NotAllowed.

    Its sections are what a mail of today would say to somebody who has heard of nothing yet.
    """
    today = london_date(at)
    require(by, "day.see", on=today)
    with house().reading() as session:
        calendar = working_days(session)
        people = people_in(session, ON_A_RUNG)
        rules = on_pages(edits_in(session))
        things = open_things(
            session, people, today=today, calendar=calendar, roles=(by.role,), reader=by.id, rules=rules
        )
        mail, waiting = troubles(session), to_confirm(session, by=by, at=at)
        emergencies = to_answer(session, by=by, at=at)
        meetings = tuple(this_week(session, by=by, at=at))
    here = [one for one in things if one.kind is not Kind.MAIL]  # the page counts more of it than a mail can
    lines = lines_of(wanted(here, (by,), {}, today=today, calendar=calendar, rules=rules), today=today)
    lines = tuple(replace(line, hours=hours_until(line.ends, at)) if line.ends else line for line in lines)
    found = {heading: [line for line in lines if line.section == heading] for heading in SECTIONS}
    sections = tuple(Section(heading, tuple(theirs[:MOST]), len(theirs)) for heading, theirs in found.items() if theirs)
    return Day(today, sections, mail, waiting, emergencies, meetings)
