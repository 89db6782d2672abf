"""Where a review stood is kept from each moment at which it changed, and only then."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework import nightly, rule_book
from dhr_app.casework.program import Program
from dhr_app.casework.public_name import PublicNameEntry, give_public_name, public_name_page
from dhr_app.casework.standing import differs, kept, says, stands
from dhr_app.database import migrations
from dhr_app.database.engine import main_engine
from dhr_app.database.facts import facts_of
from dhr_app.database.models import DutyOwed, MoveMade, ScopingRequest, Standing
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County


def rows(case: Case) -> list[Standing]:
    with case.county.house.reading() as session:
        own = select(Standing).where(Standing.review_id == case.row.id)
        return list(session.scalars(own.order_by(Standing.recorded_at, Standing.replaced_at.is_(None))))


def now(case: Case) -> Standing:
    (row,) = [row for row in rows(case) if row.replaced_at is None]
    return row


def test_a_review_stands_from_its_notification_on(bare_county: County) -> None:
    case = bare_county.review()
    (row,) = rows(case)
    assert (row.stage, row.since, row.waits_for, row.on_hold) == (
        "notification",
        date(2026, 1, 15),
        "partnership",
        False,
    )
    assert (row.next_on, row.next_what) == (case.row.next_on, "decision_due")
    assert row.recorded_at == case.row.notified_at.astimezone(UTC)


def test_a_change_of_stage_next_date_holder_or_name_begins_a_new_row_and_nothing_else_does(bare_county: County) -> None:
    case = bare_county.review()
    case.relative()
    assert len(rows(case)) == 1
    (request,) = case.ask("Police")
    assert (now(case).next_what, now(case).waits_for) == ("scoping_return_due", "partnership")
    case.wait(days=1)
    case.take("begin_scoping")
    assert (now(case).stage, now(case).since, now(case).waits_for) == ("scoping", case.today, "agency")
    case.answer(request)
    assert (now(case).next_what, now(case).waits_for) == ("decision_due", "partnership")
    said = public_name_page(case.reference, by=bare_county.coordinator, at=case.at)
    entry = PublicNameEntry("Columbine", 2025)
    give_public_name(case.reference, entry, said.version, by=bare_county.coordinator, at=case.wait(minutes=1))
    assert (now(case).public_name, now(case).public_year) == ("Columbine", 2025)


def test_the_rows_follow_each_other_without_a_gap(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    found = rows(case)
    assert len(found) > 5
    assert [row.replaced_at for row in found[:-1]] == [row.recorded_at for row in found[1:]]
    assert found[-1].replaced_at is None


def test_it_says_who_owes_the_next_date_by_name_where_that_is_an_agency(bare_county: County) -> None:
    case = bare_county.review()
    assert (now(case).owed_by, now(case).owed_agencies, now(case).met_late) == ("partnership", [], [])
    asked = {row.agency_id: row for row in case.ask("Police", "Probation")}
    assert now(case).owed_by == "agency"
    assert now(case).owed_agencies == ["Barsetshire Police", "Probation Service, Barsetshire"]
    case.answer(asked[bare_county.agency("Police")])
    assert now(case).owed_agencies == ["Probation Service, Barsetshire"]
    case.answer(asked[bare_county.agency("Probation")])
    assert (now(case).owed_by, now(case).owed_agencies) == ("partnership", [])


def test_an_agency_whose_day_comes_later_is_not_named_beside_one_whose_day_has_come(bare_county: County) -> None:
    case = bare_county.review()
    case.ask("Police")
    case.wait(days=7)
    case.ask("Probation")
    assert now(case).owed_agencies == ["Barsetshire Police"]


def test_a_date_that_was_met_late_leaves_its_trace_and_one_in_time_none(bare_county: County) -> None:
    case = bare_county.review(Stage.SCOPING)  # the police were asked on the way there
    case.wait(days=2)
    (request,) = case.rows(ScopingRequest)
    case.answer(request)
    assert now(case).met_late == []
    case.wait(days=40)
    case.take("commission")
    (made,) = [row for row in case.rows(MoveMade) if row.name == "commission"]
    assert now(case).met_late == [
        {"what": "decision_due", "agency": "", "due": "2026-02-15", "met": made.decided_on.isoformat()}
    ]


def test_telling_somebody_late_leaves_its_trace_too(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    before = now(case).met_late
    (due_on,) = {row.due_on for row in case.rows(DutyOwed) if row.audience == "agencies"}
    case.wait(days=60)
    assert case.tell("agencies") == 1
    assert before == []
    assert now(case).met_late == [
        {"what": "duty_agencies_told", "agency": "", "due": due_on.isoformat(), "met": case.today.isoformat()}
    ]


def test_a_review_on_hold_waits_for_nobody_else(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause")
    assert (now(case).on_hold, now(case).waits_for) == (True, "on_hold")
    case.wait(days=10)
    case.take("resume")
    assert (now(case).on_hold, now(case).waits_for) == (False, "chair")


def test_a_review_that_is_closed_waits_for_nobody(county: County) -> None:
    assert now(county.review(Stage.CLOSED)).waits_for is None


def test_the_nightly_proof_mends_a_standing_that_differs(county: County) -> None:
    case = county.review(Stage.PANEL)
    with county.house.database.transaction(by=Program("a mistake"), at=case.at) as session:
        session.get_one(Standing, now(case).id).waits_for = "home_office"
    at = case.wait(hours=1)
    assert [wrong.reference for wrong in nightly.wrong_next_dates(county.house)] == [case.reference]
    assert nightly.prove_next_dates(county.house, at=at) == [case.reference]
    assert (now(case).waits_for, now(case).recorded_at) == ("chair", at)
    assert list(nightly.wrong_next_dates(county.house)) == []


def test_every_review_of_the_county_stands_as_its_rows_say(county: County) -> None:
    assert list(nightly.wrong_next_dates(county.house)) == []


class TestTheStepThatMadeTheTable:
    @pytest.fixture
    def cases(self, county: County) -> list[Case]:
        held = county.review(Stage.PANEL)
        held.take("pause")
        asked = county.review(Stage.SCOPING)
        asked.ask("Probation")
        return [held, asked, county.review(Stage.CLOSED), county.review(Stage.NOTIFICATION)]

    def test_each_review_begins_with_how_it_stands(self, county: County, cases: list[Case]) -> None:
        ids = [case.row.id for case in cases]
        county.house.database.dispose()
        engine = main_engine(county.house.settings.database_url)
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (migrations.newest(),))
        migrations.downgrade(engine, "0005")
        migrations.upgrade(engine)
        engine.dispose()
        calendar = county.house.rule_book.calendar
        with county.house.reading() as session:
            made = kept(session, ids)
            rows = select(RuleSetUsed.id, RuleSetUsed.content).order_by(RuleSetUsed.id)
            rules = {row.id: rule_book.pinned(row.content) for row in session.execute(rows)}
            reviews = [(case.row, rules[case.row.rule_set_id]) for case in cases]
            wanted = stands(session, reviews, facts_of(session, ids), calendar)
        assert not any(differs(made[each], wanted[each]) for each in ids)
        assert {(row.owed_by, row.owed_agencies, row.met_late) for row in made.values()} == {(None, None, None)}
        assert list(nightly.wrong_next_dates(county.house)) == []  # what a row does not say is not wrong in it
        for case in cases:
            told = [event.recorded_at for event in case.events()]
            assert made[case.row.id].recorded_at == max(told)
        assert made[ids[0]].on_hold
        assert made[ids[0]].recorded_at < cases[0].at + timedelta(seconds=1)
        cases[1].wait(hours=1)
        cases[1].relative()  # the next change to a review says it
        assert now(cases[1]).owed_agencies == ["Barsetshire Police", "Probation Service, Barsetshire"]
        assert says(now(cases[1])) != says(made[ids[1]])
