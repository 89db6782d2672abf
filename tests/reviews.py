"""Reviews for tests: one call begins one, and brings it to any stage by the verbs that a coordinator would use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.decision import DecisionEntry, prepare_decision
from dhr_app.casework.family import FamilyMemberEntry, add_family_member
from dhr_app.casework.house import House
from dhr_app.casework.move import MoveEntry, make_move
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.other_reviews import OtherReviewsEntry, consider_other_reviews
from dhr_app.casework.partnership import seed
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.principal import person_of
from dhr_app.casework.scoping import ReturnEntry, ask, record_return
from dhr_app.casework.statement import StatementEntry, accept, second, state
from dhr_app.casework.telling import TellingEntry, tell
from dhr_app.casework.telling_page import telling_page
from dhr_app.database.base import Base
from dhr_app.database.facts import facts_of
from dhr_app.database.models import (
    Account,
    Agency,
    Decision,
    Event,
    FamilyMember,
    MoveMade,
    Review,
    RuleSetUsed,
    ScopingRequest,
    Statement,
)
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.events import Happened
from dhr_app.workflows.facts import IN_TOUCH, Audience, ReviewFacts
from dhr_app.workflows.lifecycle import MOVES, still_needed
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import OPEN, Stage
from dhr_app.workflows.windows import is_over
from tests.factories import make_account
from tests.papers import final_papers
from tests.records import ANSWERS
from tests.seating import join
from tests.shelves import BARE, Shelves

BEGAN = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)

# The moves that bring a review from its notification to each stage, under the guidance of 2016.
MAIN_WAY = ("begin_scoping", "commission", "begin_report", "submit_to_home_office", "clear", "publish", "close")
WAYS: dict[Stage, tuple[str, ...]] = {
    Stage.NOTIFICATION:   (),
    Stage.SCOPING:        MAIN_WAY[:1],
    Stage.PANEL:          MAIN_WAY[:2],
    Stage.CHAIR_REPORT:   MAIN_WAY[:3],
    Stage.HOME_OFFICE_QA: MAIN_WAY[:4],
    Stage.PUBLICATION:    MAIN_WAY[:5],
    Stage.SEMINAR:        MAIN_WAY[:6],
    Stage.CLOSED:         MAIN_WAY[:7],
    Stage.NOT_REVIEWED:   ("begin_scoping", "decide_not_to_review"),
    Stage.TRANSFERRED:    ("begin_scoping", "transfer"),
    Stage.WITHDRAWN:      ("begin_scoping", "withdraw"),
    Stage.VOID:           ("void",),
}  # fmt: skip


# The stage that two people agree to, unless a test says another.
STAGE_AGREED = {"agreed_to_bring_in": Stage.PANEL, "agreed_to_correct": Stage.SCOPING}


@dataclass
class County:
    """The invented county with its agencies, and one person of every role.

    `ready` are reviews that stand at a stage already, each given to the first who asks for a plain one there. A county
    that began as something on the `shelves` finds a review there that an earlier test asked for in the same words.
    """

    house: House
    shelves: Shelves | None = None
    began: tuple[str, ...] = BARE
    accounts: dict[tuple[Role, int], UUID] = field(default_factory=dict)
    ready: dict[Stage, Case] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seed(self.house, at=BEGAN)

    def who(self, role: Role, number: int = 1) -> Person:
        """Somebody of this role, with the seats they have now; another one for each number."""
        if (role, number) not in self.accounts:
            agency_id = self.agency("Police") if role in (Role.AGENCY_CONTRIBUTOR, Role.PANEL_MEMBER) else None
            self.accounts[role, number] = make_account(self.house, role, agency_id=agency_id)[0].id
        with self.house.reading() as session:
            return person_of(session, session.get_one(Account, self.accounts[role, number]))

    @property
    def coordinator(self) -> Person:
        """The coordinator, who enters most things."""
        return self.who(Role.COORDINATOR)

    @property
    def chair(self) -> Person:
        """The chair of the steering group."""
        return self.who(Role.STEERING_CHAIR)

    def agency(self, short_name: str) -> UUID:
        """An agency’s id."""
        with self.house.reading() as session:
            return session.scalars(select(Agency.id).where(Agency.short_name == short_name)).one()

    def review(self, stage: Stage = Stage.NOTIFICATION, *, seats: bool = False, **notified: Any) -> Case:
        """A review at a stage; with `seats` one person of each role sits on it, where the stage leaves it anything."""
        if stage in self.ready and not notified and not seats:
            return self.ready.pop(stage)
        if self.shelves is None:
            return self._review(stage, seats, notified)
        asked = f"{stage} {seats} {sorted(notified.items())} where there stand {sorted(self.ready)}"
        return self.shelves.review(self, asked, lambda: self._review(stage, seats, notified))

    def _review(self, stage: Stage, seats: bool, notified: dict[str, Any]) -> Case:
        if stage in self.ready and not notified and stage in OPEN:
            case = self.ready.pop(stage)
        else:
            case = self.notified(**notified)
        if seats:
            for role in sorted(BY_MEMBERSHIP):
                if not is_over(role, case.stage):
                    case.seat(role)
        return case.to(stage)

    def notified(
        self,
        *,
        rule_set: str = "dhr-2016",
        at: datetime = BEGAN,
        aware_on: date | None = None,
        without_a_day: bool = False,
        **entry: Any,
    ) -> Case:
        """A review whose notification came at this moment; `without_a_day` of awareness, nobody said when."""
        known = {
            "lead_partnership_id": self.agency("Barsetshire CSP"),
            "aware_on": None if without_a_day else aware_on or london_date(at),
            **entry,
        }
        victims = (PersonEntry(full_name="Ada Harding", died_on="2025-12"),)
        return Case(self, notify(NotificationEntry(**known), victims, rule_set, by=self.coordinator, at=at), at)


@dataclass
class Case:
    """A review, and the moment at which the next thing happens to it."""

    county: County
    reference: str
    at: datetime

    @property
    def today(self) -> date:
        """London’s day of what happens next."""
        return london_date(self.at)

    def wait(self, **by: float) -> datetime:
        """Let time pass: `case.wait(days=3)`."""
        self.at += timedelta(**by)
        return self.at

    def seat(self, role: Role) -> Person:
        """Give the person of this role a seat from today."""
        join(self.reference, self.county.who(role).id, by=self.county.coordinator, at=self.wait(minutes=1))
        return self.county.who(role)

    # --- What stands in the database --------------------------------------------------------------------------------

    @property
    def row(self) -> Review:
        """The review’s row, read afresh."""
        with self.county.house.reading() as session:
            return session.scalars(select(Review).where(Review.reference == self.reference)).one()

    @property
    def stage(self) -> Stage:
        """Where the review stands."""
        return Stage(self.row.stage)

    @property
    def rule_set(self) -> RuleSet:
        """The rule set it is pinned to."""
        with self.county.house.reading() as session:
            return rule_book.pinned(session.get_one(RuleSetUsed, self.row.rule_set_id).content)

    def facts(self) -> ReviewFacts:
        """Its facts, read afresh."""
        review_id = self.row.id
        with self.county.house.reading() as session:
            return facts_of(session, [review_id])[review_id]

    def rows(self, model: Any) -> list[Any]:
        """Its rows of one table, in a stable order."""
        order = model.seq if model is MoveMade else model.id
        with self.county.house.reading() as session:
            return list(session.scalars(select(model).where(model.review_id == self.row.id).order_by(order)))

    def events(self, *kinds: str) -> list[Event]:
        """What happened to it, in order, without who opened what; or only the kinds that begin so."""
        told = [one for one in self.rows(Event) if one.kind != Happened.OPENED and one.kind.startswith(kinds or "")]
        return sorted(told, key=lambda one: (one.recorded_at, one.ordinal))

    def happened(self, *kinds: str) -> list[str]:
        """The kinds of what happened to it, as events() gives them."""
        return [one.kind for one in self.events(*kinds)]

    def needed(self, name: str) -> list[str]:
        """The conditions that a move still waits for."""
        return [reason.condition for reason in still_needed(self.facts(), MOVES[name], self.rule_set)]

    def clock_id(self, rule: str) -> UUID:
        """The running deadline of a rule."""
        running = [
            clock for clock in self.facts().clocks if clock.rule == rule and clock.met_on is None and not clock.ended
        ]
        return running[0].clock_id

    # --- What people do ---------------------------------------------------------------------------------------------

    def state(self, name: str, answer: str = "done", *, by: Person | None = None, **entry: Any) -> UUID:
        """Answer a condition by a statement, and return it."""
        chosen = by or (
            self.county.coordinator if Role.COORDINATOR in CONDITIONS[name].stated_by else self.county.chair
        )
        said: dict[str, Any] = {"stated_by": "J. Arabin, case officer", "stated_on": self.today}
        said |= {"does_not_apply": {"reason_code": "no_such_body"}}.get(answer, {"evidence": "Minute 4 of 12 March"})
        if answer == "done" and CONDITIONS[name].files:
            final_papers(self)
        if answer == "done" and CONDITIONS[name].stage:
            said["about"] = STAGE_AGREED[name].value
        state(self.reference, name, StatementEntry(answer, **{**said, **entry}), by=chosen, at=self.wait(minutes=1))
        return max(self.rows(Statement), key=lambda row: row.recorded_at).id

    def agree(self, statement_id: UUID, *, by: Person | None = None) -> None:
        """Agree as a second person."""
        second(self.reference, statement_id, by=by or self.county.chair, at=self.wait(minutes=1))

    def accept(self, statement_id: UUID, *, by: Person | None = None) -> None:
        """Accept that something could not be done."""
        accept(self.reference, statement_id, by=by or self.county.chair, at=self.wait(minutes=1))

    def tell(
        self, *audiences: str, about: str = "", why_not: str = "", on: date | None = None, by: Person | None = None
    ) -> int:
        """Tell somebody (“family”: each relative who may be told, or why not); returns how many duties that settled.

        Without a step it is about the one taken of which somebody of them is to be told first, or about none.
        """
        family = self.rows(FamilyMember) if Audience.FAMILY in audiences else []
        told = [member for member in family if member.not_contacted_because is None]
        members = tuple(member.id for member in told or family)
        others = tuple(audience for audience in audiences if audience != Audience.FAMILY or not family)
        if Audience.FAMILY in audiences and not told:
            why_not = why_not or "nobody_known"
        channel = "" if why_not else "letter"
        entry = TellingEntry(
            others, members, channel, on or self.today, why_not, about=about or self.owed_to(audiences)
        )
        return tell(self.reference, entry, by=by or self.county.coordinator, at=self.wait(minutes=1))

    def owed_to(self, audiences: Collection[str]) -> str:
        """The step taken of which one of these is to be told first, as the form calls it; else keeping in touch."""
        page = telling_page(self.reference, by=self.county.coordinator, at=self.at)
        return next((one.code for one in page.about if one.seq and one.audiences & set(audiences)), IN_TOUCH)

    def relative(self, **entry: Any) -> UUID:
        """Record a family member."""
        told = FamilyMemberEntry(**{"full_name": "Grace Harding", "relationship": "Sister", **entry})
        return add_family_member(self.reference, told, by=self.county.coordinator, at=self.wait(minutes=1))

    def ask(self, *short_names: str) -> list[ScopingRequest]:
        """Ask agencies what they know; what was asked, in the order of their names here."""
        asked = tuple(self.county.agency(name) for name in short_names or ("Police",))
        ask(self.reference, asked, self.today, by=self.county.coordinator, at=self.wait(minutes=1))
        found = [row for row in self.rows(ScopingRequest) if row.agency_id in asked]
        return sorted(found, key=lambda row: asked.index(row.agency_id))

    def answer(self, request: ScopingRequest) -> None:
        """Enter a nil return on an agency’s behalf."""
        entry = ReturnEntry("nil", self.today, came_from="E-mail of the agency")
        record_return(
            self.reference, request.id, entry, request.version, by=self.county.coordinator, at=self.wait(minutes=1)
        )

    def decide(self, kind: str) -> None:
        """Prepare a decision for the deciding body, on the first ground that may be named."""
        grounds = self.rule_set.criteria if kind == "review" else self.rule_set.not_reviewed_reasons
        entry = DecisionEntry(kind, (grounds[0].key,), "The scoping returns show it.")
        waiting = [row for row in self.rows(Decision) if row.used_by is None]
        version = waiting[0].version if waiting else 0
        prepare_decision(self.reference, entry, version, by=self.county.coordinator, at=self.wait(minutes=1))

    def entry(self, name: str, **changes: Any) -> MoveEntry:
        """What a form says that leaves nothing out."""
        entry = MoveEntry("Barsetshire Review Steering Group", self.today, "Minute 7", "New information")
        pausable = tuple(rule.key for rule in self.rule_set.deadlines if rule.pausable)
        own: dict[str, dict[str, Any]] = {
            "defer": {"awaited": ("inquest",), "review_by": self.today + timedelta(days=30)},
            "pause": {
                "review_by": self.today + timedelta(days=60),
                "reason_code": "inquest",
                "who_was_asked": "coroner",
                "clocks": pausable,
            },
            "keep_hold": {
                "review_by": self.today + timedelta(days=90),
                "reason_code": "inquest",
                "who_was_asked": "coroner",
            },
            "resume": {"ended_by": "The inquest concluded; the panel meets in four weeks."},
            "extend": {"reason_code": "complexity", "new_date": self.today + timedelta(days=400)},
            "transfer": {"receiver_id": self.county.agency("Silverbridge CSP")},
            "bring_in": {"as_at": self.today, "target": Stage.PANEL},
            "reopen": {"target": Stage.SEMINAR},
            "correct_stage": {"target": Stage.SCOPING},
        }
        said = {**own.get(name, {}), **changes}
        if name == "extend" and "deadline_id" not in said:
            said["deadline_id"] = self.first_clock()
        return replace(entry, **said)

    def first_clock(self) -> UUID | None:
        """The deadline that comes next among those still waited for."""
        calendar = self.county.house.rule_book.calendar
        dates = dates_of(self.facts(), self.rule_set, calendar, today=self.today)
        return next((one.clock_id for one in dates if one.waited_for), None)

    def move(self, name: str, *, by: Person | None = None, **changes: Any) -> Stage:
        """Make a move with whatever is answered."""
        entry = self.entry(name, **changes)
        return make_move(self.reference, name, entry, by=by or self.county.coordinator, at=self.wait(minutes=1))

    def settle(self, name: str, target: Stage | None = None) -> None:
        """Answer everything that a move still waits for, each in its own way; two people agree to the target."""
        for _ in range(3):  # what is answered may give rise to something else
            for condition in self.needed(name):
                self._mend(condition, target, step=name)

    def _mend(self, name: str, target: Stage | None, *, step: str) -> None:
        condition = CONDITIONS[name]
        if condition.stage and target is not None:
            self.agree(self.state(name, about=target.value))
            return
        if name in ANSWERS:
            ANSWERS[name](self)
            return
        if condition.once_stated:  # it has records of its own: where those do not matter, it does not apply
            self.state(name, "does_not_apply")
            return
        match condition.mend:
            case "statement":
                statement_id = self.state(name)
                if condition.two_people:
                    self.agree(statement_id)
            case "told":
                self.tell(condition.tells or "", about=step)
            case "scoping":
                for request in [row for row in self.rows(ScopingRequest) if row.outcome == "open"] or self.ask():
                    if name == "every_return_settled":
                        self.answer(request)
            case "other_reviews":
                entry = OtherReviewsEntry(self.today, (), self.county.agency("Barsetshire CSP"), "own")
                consider_other_reviews(self.reference, entry, 0, by=self.county.coordinator, at=self.wait(minutes=1))
            case "decision":
                self.decide("review" if name == "decided_to_review" else "not_review")

    def take(self, name: str, **changes: Any) -> Stage:
        """Answer what a move waits for, and make it."""
        self.settle(name, changes.get("target"))
        return self.move(name, **changes)

    def to(self, stage: Stage) -> Case:
        """Go on along the way to a stage, one day for each move."""
        way = WAYS[stage]
        made = {row.name for row in self.rows(MoveMade)}
        for name in way:
            if name not in made:
                self.wait(days=1)
                self.take(name)
        return self


def row_counts(house: House) -> dict[str, int]:
    """How many rows each table of the main database holds."""
    with house.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
