"""Every sealed value sealed anew with new keys, while people work: begun once, carried on after any interruption.

A new generation of each key is committed before anything uses it. Then each sealed column is swept in batches, each a
transaction of its own; a value that somebody changed meanwhile is theirs, and sealed with the new key already. When
nothing is left, it waits for whoever began before, counts again, and only then retires the old keys. What has been done
is seen in the data itself, so that a rotation which was broken off is carried on by calling it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.casework.purposes import KEY_ROTATION
from dhr_app.database import keycare
from dhr_app.database.audit import record
from dhr_app.database.context import Actor
from dhr_app.database.keycare import Kept as KeptKey
from dhr_app.database.keyring import current_keyring
from dhr_app.database.keystore import Domain
from dhr_app.database.models.event import Event
from dhr_app.database.models.review import Review
from dhr_app.database.resealing import Found, SealedColumn, counted, older, reseal, sealed_columns
from dhr_app.database.resealing_payloads import Group, counted_payloads, older_payloads, reseal_payloads
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened

BATCH = 200
SETTLE_SECONDS = 120.0  # twice as long as a process may remember a key: whoever began before is done by then
KEPT = timedelta(days=30)  # how long a retired key is kept before it is destroyed
ROUNDS = 10
SILENT_SECONDS = 3.0  # how long whoever changes the master key may see nothing move
OLD_KEYS = Program("old keys")
Say = Callable[[str], None]


@dataclass
class Rotated:
    """What a rotation did: keys made anew, values sealed again, and those that no key opens (table, column and row)."""

    keys: int = 0
    resealed: int = 0
    overtaken: int = 0
    retired: int = 0
    left: int = 0
    unreadable: set[str] = field(default_factory=set)
    held_back: set[Domain] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """Whether nothing is left under an older key."""
        return not self.left and not self.unreadable


def rotate(
    in_house: House, reference: str | None = None, *, wait: Callable[[float], None], say: Say, settle: float
) -> Rotated:
    """Change the keys of everything, or of one review. Raises OutOfReach for an unknown reference.

    `wait` sleeps so many seconds; `settle` is how many between the sweep and the last count. `say` tells the progress.
    """
    review_id = _review(in_house, reference)
    begun = _begin(in_house, review_id)
    done = Rotated()
    for key in _current(in_house, review_id):
        if key.created_at < begun and in_house.database.keystore.new_key(key.domain, at=in_house.clock.now()):
            done.keys += 1
    say(f"{done.keys} new keys were made; every one is committed before anything is sealed with it.")
    for _ in range(ROUNDS):
        with in_house.with_keys(KEY_ROTATION, at=in_house.clock.now()):  # one keyring: each key is unwrapped once
            _sweep(in_house, review_id, done, say)
        if settle:
            say(f"Waiting {settle:.0f} seconds, for whoever began a change before.")
        wait(settle)
        done.left = sum(older_cells(in_house, review_id).values()) - len(done.unreadable)
        if done.left <= 0:
            done.left = 0
            break
    _finish(in_house, review_id, done)
    return done


def older_cells(in_house: House, review_id: UUID | None = None) -> dict[str, int]:
    """How many values of each column another key than today's seals, of the columns that have such."""
    today = _today(in_house, review_id)
    found: dict[str, int] = {}
    with in_house.reading() as session:
        for column in sealed_columns():
            if count := sum(1 for _ in older(session, column, today, review_id=review_id)):
                found[column.name] = count
        if count := sum(group.rows for group in older_payloads(session, today, review_id=review_id)):
            found["audit_payload.sealed"] = count
    return found


