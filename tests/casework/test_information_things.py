"""Requests for information, breaches of data and lapsing seats are told of by mail before their day is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework.day import what_needs_you
from dhr_app.casework.lapsing import keep
from dhr_app.casework.said_lines import Line
from dhr_app.database.models import Conflict, Incident, Membership, Reminder
from dhr_app.workflows import reminders as r
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.request_dates import notify_by
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.casework import test_day
from tests.casework.test_incident import WHAT, answer, enter
from tests.casework.test_information_request import SISTER, decide, receive
from tests.mornings import on
from tests.reviews import Case, County
from tests.seating import join


@pytest.fixture
def case(bare_county: County) -> Case:
    """A review that asks nothing of anybody: it was not taken up."""
    bare_county.who(Role.STEERING_CHAIR)
    return bare_county.review(Stage.NOT_REVIEWED)


def lines(case: Case, section: str, *, day: date | None = None, role: Role = Role.COORDINATOR) -> list[Line]:
    """What a mail of that day would say to somebody of this role under a heading."""
    summary = on(case.county, day or case.today, dry_run=True)
    return [
        line for each in summary.digests if each.person.role is role for line in each.lines if line.section == section
    ]


def bar(case: Case) -> None:
    with case.county.house.transaction(by=case.county.chair, at=case.wait(minutes=1)) as session:
        session.add(Conflict(review_id=case.row.id, account_id=case.county.coordinator.id))


def test_a_request_is_brought_up_a_week_before_its_day_and_late_after_it_until_it_is_decided(case: Case) -> None:
    due_by = case.today + timedelta(days=20)
    request_id = receive(case, kind="coroner", due_by=due_by)
    assert "Request 1" not in [line.reference for line in _all(case, due_by - timedelta(days=8))]
    (line,) = lines(case, r.THIS_WEEK, day=due_by - timedelta(days=7))
    assert (line.reference, line.what, line.when) == (
        "Request 1", "The answer (Coroner)", f"is due on {in_words(due_by)}"
    )  # fmt: skip
    assert line.path == f"/requests/{request_id}"
    (late,) = lines(case, r.LATE, day=due_by + timedelta(days=1))
    assert (late.reference, late.days_late) == ("Request 1", 1)
    assert lines(case, r.LATE, day=due_by + timedelta(days=1), role=Role.STEERING_CHAIR) == []
    decide(case, request_id)
    assert lines(case, r.LATE, day=due_by + timedelta(days=1)) == []


def test_a_breach_is_brought_up_every_morning_of_its_72_hours_to_whoever_may_answer_for_it(case: Case) -> None:
    case.wait(days=1)
    began = case.today
    incident_id = enter(case)
    for days in (0, 1, 2, 3):
        (line,) = lines(case, r.BREACHES, day=began + timedelta(days=days))
        assert (line.reference, line.path) == ("Incident 1", f"/incidents/{incident_id}")
        what = "Telling the Information Commissioner, or deciding that there is nothing to tell,"
        due = (
            f"is due on {in_words(began + timedelta(days=3))}"
            if days < 2
            else ("is due tomorrow", "is due today")[days - 2]
        )
        assert f"{line.what} {line.when}" == f"{what} {due}"
    (late,) = lines(case, r.BREACHES, day=began + timedelta(days=4))
    assert (late.days_late, late.when) == (1, f"was due on {in_words(began + timedelta(days=3))}, 1 day late")
    assert len(lines(case, r.BREACHES, role=Role.STEERING_CHAIR)) == 1
    answer(case, incident_id, ico="notify")  # to decide it is not to do it
    assert len(lines(case, r.BREACHES)) == 1
    answer(case, incident_id, 2, ico="not", ico_because="unlikely")
    assert lines(case, r.BREACHES) == []


def test_neither_mail_says_whose_records_they_are_or_who_asked(case: Case) -> None:
    receive(case, kind="coroner", due_by=case.today)
    enter(case)
    summary = on(case.county, case.today, dry_run=True)
    bodies = "\n".join(each.subject + each.body for each in summary.digests)
    assert "Request 1" in bodies
    assert "Incident 1" in bodies
    for hidden in (SISTER, WHAT, "Everything about herself", "wrong person"):
        assert hidden not in bodies
    about = [line for line in _all(case, case.today) if line.reference in ("Request 1", "Incident 1")]
    assert not any(case.reference in f"{line.what} {line.when}" for line in about)


def test_the_page_of_the_day_says_the_same_and_at_what_hour(case: Case) -> None:
    receive(case, kind="coroner", due_by=case.today)
    enter(case)
    day = test_day.on(case.county, case.today)
    assert [line.reference for line in day.under(r.THIS_WEEK)] == ["Request 1"]
    (breach,) = day.under(r.BREACHES)
    assert breach.more.startswith("The 72 hours: until ")
    assert day.sections[0].heading == r.BREACHES


@pytest.mark.parametrize("hours", [71, 0, -1, -5, -24])
def test_the_page_of_the_day_counts_the_hours_of_a_breach(case: Case, hours: int) -> None:
    enter(case)
    with case.county.house.reading() as session:
        aware_at = session.scalars(select(Incident.aware_at)).one()
    at = notify_by(aware_at) - timedelta(hours=hours)
    (breach,) = what_needs_you(by=case.county.coordinator, at=at).under(r.BREACHES)
    assert breach.hours == hours


def test_whoever_is_barred_from_all_that_it_is_about_hears_nothing_of_it(case: Case) -> None:
    receive(case, kind="coroner", due_by=case.today)
    enter(case)
    receive(case, kind="police", due_by=case.today, reviews="", asker="", wanted="")
    bar(case)
    assert [line.reference for line in lines(case, r.THIS_WEEK)] == ["Request 2"]
    assert lines(case, r.BREACHES) == []
    assert len(lines(case, r.BREACHES, role=Role.STEERING_CHAIR)) == 1


def test_a_reminder_of_what_is_about_no_one_review_is_written_once(case: Case) -> None:
    receive(case, kind="coroner", due_by=case.today)
    on(case.county, case.today)
    with case.county.house.reading() as session:
        (row,) = session.query(Reminder).where(Reminder.of_review_id.is_(None)).order_by(Reminder.id)
    assert row.rule == r.Kind.REQUEST.value
    assert on(case.county, case.today).digests == ()


def test_seats_that_end_within_a_week_are_said_once_and_not_where_they_are_kept(bare_county: County) -> None:
    case = bare_county.review(Stage.PUBLICATION)
    for role in (Role.INDEPENDENT_CHAIR, Role.PANEL_MEMBER):
        person = bare_county.who(role)
        if person.id not in {row.account_id for row in case.rows(Membership)}:
            join(case.reference, person.id, by=bare_county.coordinator, at=case.wait(minutes=1))
    case.take("publish")
    seats = [row for row in case.rows(Membership) if row.ended_at is None]
    last = seats[0].lapses_on
    assert not any(line.what.startswith("The access") for line in _all(case, last - timedelta(days=8)))
    (line,) = [each for each in _all(case, last - timedelta(days=7)) if each.what.startswith("The access")]
    assert f"{line.what} {line.when}" == (
        f"The access of {len(seats)} people ends after {in_words(last)}: keep the seats of those who are still needed"
    )
    assert line.path == f"/reviews/{case.reference}/members"
    for seat in seats:
        keep(case.reference, seat.id, by=bare_county.coordinator, at=case.wait(minutes=1))
    assert not any(each.what.startswith("The access") for each in _all(case, last - timedelta(days=7)))


def _all(case: Case, day: date) -> list[Line]:
    return [line for section in r.SECTIONS for line in lines(case, section, day=day)]
