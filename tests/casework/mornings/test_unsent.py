"""Mail of a morning that has not gone out: withdrawn, or written afresh, and never said twice."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import unsent
from dhr_app.casework.outbox import LEASE, State
from dhr_app.casework.program import Program
from dhr_app.casework.quiet_days import QuietEntry, set_quiet
from dhr_app.casework.reminding import remind, remind_this_morning
from dhr_app.database.models import Action, Agency, Event, Message
from dhr_app.database.verify import verify
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import make_account
from tests.mornings import LATE, messages, morning, reminders, said, settle
from tests.planning import act, recommend
from tests.reviews import County


class TestMailThatDidNotGoOut:
    def test_the_next_morning_withdraws_it_and_says_what_is_still_so(self, county: County) -> None:
        county.review()
        said(county, LATE, dry_run=False)
        assert said(county, LATE + timedelta(days=1), dry_run=False) == [
            "Decision whether to review was due on 15 February 2026, 3 days late"
        ]
        assert [(each.on_day.day, each.state) for each in messages(county)] == [(17, "withdrawn"), (18, "pending")]
        (row,) = reminders(county)
        assert row.made_on == date(2026, 2, 18)
        with county.house.reading() as session:
            event = session.scalars(select(Event).where(Event.kind == "messages_withdrawn")).one()
            assert event.details == {"messages": 1}
            assert verify(session) == []

    def test_it_is_withdrawn_on_a_quiet_day_too_and_where_nothing_is_to_be_said(self, county: County) -> None:
        case = county.review()
        said(county, LATE, dry_run=False)
        set_quiet(QuietEntry(date(2026, 2, 18)), by=county.coordinator, at=morning(LATE))
        remind_this_morning(county.house, at=morning(date(2026, 2, 18)))
        assert [each.state for each in messages(county)] == ["withdrawn"]
        assert reminders(county) == []
        assert case.reference in messages(county)[0].body

    def test_what_waited_too_long_was_never_said(self, county: County) -> None:
        county.review()
        said(county, LATE, dry_run=False)
        settle(county, State.OUTDATED)
        assert len(said(county, LATE + timedelta(days=3), dry_run=False)) == 1
        assert [each.state for each in messages(county)] == ["outdated", "pending"]

    def test_what_was_sent_or_turned_away_stays_said(self, county: County) -> None:
        county.review()
        said(county, LATE, dry_run=False)
        for state in (State.SENT, State.DEAD, State.HELD, State.SENDING):
            settle(county, state)
            assert "Decision" not in " ".join(said(county, LATE + timedelta(days=1)))

    def test_before_it_is_sent_it_is_written_afresh_without_what_is_so_no_more(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        of = recommend(case)
        first, second = (act(case, of, target_on=date(2026, 6, 1)) for _ in range(2))
        county.who(Role.AGENCY_CONTRIBUTOR)
        day = date(2026, 6, 3)
        remind(county.house, day, at=morning(day))
        assert unsent.freshen(county.house, at=morning(day)) == 0
        self.done(county, first)
        assert unsent.freshen(county.house, at=morning(day)) == 2
        theirs = self.of(county, Role.AGENCY_CONTRIBUTOR)
        assert theirs.state == "pending"
        assert (str(first) in theirs.body, str(second) in theirs.body) == (False, True)
        assert theirs.subject == "1 thing is late"
        self.done(county, second)
        unsent.freshen(county.house, at=morning(day))
        assert self.of(county, Role.AGENCY_CONTRIBUTOR).state == "withdrawn"
        assert {row.rule for row in reminders(county)}.isdisjoint({"action"})

    def test_a_count_that_has_changed_is_said_as_it_is(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        of = recommend(case)
        first, _ = (act(case, of, target_on=date(2026, 6, 1)) for _ in range(2))
        make_account(county.house, Role.STEERING_MEMBER, agency_id=county.agency("Police"))
        july = date(2026, 7, 1)
        remind(county.house, july, at=morning(july))
        self.done(county, first)
        unsent.freshen(county.house, at=morning(july))
        bodies = "\n".join(each.body for each in messages(county) if "behind" in each.subject)
        assert "1 thing of Barsetshire Police was due on 1 June 2026." in bodies
        assert "2 things" not in bodies

    def test_a_date_that_moved_is_said_no_more(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        action_id = act(case, recommend(case), target_on=date(2026, 6, 1))
        county.who(Role.AGENCY_CONTRIBUTOR)
        day = date(2026, 6, 3)
        remind(county.house, day, at=morning(day))
        with county.house.transaction(by=county.coordinator, at=case.at) as session:
            session.get_one(Action, action_id).target_on = date(2026, 6, 2)
        unsent.freshen(county.house, at=morning(day))
        assert self.of(county, Role.AGENCY_CONTRIBUTOR).state == "withdrawn"
        assert "1 June" not in " ".join(line for line in said(county, date(2026, 6, 4)))

    def test_mail_of_the_first_morning_after_a_quiet_one_stays_as_it_is(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        act(case, recommend(case), owner_id=None, target_on=date(2026, 12, 1))
        set_quiet(QuietEntry(date(2026, 2, 23)), by=county.coordinator, at=morning(LATE))
        tuesday = date(2026, 2, 24)
        assert "Action 1/1 has no owner" in said(county, tuesday, dry_run=False)
        assert unsent.freshen(county.house, at=morning(tuesday)) == 0

    def test_what_was_said_before_quiet_days_stays_said_on_them(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        act(case, recommend(case), target_on=date(2026, 3, 3))
        county.who(Role.AGENCY_CONTRIBUTOR)
        for quiet in (QuietEntry(date(2026, 2, 25), date(2026, 2, 27)), QuietEntry(date(2026, 3, 2))):
            set_quiet(quiet, by=county.coordinator, at=morning(LATE))
        tuesday = date(2026, 2, 24)
        assert said(county, tuesday, Role.AGENCY_CONTRIBUTOR, dry_run=False) == ["Action 1/1 is due on 3 March 2026"]
        for day in (24, 25, 26):
            assert unsent.freshen(county.house, at=morning(date(2026, 2, day))) == 0

    def test_what_somebody_began_to_send_and_was_killed_is_looked_at_too(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        action_id = act(case, recommend(case), target_on=date(2026, 6, 1))
        county.who(Role.AGENCY_CONTRIBUTOR)
        day = date(2026, 6, 3)
        remind(county.house, day, at=morning(day))
        self.done(county, action_id)
        with county.house.database.transaction(by=Program("a test"), at=morning(day)) as session:
            for row in session.scalars(select(Message).order_by(Message.id)):
                row.state, row.leased_until = State.SENDING.value, morning(day) + LEASE
        assert unsent.freshen(county.house, at=morning(day)) == 0
        unsent.freshen(county.house, at=morning(day) + LEASE)
        assert self.of(county, Role.AGENCY_CONTRIBUTOR).state == "withdrawn"

    def test_one_that_would_name_somebody_by_now_is_held_and_the_trail_says_so(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        of = recommend(case)
        first, _ = (act(case, of, target_on=date(2026, 6, 1)) for _ in range(2))
        day = date(2026, 6, 3)
        remind(county.house, day, at=morning(day))
        with county.house.transaction(by=county.coordinator, at=case.at) as session:
            session.get_one(Agency, county.agency("Police")).name = "Ada Harding House"  # the victim’s name
        self.done(county, first)
        unsent.freshen(county.house, at=morning(day))
        held = self.of(county, Role.COORDINATOR)
        assert (held.state, "a name" in (held.refused_with or "")) == ("held", True)
        with county.house.reading() as session:
            event = session.scalars(select(Event).where(Event.kind == "message_held")).one()
            assert event.subject_id == held.id
            assert verify(session) == []

    def done(self, county: County, action_id: UUID) -> None:
        with county.house.transaction(by=county.coordinator, at=morning(date(2026, 6, 3))) as session:
            session.get_one(Action, action_id).done_on = date(2026, 6, 3)

    def of(self, county: County, role: Role) -> Message:
        account_id = county.who(role).id
        (found,) = [each for each in messages(county) if each.account_id == account_id]
        return found
