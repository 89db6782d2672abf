"""What twelve reviews go through in a year: three of them are compared with a table, the others by what always holds.

Every plan is done by the verbs that people use, on its day; a few days are kept late on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from dhr_app.casework import access, imr, lapsing, plan_parts
from dhr_app.casework.action_progress import MovedEntry, move_date
from dhr_app.casework.imr import RequestEntry
from dhr_app.casework.incident import enter
from dhr_app.casework.incident_checks import IncidentEntry
from dhr_app.casework.information_request import receive
from dhr_app.casework.learning import BriefingEntry, issue_briefing
from dhr_app.casework.request_checks import RequestEntry as InformationAsked
from dhr_app.database.models import Conflict, Membership, ScopingRequest
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.roles import Role
from tests import drafts, panels
from tests.planning import act, recommend
from tests.reporting import report
from tests.reviews import Case
from tests.seating import join, open_seat
from tests.stories.year import AT_WORK, Year

OF_A_DECISION = (Audience.HOME_OFFICE, Audience.FAMILY, Audience.NOTIFIER, Audience.AGENCIES)
# What people wrote down of those who died and of those they left: none of it may stand in any mail.
PROTECTED = ("Ada", "Keturah", "Stubbs", "Judith", "Stukely", "Obadiah Slope", "two letters from her doctor")


@dataclass
class Planner:
    """Plans deeds of reviews; a case begins where it is notified, and is at ten o’clock of whatever day it is."""

    year: Year
    cases: dict[str, Case] = field(default_factory=dict)
    kept: dict[str, UUID] = field(default_factory=dict)

    def on(self, month: int, day: int, name: str, *deeds: Callable[[Case], object], year: int = 2026) -> None:
        """Do this to a review on a day."""
        when = date(year, month, day)

        def do() -> None:
            case = self.cases[name]
            case.at = max(case.at, self.year.clock.now())
            for deed in deeds:
                deed(case)

        self.year.on(when, do)

    def begin(self, month: int, day: int, name: str, **notified: object) -> None:
        """A death is notified on a day."""
        when = date(2026, month, day)
        self.year.on(when, lambda: self.notified(name, when, **notified))

    def notified(self, name: str, when: date, **notified: object) -> None:
        """The same at once."""
        at = datetime.combine(when, AT_WORK, UTC)
        self.cases[name] = self.year.county.notified(at=at, **notified)  # type: ignore[arg-type]


# --- What people do in one go ----------------------------------------------------------------------------------------


def to_the_panel(case: Case) -> None:
    """Scoping, the decision, and everybody told of it, on one day."""
    case.take("begin_scoping")
    case.take("commission")
    told_all(case)


def told_all(case: Case, *audiences: str) -> None:
    """Everybody is told of the last step, one after the other."""
    for audience in audiences or OF_A_DECISION:
        case.tell(audience)


def seated(role: Role, number: int = 1) -> Callable[[Case], object]:
    """Somebody of this role gets a seat and opens it."""
    return lambda case: join(
        case.reference, case.county.accounts[role, number], by=case.county.coordinator, at=case.wait(minutes=1)
    )


def confirmed(case: Case) -> None:
    """The coordinator looks through the list of who can see it."""
    access.confirm(case.reference, by=case.county.coordinator, at=case.wait(minutes=1))


def answered(case: Case) -> None:
    """Every return that is still open comes."""
    for request in [row for row in case.rows(ScopingRequest) if row.outcome == "open"]:
        case.answer(request)


# --- The three of the table ------------------------------------------------------------------------------------------


def an_agency_that_stays_silent(plan: Planner) -> None:
    """Silent until the end of June, on a death that is not reviewed; the family is told of that late."""
    plan.begin(6, 2, "silent")
    plan.on(6, 3, "silent", seated(Role.AGENCY_CONTRIBUTOR), lambda case: case.ask("Police"))
    plan.on(6, 4, "silent", lambda case: case.take("begin_scoping"), confirmed)
    plan.on(6, 30, "silent", answered)
    plan.on(7, 2, "silent", lambda case: case.take("decide_not_to_review"))
    plan.on(
        7, 3, "silent", lambda case: told_all(case, Audience.HOME_OFFICE, Audience.NOTIFIER, Audience.AGENCIES)
    )  # fmt: skip
    plan.on(7, 13, "silent", lambda case: case.tell(Audience.FAMILY))


def a_hold_that_nobody_looks_at(plan: Planner) -> None:
    """Commissioned on 1 June, on hold from 24 June until it is looked at again on 16 September, which nobody does."""
    plan.begin(6, 1, "held")
    plan.on(6, 1, "held", to_the_panel)
    chair = plan.year.county.accounts[Role.INDEPENDENT_CHAIR, 1]
    plan.on(
        6, 3, "held",
        lambda case: panels.appoint(case, account_id=chair),
        lambda case: open_seat(case.reference, chair, at=case.wait(minutes=1)),
    )  # fmt: skip
    plan.on(6, 4, "held", confirmed)
    plan.on(6, 24, "held", lambda case: case.take("pause", review_by=date(2026, 9, 16)))
    plan.on(9, 29, "held", lambda case: case.take("resume"))
    plan.on(10, 6, "held", lambda case: case.take("withdraw"))


def a_plan_of_three_actions(plan: Planner) -> None:
    """One action is done in time, one moved and then late, one belongs to an agency where nobody has an account.

    The report lies with the Home Office from 22 May; what it answers comes late, and so does the briefing.
    """
    when = date(2026, 5, 18)
    plan.notified("plan", when)
    case = plan.cases["plan"]
    for number, move in enumerate(("begin_scoping", "commission", "begin_report", "submit_to_home_office"), start=1):
        case.at = datetime.combine(when + timedelta(days=number), time(10), UTC)
        case.take(move)
        if move == "commission":
            told_all(case)
    plan.on(6, 2, "plan", lambda case: _three_actions(plan, case))
    plan.year.on(date(2026, 6, 23), lambda: plan.year.person(Role.AGENCY_CONTRIBUTOR, 2, "Fanny Robarts", "Probation"))
    plan.on(
        6, 25, "plan",
        lambda case: report(case, plan.kept["third"], "done", by=case.county.who(Role.AGENCY_CONTRIBUTOR, 2)),
    )  # fmt: skip
    plan.on(6, 29, "plan", lambda case: report(case, plan.kept["first"], "done"))
    later = date(2026, 8, 28)
    plan.on(7, 27, "plan", lambda case: report(case, plan.kept["second"], "need_longer", wanted_on=later))
    plan.on(7, 28, "plan", lambda case: _moved(case, plan.kept["second"], later))
    plan.on(9, 2, "plan", lambda case: report(case, plan.kept["second"], "done"))
    plan.on(12, 2, "plan", lambda case: case.take("clear"), lambda case: case.tell(Audience.COMMISSIONER))
    plan.on(
        1, 20, "plan", lambda case: case.take("publish"), lambda case: case.tell(Audience.HOME_OFFICE), year=2027
    )  # fmt: skip
    plan.on(2, 23, "plan", _briefed, year=2027)


def _three_actions(plan: Planner, case: Case) -> None:
    of = recommend(case, "1", "Police", "Probation")
    plan.kept["first"] = act(case, of, target_on=date(2026, 6, 30))
    plan.kept["second"] = act(case, of, target_on=date(2026, 7, 31))
    plan.kept["third"] = act(case, of, owner_id=case.county.agency("Probation"), target_on=date(2026, 12, 31))


def _moved(case: Case, action_id: UUID, to_on: date) -> None:
    by = case.county.coordinator
    part = plan_parts.action_part(case.reference, action_id, by=by, at=case.at)
    entry = MovedEntry("by_a_date", to_on, None, "larger")
    move_date(case.reference, action_id, entry, part.version, by=by, at=case.wait(minutes=1))


def _briefed(case: Case) -> None:
    entry = BriefingEntry(case.today, ("agencies",), "Shared folder of the partnership")
    issue_briefing(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))


# --- The others ------------------------------------------------------------------------------------------------------


def the_others(plan: Planner) -> None:
    """Nine more, which do what reviews do: wait, are late, end, and end up with somebody."""
    plan.begin(6, 8, "undated", without_a_day=True)
    plan.on(6, 9, "undated", lambda case: case.ask("Police", "Probation"))

    plan.begin(6, 9, "untold")  # nobody ever tells anybody, and an IMR is asked of agencies without a seat
    plan.on(6, 10, "untold", lambda case: case.relative(full_name="Keturah Stubbs"))
    plan.on(6, 10, "untold", lambda case: case.relative(full_name="Judith Stukely", relationship="Mother"))
    plan.on(6, 11, "untold", lambda case: case.take("begin_scoping"), lambda case: case.take("commission"))
    plan.on(6, 12, "untold", seated(Role.INDEPENDENT_CHAIR), _asked_for_imrs)

    plan.begin(6, 10, "published")
    plan.on(6, 15, "published", seated(Role.AGENCY_CONTRIBUTOR), to_the_panel, seated(Role.INDEPENDENT_CHAIR))
    plan.on(7, 15, "published", lambda case: case.take("begin_report"))
    plan.on(8, 19, "published", lambda case: case.take("submit_to_home_office"))
    plan.on(10, 21, "published", lambda case: case.take("clear"))
    plan.on(11, 18, "published", lambda case: case.take("publish"))
    plan.on(12, 9, "published", _keep_the_chair)

    plan.begin(6, 11, "late")  # nobody decides
    barred = {"not_contacted_because": "safety", "not_contacted_until": date(2026, 9, 1)}
    plan.on(6, 12, "late", lambda case: case.relative(full_name="Obadiah Slope", **barred))

    plan.begin(6, 12, "barred")  # one of the coordinators knows somebody in it
    plan.on(6, 12, "barred", lambda case: _bar(case, Role.COORDINATOR, 2))
    plan.on(8, 3, "barred", to_the_panel)

    plan.begin(6, 15, "drafted")
    plan.on(6, 16, "drafted", to_the_panel, seated(Role.INDEPENDENT_CHAIR), confirmed)
    plan.on(9, 7, "drafted", lambda case: drafts.hand_in(case, case.county.who(Role.INDEPENDENT_CHAIR)))
    plan.on(10, 12, "drafted", lambda case: drafts.read(case, 1, case.county.coordinator))

    plan.begin(6, 16, "asked about")
    plan.on(6, 17, "asked about", _asked_about)
    plan.on(8, 27, "asked about", _astray)

    plan.begin(6, 17, "ongoing")
    plan.on(6, 18, "ongoing", to_the_panel)
    plan.on(6, 19, "ongoing", _over_the_holidays)

    plan.begin(6, 18, "deferred")
    plan.on(6, 19, "deferred", lambda case: case.take("begin_scoping"))
    plan.on(7, 1, "deferred", lambda case: case.take("defer", review_by=date(2026, 9, 30)))
    plan.on(11, 2, "deferred", lambda case: case.take("commission"))


def _asked_for_imrs(case: Case) -> None:
    agencies = (case.county.agency("Police"), case.county.agency("Probation"))
    entry = RequestEntry("imr", case.today, chronology_requested=True)
    imr.ask(case.reference, agencies, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def _keep_the_chair(case: Case) -> None:
    seats = [row for row in case.rows(Membership) if row.role == Role.INDEPENDENT_CHAIR.value and row.ended_at is None]
    lapsing.keep(case.reference, seats[0].id, by=case.county.coordinator, at=case.wait(minutes=1))


def _bar(case: Case, role: Role, number: int) -> None:
    with case.county.house.transaction(by=case.county.chair, at=case.wait(minutes=1)) as session:
        session.add(Conflict(review_id=case.row.id, account_id=case.county.accounts[role, number]))


def _asked_about(case: Case) -> None:
    entry = InformationAsked(
        kind="subject_access", asked_on=case.today, reviews=case.reference, asker="Judith Stukely, mother",
        wanted="two letters from her doctor", body_id=case.county.agency("Police"), passed_on=case.today,
    )  # fmt: skip
    calendar = case.county.house.rule_book.calendar
    receive(entry, calendar=calendar, by=case.county.coordinator, at=case.wait(minutes=1))


def _astray(case: Case) -> None:
    what = "two letters from her doctor went to Obadiah Slope"
    entry = IncidentEntry("wrong_person", case.today, "08:15", 2, case.reference, what)
    enter(entry, by=case.county.coordinator, at=case.wait(minutes=1))


def _over_the_holidays(case: Case) -> None:
    of = recommend(case, "2", "Police", "Probation")
    for day in (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 29), date(2027, 5, 3)):
        act(case, of, target_on=day)
    act(case, of, owner_id=case.county.agency("Probation"), when="ongoing", look_again_on=date(2026, 10, 1))