def destroy_retired(in_house: House, *, at: datetime) -> tuple[int, int]:
    """Destroy the keys that were retired a month ago and seal nothing; those that do are put back to opening.

    Returns how many were destroyed and how many put back.
    """
    due = {
        (key.domain, key.generation)
        for key in keycare.every_key(in_house.database.keystore)
        if key.state == "retired" and key.retired_at is not None and key.retired_at <= at - KEPT
    }
    if not due:
        return 0, 0
    with in_house.reading() as session:
        in_use = set(counted(session, due)) | set(counted_payloads(session, due))
    for domain, generation in sorted(in_use, key=str):
        keycare.revive(in_house.database.keystore, domain, generation)
    gone = sum(
        in_house.database.keystore.destroy(domain, generation=generation, at=at)
        for domain, generation in sorted(due - in_use, key=str)
    )
    _tell(in_house, Happened.KEYS_DESTROYED, None, {"keys": gone, "still_used": len(in_use)}, by=OLD_KEYS)
    return gone, len(in_use)


def rewrap(in_house: House, *, say: Say, seconds: Callable[[], float] = time.monotonic) -> tuple[int, int]:
    """Put every key under today's master key. Returns how many were, and how many could not be unwrapped any more.

    `say` tells how many there are, then how far it is: after every 200, or whenever three seconds went by silently.
    """
    done = failed = told = 0
    total, one_by_one = keycare.rewrap(in_house.database.keystore)
    say(f"{total} keys are under another master key than today’s.")
    silent_since = seconds()
    for one in one_by_one:
        done, failed = done + (one is None), failed + (one is not None)
        if done + failed - told >= BATCH or seconds() - silent_since >= SILENT_SECONDS:
            told, silent_since = done + failed, seconds()
            say(f"{told} of {total} keys were looked at.")
    _tell(in_house, Happened.KEYS_REWRAPPED, None, {"keys": done, "failed": failed})
    return done, failed


def in_lines(done: Rotated) -> list[str]:
    """What a rotation did, for the screen; the last line is the proof that it is complete, or says what is not."""
    said = [f"{done.resealed} values were sealed again, {done.overtaken} had been changed by somebody meanwhile."]
    said += [f"{place} cannot be opened, and was left as it is." for place in sorted(done.unreadable)]
    if done.left:
        return [*said, f"{done.left} values are still sealed with an older key: run `dhr keys rotate` again."]
    if done.unreadable:
        return [
            *said,
            "The keys of what cannot be opened stay; everything else is complete: 0 values with an older key.",
        ]
    return [*said, f"Complete: 0 values are sealed with an older key; {done.retired} old keys were retired."]


def _begin(in_house: House, review_id: UUID | None) -> datetime:
    """When this rotation began: now, or when the one was begun that has not ended yet."""
    kinds = (Happened.KEYS_ROTATION_BEGUN.value, Happened.KEYS_ROTATED.value)
    newest_first = Event.recorded_at.desc(), Event.ordinal.desc(), Event.kind
    with in_house.reading() as session:
        last = session.scalars(
            select(Event).where(Event.kind.in_(kinds), Event.review_id == review_id).order_by(*newest_first).limit(1)
        ).one_or_none()
    if last is not None and last.kind == Happened.KEYS_ROTATION_BEGUN:
        return last.recorded_at
    return _tell(in_house, Happened.KEYS_ROTATION_BEGUN, review_id)


def _sweep(in_house: House, review_id: UUID | None, done: Rotated, say: Say) -> None:
    today = _today(in_house, review_id)
    for column in sealed_columns():
        with in_house.reading() as session:
            found = list(older(session, column, today, review_id=review_id))
        before, overtaken = done.resealed, done.overtaken
        _open_again(in_house, {(each.domain, each.generation) for each in found})
        for start in range(0, len(found), BATCH):
            batch = found[start : start + BATCH]
            _reseal(in_house, column, batch, today, done)
        if found:
            mine = done.resealed - before
            say(f"{column.name}: {mine} of {len(found)} sealed again, {done.overtaken - overtaken} changed meanwhile.")
    with in_house.reading() as session:
        groups = list(older_payloads(session, today, review_id=review_id))
    _open_again(in_house, {(group.domain, group.generation) for group in groups if group.generation})
    before = done.resealed
    for group in groups:
        _reseal_payloads(in_house, group, done)
    if groups:
        say(f"The audit trail’s payloads: {done.resealed - before} sealed again.")


