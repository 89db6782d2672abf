"""The reports on actions as rows: written, the last of one, and the wish for longer that nobody answered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select

from dhr_app.casework.progress_entry import NEED_LONGER, ReportEntry
from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.plan import Action
from dhr_app.database.models.progress import Progress


@dataclass(frozen=True)
class Before:
    """What somebody had before them when they began a report: what is asked, and how often it was reported on."""

    text: str
    target_on: date | None
    look_again_on: date | None
    done_on: date | None
    evidence: str
    reports: int


def write(
    at: Scene, row: Action, entry: ReportEntry, *, agency_id: UUID, on_behalf: bool, link_id: UUID | None = None
) -> Progress:
    """Write a report down, after those there are. One that comes by a link names nobody."""
    made = at.session.scalar(select(func.max(Progress.seq)).where(Progress.action_id == row.id)) or 0
    told = Progress(
        review_id=row.review_id, action_id=row.id, seq=made + 1, kind=entry.kind, text=entry.text.strip() or None,
        blocked_by=entry.blocked_by.strip() or None, wanted_on=entry.wanted_on, agency_id=agency_id, made_at=at.at,
        made_by_id=at.by.id if link_id is None else None, link_id=link_id, on_behalf=on_behalf,
        came_from=(entry.came_from.strip() or None) if on_behalf else None,
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


def _wishes(action_id: UUID) -> Select[Progress]:
    return select(Progress).where(
        Progress.action_id == action_id, Progress.kind == NEED_LONGER, Progress.settled_on.is_(None)
    )
