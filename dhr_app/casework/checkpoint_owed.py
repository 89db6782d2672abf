"""The checkpoint that a publication, a disposal or an export asked for and did not get: known, and soon made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from dhr_app.casework.checkpoints import Occasion, keep_up, make_checkpoint, numbers_written, write_notes
from dhr_app.casework.house import House
from dhr_app.casework.move import PUBLISHING
from dhr_app.database.audit import SYSTEM_CHAIN
from dhr_app.database.models.audit import AuditCheckpoint, AuditEntry, AuditHead, AuditLeaf
from dhr_app.database.models.event import Event
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened

OCCASIONS = {
    Happened.MOVED.value: Occasion.PUBLICATION,
    Happened.DISPOSAL_DONE.value: Occasion.DISPOSAL,
    Happened.TRAIL_EXPORTED.value: Occasion.EXPORT,
}
SAID = {
    Occasion.PUBLICATION: "a publication",
    Occasion.DISPOSAL: "the destruction of records",
    Occasion.EXPORT: "an export of the trail",
}


def finding(in_house: House) -> tuple[bool, str]:
    """For `dhr check`: that no checkpoint is owed. Raises CheckpointFailed where the folder cannot be read."""
    with in_house.reading() as session:
        occasion, unwritten = _not_signed(session), _not_written(in_house, session)
    by_hand = "It is tried again every quarter of an hour; `dhr audit checkpoint` does it now."
    if occasion:
        return False, f"No checkpoint was made after {SAID[occasion]}. {by_hand}"
    if unwritten:
        return False, f"The newest checkpoint was signed and its note could not be written. {by_hand}"
    return True, "A checkpoint was made after each publication, destruction of records and export of the trail."


def make_good(in_house: House, *, at: datetime) -> str:
    """Make the checkpoint that is owed, or write the note that could not be written, and say which, if any.

    Nothing is said of one that is only made because its quarter of an hour has come.

    Raises CheckpointFailed, TrailBroken or DatabaseUnavailable.
    """
    with in_house.reading() as session:
        occasion, unwritten = _not_signed(session), _not_written(in_house, session)
    if occasion:
        make_checkpoint(in_house, reason=occasion, at=at)
        return f"the checkpoint was made that was owed after {SAID[occasion]}"
    if unwritten:
        write_notes(in_house)
    keep_up(in_house, at=at)
    return "the note of the newest checkpoint was written" if unwritten else ""


def _not_signed(session: NamedSession) -> Occasion | None:
    """The newest occasion of which no checkpoint covers the entry that tells it: the times of both would not say so,

    since a checkpoint may have been made while that entry was still being written.
    """
    published = and_(Event.kind == Happened.MOVED.value, Event.details["move"].as_string().in_(PUBLISHING))
    others = Event.kind.in_([kind for kind in OCCASIONS if kind != Happened.MOVED.value])
    signed = select(func.coalesce(func.max(AuditLeaf.seq), 0)).where(AuditLeaf.chain == AuditHead.chain)
    up_to = signed.correlate(AuditHead).scalar_subquery()
    of_its_time = and_(AuditEntry.chain == AuditHead.chain, AuditEntry.seq > up_to, AuditEntry.at == Event.recorded_at)
    rows = (
        select(Event.kind, Event.id, AuditEntry.body)
        .join(AuditHead, AuditHead.chain == func.coalesce(Event.review_id, SYSTEM_CHAIN))
        .join(AuditEntry, of_its_time)
        .where(or_(published, others), AuditHead.seq > up_to)
        .order_by(Event.recorded_at.desc(), Event.ordinal.desc(), Event.id.desc())
    )
    for kind, event_id, body in session.execute(rows):
        if str(event_id).encode() in body:
            return OCCASIONS[kind]
    return None


def _not_written(in_house: House, session: NamedSession) -> bool:
    """Whether what the folder of notes lacks looks like a writing that failed: only notes after all that are there.

    A gap, or a folder that lost everything, does not: somebody took notes away, or the share is not mounted, which is
    left for the proof of the trail to say.
    """
    made = set(session.scalars(select(AuditCheckpoint.number)))
    if not made:
        return False
    there = numbers_written(in_house.settings)
    lacking = made - there
    return bool(lacking) and min(lacking) > max(there, default=0) and (bool(there) or len(made) == 1)
