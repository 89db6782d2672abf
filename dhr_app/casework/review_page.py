"""A review’s page: where it is, what each move still needs, its dates, whom it waits for, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework import standing
from dhr_app.casework.agency_asks import agency_asks
from dhr_app.casework.earlier import reached_before
from dhr_app.casework.planned_page import PlannedShown, ahead_of
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.sections import SECTIONS
from dhr_app.casework.telling_about import code_of
from dhr_app.casework.timeline import TimelineEntry, told
from dhr_app.casework.working_days import working_days
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import MoveMade
from dhr_app.workflows.answers import Answer, Stated
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.conditions import Condition
from dhr_app.workflows.dates import ReviewDate, dates_of, veiled
from dhr_app.workflows.facts import DutyOwed, OpenPause, ReviewFacts
from dhr_app.workflows.lifecycle import Move, moves_now, needs, stages_of
from dhr_app.workflows.partial_dates import in_words_as_known
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.waiting import AgencyAsk, Share, StageSpan, Waiting, runs, shares

RECENT = 12


@dataclass(frozen=True)
class NeedShown:
    """One condition of a move as it stands: answered, waiting for somebody’s agreement, or open."""

    condition: Condition
    answer: Answer | None
    pending: Stated | None


@dataclass(frozen=True)
class MoveShown:
    """One possible move with everything it needs; `ready` when nothing is open."""

    move: Move
    needs: tuple[NeedShown, ...]
    may_record: bool

    @property
    def ready(self) -> bool:
        """Whether every condition is answered."""
        return all(need.answer is not None for need in self.needs)

    @property
    def open(self) -> int:
        """How many conditions are still open."""
        return sum(need.answer is None for need in self.needs)


@dataclass(frozen=True)
class HoldKept:
    """A time the hold was looked at and kept: on which day, and by when it was to be looked at before."""

    on: date
    was: date


@dataclass(frozen=True)
class WaitsNow:
    """Whom the review waits for now, as its standing says and the overview shows: agencies by name, else a holder."""

    holder: Waiting
    agencies: tuple[str, ...]


@dataclass(frozen=True)
class StageShown:
    """One step of the tracker; `state` is done, current or ahead, `note` says when it was reached."""

    name: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class ReviewPage:
    """Everything the page shows; nothing of it is sealed.

    `told_of` is by its number each step made, as a telling about it calls it.
    """

    reference: str
    public_name: str
    kind: str
    stage: Stage
    lead: str
    today: date
    tracker: tuple[StageShown, ...]
    moves: tuple[MoveShown, ...]
    dates: tuple[ReviewDate, ...]
    duties: tuple[DutyOwed, ...]
    told_of: dict[int, str]
    waits_now: WaitsNow | None
    waiting: tuple[Share, ...]
    open_pause: OpenPause | None
    hold_kept: tuple[HoldKept, ...]
    deferred_until: date | None
    timeline: tuple[TimelineEntry, ...]
    meetings: tuple[PlannedShown, ...]
    agencies: dict[UUID, str]
    may: frozenset[str]


ASKED_ON_THE_PAGE = (*SECTIONS, "review.change")


def review_page(reference: str, *, by: Person, at: datetime) -> ReviewPage:
    """The page of one review for one person. Raises OutOfReach, NotAllowed."""
    with looking(reference, "review.see", by=by, at=at) as look:
        facts = look.facts()
        made = moves_made(look)
        asks = agency_asks(look)
        lead = look.session.get(Agency, look.review.lead_partnership_id) if look.review.lead_partnership_id else None
        return ReviewPage(
            reference=reference,
            public_name=_public_name(look),
            kind=look.rule_set.name,
            stage=facts.stage,
            lead=lead.name if lead else "",
            today=look.today,
            tracker=tracker(look, made),
            moves=tuple(_shown(look, facts, move) for move in moves_now(facts, look.rule_set)),
            dates=_dates(look, facts),
            duties=tuple(sorted(facts.duties, key=lambda duty: (duty.due_on, duty.name, duty.move_seq))),
            told_of={row.seq: code_of(row.name, row.seq) for row in made},
            waits_now=_waits_now(look),
            waiting=_waiting(look, facts, made, asks),
            open_pause=facts.open_pause,
            hold_kept=_hold_kept(made) if facts.open_pause else (),
            deferred_until=facts.deferred_until,
            timeline=told(look, RECENT),
            meetings=tuple(ahead_of(look.session, [look.review.id], by=by, at=at)),
            agencies={agency_id: ask.agency for agency_id, ask in asks},
            may=frozenset(name for name in ASKED_ON_THE_PAGE if look.may(name)),
        )


@dataclass(frozen=True)
class MovePage:
    """One move in full, with what its form offers to choose from."""

    reference: str
    shown: MoveShown
    dates: tuple[ReviewDate, ...]
    pausable: tuple[tuple[str, str], ...]
    today: date


def move_page(reference: str, move: Move, *, by: Person, at: datetime) -> MovePage:
    """The page on which a move is made. Raises OutOfReach, NotAllowed."""
    with looking(reference, f"move.{move.name}", by=by, at=at) as look:
        facts = look.facts()
        dates = dates_of(facts, look.rule_set, working_days(look.session), today=look.today)
        running = {one.rule.key for one in dates if one.waited_for}
        pausable = tuple(
            (rule.key, rule.name) for rule in look.rule_set.deadlines if rule.pausable and rule.key in running
        )
        return MovePage(reference, _shown(look, facts, move), dates, pausable, look.today)


def _shown(look: Look, facts: ReviewFacts, move: Move) -> MoveShown:
    lines = []
    for need in needs(move, look.rule_set):
        stated = facts.statements.get(need.name)
        pending = stated if stated is not None and not stated.counts else None
        lines.append(NeedShown(need, need.answer(facts, move.name), pending))
    return MoveShown(move, tuple(lines), look.may(f"move.{move.name}"))


def _dates(look: Look, facts: ReviewFacts) -> tuple[ReviewDate, ...]:
    found = dates_of(facts, look.rule_set, working_days(look.session), today=look.today)
    return found if look.may("notification.see") else tuple(veiled(one) for one in found)


def _public_name(look: Look) -> str:
    return f"{look.review.public_name}/{look.review.public_year}" if look.review.public_name else ""


def moves_made(look: Look) -> list[MoveMade]:
    """Every step of the review that was recorded, in order."""
    rows = select(MoveMade).where(MoveMade.review_id == look.review.id).order_by(MoveMade.seq)
    return list(look.session.scalars(rows))


def _hold_kept(made: list[MoveMade]) -> tuple[HoldKept, ...]:
    """How often the hold in force was kept, the last time first."""
    found: list[HoldKept] = []
    for row in reversed(made):
        if row.name == "pause":
            break
        if row.name == "keep_hold":
            found.append(HoldKept(row.decided_on, date.fromisoformat(row.details["was"])))
    return tuple(found)


def tracker(look: Look, made: list[MoveMade]) -> tuple[StageShown, ...]:
    """The main line without the stages the rule set has no move to, and the place aside if the review stands there."""
    stage = Stage(look.review.stage)
    reached = _notes(look, made)
    line = list(stages_of(look.rule_set))
    if stage not in line:
        line = [each for each in line if each in reached or each is Stage.NOTIFICATION] + [stage]
    place = line.index(stage)
    return tuple(
        StageShown(
            each.label,
            "done" if index < place else "current" if index == place else "ahead",
            reached.get(each, "") if index <= place else "",
        )
        for index, each in enumerate(line)
    )


def _notes(look: Look, made: list[MoveMade]) -> dict[Stage, str]:
    """When each stage was reached: here, or before this system."""
    brought_in = any(row.name == "bring_in" for row in made)
    before = reached_before(look) if brought_in else {}
    notes = {stage: f"{in_words_as_known(day)}, before this system".lstrip(", ") for stage, day in before.items()}
    here = [row for row in made if row.to_stage != row.from_stage and Stage(row.to_stage) not in notes]
    return notes | {Stage(row.to_stage): in_words(row.decided_on) for row in here}


def _waits_now(look: Look) -> WaitsNow | None:
    row = standing.kept(look.session, [look.review.id]).get(look.review.id)
    holder = (row.owed_by or row.waits_for) if row else None
    return WaitsNow(Waiting(holder), tuple(row.owed_agencies or ())) if row and holder else None


def _chair_from(look: Look, facts: ReviewFacts) -> date:
    """The day the first chair came into office; before there were appointments that was stated. Else no day yet."""
    appointed = select(func.min(Appointment.appointed_on)).where(
        Appointment.review_id == look.review.id, Appointment.role == Role.INDEPENDENT_CHAIR.value
    )
    stated = facts.statements.get("chair_appointed")
    return look.session.scalar(appointed) or (stated.stated_on if stated and stated.counts else date.max)


def _waiting(
    look: Look, facts: ReviewFacts, made: list[MoveMade], asks: list[tuple[UUID, AgencyAsk]]
) -> tuple[Share, ...]:
    """Every day from the notification until today, by whom the review was waiting for."""
    began = min([facts.notified_in_system_on, *(row.decided_on for row in made[:1])])
    turns = [(Stage(row.to_stage), row.decided_on) for row in made if row.to_stage != row.from_stage]
    spans, stage, since = [], Stage.NOTIFICATION, began
    for to_stage, on in turns:
        spans.append(StageSpan(stage, since, on))
        stage, since = to_stage, on
    spans.append(StageSpan(stage, since, None))
    until = look.today + timedelta(days=1)
    found = runs(spans, [ask for _, ask in asks], facts.holds, until=until, chair_from=_chair_from(look, facts))
    return shares(found)


WAITING_WORDS = {
    Waiting.PARTNERSHIP: "The partnership",
    Waiting.CHAIR: "The chair",
    Waiting.HOME_OFFICE: "The Home Office",
    Waiting.ON_HOLD: "On hold",
}


def waiting_label(share: Share) -> str:
    """Whom the days of a share were waiting for, in words."""
    return share.holder.agency or WAITING_WORDS[share.holder.kind]
