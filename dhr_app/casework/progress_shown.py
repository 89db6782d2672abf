"""The reports on actions as pages show them: the words of each, its files, and what became of a wish for longer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.progress_entry import DONE, NEED_LONGER
from dhr_app.casework.scene import Look
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action
from dhr_app.database.models.progress import Evidence, Progress
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.events import Happened

TOLD = (Happened.ACTION_ADDED, Happened.ACTION_DONE, Happened.PROGRESS_REPORTED, Happened.LONGER_ANSWERED)
AGREED, REFUSED, REPLACED, OVERTAKEN = "agreed", "refused", "replaced", "overtaken"


@dataclass(frozen=True)
class EvidenceShown:
    """A file that goes with a report; nothing of it is opened. `may_read`: the person may download it."""

    id: UUID
    size: int
    media: str
    may_read: bool


@dataclass(frozen=True)
class ReportShown:
    """A report as pages show it. `done_on` is the day it gave as the day on which the action was done.

    Of a wish for longer, `settled_on` is the day since which it waits no more, and `became` how that came: agreed (to
    `moved_to`, None where the action is ongoing since), refused (`refused_because`), replaced by a later wish, or
    overtaken by a report that the action is done. `made_by` tells of one that came by a link when that was sent.
    """

    id: UUID
    seq: int
    kind: str
    text: str
    blocked_by: str
    done_on: date | None
    wanted_on: date | None
    settled_on: date | None
    refused_because: str
    agency: str
    made_at: datetime
    made_by: str
    on_behalf: bool
    came_from: str
    files: tuple[EvidenceShown, ...]
    became: str = ""
    moved_to: date | None = None

    @property
    def asks(self) -> bool:
        """Whether it asks for a later date and is not answered yet."""
        return self.kind == NEED_LONGER and self.settled_on is None


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
    told = list(
        look.session.execute(
            select(Event.kind, Event.subject_id, Event.happened_on, Event.details)
            .where(Event.review_id == look.review.id, Event.kind.in_(TOLD))
            .order_by(Event.recorded_at, Event.ordinal)
        )
    )
    entered = {row.subject_id: row.happened_on for row in told if row.kind == Happened.ACTION_ADDED}
    as_told = {row.subject_id: row.details for row in told if row.kind != Happened.ACTION_ADDED}
    may_read = look.may("progress.see", agency_id=look.by.agency_id)
    return Heard(_reports(look, action_ids, as_told), entered, may_read)


def _reports(
    look: Look, action_ids: Collection[UUID], as_told: dict[UUID, dict[str, Any]]
) -> dict[UUID, tuple[ReportShown, ...]]:
    rows = look.session.execute(
        select(
            Progress, Agency.name, Account.name.label("made_by"), ActionLink.made_at.label("link_of"), Action.done_on
        )
        .join(Agency, Agency.id == Progress.agency_id)
        .outerjoin(Account, Account.id == Progress.made_by_id)
        .outerjoin(ActionLink, ActionLink.id == Progress.link_id)
        .join(Action, Action.id == Progress.action_id)
        .where(Progress.action_id.in_(action_ids))
        .order_by(Progress.action_id, Progress.seq.desc())
    )
    files = _files(look, action_ids)
    found: dict[UUID, list[ReportShown]] = defaultdict(list)
    for row, agency, made_by, link_of, done_on in rows:
        said_before = any(one.kind == DONE for one in found[row.action_id])
        shown = ReportShown(
            row.id, row.seq, row.kind, row.text or "", row.blocked_by or "",
            _done_on(row, as_told.get(row.id), None if said_before else done_on), row.wanted_on, row.settled_on,
            row.refused_because or "", agency, row.made_at,
            made_by or _by_link(link_of), row.on_behalf, row.came_from or "",
            tuple(files[row.id]),
        )  # fmt: skip
        found[row.action_id].append(_settled(shown, found[row.action_id], as_told.get(row.id)))
    return {action_id: tuple(shown) for action_id, shown in found.items()}


def _by_link(made_at: datetime | None) -> str:
    """Who made a report that came by a link: nobody is known, but the day on which the link was sent."""
    return f"By the link sent to the agency on {in_words(london_date(made_at))}" if made_at else ""


def _done_on(row: Progress, told: dict[str, Any] | None, as_it_stands: date | None) -> date | None:
    """The day a report gave: its event holds it; without one it is the day that stands with the action."""
    if row.kind != DONE:
        return None
    return _day(told, "done") or as_it_stands


def _settled(one: ReportShown, later: Sequence[ReportShown], told: dict[str, Any] | None) -> ReportShown:
    """The report with what became of its wish: an answer has an event; else the next wish, or “done”, overtook it."""
    if one.kind != NEED_LONGER or one.settled_on is None:
        return one
    if one.refused_because:
        return replace(one, became=REFUSED)
    if told is not None and "target" in told and told.get("label") == "the date moves":
        return replace(one, became=AGREED, moved_to=_day(told, "target"))
    overtook = next((each.kind for each in reversed(later) if each.kind in (NEED_LONGER, DONE)), "")
    return replace(one, became={NEED_LONGER: REPLACED, DONE: OVERTAKEN}.get(overtook, ""))


def _day(told: dict[str, Any] | None, name: str) -> date | None:
    text = (told or {}).get(name)
    return date.fromisoformat(text) if isinstance(text, str) and text else None


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
