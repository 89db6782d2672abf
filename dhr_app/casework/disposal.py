"""Two people confirm that records are destroyed: the steering chair first, then somebody else, who thereby begins it.

Each has typed their password again just before (the pages see to it). What stands in the way is asked at every step,
since a hold may have been placed, or the day changed, in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.begun import FREEZING
from dhr_app.casework.destroying import parts_of
from dhr_app.casework.disposal_notice import numbered
from dhr_app.casework.disposal_state import retained
from dhr_app.casework.house import house
from dhr_app.casework.scene import Look, Scene, changing, looking
from dhr_app.casework.tombstones import can_write_tombstones
from dhr_app.casework.trail_proof import trail_is_sound
from dhr_app.database.audit import record
from dhr_app.database.models.audit import AuditHead
from dhr_app.database.models.disposal import Disposal
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.retention import confirmation_counts, notice_runs

ANOTHER = "You confirmed this yourself: the second person must be somebody else."
NOT_CONFIRMED = Reason("confirmed", "The steering chair or deputy has not confirmed it in the last four weeks.")
CONFIRMED_ALREADY = Reason("confirmed", "A first person has confirmed it already: a second one is needed.")
BEGUN_ALREADY = Reason("begun", "Two people have confirmed it already.")
TRAIL = Reason("trail", "The audit trail does not hold: nothing is destroyed until it has been looked into.")
NOT_WRITABLE = Reason(
    "tombstone",
    "What is destroyed could not be written down outside the databases, so nothing is: ask whoever runs the system.",
)
NOT_THE_REFERENCE = "This is not the reference of the review. Nothing was destroyed."


def ask_first(reference: str, number: int, *, by: Person, at: datetime) -> None:
    """Let somebody come to the form of the first person. Raises what `confirm` would, so that no password is asked."""
    with looking(reference, "disposal.confirm", by=by, at=at) as look:
        _for_the_first(_standing(look, number), look.today)


def ask_second(reference: str, number: int, *, by: Person, at: datetime) -> None:
    """Let somebody come to the form of the second person. Raises what `second` would for them or by the date."""
    with looking(reference, "disposal.second", by=by, at=at) as look:
        _for_the_second(_standing(look, number), by, look.today)


def confirm(reference: str, number: int, *, by: Person, at: datetime) -> None:
    """Confirm as the first person. Raises OutOfReach, NotAllowed, Over, NotYet with everything in the way."""
    with _confirming(reference, number, "disposal.confirm", by=by, at=at) as (scene, row):
        _for_the_first(row, scene.today)
        row.confirmed_at, row.confirmed_by_id, row.confirmed_by_name = at, by.id, by.name
        scene.record(Happened.DISPOSAL_CONFIRMED, subject=row, number=row.number)


def second(reference: str, number: int, typed: str, *, by: Person, at: datetime) -> UUID:
    """Confirm as the second person, who typed the reference, and begin: once a key is destroyed nothing stops it.

    What is to be destroyed is written down with the last entry of the chain before it. Returns the disposal’s id, for
    `destroying.carry_on`. Raises OutOfReach, Over, NotAllowed for the first person, Invalid for another reference, and
    NotYet with everything that is in the way: tombstones that cannot be signed, a trail that does not hold.
    """
    sound = trail_is_sound(house())
    with _confirming(reference, number, "disposal.second", by=by, at=at) as (scene, row):
        _for_the_second(row, by, scene.today)
        if typed.strip().upper() != scene.review.reference:
            raise Invalid({"typed": NOT_THE_REFERENCE})
        if not can_write_tombstones(house().settings):
            raise NotYet("disposal", (NOT_WRITABLE,))
        if not sound:
            raise NotYet("disposal", (TRAIL,))
        _begin(scene, row)
        return row.id


def first_counts(row: Disposal, today: date) -> bool:
    """Whether a first person has confirmed the disposal, and not too long ago; once it is begun it stays so."""
    confirmed_on = london_date(row.confirmed_at) if row.confirmed_at else None
    return row.begun_at is not None or confirmation_counts(confirmed_on, today=today)


@contextmanager
def _confirming(
    reference: str, number: int, permission: str, *, by: Person, at: datetime
) -> Iterator[tuple[Scene, Disposal]]:
    with changing(reference, permission, by=by, at=at, doing=permission) as scene:
        scene.session.queue(FREEZING)
        yield scene, _standing(scene, number)


def _standing(at: Scene | Look, number: int) -> Disposal:
    """The disposal of this number, if its time has come and nothing is in the way of it."""
    row = numbered(at.session, at.review, number)
    if row.begun_at is not None:
        raise NotYet("disposal", (BEGUN_ALREADY,))
    missing = retained(at.session, at.review).missing(at.today, [DataClass(each) for each in row.classes])
    missing += notice_runs(row.begins_on, today=at.today)
    if missing:
        raise NotYet("disposal", missing)
    return row


def _for_the_first(row: Disposal, today: date) -> None:
    if first_counts(row, today):
        raise NotYet("disposal", (CONFIRMED_ALREADY,))


def _for_the_second(row: Disposal, by: Person, today: date) -> None:
    if not first_counts(row, today):
        raise NotYet("disposal", (NOT_CONFIRMED,))
    if row.confirmed_by_id == by.id:
        raise NotAllowed("disposal.second", ANOTHER)


def _begin(scene: Scene, row: Disposal) -> None:
    head = select(AuditHead.hash).where(AuditHead.chain == scene.review.id)
    row.seconded_at, row.seconded_by_id, row.seconded_by_name = scene.at, scene.by.id, scene.by.name
    row.begun_at, row.last_hash = scene.at, scene.session.scalar(head)
    row.key_provider, row.backup_days = house().settings.key_provider, house().settings.keystore_backup_days
    parts = parts_of(scene.session, row)
    scene.session.add_all(parts)
    record(
        scene.session,
        Happened.DISPOSAL_BEGUN,
        review_id=scene.review.id,
        happened_on=scene.today,
        subject=row,
        details={
            "number": row.number,
            "classes": row.classes,
            "first": row.confirmed_by_id,
            "last_hash": row.last_hash.hex() if row.last_hash else None,
            "keys": sum(len(part.generations) for part in parts),
            "cells": sum(part.cells for part in parts),
            "files": sum(part.files for part in parts),
        },
    )
