"""What a review leaves behind: until when its records are kept, and whether what was done has lasted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.disposal_notice import end_notices
from dhr_app.casework.rows import in_texts
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.database.models.closing import Closing
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import AUDIT_FOUND
from dhr_app.workflows.stages import Stage

# Records that a transfer took elsewhere, or that were never a review's, are kept by nobody here.
NOT_OURS = (Stage.TRANSFERRED, Stage.VOID)
NOTHING_DONE_YET = (Stage.NOTIFICATION, Stage.SCOPING, Stage.NOT_REVIEWED)
LONGEST = timedelta(days=100 * 366)


@dataclass(frozen=True)
class RetentionEntry:
    """Until which day the records are kept, and the name of the policy that says so."""

    keep_until: date | None = None
    policy: str = ""


@dataclass(frozen=True)
class AuditEntry:
    """The audit of the action plan: when, and what it found (AUDIT_FOUND)."""

    audited_on: date | None = None
    audit_found: str = ""


Entry = TypeVar("Entry", RetentionEntry, AuditEntry)


@dataclass(frozen=True)
class ClosingPage:
    """What is recorded towards the end of a review; version 0 where nothing is yet. Nothing of it is sealed."""

    reference: str
    version: int
    retention: RetentionEntry
    audit: AuditEntry
    may_change: bool


def set_retention(reference: str, entry: RetentionEntry, version: int, *, by: Person, at: datetime) -> None:
    """Set or correct until when the records are kept. Raises Stale, Invalid, or NotYet where they are not ours."""
    with changing(reference, "closing.change", by=by, at=at) as scene:
        _must_be_ours(scene)
        row, stands = _row(scene, version, _retention, entry)
        faults = filled("policy", entry.policy, "Name the policy: whose it is, and its year.")
        if entry.keep_until is None:
            faults["keep_until"] = "Give the day until which the records are kept."
        elif entry.keep_until != stands.keep_until and not scene.today < entry.keep_until <= scene.today + LONGEST:
            faults["keep_until"] = f"{in_words(entry.keep_until)} is not a day to come: check the year."
        if faults:
            raise Invalid(faults)
        row.keep_until, row.policy = entry.keep_until, entry.policy.strip()
        if stands != entry:  # whoever was told of a disposal was told of another day, or another policy
            end_notices(scene.session, "retention_changed", scene.review.id, at=scene.at)
        scene.record(Happened.RETENTION_CHANGED if stands.keep_until else Happened.RETENTION_SET, subject=row)


def record_audit(reference: str, entry: AuditEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write down, or correct, what the audit of the action plan found. Raises Stale, Invalid, NotYet.

    Most audits come after the review was closed, so a closed one takes it too.
    """
    with changing(reference, "closing.change", by=by, at=at) as scene:
        _must_be_ours(scene)
        if Stage(scene.review.stage) in NOTHING_DONE_YET:
            raise NotYet("change", (Reason("stage", "There is no action plan yet that could be audited."),))
        row, stands = _row(scene, version, _audit, entry)
        faults = not_in_future(scene.today, audited_on=entry.audited_on)
        faults |= known_codes(entry, {"audit_found": AUDIT_FOUND})
        if entry.audited_on is None:
            faults["audited_on"] = "Give the day of the audit."
        if faults or entry.audited_on is None:
            raise Invalid(faults)
        row.audited_on, row.audit_found = entry.audited_on, entry.audit_found
        clocks.met_by_the_first(scene, "actions_audited", [entry.audited_on], was=stands.audited_on)
        found = AUDIT_FOUND[entry.audit_found].lower()
        scene.record(Happened.ACTIONS_AUDITED, on=entry.audited_on, subject=row, label=found)


def closing_page(reference: str, *, by: Person, at: datetime) -> ClosingPage:
    """What is recorded; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "closing.see", by=by, at=at) as look:
        return _page(look)


def closing_to_change(reference: str, *, by: Person, at: datetime) -> ClosingPage:
    """The same for the forms of whoever may change it. Raises OutOfReach, NotAllowed."""
    with looking(reference, "closing.change", by=by, at=at) as look:
        return _page(look)


def _page(look: Look) -> ClosingPage:
    row = _found(look)
    may_change = look.may("closing.change") and Stage(look.review.stage) not in NOT_OURS
    version = row.version if row else 0
    return ClosingPage(look.review.reference, version, _retention(row), _audit(row), may_change)


def _must_be_ours(scene: Scene) -> None:
    stage = Stage(scene.review.stage)
    if stage in NOT_OURS:
        raise NotYet("change", (Reason("stage", f"The review is at “{stage.label}”: its records are not kept here."),))


def _found(at: Scene | Look) -> Closing | None:
    return at.session.scalars(select(Closing).where(Closing.review_id == at.review.id)).one_or_none()


def _row(scene: Scene, version: int, part: Callable[[Closing | None], Entry], entry: Entry) -> tuple[Closing, Entry]:
    """The row, new where there was none, and what it said so far of this part. Raises Stale."""
    row = _found(scene)
    stands = part(row)
    if row is None:
        row = Closing(review_id=scene.review.id)
        scene.session.add(row)
    else:
        same_version(row, version, theirs=in_texts(stands), yours=in_texts(entry))
    return row, stands


def _retention(row: Closing | None) -> RetentionEntry:
    return RetentionEntry(row.keep_until, row.policy or "") if row else RetentionEntry()


def _audit(row: Closing | None) -> AuditEntry:
    return AuditEntry(row.audited_on, row.audit_found or "") if row else AuditEntry()
