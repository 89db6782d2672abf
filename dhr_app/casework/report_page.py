"""The report’s page: the three papers by version, what is still missing, and what rests on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import paper_rests
from dhr_app.casework.draft import reads_everything
from dhr_app.casework.paper_entry import PaperEntry, entry_of
from dhr_app.casework.paper_gaps import new_version_wanted
from dhr_app.casework.rows import agency_names, own_row, rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.submissions import rounds_of
from dhr_app.database.models.account import Account
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.approval import Approval
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.statement import Statement
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import PAPER_KINDS
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class VersionShown:
    """One version of a paper, opened. `replaced_on` is the day its next version came.

    `may_finish` says whether the reader may correct its marks, `draft_id` which draft is the very file, if it was
    handed in here and the reader may take it out.
    """

    id: UUID
    kind: str
    number: int
    sha256: str
    recorded_by: str
    replaced_on: date | None
    version: int
    entry: PaperEntry
    may_finish: bool
    draft_id: UUID | None = None

    @property
    def name(self) -> str:
        """What it is called: overview report, version 2."""
        return paper_rests.named(self.kind, self.number)


@dataclass(frozen=True)
class PaperShown:
    """One of the three papers: its current version, if there is one, and those before, newest first."""

    kind: str
    label: str
    current: VersionShown | None
    earlier: tuple[VersionShown, ...]


@dataclass(frozen=True)
class Resting:
    """Something that rests, or rested, on the papers: what it is, of which day, and why it is void, if it is.

    `used` says that a step of the review was taken on it: it was about the versions of then.
    """

    what: str
    on: date
    void: str
    used: bool


@dataclass(frozen=True)
class ReportPage:
    """The papers of a review, opened. `wanted` says why a new version is wanted although all are agreed, if one is."""

    reference: str
    papers: tuple[PaperShown, ...]
    resting: tuple[Resting, ...]
    may_add: bool
    may_finish: bool
    wanted: str = ""

    @property
    def current(self) -> tuple[VersionShown, ...]:
        """The current version of each paper that is on file."""
        return tuple(paper.current for paper in self.papers if paper.current is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The papers that are not on file yet."""
        return tuple(paper.label.lower() for paper in self.papers if paper.current is None)

    @property
    def not_final(self) -> tuple[VersionShown, ...]:
        """The current versions that the chair has not marked final."""
        return tuple(one for one in self.current if one.entry.final_on is None)

    @property
    def not_agreed(self) -> tuple[VersionShown, ...]:
        """The current versions that the panel has not agreed."""
        return tuple(one for one in self.current if one.entry.panel_agreed_on is None)


@dataclass(frozen=True)
class NewVersionPage:
    """What the form of a new version needs to know: whether the report was submitted before, and who checked it."""

    submitted: bool
    agencies: dict[UUID, str]


@dataclass(frozen=True)
class MarkPage:
    """The current papers that wait for a mark, by id; and the chair of the review, as far as it is recorded."""

    papers: dict[UUID, str]
    chair: str


def report_page(reference: str, *, by: Person, at: datetime) -> ReportPage:
    """The papers of a review, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "paper.see", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        versions = _versions(look)
        papers = tuple(_paper(kind, label, versions) for kind, label in PAPER_KINDS.items())
        resting = _resting(look) if look.may("approval.see") else ()
        wanted = new_version_wanted(look.facts())
        return ReportPage(reference, papers, resting, look.may("paper.change"), look.may("paper.finish"), wanted)


def open_version(reference: str, paper_id: UUID, *, by: Person, at: datetime) -> VersionShown:
    """One version, opened for somebody who may correct it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "paper.change", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        row = own_row(look, Paper, paper_id)
        return next(one for one in _versions(look) if one.id == row.id)


def new_version_page(reference: str, *, by: Person, at: datetime) -> NewVersionPage:
    """What a new version of the overview report makes void; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "paper.change", by=by, at=at) as look:
        checks = select(AccuracyCheck.agency_id).where(
            AccuracyCheck.review_id == look.review.id,
            AccuracyCheck.voided_on.is_(None),
            AccuracyCheck.outcome != "taken_back",
        )
        return NewVersionPage(bool(rounds_of(look)), agency_names(look.session, set(look.session.scalars(checks))))


def mark_page(reference: str, mark: str, *, by: Person, at: datetime) -> MarkPage:
    """The current papers without this mark, final_on or panel_agreed_on. Raises OutOfReach, NotAllowed."""
    with looking(reference, "paper.finish", by=by, at=at) as look:
        current = paper_rests.current_papers(look)
        waiting = [current[kind] for kind in PAPER_KINDS if kind in current and getattr(current[kind], mark) is None]
        chairs = (
            select(Appointment.holder)
            .where(
                Appointment.review_id == look.review.id,
                Appointment.role == Role.INDEPENDENT_CHAIR.value,
                Appointment.ended_on.is_(None),
            )
            .order_by(Appointment.appointed_on.desc(), Appointment.id)
            .limit(1)
        )
        names = {row.id: f"{PAPER_KINDS[row.kind]}, version {row.number}" for row in waiting}
        return MarkPage(names, look.session.scalar(chairs) or "")


def _versions(look: Look) -> list[VersionShown]:
    rows = rows_of(look, Paper, Paper.kind, Paper.number)
    accounts = select(Account.id, Account.name).where(Account.id.in_({row.recorded_by_id for row in rows}))
    people = {row.id: row.name for row in look.session.execute(accounts.order_by(Account.name))}
    came = {(row.kind, row.number): row.added_on for row in rows}
    may_finish = look.may("paper.finish")
    drafts = _drafts(look, {row.sha256 for row in rows}) if look.may("draft.see") else {}
    return [
        VersionShown(
            row.id,
            row.kind,
            row.number,
            row.sha256,
            people.get(row.recorded_by_id, ""),
            came.get((row.kind, row.number + 1)),
            row.version,
            entry_of(row),
            may_finish,
            drafts.get(row.sha256),
        )
        for row in rows
    ]


def _drafts(look: Look, hashes: set[str]) -> dict[str, UUID]:
    """The drafts that are these very files, as far as the person may take them out."""
    rows = select(Draft.sha256, Draft.id).where(Draft.review_id == look.review.id, Draft.sha256.in_(hashes))
    if not reads_everything(look.by):
        rows = rows.where(Draft.shared_at.is_not(None))
    return {row.sha256: row.id for row in look.session.execute(rows.order_by(Draft.added_at, Draft.id))}


def _paper(kind: str, label: str, versions: list[VersionShown]) -> PaperShown:
    own = [one for one in versions if one.kind == kind]
    return PaperShown(kind, label, own[-1] if own else None, tuple(reversed(own[:-1])))


def _resting(look: Look) -> tuple[Resting, ...]:
    """Approvals and signatures, newest first."""
    approvals = rows_of(look, Approval, Approval.agreed_on)
    signed = select(Statement).where(
        Statement.review_id == look.review.id,
        Statement.condition.in_(paper_rests.SIGNED),
        Statement.withdrawn_at.is_(None),
    )
    found = [_rests("Approval of the report", row.agreed_on, row) for row in approvals if row.joint_body_id is None]
    found += [
        _rests("Anonymity check", row.stated_on, row)
        for row in look.session.scalars(signed.order_by(Statement.stated_on, Statement.id))
    ]
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))


def _rests(what: str, on: date, row: Approval | Statement) -> Resting:
    return Resting(what, on, paper_rests.void_because(row.voided_on, row.voided_because), row.used_by is not None)
