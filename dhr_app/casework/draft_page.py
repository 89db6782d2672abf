"""The page of a review’s drafts: every document with its versions, newest first, and who has downloaded them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.draft import reads_everything
from dhr_app.casework.draft_names import label, named
from dhr_app.casework.draft_reading import Reader, readers_of
from dhr_app.casework.rows import rows_of, under_way
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.account import Account
from dhr_app.database.models.draft import Draft
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import DRAFT_KINDS, PAPER_KINDS
from dhr_app.workflows.roles import Role

TOLD_WHO_READ = (Role.COORDINATOR, Role.INDEPENDENT_CHAIR)


@dataclass(frozen=True)
class DraftShown:
    """One version. `size` is in bytes; title, name of file and note are empty for whoever is not shown them.

    `readers` are others than whoever handed it in; None where this reader is not told.
    """

    id: UUID
    kind: str
    series: int
    number: int
    added_at: datetime
    added_by: str
    media: str
    size: int
    sha256: str
    shared_at: datetime | None
    title: str
    filename: str
    note: str
    readers: tuple[Reader, ...] | None

    @property
    def name(self) -> str:
        """What it is called: overview report, draft 2."""
        return named(self.kind, self.series, self.number)


@dataclass(frozen=True)
class DocumentShown:
    """The versions of a paper, or of another document, newest first.

    `title` is what it is called, `known_as` how the timeline names it where it has a title of its own.
    """

    title: str
    known_as: str
    series: int
    versions: tuple[DraftShown, ...]
    may_file: bool


@dataclass(frozen=True)
class DraftsPage:
    """The drafts of a review as one person is shown them; `sees_all` is false for a member of the panel.

    `may_share` is whether it is theirs to let the panel read one: the chair answers for what leaves the drafting.
    """

    reference: str
    documents: tuple[DocumentShown, ...]
    may_hand_in: bool
    may_share: bool
    sees_all: bool


def drafts_page(reference: str, *, by: Person, at: datetime) -> DraftsPage:
    """The drafts that the person may read; titles and notes are opened for those who may.

    Raises OutOfReach, NotAllowed.
    """
    everything = reads_everything(by)
    opens = [DataClass.WORKING_PAPERS if everything else DataClass.PANEL_PAPERS]
    with looking(reference, "draft.see", opens=opens, by=by, at=at) as look:
        rows = [
            row for row in rows_of(look, Draft, Draft.number.desc()) if everything or row.shared_at is not None
        ]  # fmt: skip
        names = _names(look, rows)
        handed_in_by = {row.id: row.added_by_id for row in rows}
        readers = readers_of(look.session, [look.review.id], handed_in_by) if by.role in TOLD_WHO_READ else None
        found: dict[tuple[str, int], list[DraftShown]] = defaultdict(list)
        for row in rows:
            read_by = None if readers is None else tuple(readers.get(row.id, ()))
            found[row.kind, row.series].append(_shown(row, names, read_by, everything=everything))
        filing = look.may("paper.change") and under_way(look)
        documents = [_document(versions, filing=filing) for versions in found.values()]
        documents.sort(key=_by_kind_and_newest)
        may_hand_in, may_share = (look.may(each) and under_way(look) for each in ("draft.hand_in", "draft.share"))
        return DraftsPage(reference, tuple(documents), may_hand_in, may_share, everything)


def _document(versions: list[DraftShown], *, filing: bool) -> DocumentShown:
    kind, series = versions[0].kind, versions[0].series
    words = label(kind, series)
    known_as = words[:1].upper() + words[1:]
    title = next((one.title for one in versions if one.title), "")
    return DocumentShown(
        title or known_as, known_as if title else "", series, tuple(versions), filing and kind in PAPER_KINDS
    )


def _by_kind_and_newest(one: DocumentShown) -> tuple[int, float, int]:
    """The papers in their order, then the other documents, the one last handed in first."""
    newest = one.versions[0]
    return list(DRAFT_KINDS).index(newest.kind), -newest.added_at.timestamp(), -newest.series


def _names(look: Look, rows: list[Draft]) -> dict[UUID, str]:
    wanted = {row.added_by_id for row in rows}
    found = look.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)).order_by(Account.id))
    return {row.id: row.name for row in found}


def _shown(row: Draft, names: dict[UUID, str], readers: tuple[Reader, ...] | None, *, everything: bool) -> DraftShown:
    return DraftShown(
        id=row.id,
        kind=row.kind,
        series=row.series,
        number=row.number,
        added_at=row.added_at,
        added_by=names.get(row.added_by_id, ""),
        media=row.media,
        size=row.size,
        sha256=row.sha256,
        shared_at=row.shared_at,
        title=(row.title if everything else row.panel_title) or "",
        filename=(row.filename or "") if everything else "",
        note=(row.note or "") if everything else "",
        readers=readers,
    )
