"""What those addressed answer: an agency’s refusal in writing, a department’s reply to the letter it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Scene, changing
from dhr_app.casework.seen import still_stands
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Addressee, Recommendation
from dhr_app.workflows.action_plan import NATIONAL
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class RefusalEntry:
    """An addressee’s refusal in writing; both empty where it has not refused."""

    refused_on: date | None = None
    refusal: str = ""


@dataclass(frozen=True)
class LetterEntry:
    """When a national recommendation was sent to its department, when that answered, and what."""

    sent_on: date | None = None
    replied_on: date | None = None
    reply: str = ""


def record_refusal(
    reference: str, addressee_id: UUID, entry: RefusalEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Enter, correct or with an empty entry take back an addressee’s refusal in writing. Raises Stale, Invalid."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, Addressee, addressee_id)
        still_stands(refusal_of(row), version, entry)
        faults = not_in_future(scene.today, refused_on=entry.refused_on)
        if entry.refused_on is not None:
            faults |= filled("refusal", entry.refusal, "Enter the agency’s own reason: its words will be asked for.")
        elif entry.refusal.strip():
            faults["refused_on"] = "Give the day of its letter or e-mail."
        if faults:
            raise Invalid(faults)
        first = row.refused_on is None and entry.refused_on is not None
        row.refused_on, row.refusal = entry.refused_on, entry.refusal.strip() or None
        of = scene.session.get_one(Recommendation, row.recommendation_id)
        scene.record(
            Happened.RECOMMENDATION_REFUSED if first else Happened.RECOMMENDATION_CHANGED,
            on=entry.refused_on if first else None, agency_id=row.agency_id, subject=row, number=of.number,
        )  # fmt: skip


def record_letter(
    reference: str, recommendation_id: UUID, entry: LetterEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Enter or correct when a national recommendation was sent and what came back, on a closed review too.

    Raises Stale, and Invalid for a local one, one without a department, or an answer before its letter.
    """
    with changing(reference, "plan.change", by=by, at=at) as scene:
        if Stage(scene.review.stage) is not Stage.CLOSED:  # departments answer when they answer
            scene.must_be_commissioned()
        row = own_row(scene, Recommendation, recommendation_id)
        still_stands(letter_of(row), version, entry)
        faults = _letter_faults(scene, row, entry)
        if faults:
            raise Invalid(faults)
        sends = row.sent_on is None and entry.sent_on is not None
        replies = row.replied_on is None and entry.replied_on is not None
        row.sent_on, row.replied_on, row.reply = entry.sent_on, entry.replied_on, entry.reply.strip() or None
        if sends:
            scene.record(Happened.RECOMMENDATION_SENT, on=entry.sent_on, subject=row, number=row.number)
        if replies:
            scene.record(Happened.RECOMMENDATION_REPLIED, on=entry.replied_on, subject=row, number=row.number)
        if not sends and not replies:
            scene.record(Happened.RECOMMENDATION_CHANGED, subject=row, number=row.number)


def refusal_of(row: Addressee) -> RefusalEntry:
    """A refusal as its form would say it."""
    return RefusalEntry(row.refused_on, row.refusal or "")


def letter_of(row: Recommendation) -> LetterEntry:
    """The letter and its answer as their form would say them."""
    return LetterEntry(row.sent_on, row.replied_on, row.reply or "")


def _letter_faults(scene: Scene, row: Recommendation, entry: LetterEntry) -> dict[str, str]:
    faults = not_in_future(scene.today, sent_on=entry.sent_on, replied_on=entry.replied_on)
    if entry.sent_on is not None and row.scope != NATIONAL:
        faults["sent_on"] = "This is not a national recommendation: correct its scope first."
    elif entry.sent_on is not None and not _to_a_department(scene, row):
        faults["sent_on"] = "It names no national department yet: correct whom it is addressed to first."
    if entry.replied_on is not None:
        if entry.sent_on is None:
            faults["sent_on"] = "Give the day of the letter that was answered."
        elif entry.replied_on < entry.sent_on:
            faults["replied_on"] = f"The letter went on {in_words(entry.sent_on)}: the answer cannot be earlier."
        faults |= filled("reply", entry.reply, "Enter what the department answered.")
    elif entry.reply.strip():
        faults["replied_on"] = "Give the day of the answer."
    return faults


def _to_a_department(scene: Scene, row: Recommendation) -> bool:
    found = (
        select(Addressee.id)
        .join(Agency, Agency.id == Addressee.agency_id)
        .where(Addressee.recommendation_id == row.id, Agency.kind == NATIONAL)
        .limit(1)
    )
    return scene.session.scalar(found) is not None
