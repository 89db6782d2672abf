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
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.casework.successors import Answering, answering
from dhr_app.casework.words import what
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.lateness import ACTION_BANDS, LATE, REPORTED, Band
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.stages import MAIN_LINE, Stage
from dhr_app.workflows.waiting import Waiting

MOST = 10  # lines of a list; the links lead to the rest
NOBODY = "No agency yet"


@dataclass(frozen=True)
class StageLine:
    """How many reviews stand at a stage, and how many of them are late, due within four weeks, or on hold."""

    stage: Stage
    reviews: int
    late: int
    soon: int
    on_hold: int


@dataclass(frozen=True)
class ReviewLine:
    """A review that is late or on hold; `days` says for how long."""

    reference: str
    public_name: str
    stage: Stage
    what: str
    since: date
    days: int
    on_hold: bool


@dataclass(frozen=True)
class AgencyLine:
    """The open actions of an agency, by band."""

    agency: str
    bands: Mapping[str, int]

    @property
    def open(self) -> int:
        """All of them."""
        return sum(self.bands.values())

    @property
    def late(self) -> int:
        """Those whose date has passed."""
        return sum(self.bands[band] for band in LATE)


@dataclass(frozen=True)
class SignOffLine:
    """A review with actions that are reported as done."""

    reference: str
    public_name: str
    actions: int


@dataclass(frozen=True)
class AgreeLine:
    """A statement that waits for the word of whoever reads this."""

    reference: str
    condition: str
    sentence: str
    accepts: bool


@dataclass(frozen=True)
class Overview:
    """Everything the page shows; nothing of it is sealed. `agree` is empty for whoever agrees to nothing."""

    today: date
    stages: tuple[StageLine, ...]
    bands: Mapping[Band, int]
    waiting: Mapping[Waiting, int]
    latest: tuple[ReviewLine, ...]
    on_hold: tuple[ReviewLine, ...]
    agencies: tuple[AgencyLine, ...]
    sign_off: tuple[SignOffLine, ...]
    agree: tuple[AgreeLine, ...]
    may_sign_off: bool

    @property
    def reviews(self) -> int:
        """How many there are."""
        return sum(line.reviews for line in self.stages)

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(line.late for line in self.stages)

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
        names = answering(session, today)
    lines = {Stage(row.stage): row for row in by_stage}
    return Overview(
        today,
        tuple(_stage(stage, lines.get(stage)) for stage in Stage if stage in MAIN_LINE or stage in lines),
        {band: sum(getattr(row, band.value) for row in by_stage) for band in Band},
        {kind: sum(row.reviews for row in by_holder if row.waits_for == kind.value) for kind in Waiting},
        tuple(_review(row, row.next_on, today) for row in latest),
        tuple(_review(row, row.on_hold_since, today) for row in held),
        _agencies(owners, names),
        tuple(SignOffLine(row.reference, _public_name(row), row.actions) for row in sign_off),
        tuple(_agree(row) for row in agree),
        allows(by, "plan.close_action", on=today),
    )


def _stage(stage: Stage, row: Any) -> StageLine:
    if row is None:
        return StageLine(stage, 0, 0, 0, 0)
    late = sum(getattr(row, band.value) for band in LATE)
    return StageLine(stage, row.reviews, late, getattr(row, Band.SOON.value), row.on_hold)


def _review(row: Any, since: date, today: date) -> ReviewLine:
    return ReviewLine(
        row.reference, _public_name(row), Stage(row.stage), what(row.next_what), since, (today - since).days,
        row.on_hold_since is not None,
    )  # fmt: skip


def _public_name(row: Any) -> str:
    return f"{row.public_name}/{row.public_year}" if row.public_name else ""


def _agencies(owners: Iterable[Any], names: Mapping[UUID, Answering]) -> tuple[AgencyLine, ...]:
    """By how much is late, then by name; what nobody owns comes last, what an ended agency owned is its successor's."""
    counted: dict[str, Counter[str]] = {}
    for row in owners:
        agency = names[row.owner_id].name if row.owner_id in names else NOBODY
        counted.setdefault(agency, Counter()).update({band: getattr(row, band) for band in ACTION_BANDS})
    lines = [AgencyLine(agency, {band: found[band] for band in ACTION_BANDS}) for agency, found in counted.items()]
    return tuple(sorted(lines, key=lambda line: (line.agency == NOBODY, -line.late, -line.open, line.agency)))


def _agree(row: Any) -> AgreeLine:
    accepts = row.answer == Answer.COULD_NOT_BE_DONE.value
    return AgreeLine(row.reference, row.condition, CONDITIONS[row.condition].sentence, accepts)
