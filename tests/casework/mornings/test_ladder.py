"""What is taken further, and what went wrong with mail or access, as a morning says it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework import agency_contact
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.outbox import State
from dhr_app.casework.program import Program
from dhr_app.casework.quiet_days import QuietEntry, set_quiet
from dhr_app.casework.reminding import remind
from dhr_app.database.models import Account, Action
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.emergencies import given
from tests.factories import make_account
from tests.mornings import LATE, morning, reminders, said, settle
from tests.planning import act, recommend
from tests.reviews import Case, County


class TestTheLadder:
    @pytest.fixture
    def case(self, county: County) -> Case:
        """Two actions of the police, the older due on 1 June."""
        case = county.review(Stage.CHAIR_REPORT)
        of = recommend(case)
        act(case, of, target_on=date(2026, 6, 1))
        act(case, of, target_on=date(2026, 6, 20))
        self.member, _ = make_account(county.house, Role.STEERING_MEMBER, agency_id=county.agency("Police"))
        return case

    def behind(self, county: County, day: date, role: Role) -> list[str]:
        return [line for line in said(county, day, role) if "Action" not in line and "thing" in line]

    def test_a_line_for_each_agency_with_how_many_are_late_and_since_when(self, county: County, case: Case) -> None:
        county.who(Role.AGENCY_CONTRIBUTOR), county.who(Role.STEERING_CHAIR)
        july = date(2026, 7, 1)
        line = "2 things of {} are late, the oldest since 1 June 2026"
        assert self.behind(county, july, Role.AGENCY_CONTRIBUTOR) == [line.format("your agency")]
        assert self.behind(county, july, Role.STEERING_MEMBER) == [line.format("Barsetshire Police")]
        assert self.behind(county, july, Role.STEERING_CHAIR) == [line.format("Barsetshire Police")]
        (mine,) = self.behind(county, july, Role.COORDINATOR)
        assert mine == line.format("Barsetshire Police") + "; nobody is its single point of contact"

    def test_a_steering_member_hears_of_no_review(self, county: County, case: Case) -> None:
        (mail,) = [
            each for each in remind(county.house, date(2026, 7, 1), dry_run=True, at=morning(date(2026, 7, 1))).digests
            if each.person.id == self.member.id
        ]  # fmt: skip
        assert case.reference not in mail.subject + mail.body
        assert mail.subject == "1 agency is behind"
        assert "/overview" in mail.body

    def test_once_a_month_and_on_the_first_morning_of_it(self, county: County, case: Case) -> None:
        july = date(2026, 7, 1)
        set_quiet(QuietEntry(july), by=county.coordinator, at=morning(date(2026, 6, 30)))
        assert self.behind(county, july, Role.STEERING_MEMBER) == []
        remind(county.house, date(2026, 7, 2), at=morning(date(2026, 7, 2)))
        settle(county, State.SENT)
        assert len([row for row in reminders(county) if row.account_id == self.member.id]) == 1
        for day in (date(2026, 7, 3), date(2026, 7, 6), date(2026, 7, 31)):
            assert self.behind(county, day, Role.STEERING_MEMBER) == []
        assert len(self.behind(county, date(2026, 8, 3), Role.STEERING_MEMBER)) == 1

    def test_the_contact_hears_after_the_others_of_the_agency(self, county: County, case: Case) -> None:
        contact = county.who(Role.AGENCY_CONTRIBUTOR)
        substitute = county.who(Role.AGENCY_CONTRIBUTOR, 2)
        agency_contact.set_contact(county.agency("Police"), contact.id, by=county.coordinator, at=case.at)
        with county.house.transaction(by=county.coordinator, at=case.at) as session:
            for row in session.scalars(select(Action).order_by(Action.id)):
                row.target_on = date(2026, 6, 29)
        july = date(2026, 7, 1)
        told = remind(county.house, july, dry_run=True, at=morning(july)).digests
        heard = {
            each.person.id for each in told for line in each.lines
            if line.what == "2 things of your agency"
        }  # fmt: skip
        assert heard == {substitute.id}

    def test_a_rung_on_which_nobody_is_is_named_to_the_coordinator(self, county: County, case: Case) -> None:
        with county.house.database.transaction(by=Program("a test"), at=case.at) as session:
            session.get_one(Account, self.member.id).blocked_on = case.today
        (line,) = self.behind(county, date(2026, 7, 1), Role.COORDINATOR)
        assert line.endswith(
            "; nobody there stands in for its contact; nobody is its single point of contact; nobody of it sits in the"
            " steering group; nobody chairs the steering group"
        )


class TestWhatWentWrong:
    def test_mail_that_failed_is_counted_in_the_coordinator_s_mail_with_where_it_is(self, county: County) -> None:
        county.review()
        said(county, LATE, dry_run=False)
        settle(county, State.DEAD)
        day = LATE + timedelta(days=1)
        (mail,) = remind(county.house, day, dry_run=True, at=morning(day)).digests
        assert "1 message was not delivered (the newest is of 17 February 2026)." in mail.body
        assert f"{county.house.settings.site_url}/messages\n" in mail.body
        page = what_needs_you(by=county.coordinator, at=morning(day))
        assert page.mail == 1
        assert page.under("Mail that was not delivered") == ()

    def test_what_an_emergency_opened_waits_for_the_chair_and_the_coordinator_hears(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        member = county.who(Role.STEERING_MEMBER)
        given(case, member)
        day = case.today + timedelta(days=1)
        county.who(Role.STEERING_CHAIR)
        words = "Emergency access was over on"
        for role in (Role.COORDINATOR, Role.STEERING_CHAIR):
            assert any(line.startswith(words) for line in said(county, day, role)), role
        assert not any(line.startswith(words) for line in said(county, day, Role.STEERING_MEMBER))
        page = what_needs_you(by=county.coordinator, at=morning(day))
        (line,) = page.under("Opened in an emergency")
        assert line.path == f"/reviews/{case.reference}/emergency"

    def test_silent_agencies_and_holds_past_their_day_are_in_mail_and_page(self, county: County) -> None:
        asked, held = county.review(), county.review(Stage.PANEL)
        asked.ask("Police")
        held.take("pause")
        day = held.today + timedelta(days=130)
        mail = remind(county.house, day, dry_run=True, at=morning(day)).digests[0]
        page = what_needs_you(by=county.coordinator, at=morning(day))
        for heading, reference in (
            ("Agencies that are silent", asked.reference),
            ("On hold, to be looked at again", held.reference),
        ):
            assert reference in {line.reference for line in mail.lines if line.section == heading}
            assert reference in {line.reference for line in page.under(heading)}
