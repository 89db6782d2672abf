"""The days of the reminders as a coordinator sets them: kept, shown before they hold, and what mail makes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import or_, select

from dhr_app.casework import agency_contact, reminder_rules, timeline, unsent
from dhr_app.casework.clockwork import Clockwork
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.outbox import State
from dhr_app.casework.quiet_days import QuietEntry, end_quiet, set_quiet
from dhr_app.casework.reminder_preview import preview
from dhr_app.casework.reminder_rules import change_rule, put_back, rule_page, rules_page
from dhr_app.casework.reminding import in_lines, remind, remind_this_morning
from dhr_app.casework.timeline import timeline_page
from dhr_app.database.models import Account, Action, Conflict, Event, Message, QuietDays, Reminder, ReminderRuleChange
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.reminder_edits import RuleEntry
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.emergencies import given
from tests.factories import make_account
from tests.planning import act, recommend
from tests.queries import asked_by
from tests.reviews import Case, County, row_counts

LATE = date(2026, 2, 17)  # a Tuesday; the decision of a review that began on 15 January was due on the 15th
DATES = "date-coordinator"
OURS = or_(Event.kind.startswith("reminder_rule"), Event.kind.startswith("quiet"))


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


def said(county: County, day: date, role: Role = Role.COORDINATOR, *, dry_run: bool = True) -> list[str]:
    digests = remind(county.house, day, dry_run=dry_run, at=morning(day)).digests
    return [f"{line.what} {line.when}" for each in digests if each.person.role is role for line in each.lines]


def messages(county: County) -> list[Message]:
    with county.house.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.on_day, Message.id)))


def reminders(county: County) -> list[Reminder]:
    with county.house.reading() as session:
        return list(session.scalars(select(Reminder).order_by(Reminder.made_on, Reminder.id)))


def settle(county: County, state: State) -> None:
    """As if the mail server had dealt with every message."""
    with county.house.database.transaction(by=Clockwork("a test"), at=morning(LATE)) as session:
        for row in session.scalars(select(Message).order_by(Message.id)):
            row.state = state.value


@pytest.fixture
def county(bare_county: County) -> County:
    """The county with a coordinator, and no review yet."""
    bare_county.who(Role.COORDINATOR)
    return bare_county


class TestOtherDays:
    def test_a_row_speaks_on_the_days_that_were_set_and_the_dry_run_says_so(self, county: County) -> None:
        county.review()  # due on 15 February, a Sunday
        early = date(2026, 1, 20)
        assert said(county, early) == []
        change_rule(DATES, RuleEntry(ahead="28, 7", mondays="7"), by=county.coordinator, at=morning(early))
        assert said(county, early) == ["Decision whether to review is due on 15 February 2026"]
        lines = list(in_lines(remind(county.house, early, dry_run=True, at=morning(early))))
        assert lines[0] == "Coordinator: 1 thing waits for you"
        (line,) = remind(county.house, early, dry_run=True, at=morning(early)).digests[0].lines
        assert line.section == "Due later"

    def test_what_is_switched_off_is_in_no_mail_and_stays_on_the_page(self, county: County) -> None:
        case = county.review()
        case.ask("Police")  # due on 29 January
        day = date(2026, 1, 30)
        assert len(said(county, day)) == 1
        change_rule("ask-coordinator", RuleEntry(off=True), by=county.coordinator, at=case.at)
        assert said(county, day) == []
        page = what_needs_you(by=county.coordinator, at=morning(day))
        assert [line.what for line in page.under("Agencies that are silent")] == [
            "Scoping return of Barsetshire Police"
        ]

    def test_it_is_put_back_and_every_change_is_kept_with_who_made_it(self, county: County) -> None:
        by, at = county.coordinator, morning(LATE)
        change_rule(DATES, RuleEntry(ahead="28", mondays="7"), by=by, at=at)
        change_rule("draft-coordinator", RuleEntry(off=True), by=by, at=at + timedelta(minutes=1))
        put_back(DATES, by=by, at=at + timedelta(minutes=2))
        page = rules_page(by=by, at=at + timedelta(minutes=3))
        assert [(one.what, one.to, one.by) for one in page.history] == [
            ("A date of a review", "Put back to the house’s own days", by.name),
            ("A draft they have not opened", "Switched off", by.name),
            ("A date of a review", "28 days before, on Mondays from 7 days before", by.name),
        ]
        lines = {line.key: line for line in page.lines}
        assert (lines[DATES].changed_by, lines[DATES].when) == ("", lines[DATES].own)
        assert (lines["draft-coordinator"].off, lines["draft-coordinator"].changed_by) == (True, by.name)
        with county.house.reading() as session:
            assert len(session.scalars(select(ReminderRuleChange)).all()) == 3
            kinds = list(session.scalars(select(Event.kind).where(OURS).order_by(Event.recorded_at)))
            assert kinds == ["reminder_rule_changed", "reminder_rule_changed", "reminder_rule_put_back"]
            assert verify(session) == []

    def test_what_stands_already_is_not_written_again(self, county: County) -> None:
        by, at = county.coordinator, morning(LATE)
        before = row_counts(county.house)
        put_back(DATES, by=by, at=at)
        change_rule(DATES, rule_page(DATES, by=by, at=at).entry, by=by, at=at)
        assert row_counts(county.house) == before

    @pytest.mark.parametrize(
        ("key", "entry", "box"),
        [
            (DATES, RuleEntry(off=True), "off"),
            ("breach-steering-chair", RuleEntry(off=True), "off"),
            ("disposal-coordinator", RuleEntry(off=True), "off"),
            (DATES, RuleEntry(ahead="soon", mondays="7"), "ahead"),
            ("escalated-chair", RuleEntry(after=""), "after"),
        ],
    )
    def test_what_may_not_be_is_refused_and_nothing_is_half_written(
        self, county: County, key: str, entry: RuleEntry, box: str
    ) -> None:
        before = row_counts(county.house)
        for work in (change_rule, preview):
            with pytest.raises(Invalid) as wrong:
                work(key, entry, by=county.coordinator, at=morning(LATE))
            assert list(wrong.value.fields) == [box]
        assert row_counts(county.house) == before

    def test_it_is_the_coordinator_s_alone(self, county: County) -> None:
        at = morning(LATE)
        for role in sorted(set(Role) - {Role.COORDINATOR}):
            by = county.who(role)
            for work in (
                lambda by=by: rules_page(by=by, at=at),
                lambda by=by: rule_page(DATES, by=by, at=at),
                lambda by=by: change_rule(DATES, RuleEntry(mondays="7"), by=by, at=at),
                lambda by=by: put_back(DATES, by=by, at=at),
                lambda by=by: preview(DATES, None, by=by, at=at),
                lambda by=by: set_quiet(QuietEntry(LATE + timedelta(days=1)), by=by, at=at),
                lambda by=by: end_quiet(uuid4(), by=by, at=at),
            ):
                with pytest.raises(NotAllowed):
                    work()

    def test_a_row_that_is_none_is_out_of_reach(self, county: County) -> None:
        for work in (rule_page, put_back, lambda key, **how: preview(key, None, **how)):
            with pytest.raises(OutOfReach):
                work("date-family", by=county.coordinator, at=morning(LATE))

    def test_a_step_is_never_written_twice_however_often_the_days_change(self, county: County) -> None:
        """Without Mondays a reminder of long ago would be forgotten, and its step said again."""
        case = county.review(Stage.CHAIR_REPORT)
        act(case, recommend(case), target_on=date(2026, 6, 1))
        keys = ("action-coordinator", "nobody-coordinator", "escalated-coordinator")
        for key in keys:
            entry = RuleEntry(after="1", ahead="7") if key == keys[0] else RuleEntry(off=True)
            change_rule(key, entry, by=county.coordinator, at=case.at)
        for day in (date(2026, 6, 2), date(2026, 8, 5), date(2026, 9, 1)):
            remind(county.house, day, at=morning(day))
            settle(county, State.SENT)
        actions = [(row.step, row.made_on) for row in reminders(county) if row.rule == "action"]
        assert actions == [(1, date(2026, 6, 2))]


class TestWhoWouldGetWhat:
    def test_the_next_morning_with_and_without_the_change_by_person(self, county: County) -> None:
        county.review()
        at = morning(date(2026, 1, 21))  # a Wednesday
        found = preview(DATES, RuleEntry(ahead="28", mondays="7"), by=county.coordinator, at=at)
        assert found.on == date(2026, 1, 22)
        (mine,) = found.people
        assert (mine.who, mine.role, mine.now, mine.then) == (county.coordinator.name, Role.COORDINATOR, 0, 1)
        assert [line.what for line in mine.more] == ["Decision whether to review"]
        assert row_counts(county.house)["reminder_rule_change"] == 0

    def test_what_is_no_longer_said_and_what_stays(self, county: County) -> None:
        case = county.review()
        case.ask("Police")
        at = morning(date(2026, 1, 29))
        found = preview("ask-coordinator", RuleEntry(off=True), by=county.coordinator, at=at)
        (mine,) = found.people
        assert (mine.now, mine.then, len(mine.fewer)) == (1, 0, 1)
        same = preview("draft-coordinator", RuleEntry(off=True), by=county.coordinator, at=at)
        assert same.same
        assert [(one.now, one.then) for one in same.people] == [(1, 1)]

    def test_quiet_days_and_weekends_are_passed_over(self, county: County) -> None:
        friday = date(2026, 2, 20)
        set_quiet(QuietEntry(date(2026, 2, 23)), by=county.coordinator, at=morning(friday))
        assert preview(DATES, None, by=county.coordinator, at=morning(friday)).on == date(2026, 2, 24)

    def test_whoever_looks_sees_nothing_of_a_review_that_is_barred_to_them(self, county: County) -> None:
        case = county.review()
        other = county.who(Role.COORDINATOR, 2)
        entry = RuleEntry(ahead="28", mondays="7")
        at = morning(date(2026, 1, 21))
        seen = preview(DATES, entry, by=county.coordinator, at=at).people
        assert {one.who for one in seen} == {county.coordinator.name, other.name}
        with county.house.transaction(by=county.chair, at=case.at) as session:
            session.add(Conflict(review_id=case.row.id, account_id=county.coordinator.id))
        assert preview(DATES, entry, by=county.who(Role.COORDINATOR), at=at).people == ()
        (theirs,) = preview(DATES, entry, by=county.who(Role.COORDINATOR, 2), at=at).people
        assert theirs.who == other.name

    def test_putting_back_is_shown_before_it_is_done(self, county: County) -> None:
        county.review()
        at = morning(date(2026, 1, 21))
        change_rule(DATES, RuleEntry(ahead="28", mondays="7"), by=county.coordinator, at=at)
        (mine,) = preview(DATES, None, by=county.coordinator, at=at).people
        assert (mine.now, mine.then) == (1, 0)

    def test_it_asks_as_often_whatever_there_is(self, county: County) -> None:
        at, by = morning(LATE), county.coordinator

        def look() -> object:
            return preview(DATES, None, by=by, at=at)

        county.review()
        first = asked_by(county.house, look)
        for _ in range(5):
            county.notified()
        assert asked_by(county.house, look) == first


class TestQuietDays:
    def test_no_mail_goes_out_and_what_fell_on_one_is_said_on_the_next_morning(self, county: County) -> None:
        county.review()  # late from 16 February, a Monday
        set_quiet(
            QuietEntry(date(2026, 2, 16), date(2026, 2, 17)), by=county.coordinator, at=morning(date(2026, 2, 13))
        )
        before = row_counts(county.house)
        for day in (16, 17):
            told = remind_this_morning(county.house, at=morning(date(2026, 2, day)))
            assert told.startswith(
                f"{day} February 2026 is a quiet day: of breaches alone is anything said. 0 messages"
            )
        assert row_counts(county.house) == before
        dry = list(in_lines(remind(county.house, LATE, dry_run=True, at=morning(LATE))))
        assert dry[-1].startswith("17 February 2026 is a quiet day")
        assert said(county, date(2026, 2, 18), dry_run=False) == [
            "Decision whether to review was due on 15 February 2026, 3 days late"
        ]

    def test_they_are_ended_from_the_next_morning_on_and_the_row_is_kept(self, county: County) -> None:
        by = county.coordinator
        set_quiet(QuietEntry(date(2026, 2, 16), date(2026, 2, 20)), by=by, at=morning(date(2026, 2, 13)))
        with county.house.reading() as session:
            quiet_id = session.scalars(select(QuietDays.id)).one()
        assert len(rules_page(by=by, at=morning(LATE)).quiet) == 1
        end_quiet(quiet_id, by=by, at=morning(LATE))
        assert rules_page(by=by, at=morning(LATE)).quiet == ()
        assert remind(county.house, LATE, dry_run=True, at=morning(LATE)).quiet
        assert not remind(county.house, date(2026, 2, 18), dry_run=True, at=morning(LATE)).quiet
        with pytest.raises(Over, match="over already"):
            end_quiet(quiet_id, by=by, at=morning(LATE))
        with county.house.reading() as session:
            row = session.get_one(QuietDays, quiet_id)
            assert (row.to_on, row.ended_on, row.ended_by_name) == (date(2026, 2, 20), LATE, by.name)
            kinds = list(session.scalars(select(Event.kind).where(OURS).order_by(Event.recorded_at)))
            assert kinds == ["quiet_days_set", "quiet_days_ended"]

    @pytest.mark.parametrize(
        ("entry", "box", "words"),
        [
            (QuietEntry(), "from_on", "Give the first quiet day"),
            (QuietEntry(LATE), "from_on", "tomorrow at the earliest"),
            (QuietEntry(LATE - timedelta(days=9)), "from_on", "tomorrow at the earliest"),
            (QuietEntry(LATE + timedelta(days=3), LATE + timedelta(days=2)), "to_on", "cannot be before the first"),
            (QuietEntry(LATE + timedelta(days=1), LATE + timedelta(days=15)), "to_on", "At most 14 days"),
            (QuietEntry(date(2099, 1, 1)), "to_on", "Bank holidays are known until"),
        ],
    )
    def test_days_that_cannot_be_are_said_beside_their_box(
        self, county: County, entry: QuietEntry, box: str, words: str
    ) -> None:
        before = row_counts(county.house)
        with pytest.raises(Invalid) as wrong:
            set_quiet(entry, by=county.coordinator, at=morning(LATE))
        assert list(wrong.value.fields) == [box]
        assert words in wrong.value.fields[box]
        assert row_counts(county.house) == before


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

    def done(self, county: County, action_id: UUID) -> None:
        with county.house.transaction(by=county.coordinator, at=morning(date(2026, 6, 3))) as session:
            session.get_one(Action, action_id).done_on = date(2026, 6, 3)

    def of(self, county: County, role: Role) -> Message:
        account_id = county.who(role).id
        (found,) = [each for each in messages(county) if each.account_id == account_id]
        return found


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
        with county.house.database.transaction(by=Clockwork("a test"), at=case.at) as session:
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


class TestTheTimeline:
    def reminded(self, case: Case, role: Role = Role.COORDINATOR) -> list[tuple[date, str]]:
        page = timeline_page(case.reference, by=case.county.who(role), at=morning(date(2026, 12, 1)))
        return [(entry.on, entry.text) for entry in page.entries if entry.id is None]

    def test_a_reminder_that_went_out_stands_there_by_role_and_not_by_name(self, county: County) -> None:
        case = county.review()
        said(county, LATE, dry_run=False)
        assert self.reminded(case) == []
        settle(county, State.SENT)
        assert self.reminded(case) == [(LATE, "Reminded the coordinator of “Decision whether to review”")]
        assert self.reminded(case, Role.STEERING_MEMBER) == self.reminded(case)

    def test_what_a_reader_may_not_know_of_stays_out(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        given(case, county.who(Role.STEERING_MEMBER))
        remind(county.house, case.today + timedelta(days=1), at=case.wait(days=1))
        settle(county, State.SENT)
        told = "what was opened in an emergency"
        assert told in " ".join(text for _, text in self.reminded(case))
        assert told not in " ".join(text for _, text in self.reminded(case, Role.STEERING_MEMBER))

    def test_each_stands_on_one_page_of_several_and_costs_one_statement(
        self, county: County, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = county.review(Stage.PANEL)
        monday = date(2026, 10, 5)
        for week in range(4):
            day = monday + timedelta(days=7 * week)
            remind(county.house, day, at=morning(day))
            settle(county, State.SENT)
        at = morning(date(2026, 12, 1))
        whole = timeline_page(case.reference, by=county.coordinator, at=at).entries
        cost = asked_by(county.house, lambda: timeline_page(case.reference, by=county.coordinator, at=at))
        monkeypatch.setattr(timeline, "PAGE", 2)
        found: list[Any] = []
        older = None
        for _ in range(100):
            page = timeline_page(case.reference, from_entry=older, by=county.coordinator, at=at)
            found += page.entries
            older = page.older
            if older is None:
                break
        assert [(one.on, one.text) for one in found if one.id is None] == [
            (one.on, one.text) for one in whole if one.id is None
        ]
        assert len([one for one in whole if one.id is None]) == 4
        remind(county.house, date(2026, 11, 2), at=morning(date(2026, 11, 2)))
        settle(county, State.SENT)
        monkeypatch.undo()
        assert asked_by(county.house, lambda: timeline_page(case.reference, by=county.coordinator, at=at)) == cost


def test_a_page_of_the_table_asks_as_often_whatever_was_changed(county: County) -> None:
    by, at = county.coordinator, morning(LATE)

    def look() -> object:
        return reminder_rules.rules_page(by=by, at=at)

    first = asked_by(county.house, look)
    for key in ("draft-coordinator", "wish-coordinator", "hold-coordinator"):
        change_rule(key, RuleEntry(off=True), by=by, at=at)
    assert asked_by(county.house, look) == first
