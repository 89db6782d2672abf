"""The terms of reference as pages show them: every version, and the meetings at which one may have been agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import undefer

from dhr_app.casework.meeting_choices import MeetingChoice, meetings_of
from dhr_app.casework.rows import rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.terms import AgreementEntry, TermsEntry, agreement_of, entry_of
from dhr_app.database.models.terms import Terms
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.permissions import DataClass, Person


@dataclass(frozen=True)
class TermsShown:
    """A version as a page shows it, opened. `state` is draft, agreed, or replaced by a newer version."""

    id: UUID
    number: int
    version: int
    entry: TermsEntry
    agreement: AgreementEntry
    agreed_on: date | None
    meeting: str
    state: str


@dataclass(frozen=True)
class TermsPage:
    """The versions of a review’s terms of reference, the newest first."""

    reference: str
    versions: tuple[TermsShown, ...]
    may_change: bool


@dataclass(frozen=True)
class AgreementPage:
    """One version with the meetings of the panel at which it may have been agreed."""

    shown: TermsShown
    meetings: tuple[MeetingChoice, ...]


def terms_page(reference: str, *, by: Person, at: datetime) -> TermsPage:
    """Every version, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "terms.see", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        return TermsPage(reference, tuple(_shown(look)), look.may("terms.change"))


def open_terms(reference: str, terms_id: UUID, *, by: Person, at: datetime) -> TermsShown:
    """One version, opened for somebody who may correct it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "terms.change", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        return _one(look, terms_id)


def open_last(reference: str, *, by: Person, at: datetime) -> TermsShown | None:
    """The newest version, opened for somebody who drafts the next from it; None before the first."""
    with looking(reference, "terms.change", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        return next(iter(_shown(look)), None)


def agreement_page(reference: str, terms_id: UUID, *, by: Person, at: datetime) -> AgreementPage:
    """One version, and the panel’s meetings. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "terms.change", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        return AgreementPage(_one(look, terms_id), meetings_of(look, "panel"))


def _one(look: Look, terms_id: UUID) -> TermsShown:
    for shown in _shown(look):
        if shown.id == terms_id:
            return shown
    raise OutOfReach


def _shown(look: Look) -> list[TermsShown]:
    """Every version, the newest first."""
    meetings = {choice.id: choice.label for choice in meetings_of(look, "panel")}
    rows = rows_of(look, Terms, Terms.number.desc(), options=[undefer(Terms.lines_of_enquiry_ct)])
    return [
        TermsShown(
            row.id,
            row.number,
            row.version,
            entry_of(row),
            agreement_of(row),
            row.agreed_on,
            meetings.get(row.meeting_id, "") if row.meeting_id else "",
            "draft" if row.agreed_on is None else "agreed" if row is rows[0] else "replaced",
        )
        for row in rows
    ]
