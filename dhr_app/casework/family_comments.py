"""What a family member said of the draft, kept in their own words, and how each comment was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.family import BARRED, member_of, of_member
from dhr_app.casework.rows import in_texts
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.family_part import FamilyComment
from dhr_app.database.models.people import FamilyMember
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person


@dataclass(frozen=True)
class CommentEntry:
    """What the form says: what they said and when; how they were answered and when, or neither yet."""

    made_on: date | None = None
    said: str = ""
    answer: str = ""
    answered_on: date | None = None


def add_comment(reference: str, member_id: UUID, entry: CommentEntry, *, by: Person, at: datetime) -> UUID:
    """Write a comment down, with its answer where there is one. Raises Invalid, NotYet, OutOfReach, NotAllowed."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        member = member_of(scene, member_id)
        _check(entry, member, scene.today)
        row = FamilyComment(review_id=scene.review.id, family_member_id=member.id, **_columns(entry))
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.FAMILY_COMMENT_MADE, on=row.made_on, subject=row, number=member.number)
        if row.answered_on is not None:
            scene.record(Happened.FAMILY_COMMENT_ANSWERED, on=row.answered_on, subject=row, number=member.number)
        return row.id


def correct_comment(
    reference: str, member_id: UUID, comment_id: UUID, entry: CommentEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Answer or correct a comment. Raises Stale with both texts, Invalid, OutOfReach, NotAllowed."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        member, row = _found(scene, member_id, comment_id)
        same_version(row, version, theirs=in_texts(comment_of(row)), yours=in_texts(entry))
        _check(entry, member, scene.today, answered=row.answered_on is not None)
        first = row.answered_on is None and entry.answered_on is not None
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        kind = Happened.FAMILY_COMMENT_ANSWERED if first else Happened.FAMILY_COMMENT_CHANGED
        scene.record(kind, on=row.answered_on if first else None, subject=row, number=member.number)


def remove_comment(reference: str, member_id: UUID, comment_id: UUID, *, by: Person, at: datetime) -> None:
    """A comment was entered by mistake. Raises OutOfReach, NotAllowed."""
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        member, row = _found(scene, member_id, comment_id)
        row.removed_on = scene.today
        scene.record(Happened.FAMILY_COMMENT_REMOVED, subject=row, number=member.number)


def comment_of(row: FamilyComment) -> CommentEntry:
    """What a comment says, opened."""
    return CommentEntry(row.made_on, row.said or "", row.answer or "", row.answered_on)


def _check(entry: CommentEntry, member: FamilyMember, today: date, *, answered: bool = False) -> None:
    """Raise Invalid with everything that cannot be right. Whoever is not to be contacted is sent no answer either."""
    faults = not_in_future(today, made_on=entry.made_on, answered_on=entry.answered_on)
    faults |= filled("said", entry.said, "Write down what they said.")
    if entry.made_on is None:
        faults["made_on"] = "Give the day."
    if entry.answer.strip() and entry.answered_on is None:
        faults["answered_on"] = "Give the day on which they were answered."
    if entry.answered_on is not None:
        faults |= filled("answer", entry.answer, "Write down how they were answered, and what was changed or why not.")
        if entry.made_on is not None and entry.answered_on < entry.made_on:
            faults["answered_on"] = f"The comment was made on {in_words(entry.made_on)}: this cannot be earlier."
        if member.not_contacted_because and not answered:
            faults["answered_on"] = BARRED
    if faults:
        raise Invalid(faults)


def _columns(entry: CommentEntry) -> dict[str, object]:
    return {**vars(entry), "said": entry.said.strip(), "answer": entry.answer.strip() or None}


def _found(scene: Scene, member_id: UUID, comment_id: UUID) -> tuple[FamilyMember, FamilyComment]:
    member = member_of(scene, member_id)
    return member, of_member(scene, FamilyComment, comment_id, member)
