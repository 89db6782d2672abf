"""The nightly proof mends a next date that differs, says so in the trail, and leaves every other review alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from dhr_app import jobs
from dhr_app.casework import nightly, partnership
from dhr_app.casework.house import House
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.program import Program
from dhr_app.database.keystore import Domain
from dhr_app.database.models.event import Event
from dhr_app.database.models.review import Review
from dhr_app.database.models.telling import DutyOwed
from dhr_app.database.verify import verify
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, make_account
from tests.reviews import County

Notified = Callable[[], str]


@pytest.fixture
def notified(house: House) -> Notified:
    """Record a death and give its reference."""
    partnership.seed(house, at=NOW)
    by, _ = make_account(house)
    entry = NotificationEntry(aware_on=date(2026, 5, 20), lead_partnership_id=partnership.the_partnership().agency_id)

    def notified() -> str:
        return notify(entry, (PersonEntry(full_name="Eleanor Example"),), "dhr-2016", by=by, at=NOW)

    return notified


def _spoil(house: House, reference: str) -> None:
    with house.database.transaction(by=Program("a mistake"), at=NOW) as session:
        review = session.scalars(select(Review).where(Review.reference == reference)).one()
        review.set_next((date(2031, 1, 1), "imr_due"))


def test_a_next_date_that_is_right_is_left_alone(house: House, notified: Notified) -> None:
    notified()
    assert nightly.prove_next_dates(house, at=NOW) == []


def test_a_next_date_that_differs_is_mended_and_the_trail_says_so(
    house: House, notified: Notified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "BATCH", 2)
    references = [notified() for _ in range(5)]
    _spoil(house, references[3])
    assert [wrong.reference for wrong in nightly.wrong_next_dates(house)] == [references[3]]
    assert nightly.prove_next_dates(house, at=NOW) == [references[3]]
    assert list(nightly.wrong_next_dates(house)) == []
    with house.reading() as session:
        review = session.scalars(select(Review).where(Review.reference == references[3])).one()
        assert review.next_on == review.sorts_on == date(2026, 6, 20)
        event = session.scalars(select(Event).where(Event.kind == Happened.NEXT_DATE_MENDED)).one()
        assert (event.review_id, event.recorded_by_name) == (review.id, "nightly proof")
        assert event.details == {"was": "2031-01-01", "now": "2026-06-20"}
        assert verify(session) == []


def test_a_duty_that_was_counted_without_a_bank_holiday_is_counted_again(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.take("decide_not_to_review")
    duty = next(row for row in case.rows(DutyOwed) if row.settled_by_id is None)
    assert nightly.prove_next_dates(county.house, at=case.at) == []
    with county.house.database.transaction(by=Program("a mistake"), at=case.at) as session:
        session.get_one(DutyOwed, duty.id).due_on = duty.due_on - timedelta(days=1)
    assert nightly.prove_next_dates(county.house, at=case.at) == [case.reference]
    assert {row.due_on for row in case.rows(DutyOwed) if row.id == duty.id} == {duty.due_on}
    assert nightly.prove_next_dates(county.house, at=case.at) == []


def test_a_key_that_seals_nothing_is_swept_after_a_day_and_one_that_seals_stays(
    house: House, notified: Notified
) -> None:
    reference = notified()
    left_over = Domain(uuid4(), DataClass.WORKING_PAPERS.value)
    house.database.keystore.new_key(left_over, at=NOW)
    assert nightly.sweep_orphan_keys(house, at=NOW) == (0, 0)
    assert nightly.sweep_orphan_keys(house, at=NOW + timedelta(days=2)) == (1, 0)
    assert nightly.sweep_orphan_keys(house, at=NOW + timedelta(days=4)) == (0, 1)
    with house.reading() as session:
        review_id = session.scalars(select(Review.id).where(Review.reference == reference)).one()
    assert set(house.database.keystore.domains()) == {Domain(review_id, DataClass.IDENTITIES.value)}


@pytest.mark.parametrize("job", jobs.JOBS, ids=lambda job: job.name)
def test_every_job_can_be_run_twice(house: House, notified: Notified, job: jobs.Job) -> None:
    notified()
    assert job.what(house, NOW) == job.what(house, NOW)


def test_what_stands_in_the_queue_when_the_clockwork_stops_is_left_to_the_next(house: House) -> None:
    over, done = threading.Event(), []

    def work(house: House, at: datetime) -> str:
        done.append(at)
        return ""

    job = jobs.Job("a_test", work, "* * * * *", "A test")
    jobs.run(job, house, over)
    over.set()
    jobs.run(job, house, over)
    assert done == [NOW]


def test_the_clockwork_holds_every_job_and_drops_none_that_was_missed(house: House) -> None:
    scheduler = jobs.wind_up(house, threading.Event())
    scheduler.start(paused=True)
    try:
        held = scheduler.get_jobs()
        assert [job.id for job in held] == [job.name for job in jobs.JOBS]
        assert all(job.coalesce and job.misfire_grace_time is None and job.max_instances == 1 for job in held)
    finally:
        scheduler.shutdown()
