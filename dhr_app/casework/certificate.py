"""The certificate of a disposal: what was destroyed, by whom and under which policy, and what could still open it.

It names the review by its reference, staff by name and post as the audit trail has them, and nobody else.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.typesetting import typeset
from dhr_app.casework.certificate_words import Certificate, Confirmed, Destroyed, as_data
from dhr_app.casework.front_door import letterhead
from dhr_app.casework.house import house
from dhr_app.casework.outgoing import must_not_name
from dhr_app.casework.records_page import kept_texts
from dhr_app.casework.scene import changing, looking
from dhr_app.database.keystore import NOBODY
from dhr_app.database.models.audit import AuditCheckpoint, AuditEntry, AuditLeaf
from dhr_app.database.models.disposal import Disposal, DisposalPart
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import NotYet, OutOfReach, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.retention import RECORDS
from dhr_app.workflows.roles import Role

THE_PROGRAM = "the program itself, since they were due"
NOT_DONE = Reason("done", "The records are not destroyed yet: the certificate is made once they are.")


def certificate_of(reference: str, number: int, *, by: Person, at: datetime) -> bytes:
    """The certificate of a review's disposal as a PDF; that it was made is written down before it is handed out.

    Raises OutOfReach, NotAllowed, NotYet before all is destroyed, MayNotLeave where it would name somebody protected.
    """
    certificate = the_certificate(reference, number, by=by, at=at)
    must_not_name(certificate, [reference], what="This certificate", at=at)
    made = typeset("certificate", as_data(certificate), at=certificate.done_at)
    with changing(reference, "records.see", by=by, at=at) as scene:
        scene.record(Happened.DISPOSAL_CERTIFIED, details={"number": number})
    return made


def the_certificate(reference: str, number: int, *, by: Person, at: datetime) -> Certificate:
    """What it says. Raises OutOfReach, NotAllowed, NotYet."""
    with looking(reference, "records.see", by=by, at=at) as look:
        found = select(Disposal).where(Disposal.review_id == look.review.id, Disposal.number == number)
        row = look.session.scalars(found).one_or_none()
        if row is None:
            raise OutOfReach(look.review.id)
        if row.done_at is None or row.begun_at is None or row.last_hash is None:
            raise NotYet("certificate", (NOT_DONE,))
        checkpoint = _checkpoint(look.session, row)
        return Certificate(
            reference=reference,
            number=number,
            partnership=letterhead().name,
            policy=row.policy,
            noticed_on=row.notice_on,
            noticed_by=row.notice_by_name if row.notice_by_id else THE_PROGRAM,
            first=_confirmed(look.session, row.review_id, row.confirmed_by_id, row.confirmed_by_name, row.confirmed_at),
            second=_confirmed(look.session, row.review_id, row.seconded_by_id, row.seconded_by_name, row.seconded_at),
            begun_at=row.begun_at,
            done_at=row.done_at,
            destroyed=_destroyed(look.session, row),
            nothing_of=_nothing_of(look.session, row),
            last_hash=row.last_hash,
            checkpoint=checkpoint.number if checkpoint else None,
            checkpoint_root=checkpoint.root if checkpoint else None,
            key_provider=row.key_provider or house().settings.key_provider,
            # Where backups have come to be kept longer, those of that time may be too.
            backup_days=max(row.backup_days or 0, house().settings.keystore_backup_days),
            kept_texts=kept_texts(look.session, look.review.id),
        )


def _confirmed(
    session: NamedSession, review_id: UUID, by: UUID | None, name: str | None, at: datetime | None
) -> Confirmed:
    """Who confirmed, with the post that the trail’s own entry of that moment gives them."""
    if at is None:
        raise NotYet("certificate", (NOT_DONE,))
    entries = select(AuditEntry.body).where(AuditEntry.chain == review_id, AuditEntry.at == at)
    actors = [json.loads(body)["actor"] for body in session.scalars(entries.order_by(AuditEntry.seq))]
    role = next((actor.get("role") for actor in actors if actor["id"] == str(by)), None)
    return Confirmed(name or "", Role(role).label if role else "", at)


def _destroyed(session: NamedSession, disposal: Disposal) -> tuple[Destroyed, ...]:
    parts = select(DisposalPart).where(DisposalPart.disposal_id == disposal.id)
    rows = session.scalars(parts.order_by(DisposalPart.record_class, DisposalPart.subject_id)).all()
    family = select(FamilyMember.id, FamilyMember.number).where(FamilyMember.review_id == disposal.review_id)
    numbers = {row.id: row.number for row in session.execute(family.order_by(FamilyMember.number))}
    told = [
        (
            list(DETAILS_OPENED).index(row.record_class),
            numbers.get(row.subject_id, 0),
            Destroyed(
                DETAILS_OPENED[row.record_class] + _whose(row.subject_id, numbers),
                tuple(row.generations),
                row.cells,
                row.files,
                bytes.fromhex(row.tombstone or ""),
            ),
        )
        for row in rows
    ]
    return tuple(each for _, _, each in sorted(told, key=lambda one: one[:2]))


def _nothing_of(session: NamedSession, disposal: Disposal) -> tuple[str, ...]:
    """The classes that the disposal was of and that had no key, in the order of pages."""
    had = set(session.scalars(select(DisposalPart.record_class).where(DisposalPart.disposal_id == disposal.id)))
    return tuple(DETAILS_OPENED[each] for each in RECORDS if each.value in disposal.classes and each.value not in had)


def _whose(subject_id: UUID, numbers: dict[UUID, int]) -> str:
    if subject_id == NOBODY:
        return ""
    return f", family member {numbers[subject_id]}" if subject_id in numbers else ", a family member"


def _checkpoint(session: NamedSession, disposal: Disposal) -> AuditCheckpoint | None:
    """The first checkpoint that signs the entry which says that all is destroyed."""
    chain, done = disposal.review_id, disposal.done_at
    entry = select(func.max(AuditEntry.seq)).where(AuditEntry.chain == chain, AuditEntry.at == done).scalar_subquery()
    leaf = select(func.min(AuditLeaf.position)).where(AuditLeaf.chain == chain, AuditLeaf.seq >= entry)
    rows = select(AuditCheckpoint).where(AuditCheckpoint.size > leaf.scalar_subquery())
    return session.scalars(rows.order_by(AuditCheckpoint.number).limit(1)).first()
