"""The page “Records” of a review: what is kept until when, what holds it, the notice that runs, what was destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.begun import past_stopping
from dhr_app.casework.disposal import first_counts
from dhr_app.casework.disposal_notice import numbered
from dhr_app.casework.disposal_state import Retained, holds_touching, open_disposal, retained
from dhr_app.casework.house import house
from dhr_app.casework.legal_hold import ALONE, SOMEBODY_ELSE, in_force
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.disposal import Disposal, DisposalPart
from dhr_app.database.models.kept_words import KeptWords
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.destroyed import Ending
from dhr_app.workflows.errors import NotAllowed, Reason
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import DETAILS_OPENED, HOLD_REASONS, STOPPED_BECAUSE
from dhr_app.workflows.retention import RECORDS, notice_runs


@dataclass(frozen=True)
class ClassLine:
    """One class of records: until when it is kept, or how it ended."""

    name: str
    kept_until: date | None
    ending: Ending | None


@dataclass(frozen=True)
class HoldShown:
    """A hold in force. `of_all` where it is a freeze of every review; `may_lift` whether the reader may take a step."""

    id: UUID
    of_all: bool
    reason: str
    words: str
    since: date
    by: str
    review_by: date
    lift_asked_by: str
    may_lift: bool


@dataclass(frozen=True)
class DisposalShown:
    """One disposal as it stands. `runs` gives the sentence while its notice is not over."""

    id: UUID
    number: int
    classes: tuple[str, ...]
    policy: str
    notice_on: date
    notice_by: str
    begins_on: date
    runs: str
    first: str
    first_on: date | None
    second: str
    begun_on: date | None
    done_on: date | None
    stopped_on: date | None
    stopped_because: str
    cells: int
    files: int


@dataclass(frozen=True)
class RecordsPage:
    """Everything the page shows; nothing of it is sealed.

    `missing` says why nothing can be destroyed now; `can_end` whether what runs can still be ended;
    `kept_texts` how many answers there are that keep words which may name somebody.
    """

    reference: str
    today: date
    closed_on: date | None
    keep_until: date | None
    policy: str
    lines: tuple[ClassLine, ...]
    holds: tuple[HoldShown, ...]
    running: DisposalShown | None
    past: tuple[DisposalShown, ...]
    missing: tuple[Reason, ...]
    due: tuple[tuple[str, str], ...]
    may_hold: bool
    may_notice: bool
    may_confirm: bool
    may_second: bool
    confirmed_it: bool
    can_end: bool
    kept_texts: int

    @property
    def all_destroyed(self) -> bool:
        """Whether no record is left of which a date or a hold could speak."""
        return all(line.ending is not None and line.ending.on is not None for line in self.lines)


def records_page(reference: str, permission: str = "records.see", *, by: Person, at: datetime) -> RecordsPage:
    """The page, for whoever holds the permission. Raises OutOfReach, NotAllowed."""
    with looking(reference, permission, by=by, at=at) as look:
        return _page(look)


def hold_to_lift(reference: str, hold_id: UUID, *, by: Person, at: datetime) -> HoldShown:
    """One hold of this review alone that is in force. Raises what `liftable` raises."""
    with looking(reference, "hold.lift", by=by, at=at) as look:
        return liftable(look.session, by, hold_id, look.review.id)


def running_one(reference: str, number: int, permission: str, *, by: Person, at: datetime) -> RecordsPage:
    """The page of a review whose disposal of this number runs. Raises OutOfReach, NotAllowed, Over once it ended."""
    with looking(reference, permission, by=by, at=at) as look:
        numbered(look.session, look.review, number)
        return _page(look)


def liftable(session: NamedSession, by: Person, hold_id: UUID, review_id: UUID | None) -> HoldShown:
    """A hold in force, of a review or of every one, for somebody who may lift holds.

    Raises OutOfReach, Over once it is lifted, NotAllowed for whoever asked already that it be lifted.
    """
    found = hold_shown(in_force(session, hold_id, review_id), by, may_lift=True)
    if not found.may_lift:
        raise NotAllowed("hold.lift", SOMEBODY_ELSE)
    return found


def hold_shown(row: LegalHold, by: Person, *, may_lift: bool) -> HoldShown:
    """A hold as a page shows it to somebody who may, or may not, lift holds; its words are for those who may."""
    asked = row.lift_asked_by_name or ""
    theirs = by.role in ALONE or row.lift_asked_by_id != by.id
    return HoldShown(
        row.id,
        row.review_id is None,
        HOLD_REASONS[row.reason],
        row.words if may_lift else "",
        london_date(row.placed_at),
        row.placed_by_name,
        row.review_by,
        asked,
        may_lift and theirs,
    )


def _page(look: Look) -> RecordsPage:
    stands, running = retained(look.session, look.review), open_disposal(look.session, look.review.id)
    rows = look.session.scalars(
        select(Disposal).where(Disposal.review_id == look.review.id).order_by(Disposal.number.desc())
    ).all()
    parts = _parts(look)
    shown = [_shown(row, parts, look.today) for row in rows]
    may_lift = look.may("hold.lift")
    return RecordsPage(
        reference=look.review.reference,
        today=look.today,
        closed_on=stands.closed_on,
        keep_until=stands.keep_until,
        policy=stands.policy,
        lines=tuple(_line(each, stands, rows) for each in RECORDS),
        holds=tuple(
            hold_shown(row, look.by, may_lift=may_lift) for row in holds_touching(look.session, look.review.id)
        ),
        running=next((one for one in shown if running is not None and one.id == running.id), None),
        past=tuple(one for one in shown if running is None or one.id != running.id),
        missing=stands.missing(look.today) if running is None else (),
        due=tuple((each.value, DETAILS_OPENED[each]) for each in stands.due(look.today)),
        may_hold=look.may("hold.place"),
        may_notice=look.may("disposal.notice"),
        may_confirm=look.may("disposal.confirm"),
        may_second=look.may("disposal.second"),
        confirmed_it=running is not None
        and first_counts(running, look.today)
        and running.confirmed_by_id == look.by.id,
        kept_texts=kept_texts(look.session, look.review.id),
        can_end=running is not None
        and running.begun_at is not None
        and not past_stopping(house(), look.session, [running]),
    )


def kept_texts(session: NamedSession, review_id: UUID) -> int:
    """How many texts in clear were kept though a word there may name somebody."""
    texts = select(KeptWords.row_id, KeptWords.place).where(KeptWords.review_id == review_id).distinct().subquery()
    return session.scalar(select(func.count()).select_from(texts)) or 0


def _line(record_class: DataClass, stands: Retained, rows: Sequence[Disposal]) -> ClassLine:
    ended = next((row for row in rows if _begun(row) and record_class.value in row.classes), None)
    ending = None
    if ended is not None:
        ending = Ending(london_date(ended.done_at) if ended.done_at else None, ended.policy)
    return ClassLine(DETAILS_OPENED[record_class], stands.due_on(record_class), ending)


def _begun(row: Disposal) -> bool:
    return row.begun_at is not None and row.stopped_at is None


def _parts(look: Look) -> dict[UUID, tuple[int, int]]:
    """How many values and files each disposal destroys."""
    found: dict[UUID, tuple[int, int]] = {}
    rows = select(DisposalPart.disposal_id, DisposalPart.cells, DisposalPart.files)
    mine = rows.where(DisposalPart.review_id == look.review.id).order_by(DisposalPart.id)
    for disposal_id, cells, files in look.session.execute(mine):
        so_far = found.get(disposal_id, (0, 0))
        found[disposal_id] = (so_far[0] + cells, so_far[1] + files)
    return found


def _shown(row: Disposal, parts: dict[UUID, tuple[int, int]], today: date) -> DisposalShown:
    cells, files = parts.get(row.id, (0, 0))
    runs = notice_runs(row.begins_on, today=today)
    confirmed = row.stopped_at is not None or first_counts(row, today)
    return DisposalShown(
        id=row.id,
        number=row.number,
        classes=tuple(DETAILS_OPENED[each] for each in RECORDS if each.value in row.classes),
        policy=row.policy,
        notice_on=row.notice_on,
        notice_by=row.notice_by_name,
        begins_on=row.begins_on,
        runs=runs[0].sentence if runs else "",
        first=(row.confirmed_by_name or "") if confirmed else "",
        first_on=_day(row.confirmed_at) if confirmed else None,
        second=row.seconded_by_name or "",
        begun_on=_day(row.begun_at),
        done_on=_day(row.done_at),
        stopped_on=_day(row.stopped_at),
        stopped_because=STOPPED_BECAUSE.get(row.stopped_because or "", ""),
        cells=cells,
        files=files,
    )


def _day(at: datetime | None) -> date | None:
    return london_date(at) if at else None
