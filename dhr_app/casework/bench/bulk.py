"""Reviews by the thousand, written straight into the tables: the only code that is allowed past the guards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, insert, select

from dhr_app.casework.bench import busy
from dhr_app.casework.bench.rows import Row, bulk_writing, event, in_order, plain
from dhr_app.casework.bench.standings import stood
from dhr_app.casework.rule_book import RuleBook
from dhr_app.database.models import Agency, Deadline, Event, Notification, Review, RuleSetUsed, ScopingRequest
from dhr_app.workflows.stages import MAIN_LINE, Stage

BEGAN = datetime(2024, 1, 8, 9, tzinfo=UTC)
FIRST_DUE = date(2025, 1, 6)
SPREAD = 900  # days over which next dates lie
AT_ONCE = 5000


@dataclass(frozen=True)
class Filled:
    """What was written: every review’s place in the list, in its order, and the reference of the busiest review."""

    order: list[tuple[date, str]]
    busiest: str


def fill(engine: Engine, rule_book: RuleBook, reviews: int) -> Filled:
    """Write so many reviews, each with what a usual review holds, and one in which very much happened."""
    waiting: dict[Any, list[Row]] = defaultdict(list)
    order = []
    with bulk_writing(engine) as connection:
        agencies = list(connection.scalars(select(Agency.id).order_by(Agency.name)))
        kinds = _rule_sets(connection, rule_book)
        for number in range(reviews):
            review = _review(number, kinds[number % len(kinds)], agencies)
            order.append((review["sorts_on"], review["reference"]))
            waiting[Review].append(review)
            for model, row in _usual(review, number, agencies):
                waiting[model].append(row)
            if len(waiting[Event]) > AT_ONCE:
                _write(connection, waiting)
        _write(connection, waiting)
        busiest = next(iter(order))[1]
        for model, row in busy.much(connection, busiest, agencies):
            waiting[model].append(row)
        _write(connection, waiting)
    return Filled(sorted(order), busiest)


def _write(connection: Connection, waiting: dict[Any, list[Row]]) -> None:
    for model in in_order(waiting):
        connection.execute(model.__table__.insert(), waiting[model])
    waiting.clear()


def _rule_sets(connection: Connection, rule_book: RuleBook) -> list[UUID]:
    rows = [
        plain(
            key=rule_set.key, version=rule_set.version, content=rule_set.canonical().decode(), sha256=rule_set.sha256()
        )
        for rule_set in (rule_book.rule_sets["dhr-2016"], rule_book.rule_sets["dardr"])
    ]
    connection.execute(insert(RuleSetUsed), rows)
    return [row["id"] for row in rows]


def _review(number: int, rule_set_id: UUID, agencies: list[UUID]) -> Row:
    stage = Stage.PANEL if number == 0 else MAIN_LINE[number % len(MAIN_LINE)]
    next_on = None if stage is Stage.CLOSED else FIRST_DUE + timedelta(days=number * 37 % SPREAD)
    return plain(
        reference=f"DHR-2024-{number + 1:05}",
        rule_set_id=rule_set_id,
        stage=stage.value,
        moves_made=0,
        version=1,
        lead_partnership_id=agencies[number % len(agencies)],
        suspected_suicide="no",
        notified_at=BEGAN + timedelta(hours=number),
        next_on=next_on,
        next_what=None if next_on is None else "decision_due",
        sorts_on=next_on or date.max,
        on_hold_since=None,
        deferred_until=None,
    )


def _usual(review: Row, number: int, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    review_id, at = review["id"], review["notified_at"]
    yield (
        Notification,
        plain(
            review_id=review_id,
            notifier_kind="police",
            aware_on=at.date(),
            logged_on=at.date(),
            criminal_state="charged",
            inquest_state="opened",
            kinds=[],
            features={},
            parallel_reviews=[],
            cause_of_death="unknown",
            place_of_death="not_known",
            version=1,
        ),
    )
    if review["next_on"]:
        yield (
            Deadline,
            plain(review_id=review_id, rule="decision_due", anchor_on=at.date(), first_due_on=review["next_on"]),
        )
    yield from stood(review, number, agencies)
    yield Event, event(review_id, "review_notified", at)
    for agency_id in agencies[:3]:
        yield (
            ScopingRequest,
            plain(
                review_id=review_id,
                agency_id=agency_id,
                asked_on=at.date(),
                outcome="in",
                answered_on=at.date(),
                records_secured="yes",
                on_behalf=True,
                version=1,
            ),
        )
        yield Event, event(review_id, "agency_asked", at, agency_id=agency_id)
        yield Event, event(review_id, "return_received", at, agency_id=agency_id)
