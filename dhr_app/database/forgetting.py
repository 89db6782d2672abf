"""What the trail keeps of records beside its entries, removed when the records are destroyed; the chain still holds.

Whoever destroys records says so first, by an event of the review whose details name what it `destroys`: a list of
record classes, “family:<subject>” for one subject's alone, and “salts” where the clear texts go too:

    record(session, …, review_id=review.id, details={"destroys": destroys(domain, …, salts=True)})
    forget_payloads(session, domain, review.id); forget_salts(session, review.id)

Without that event the proof finds each payload and salt that is gone (database/verify.py).
"""

from __future__ import annotations

from collections.abc import Container
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dhr_app.database.keystore import NOBODY, Domain
from dhr_app.database.models.audit import AuditPayload, AuditSalt

SALTS = "salts"


def destroys(*domains: Domain, salts: bool = False) -> list[str]:
    """The detail `destroys` of the event that says what is destroyed."""
    named = [each.record_class if each.subject_id == NOBODY else _of_subject(each) for each in domains]
    return [*named, SALTS] if salts else named


def is_destroyed(said: Container[str], record_class: str, subject_id: UUID) -> bool:
    """Whether such details say that the payloads of this key may be gone."""
    return record_class in said or f"{record_class}:{subject_id}" in said


def _of_subject(domain: Domain) -> str:
    return f"{domain.record_class}:{domain.subject_id}"


def forget_payloads(session: Session, domain: Domain, chain: UUID) -> int:
    """Remove what a chain's entries kept of the records under one key, in a verb. Returns how many there were.

    An event must say that it destroys them: `destroys()` gives its detail.
    """
    rows = session.scalars(
        select(AuditPayload).where(
            AuditPayload.chain == chain,
            AuditPayload.record_class == domain.record_class,
            AuditPayload.subject_id == domain.subject_id,
        )
    ).all()
    for row in rows:
        session.delete(row)
    return len(rows)


def forget_salts(session: Session, chain: UUID) -> int:
    """Remove the salts of a chain's clear texts, in a verb: for when the whole review is destroyed.

    An event must say that it destroys them: “salts” among its detail.
    """
    rows = session.scalars(select(AuditSalt).where(AuditSalt.chain == chain)).all()
    for row in rows:
        session.delete(row)
    return len(rows)
