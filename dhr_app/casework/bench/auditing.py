"""What the audit trail costs: commits a second of eight writers at once, with it and without; how long a proof takes.

Each writer works twenty milliseconds at something else, as a request does, and then changes one record of a review of
its own and says so with an event. Without the trail the same objects are written by a plain session.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.orm import Session

from dhr_app.casework.bench.ground import Empty, prepare
from dhr_app.casework.bench.rows import begin, bulk_writing, event
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.database.audit import FIRST, VERSION, chain_hash, record
from dhr_app.database.engine import main_engine
from dhr_app.database.models.audit import AuditEntry, AuditHead
from dhr_app.database.models.event import Event
from dhr_app.database.models.review import Review
from dhr_app.database.verify import verify
from dhr_app.workflows.events import Happened

WRITERS, HANDLER_SECONDS = 8, 0.020
SECONDS, ENTRIES = 10.0, 1_000_000
COMMITS_GOAL, P99_GOAL_MS, PROOF_GOAL_SECONDS = 300.0, 100.0, 15.0
AT = datetime(2026, 6, 3, 9, tzinfo=UTC)
CHAINS, AT_ONCE = 100, 5000
Commit = Callable[[UUID, int], None]


@dataclass(frozen=True)
class Writing:
    """Commits a second, and the 99th percentile of one commit in milliseconds, the writer's turn waited for."""

    commits: float
    p99_ms: float


@dataclass(frozen=True)
class AuditFigures:
    """With the trail and without; and the seconds that the proof of so many entries took."""

    engine: str
    audited: Writing
    unaudited: Writing
    entries: int
    proof_seconds: float

    def as_json(self) -> dict[str, float | int]:
        """The keys that other programs read."""
        return {
            "commits_s": round(self.audited.commits, 1),
            "p99_ms": round(self.audited.p99_ms, 1),
            "unaudited_commits_s": round(self.unaudited.commits, 1),
            "unaudited_p99_ms": round(self.unaudited.p99_ms, 1),
            "entries": self.entries,
            "proof_s": round(self.proof_seconds, 2),
        }


def in_lines(figures: AuditFigures) -> Iterator[str]:
    """The figures as people read them, with the goals they are held against."""
    with_it, without = figures.audited, figures.unaudited
    yield (
        f"{WRITERS} writers on {figures.engine}: {with_it.commits:.0f} audited commits a second (goal: at least"
        f" {COMMITS_GOAL:.0f}), {without.commits / with_it.commits:.2f} times as many without the trail"
    )
    yield (
        f"A commit’s 99th percentile: {with_it.p99_ms:.1f} ms (goal: at most {P99_GOAL_MS:.0f}),"
        f" {without.p99_ms:.1f} ms without the trail"
    )
    each = figures.proof_seconds / figures.entries * 1e6
    yield (
        f"The proof of {figures.entries:,} entries on {figures.engine}: {figures.proof_seconds:.1f} s,"
        f" {each:.1f} µs each (goal for a million: at most {PROOF_GOAL_SECONDS:.0f} s)"
    )


def measure_audit(
    folder: Path, on: Empty | None = None, *, seconds: float = SECONDS, entries: int = ENTRIES
) -> AuditFigures:
    """Measure on an installation of its own in an empty folder, or in two empty databases. Raises SettingsError."""
    ground = prepare(folder, WRITERS, on)
    try:
        return measure_in(ground.house, seconds=seconds, entries=entries)
    finally:
        ground.house.database.dispose()


def measure_in(house: House, *, seconds: float, entries: int) -> AuditFigures:
    """Measure on an installation with at least eight reviews, on either engine; it is spoilt by it."""
    plain = main_engine(house.settings.database_url)  # a House's own engine lets no such writer through
    try:
        with house.reading() as session:
            reviews = list(session.scalars(select(Review.id).order_by(Review.reference).limit(WRITERS)))
        unaudited = _writing(reviews, _without_the_trail(plain), seconds)
        audited = _writing(reviews, _with_the_trail(house), seconds)
        _fill(plain, entries)
        return AuditFigures(plain.dialect.name, audited, unaudited, entries, _proof_seconds(house))
    finally:
        plain.dispose()


def _with_the_trail(house: House) -> Commit:
    def commit(review_id: UUID, number: int) -> None:
        with house.database.transaction(by=Program("dhr bench"), at=AT) as session:
            session.lock(review_id, read=Review)
            session.get_one(Review, review_id).public_year = number
            record(session, Happened.NOTIFICATION_CHANGED, review_id=review_id, happened_on=AT.date())

    return commit


def _without_the_trail(engine: Engine) -> Commit:
    def commit(review_id: UUID, number: int) -> None:
        with Session(engine) as session:
            begin(session.connection())
            session.get_one(Review, review_id).public_year = number
            session.add(Event(**event(review_id, Happened.NOTIFICATION_CHANGED.value, AT)))
            session.commit()

    return commit


def _writing(reviews: list[UUID], commit: Commit, seconds: float) -> Writing:
    took: list[list[float]] = [[] for _ in reviews]
    failures: list[BaseException] = []
    for review_id in reviews:  # which warms up
        commit(review_id, 1)
    until = perf_counter() + seconds

    def write(writer: int) -> None:
        try:
            number = 1
            while perf_counter() < until:
                sleep(HANDLER_SECONDS)
                number += 1
                began = perf_counter()
                commit(reviews[writer], number)
                took[writer].append(perf_counter() - began)
        except BaseException as failure:  # raised again below, in the thread of whoever asked
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(len(reviews))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    every = [each for one in took for each in one]
    return Writing(len(every) / seconds, quantiles(every, n=100)[98] * 1000)


def _fill(engine: Engine, entries: int) -> None:
    """Write chains whose every hash is right, straight into the table."""
    with bulk_writing(engine) as connection:
        for _ in range(CHAINS):
            _fill_chain(connection, uuid4(), entries // CHAINS)


def _fill_chain(connection: Connection, chain: UUID, entries: int) -> None:
    prev, waiting = FIRST, []
    for seq in range(1, entries + 1):
        body = json.dumps(_body(chain, seq), sort_keys=True, separators=(",", ":")).encode()
        hashed = chain_hash(prev=prev, chain=chain, seq=seq, body=body)
        waiting.append({"chain": chain, "seq": seq, "at": AT, "body": body, "prev": prev, "hash": hashed})
        prev = hashed
        if len(waiting) == AT_ONCE or seq == entries:
            connection.execute(insert(AuditEntry), waiting)
            waiting = []
    connection.execute(insert(AuditHead), [{"chain": chain, "seq": entries, "hash": prev}])


def _body(chain: UUID, seq: int) -> dict[str, Any]:
    row = hashlib.sha256(seq.to_bytes(8, "big")).hexdigest()
    return {
        "v": VERSION,
        "chain": str(chain),
        "seq": seq,
        "at": AT.isoformat(timespec="microseconds"),
        "actor": {"id": str(chain), "name": "Mary Thorne", "role": "coordinator"},
        "events": [],
        "changes": [{"op": "update", "table": "review", "row": row[:36], "cells": {"public_year": [seq, seq + 1]}}],
        "openings": [["working_papers", "statement", row[:36], "evidence"]],
    }


def _proof_seconds(house: House) -> float:
    with house.reading() as session:
        began = perf_counter()
        for broken in verify(session):
            # What was bulk-written in the first half has events that no entry tells of: the chains filled here hold.
            if "event" not in broken.what:
                raise RuntimeError(f"the chains that were written do not hold: {broken}")
        return perf_counter() - began
