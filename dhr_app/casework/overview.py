"""The steering group’s overview: where all reviews stand, how late they are, whom they wait for, what agencies owe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import overview_rows as rows
from dhr_app.casework.emergency_page import EmergencyLine, to_answer, to_look_at
from dhr_app.casework.house import house
from dhr_app.casework.incident_page import IncidentLine, running_incidents
from dhr_app.casework.overview_lines import AgencyLine, AgreeLine, HeldLine, LateLine, SignOffLine, StageLine
from dhr_app.casework.records_waiting import RecordsLine, records_waiting
from dhr_app.casework.request_page import RequestLine, due_requests
from dhr_app.casework.scene import require
from dhr_app.casework.slips import Deferral, awaited_in_words
from dhr_app.casework.steering_actions import NOBODY
from dhr_app.casework.successors import Answering, answering
from dhr_app.casework.to_decide import DecideLine, to_decide
from dhr_app.casework.wishes import WishLine, wish_lines
from dhr_app.casework.words import to_do
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.lateness import ACTION_BANDS, LATE, LOOK_AGAIN, REPORTED, Band
from dhr_app.workflows.owing import is_nobodys_fault
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.stages import MAIN_LINE, OPEN, Stage
from dhr_app.workflows.waiting import Waiting

MOST = 10  # lines of a list; the links lead to the rest
WISHES = 100  # for a later date, of which those that the coordinator answers are left out


@dataclass(frozen=True)
class Overview:
    """Everything the page shows; nothing of it is sealed. `agree` is empty for whoever agrees to nothing, `records` for
    whoever ends none.

    What is counted is open reviews, except in `stages`, which has every stage. `wishes` are those for a later date
    that are the steering group chair’s to agree. `to_answer` and `to_look_at` are the emergency access that waits for
    this person’s answer, and what they look at afterwards.
    """

    today: date
    stages: tuple[StageLine, ...]
    bands: Mapping[Band, int]
    waiting: Mapping[Waiting, int]
    latest: tuple[LateLine, ...]
    on_hold: tuple[HeldLine, ...]
    agencies: tuple[AgencyLine, ...]
    sign_off: tuple[SignOffLine, ...]
    agree: tuple[AgreeLine, ...]
    decide: tuple[DecideLine, ...]
    wishes: tuple[WishLine, ...]
    records: tuple[RecordsLine, ...]
    incidents: tuple[IncidentLine, ...]
    requests: tuple[RequestLine, ...]
    to_answer: tuple[EmergencyLine, ...]
    to_look_at: tuple[EmergencyLine, ...]
    may_sign_off: bool
    may_move_dates: bool
    may_decide: bool

    @property
    def nothing_waits(self) -> bool:
        """Whether nothing waits for the steering group chair."""
        return not (self.sign_off or self.agree or self.decide or self.wishes or self.records)

    @property
    def reviews(self) -> int:
        """How many are open."""
        return sum(line.reviews for line in self.stages if line.stage in OPEN)

    @property
    def ended(self) -> int:
        """How many are closed, or go no further here."""
        return sum(line.reviews for line in self.stages if line.stage not in OPEN)

    @property
    def late(self) -> int:
        """How many open ones are late."""
        return sum(line.late for line in self.stages if line.stage in OPEN)

    @property
    def ended_late(self) -> int:
        """How many have something left to do that is late, though they are not open any more."""
        return sum(line.late for line in self.stages if line.stage not in OPEN)

    @property
    def held(self) -> int:
        """How many are on hold."""
        return sum(line.on_hold for line in self.stages)

    @property
    def reported(self) -> int:
        """How many actions wait to be signed off."""
        return sum(line.bands[REPORTED] for line in self.agencies)

    @property
    def actions_late(self) -> int:
        """How many actions are late."""
        return sum(line.late for line in self.agencies)

    @property
    def look_again(self) -> int:
        """How many ongoing actions are to be looked at again."""
        return sum(line.bands[LOOK_AGAIN] for line in self.agencies)


def overview(*, by: Person, at: datetime) -> Overview:
    """The overview as it is now, without reviews barred to the person; opens nothing. Raises NotAllowed."""
    today = london_date(at)
    require(by, "overview.see", on=today)
    agrees, barred = allows(by, "statement.accept", on=today), by.conflicts
    with house().reading() as session:
        by_stage = rows.by_stage(session, today, barred)
        by_holder = rows.by_holder(session, barred)
        latest = rows.latest(session, today, MOST, barred)
        held = rows.longest_on_hold(session, MOST, barred)
        owners = rows.by_owner(session, today, barred)
        sign_off = rows.to_sign_off(session, MOST, barred)
        agree = rows.to_agree(session, by.id, MOST, barred) if agrees else []
        decide = to_decide(session, today, MOST, barred)
        wishes = wish_lines(session, WISHES, barred=barred)
        ends = allows(by, "disposal.confirm", on=today)
        records = records_waiting(session, by, today, MOST, barred) if ends else ()
        names = answering(session, today)
        # A coordinator has these on the page of the day; a member who is not the chair is told nothing of them.
        watches = allows(by, "incidents.read", on=today) and not allows(by, "day.see", on=today)
        incidents = running_incidents(session, by=by, at=at) if watches else ()
        requests = due_requests(session, by=by, on=today) if watches else ()
        answers = to_answer(session, by=by, at=at) if watches else ()
        looks = to_look_at(session, by=by, at=at) if watches else ()
    lines = {Stage(row.stage): row for row in by_stage}
    return Overview(
        today,
        tuple(_stage(stage, lines.get(stage)) for stage in Stage if stage in MAIN_LINE or stage in lines),
        {band: sum(getattr(row, band.value) for row in by_stage if row.stage in OPEN) for band in Band},
        {kind: sum(row.reviews for row in by_holder if row.waits_for == kind.value) for kind in Waiting},
        tuple(_late(row, today) for row in latest),
        tuple(_held(row, today) for row in held),
        _agencies(owners, names),
        tuple(SignOffLine(row.reference, _public_name(row), row.actions) for row in sign_off),
        tuple(_agree(row) for row in agree),
        decide,
        tuple(wish for wish in wishes if wish.chair_agrees)[:MOST],
        records,
        incidents,
        requests,
        answers,
        looks,
        allows(by, "plan.close_action", on=today),
        allows(by, "plan.answer_longer", on=today),
        allows(by, "decision.change", on=today),
    )


def _stage(stage: Stage, row: Any) -> StageLine:
    if row is None:
        return StageLine(stage, 0, 0, 0, 0)
    late = sum(getattr(row, band.value) for band in LATE)
    return StageLine(stage, row.reviews, late, getattr(row, Band.SOON.value), row.on_hold)


def _late(row: Any, today: date) -> LateLine:
    days, held = (today - row.next_on).days, row.on_hold_since
    put_off = row.deferred_until is not None
    return LateLine(
        row.reference, _public_name(row), Stage(row.stage), to_do(row.next_what), row.next_on, days,
        max(0, min(days, (held - row.next_on).days)) if held else 0, is_nobodys_fault(row.next_what),
        row.owed_by or "", tuple(row.owed_agencies or ()), held is not None,
        Deferral(row.deferred_until, awaited_in_words(row.put_off or {})) if put_off else None,
    )  # fmt: skip


def _held(row: Any, today: date) -> HeldLine:
    days = (today - row.on_hold_since).days + 1
    return HeldLine(row.reference, _public_name(row), Stage(row.stage), row.on_hold_since, days)


def _public_name(row: Any) -> str:
    return f"{row.public_name}/{row.public_year}" if row.public_name else ""


def _agencies(owners: Iterable[Any], names: Mapping[UUID, Answering]) -> tuple[AgencyLine, ...]:
    """By how much is late, then by name; what nobody owns comes last, what an ended agency owned is its successor's."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for row in owners:
        owner = names.get(row.owner_id)
        whose = (str(owner.id), owner.name) if owner else ("", NOBODY)
        counted.setdefault(whose, Counter()).update({band: getattr(row, band) for band in ACTION_BANDS})
    lines = [AgencyLine(*whose, {band: found[band] for band in ACTION_BANDS}) for whose, found in counted.items()]
    return tuple(sorted(lines, key=lambda line: (line.agency == NOBODY, -line.late, -line.open, line.agency)))


def _agree(row: Any) -> AgreeLine:
    accepts = row.answer == Answer.COULD_NOT_BE_DONE.value
    return AgreeLine(row.reference, row.condition, CONDITIONS[row.condition].sentence, accepts)
