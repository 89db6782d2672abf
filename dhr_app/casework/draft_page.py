"""The page of a review's drafts: every version by kind, newest first, and who has read it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from dhr_app.casework.draft import named, reads_everything
from dhr_app.casework.rows import own_row, rows_of, under_way
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.account import Account, Membership
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.event import Event
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import DRAFT_KINDS, PAPER_KINDS
from dhr_app.workflows.roles import Role

TOLD_WHO_READ = (Role.COORDINATOR, Role.INDEPENDENT_CHAIR)


@dataclass(frozen=True)
class Reader:
    """Somebody who took a version out to read it, and on which day last."""

    name: str
    on: date


@dataclass(frozen=True)
class DraftShown:
    """One version. `size` is in bytes; name of file and note are empty for whoever is not shown them.

    `readers` are others than whoever handed it in; None where this reader is not told.
    """

    id: UUID
    kind: str
    number: int
    added_at: datetime
    added_by: str
    media: str
    size: int
    sha256: str
    shared_at: datetime | None
    filename: str
    note: str
    readers: tuple[Reader, ...] | None

    @property
    def name(self) -> str:
        """What it is called: overview report, version 2."""
        return named(self.kind, self.number)


@dataclass(frozen=True)
class KindShown:
    """The versions of one kind, newest first."""

    label: str
    versions: tuple[DraftShown, ...]
    may_file: bool


@dataclass(frozen=True)
class DraftsPage:
    """The drafts of a review as one person is shown them; `sees_all` is false for a member of the panel."""

    reference: str
    kinds: tuple[KindShown, ...]
    may_hand_in: bool
    sees_all: bool


@dataclass(frozen=True)
class SharePage:
    """One version that may be shared, and the members of the panel who could read it then."""

    name: str
    shared: bool
    members: tuple[str, ...]


def drafts_page(reference: str, *, by: Person, at: datetime) -> DraftsPage:
    """The drafts that the person may read; notes are opened for those who may. Raises OutOfReach, NotAllowed."""
    everything = reads_everything(by)
    opens = [DataClass.WORKING_PAPERS] if everything else []
    with looking(reference, "draft.see", opens=opens, by=by, at=at) as look:
        rows = [
            row for row in rows_of(look, Draft, Draft.number.desc()) if everything or row.shared_at is not None
        ]  # fmt: skip
        names = _names(look, rows)
        readers = _readers(look, rows) if by.role in TOLD_WHO_READ else None
        filing = look.may("paper.change") and under_way(look)
        shown: dict[str, list[DraftShown]] = defaultdict(list)
        for row in rows:
            read_by = None if readers is None else tuple(readers[row.id])
            shown[row.kind].append(_shown(row, names, read_by, everything=everything))
        kinds = tuple(
            KindShown(label, tuple(shown[kind]), filing and kind in PAPER_KINDS)
            for kind, label in DRAFT_KINDS.items()
            if shown[kind]
        )
        return DraftsPage(reference, kinds, look.may("draft.hand_in") and under_way(look), everything)


def share_page(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> SharePage:
    """What sharing a version means. Raises OutOfReach, NotAllowed."""
    with looking(reference, "draft.hand_in", by=by, at=at) as look:
        row = own_row(look, Draft, draft_id)
        return SharePage(named(row.kind, row.number), row.shared_at is not None, _panel(look))


def panel_members(reference: str, *, by: Person, at: datetime) -> tuple[str, ...]:
    """Who sits on the review as a member of its panel today. Raises OutOfReach, NotAllowed."""
    with looking(reference, "draft.hand_in", by=by, at=at) as look:
        return _panel(look)


def _panel(look: Look) -> tuple[str, ...]:
    rows = (
        select(Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.review_id == look.review.id,
            Membership.role == Role.PANEL_MEMBER.value,
            Membership.ended_at.is_(None),
            Membership.from_on <= look.today,
            or_(Membership.to_on.is_(None), Membership.to_on >= look.today),
        )
        .group_by(Account.id, Account.name)
        .order_by(Account.name, Account.id)
    )
    return tuple(look.session.scalars(rows))


def _names(look: Look, rows: list[Draft]) -> dict[UUID, str]:
    wanted = {row.added_by_id for row in rows}
    found = look.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)).order_by(Account.id))
    return {row.id: row.name for row in found}


def _readers(look: Look, rows: list[Draft]) -> dict[UUID, list[Reader]]:
    """Who read each version, by the audit trail's own events; in one question for all of them."""
    handed_in_by = {row.id: row.added_by_id for row in rows}
    read = (
        select(
            Event.subject_id, Event.recorded_by_id, Event.recorded_by_name, func.max(Event.happened_on).label("last")
        )
        .where(Event.review_id == look.review.id, Event.kind == Happened.DRAFT_READ.value)
        .group_by(Event.subject_id, Event.recorded_by_id, Event.recorded_by_name)
        .order_by(func.max(Event.recorded_at), Event.recorded_by_name)
    )
    found: dict[UUID, list[Reader]] = defaultdict(list)
    for row in look.session.execute(read):
        if row.recorded_by_id != handed_in_by.get(row.subject_id):
            found[row.subject_id].append(Reader(row.recorded_by_name, row.last))
    return found


def _shown(row: Draft, names: dict[UUID, str], readers: tuple[Reader, ...] | None, *, everything: bool) -> DraftShown:
    return DraftShown(
        id=row.id,
        kind=row.kind,
        number=row.number,
        added_at=row.added_at,
        added_by=names.get(row.added_by_id, ""),
        media=row.media,
        size=row.size,
        sha256=row.sha256,
        shared_at=row.shared_at,
        filename=(row.filename or "") if everything else "",
        note=(row.note or "") if everything else "",
        readers=readers,
    )
