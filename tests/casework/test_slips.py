"""What a slip of the pen, or somebody who tries, must not do: each was found by trying, and each has its sentence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework.notification import NotificationEntry, correct_notification, notify, open_notification
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.review_page import review_page
from dhr_app.casework.scene import changing
from dhr_app.casework.scoping import ask
from dhr_app.casework.statement import withdraw
from dhr_app.database.models import Account, Deadline, Membership
from dhr_app.workflows.dates import NOT_SHOWN
from dhr_app.workflows.errors import Invalid, NotAllowed
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import panels
from tests.records import stated_before
from tests.reviews import BEGAN, Case, County
from tests.seating import join


def working_of(case: Case, role: Role, rule: str) -> list[str]:
    """The working of a date as somebody of this role sees it on the review’s page."""
    page = review_page(case.reference, by=case.county.who(role), at=case.at)
    (shown,) = [one for one in page.dates if one.rule.key == rule]
    return [step.sentence for step in shown.due.trace]


class TestTheDayThePartnershipBecameAware:
    def test_somebody_without_the_notification_sees_the_same_words_whether_it_is_sealed_or_not(
        self, county: County
    ) -> None:
        case = county.review(Stage.SCOPING)
        for role in (Role.STEERING_MEMBER,):
            assert working_of(case, role, "decision_due") == [NOT_SHOWN]
        assert len(working_of(case, Role.COORDINATOR, "decision_due")) > 1
        with changing(case.reference, "review.change", by=county.coordinator, at=case.at) as scene:
            for row in scene.session.scalars(select(Deadline).where(Deadline.review_id == scene.review.id)):
                row.anchor_on = None
        for role in (Role.STEERING_MEMBER, Role.COORDINATOR):
            assert working_of(case, role, "decision_due") == [NOT_SHOWN]

    def test_nothing_on_the_page_says_that_it_is_the_day_of_a_death(self) -> None:
        assert "death" not in NOT_SHOWN
        assert "sealed" not in NOT_SHOWN


class TestYears:
    @pytest.mark.parametrize("year", [1900, 2010])
    def test_a_move_decided_before_there_were_reviews_is_a_slip_of_the_year(self, county: County, year: int) -> None:
        case = county.review()
        case.settle("begin_scoping")
        with pytest.raises(Invalid) as refusal:
            case.move("begin_scoping", decided_on=date(year, 6, 3))
        assert refusal.value.fields == {"decided_on": "There were no reviews before 13 April 2011: check the year."}

    def test_a_hold_decided_in_the_year_9999_is_refused_beside_its_field(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.settle("pause")
        with pytest.raises(Invalid) as refusal:
            case.move("pause", decided_on=date(9999, 12, 31))
        assert set(refusal.value.fields) == {"decided_on"}

    def test_a_date_is_not_extended_by_more_than_five_years(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.settle("extend")
        with pytest.raises(Invalid) as refusal:
            case.move("extend", deadline_id=case.clock_id("overview_report_due"), new_date=date(9999, 12, 31))
        assert refusal.value.fields == {"new_date": "This is more than five years on: check the year."}

    def test_a_decision_is_not_deferred_for_more_than_a_year(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        with pytest.raises(Invalid) as refusal:
            case.move("defer", review_by=case.today + timedelta(days=400))
        assert set(refusal.value.fields) == {"review_by"}

    def test_agencies_were_not_asked_before_there_were_reviews(self, county: County) -> None:
        case = county.review()
        with pytest.raises(Invalid) as refusal:
            ask(case.reference, (county.agency("Police"),), date(1900, 1, 1), by=county.coordinator, at=case.at)
        assert set(refusal.value.fields) == {"asked_on"}


class TestTheTimeToDecide:
    def test_a_direction_meets_it(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.take("direct")
        (clock,) = [clock for clock in case.facts().clocks if clock.rule == "decision_due"]
        assert clock.met_on == case.today

    def test_it_does_not_begin_for_a_review_brought_in_when_its_day_is_added_later(self, county: County) -> None:
        victims = (PersonEntry(full_name="Ada Harding", died_on="2024-01"),)
        known = NotificationEntry(lead_partnership_id=county.agency("Barsetshire CSP"))
        case = Case(county, notify(known, victims, "dhr-2016", by=county.coordinator, at=BEGAN), BEGAN)
        case.take("bring_in")
        page = open_notification(case.reference, by=county.coordinator, at=case.at)
        entry = {**vars(page.entry), "aware_on": date(2024, 2, 1)}
        correct_notification(
            case.reference, type(page.entry)(**entry), page.version, by=county.coordinator, at=case.wait(minutes=1)
        )
        assert [clock.rule for clock in case.facts().clocks if not clock.ended] == []


def test_replacing_the_chair_ends_the_former_seat_and_leaves_the_new_one(county: County) -> None:
    case = county.review(Stage.PANEL)
    former, new = county.who(Role.INDEPENDENT_CHAIR), county.who(Role.INDEPENDENT_CHAIR, 2)
    first = panels.appoint(case, account_id=former.id)
    case.wait(days=3)
    panels.end(case, first)
    panels.appoint(case, holder="Lettice Boyce", account_id=new.id)
    case.take("replace_chair")
    open_seats = select(Account.id).join(Membership, Membership.account_id == Account.id)
    with county.house.reading() as session:
        rows = open_seats.where(Membership.review_id == case.row.id, Membership.to_on.is_(None)).order_by(Account.id)
        assert session.scalars(rows).all() == [new.id]


def test_replacing_a_chair_by_statements_made_before_there_were_records_ends_the_older_seat(county: County) -> None:
    case = county.review(Stage.PANEL)
    former, new = county.who(Role.INDEPENDENT_CHAIR), county.who(Role.INDEPENDENT_CHAIR, 2)
    join(case.reference, former.id, by=county.coordinator, at=case.wait(minutes=1))
    case.wait(days=3)
    join(case.reference, new.id, by=county.coordinator, at=case.wait(minutes=1))
    stated_before(case, "access_ended", "papers_returned", "interim_holder_named", "new_independence_declared")
    case.take("replace_chair")
    (left,) = [row.account_id for row in case.rows(Membership) if row.to_on is not None]
    assert left == former.id


def test_a_statement_is_taken_back_only_by_those_who_may_state_it(county: County) -> None:
    case = county.review(Stage.SCOPING, seats=True)
    letter = case.state("direction_on_file")
    with pytest.raises(NotAllowed):
        withdraw(case.reference, letter, by=county.who(Role.STEERING_MEMBER), at=case.wait(minutes=1))
