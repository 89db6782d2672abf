"""The reports on actions as rows: the last of one, all of many, and the wish for longer that nobody answered yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.progress_entry import NEED_LONGER, ReportEntry
from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.account import Account
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action
from dhr_app.database.models.progress import Evidence, Progress
from dhr_app.workflows.events import Happened


@dataclass(frozen=True)
class Before:
    """What somebody had before them when they began a report: what is asked, and how often it was reported on."""

    text: str
    target_on: date | None
    look_again_on: date | None
    done_on: date | None
    evidence: str
    reports: int


@dataclass(frozen=True)
class EvidenceShown:
    """A file that goes with a report; nothing of it is opened. `may_read`: the person may download it."""

    id: UUID
    size: int
    media: str
    may_read: bool


@dataclass(frozen=True)
class ReportShown:
    """A report as pages show it. `settled_on` is the day a wish was answered, `refused_because` why the date stays."""

    seq: int
    kind: str
    text: str
    blocked_by: str
    wanted_on: date | None
    settled_on: date | None
    refused_because: str
    agency: str
    made_at: datetime
    made_by: str
    on_behalf: bool
    came_from: str
    files: tuple[EvidenceShown, ...]

    @property
    def asks(self) -> bool:
        """Whether it asks for a later date and is not answered yet."""
        return self.kind == NEED_LONGER and self.settled_on is None


def write(at: Scene, row: Action, entry: ReportEntry, *, agency_id: UUID, on_behalf: bool) -> Progress:
    """Write a report down, after those there are."""
    made = at.session.scalar(select(func.max(Progress.seq)).where(Progress.action_id == row.id)) or 0
    told = Progress(
        review_id=row.review_id, action_id=row.id, seq=made + 1, kind=entry.kind, text=entry.text.strip() or None,
        blocked_by=entry.blocked_by.strip() or None, wanted_on=entry.wanted_on, agency_id=agency_id, made_at=at.at,
        made_by_id=at.by.id, on_behalf=on_behalf, came_from=(entry.came_from.strip() or None) if on_behalf else None,
    )  # fmt: skip
    at.session.add(told)
    at.session.flush()
    return told


def latest(at: Scene | Look, action_id: UUID) -> Progress | None:
    """The last report on an action."""
    rows = select(Progress).where(Progress.action_id == action_id).order_by(Progress.seq.desc())
    return at.session.scalars(rows.limit(1)).one_or_none()


def standing_wish(at: Scene | Look, action_id: UUID) -> Progress | None:
    """The wish for a later date that nobody answered yet."""
    wishes = _wishes(action_id).order_by(Progress.seq.desc())
    return at.session.scalars(wishes.limit(1)).one_or_none()


def settle(at: Scene, action_id: UUID) -> Progress | None:
    """Whatever longer time was asked for is answered, or overtaken, today; the last wish, if there was one."""
    wishes = list(at.session.scalars(_wishes(action_id).order_by(Progress.seq)))
    for wish in wishes:
        wish.settled_on = at.today
    return wishes[-1] if wishes else None


def before(row: Action, last: Progress | None) -> Before:
    """An action as its reporter sees it now."""
    return Before(row.text, row.target_on, row.look_again_on, row.done_on, row.evidence or "", last.seq if last else 0)


@dataclass(frozen=True)
class Heard:
    """What was heard of some actions: the reports on each, newest first, and the day on which it was entered."""

    reports: dict[UUID, tuple[ReportShown, ...]]
    entered_on: dict[UUID, date]
    may_read: bool

    def on(self, action_id: UUID) -> date | None:
        """The day of the last word, or the day the action was entered; None where nobody knows that day."""
        told = self.reports.get(action_id)
        return london_date(told[0].made_at) if told else self.entered_on.get(action_id)

    def blocked(self, action_id: UUID) -> bool:
        """Whether the last word is that something stands in the way."""
        told = self.reports.get(action_id)
        return bool(told and told[0].blocked_by)

    def to_read(self, action_id: UUID) -> tuple[ReportShown, ...]:
        """The reports, for whoever may read them."""
        return self.reports.get(action_id, ()) if self.may_read else ()


def heard_of(look: Look, action_ids: Collection[UUID]) -> Heard:
    """What was heard of these actions, in three queries however many there are."""
    entered = select(Event.subject_id, Event.happened_on).where(
        Event.review_id == look.review.id, Event.kind == Happened.ACTION_ADDED
    )
    days = {row.subject_id: row.happened_on for row in look.session.execute(entered.order_by(Event.happened_on))}
    may_read = look.may("progress.see", agency_id=look.by.agency_id)
    return Heard(_reports(look, action_ids), days, may_read)


def _reports(look: Look, action_ids: Collection[UUID]) -> dict[UUID, tuple[ReportShown, ...]]:
    rows = look.session.execute(
        select(Progress, Agency.name, Account.name.label("made_by"))
        .join(Agency, Agency.id == Progress.agency_id)
        .join(Account, Account.id == Progress.made_by_id)
        .where(Progress.action_id.in_(action_ids))
        .order_by(Progress.action_id, Progress.seq.desc())
    )
    files = _files(look, action_ids)
    found: dict[UUID, list[ReportShown]] = defaultdict(list)
    for row, agency, made_by in rows:
        found[row.action_id].append(
            ReportShown(
                row.seq, row.kind, row.text or "", row.blocked_by or "", row.wanted_on, row.settled_on,
                row.refused_because or "", agency, row.made_at, made_by, row.on_behalf, row.came_from or "",
                tuple(files[row.id]),
            )
        )  # fmt: skip
    return {action_id: tuple(shown) for action_id, shown in found.items()}


def _files(look: Look, action_ids: Collection[UUID]) -> dict[UUID, list[EvidenceShown]]:
    rows = look.session.execute(
        select(Evidence.id, Evidence.progress_id, Evidence.size, Evidence.media, Evidence.agency_id)
        .join(Progress, Progress.id == Evidence.progress_id)
        .where(Progress.action_id.in_(action_ids))
        .order_by(Evidence.progress_id, Evidence.id)
    )
    found: dict[UUID, list[EvidenceShown]] = defaultdict(list)
    for row in rows:
        found[row.progress_id].append(
            EvidenceShown(row.id, row.size, row.media, look.may("progress.see", agency_id=row.agency_id))
        )
    return found


def _wishes(action_id: UUID) -> Select[Progress]:
    return select(Progress).where(
        Progress.action_id == action_id, Progress.kind == NEED_LONGER, Progress.settled_on.is_(None)
    )