def _reseal(in_house: House, column: SealedColumn, batch: list[Found], today: dict[Domain, int], done: Rotated) -> None:
    at = in_house.clock.now()
    with in_house.transaction(by=KEY_ROTATION, at=at) as session:
        ring = current_keyring.get()
        assert ring is not None  # noqa: S101 - the transaction holds it
        one = reseal(session, ring, column, batch, today)
    done.resealed += one.done
    done.overtaken += one.overtaken
    done.unreadable |= {f"{column.name} of row {row}" for row in one.unreadable}
    done.held_back |= {each.domain for each in batch if each.row in one.unreadable}


def _reseal_payloads(in_house: House, group: Group, done: Rotated) -> None:
    after = 0
    while True:
        with in_house.transaction(by=KEY_ROTATION, at=in_house.clock.now()) as session:
            ring = current_keyring.get()
            assert ring is not None  # noqa: S101 - the transaction holds it
            if group.chain.int:
                session.lock(group.chain)
            count, last, unreadable = reseal_payloads(session, ring, group, after=after, at_most=BATCH)
        done.resealed += count
        if unreadable:
            done.unreadable |= {f"audit_payload.sealed of entry {group.chain}:{seq}" for seq in unreadable}
            done.held_back.add(group.domain)
        if count + len(unreadable) < BATCH:
            return
        after = last


def _finish(in_house: House, review_id: UUID | None, done: Rotated) -> None:
    """Retire what seals nothing any more, and say so; what is not finished stays begun."""
    if done.left:
        return
    keystore, newest = in_house.database.keystore, _today(in_house, review_id)
    for key in _keys(in_house, review_id):
        if key.state == "open_only" and key.generation < newest.get(key.domain, 0) and key.domain not in done.held_back:
            keystore.retire(key.domain, key.generation, at=in_house.clock.now())
            done.retired += 1
    counts = {"keys": done.keys, "cells": done.resealed, "retired": done.retired, "unreadable": len(done.unreadable)}
    _tell(in_house, Happened.KEYS_ROTATED, review_id, counts)


def _open_again(in_house: House, used: set[tuple[Domain, int]]) -> None:
    """Retired keys that still seal something, because somebody wrote with them too late, open once more."""
    if not used:
        return
    retired = {(key.domain, key.generation) for key in _keys(in_house, None) if key.state == "retired"}
    for domain, generation in sorted(used & retired, key=str):
        keycare.revive(in_house.database.keystore, domain, generation)


def _today(in_house: House, review_id: UUID | None) -> dict[Domain, int]:
    return {key.domain: key.generation for key in _current(in_house, review_id)}


def _current(in_house: House, review_id: UUID | None) -> list[KeptKey]:
    """The key that seals today in each domain that some column's values belong to."""
    classes = {str(column.attribute.data_class) for column in sealed_columns()}
    return [key for key in _keys(in_house, review_id) if key.state == "active" and key.domain.record_class in classes]


def _keys(in_house: House, review_id: UUID | None) -> list[KeptKey]:
    every = keycare.every_key(in_house.database.keystore)
    return [key for key in every if review_id in (None, key.domain.review_id)]


def _review(in_house: House, reference: str | None) -> UUID | None:
    if reference is None:
        return None
    with in_house.reading() as session:
        found = session.scalars(select(Review.id).where(Review.reference == reference)).one_or_none()
    if found is None:
        raise OutOfReach
    return found


def _tell(
    in_house: House,
    kind: Happened,
    review_id: UUID | None,
    details: dict[str, int] | None = None,
    *,
    by: Actor = KEY_ROTATION,
) -> datetime:
    at = in_house.clock.now()
    with in_house.database.transaction(by=by, at=at) as session:
        record(session, kind, review_id=review_id, happened_on=london_date(at), details=details)
    return at
