"""A review in which very much happened: what a page must bear without asking more of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from dhr_app.casework.bench.records import records
from dhr_app.casework.bench.rows import Row, event, plain
from dhr_app.database.models import (
    Account,
    Deadline,
    DutyOwed,
    Event,
    ExtensionRow,
    FamilyMember,
    MoveMade,
    PauseRow,
    Review,
    ScopingRequest,
    Statement,
    Telling,
)
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.duties import DUTIES

BEGAN = datetime(2024, 2, 5, 9, tzinfo=UTC)
EVENTS, STATEMENTS, DUTIES_OWED, HOLDS, RELATIVES, TELLINGS = 1000, 200, 60, 12, 12, 60
RULES = ("chair_appointed_due", "first_panel_due", "overview_report_due", "chronology_due", "imr_due")
EACH_RULE = 8


def much(connection: Connection, reference: str, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    """The rows of it, table by table, in an order that foreign keys allow."""
    review_id = connection.scalars(select(Review.id).where(Review.reference == reference)).one()
    recorder = plain(
        name="Mark Robarts", email="mark.robarts@barsetshire.example", role="steering_member", password_hash=""
    )
    yield Account, recorder
    yield from _asked(review_id, agencies)
    yield from _happened(review_id, agencies)
    yield from _stated(review_id, recorder["id"])
    family = [plain(review_id=review_id, number=each, takes_part="yes", version=1) for each in range(1, RELATIVES + 1)]
    yield from _told(review_id, family)
    yield from records(review_id, recorder["id"], agencies, [member["id"] for member in family])
    yield from _dates(review_id, agencies)


def _asked(review_id: UUID, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    for agency_id in agencies[3:]:
        yield (
            ScopingRequest,
            plain(
                review_id=review_id,
                agency_id=agency_id,
                asked_on=BEGAN.date(),
                outcome="open",
                records_secured="not_known",
                on_behalf=False,
                version=1,
            ),
        )


def _happened(review_id: UUID, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    for number in range(EVENTS):
        yield (
            Event,
            event(
                review_id,
                "return_changed",
                BEGAN + timedelta(hours=number),
                agency_id=agencies[number % len(agencies)],
            ),
        )
    stages = ("notification", "scoping", "panel")
    for seq, (name, before, after) in enumerate(
        zip(("begin_scoping", "commission"), stages, stages[1:], strict=False), start=1
    ):
        yield (
            MoveMade,
            plain(
                review_id=review_id,
                seq=seq,
                name=name,
                from_stage=before,
                to_stage=after,
                decided_by="Barsetshire Review Steering Group",
                decided_on=_day(seq * 20),
                recorded_at=BEGAN + timedelta(days=seq * 20),
                answers={},
                details={},
            ),
        )


def _stated(review_id: UUID, recorder_id: UUID) -> Iterator[tuple[Any, Row]]:
    names = sorted(CONDITIONS)
    for number in range(STATEMENTS):
        yield (
            Statement,
            plain(
                review_id=review_id,
                condition=names[number % len(names)],
                answer="done",
                stated_by="Mary Thorne, coordinator",
                stated_on=_day(number),
                organisations=[],
                file_hashes=[],
                recorded_by_id=recorder_id,
                recorded_at=BEGAN + timedelta(days=number),
                counts=number % 2 == 0,
            ),
        )


def _told(review_id: UUID, family: list[Row]) -> Iterator[tuple[Any, Row]]:
    for member in family:
        yield FamilyMember, member
    duties = sorted(DUTIES.values(), key=lambda duty: duty.name)
    for number in range(DUTIES_OWED):
        duty = duties[number % len(duties)]
        yield (
            DutyOwed,
            plain(
                review_id=review_id,
                move_seq=1,
                name=duty.name,
                audience=duty.audience.value,
                since=_day(number),
                due_on=_day(number + 7),
            ),
        )
    for number in range(TELLINGS):
        yield (
            Telling,
            plain(
                review_id=review_id,
                audience="family",
                family_member_id=family[number % RELATIVES]["id"],
                channel="letter",
                told_on=_day(number),
            ),
        )


def _dates(review_id: UUID, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    for rule in RULES:
        for number in range(EACH_RULE):
            deadline = plain(
                review_id=review_id,
                rule=rule,
                agency_id=agencies[number % len(agencies)],
                anchor_on=_day(number),
                first_due_on=_day(number + 90),
            )
            yield Deadline, deadline
            yield (
                ExtensionRow,
                plain(
                    review_id=review_id,
                    deadline_id=deadline["id"],
                    agreed_on=_day(number + 60),
                    to_on=_day(number + 300),
                    reason_code="complexity",
                ),
            )
    for number in range(HOLDS):
        yield (
            PauseRow,
            plain(
                review_id=review_id,
                paused_on=_day(number * 30),
                resumed_on=_day(number * 30 + 10),
                review_by=_day(number * 30 + 20),
                reason_code="criminal_trial",
                asked_of="cps",
                clocks=list(RULES),
            ),
        )


def _day(number: int) -> date:
    return BEGAN.date() + timedelta(days=number)
