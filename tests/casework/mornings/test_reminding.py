"""The morning’s reminders: what each person’s mail says, that nothing is said twice, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.adapters.clock import LONDON
from dhr_app.casework import digest as module
from dhr_app.casework import imr, reminding
from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.digest import Digest
from dhr_app.casework.house import House, at_work
from dhr_app.casework.imr import RequestEntry
from dhr_app.casework.outbox import State
from dhr_app.casework.outgoing import MailCheck, mail_check
from dhr_app.casework.program import Program
from dhr_app.casework.reminding import NO_COORDINATOR, NoSuchMorning, Summary, in_lines, remind, remind_this_morning
from dhr_app.database.models import Account, Action, Agency, Conflict, Event, Message, Reminder
from dhr_app.database.verify import verify
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.events import Happened
from dhr_app.workflows.reminders import NOBODYS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import make_account
from tests.mornings import on, settle
from tests.planning import act, recommend
from tests.reporting import refuse, report
from tests.reviews import Case, County, row_counts
from tests.seating import join

LATE = date(2026, 2, 17)  # a Tuesday; the decision of a review that began on 15 January was due on the 15th


def to(summary: Summary, role: Role) -> Digest:
    (found,) = [each for each in summary.digests if each.person.role is role]
    return found


def told(digest: Digest) -> list[tuple[str, str]]:
    return [(line.section, f"{line.what} {line.when}") for line in digest.lines]


class TestTheMail:
    def test_the_coordinator_is_told_what_is_late_with_its_reference_stage_date_and_link(self, county: County) -> None:
        case = county.review()
        mail = to(on(county, LATE), Role.COORDINATOR)
        assert mail.subject == "1 thing is late"
        assert f"{case.reference} (Notification)" in mail.body
        assert "Decision whether to review was due on 15 February 2026, 2 days late." in mail.body
        assert f"{county.house.settings.site_url}/reviews/{case.reference}\n" in mail.body

    def test_what_is_due_this_week_is_counted_beside_what_is_late(self, county: County) -> None:
        county.review()
        county.notified(at=datetime(2026, 1, 20, 10, tzinfo=UTC))  # due on 20 February
        mail = to(on(county, LATE), Role.COORDINATOR)
        assert mail.subject == "1 thing is late, 1 due within a week"

    def test_only_what_is_due_makes_no_word_of_lateness(self, county: County) -> None:
        county.review()
        mail = to(on(county, date(2026, 2, 9)), Role.COORDINATOR)
        assert mail.subject == "1 thing is due within a week"

    def test_a_very_long_list_is_cut_short_but_counted(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "MOST", 2)
        for _ in range(5):
            county.notified()
        mail = to(on(county, LATE), Role.COORDINATOR)
        assert mail.subject == "5 things are late"
        assert mail.body.count("Decision whether to review") == 2
        assert "LATE (5)" in mail.body
        assert "And 3 more, which the page below leads to." in mail.body

    def test_nothing_to_say_makes_no_mail(self, county: County) -> None:
        county.review()
        before = row_counts(county.house)
        assert on(county, date(2026, 1, 20)).digests == ()
        assert row_counts(county.house) == before

    def test_a_silent_agency_is_named_with_what_it_owes_and_where_that_is_settled(self, county: County) -> None:
        case = county.review()
        (request,) = case.ask("Police")  # due on 29 January
        mail = to(on(county, date(2026, 1, 30)), Role.COORDINATOR)
        assert told(mail) == [
            ("Agencies that are silent", "Scoping return of Barsetshire Police was due on 29 January 2026, 1 day late")
        ]
        assert f"/reviews/{case.reference}/scoping/{request.id}" in mail.body
        case.answer(request)
        assert on(county, date(2026, 2, 2)).digests == ()

    def test_family_members_still_to_be_told_are_one_line_without_a_name(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.relative(full_name="Grace Harding")
        case.relative(full_name="Septimus Harding")
        case.to(Stage.PANEL)
        mail = to(on(county, case.today + timedelta(days=12)), Role.COORDINATOR)
        assert sum("Tell each family member" in line for _, line in told(mail)) == 1
        assert "Harding" not in mail.subject + mail.body
        assert f"/reviews/{case.reference}/told" in mail.body

    def test_a_hold_is_brought_up_when_it_is_to_be_looked_at_again(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.take("pause")
        (line,) = [
            line
            for line in to(on(county, case.today + timedelta(days=61)), Role.COORDINATOR).lines
            if line.section == "On hold, to be looked at again"
        ]
        assert line.reference == case.reference

    def test_a_date_that_a_hold_stops_is_not_brought_up(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.take("pause")
        day = date(2026, 8, 20)  # five weeks after the overview report would have been due
        assert "Overview report" not in to(on(county, day), Role.COORDINATOR).body

    def test_a_deferred_decision_is_brought_up_on_its_day(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.take("defer")
        mail = to(on(county, case.today + timedelta(days=29)), Role.COORDINATOR)
        assert "Take up the deferred decision" in mail.body


class TestActions:
    @pytest.fixture
    def case(self, county: County) -> Case:
        case = county.review(Stage.CHAIR_REPORT)
        self.action_id = act(case, recommend(case), target_on=date(2026, 6, 1))
        return case

    def test_the_owner_is_told_with_a_link_to_the_action_alone(self, county: County, case: Case) -> None:
        county.who(Role.AGENCY_CONTRIBUTOR)
        mail = to(on(county, date(2026, 6, 3)), Role.AGENCY_CONTRIBUTOR)
        assert told(mail) == [("Late", "Action 1/1 was due on 1 June 2026, 2 days late")]
        assert f"/owed/actions/{self.action_id}" in mail.body
        assert Stage.CHAIR_REPORT.label not in mail.body
        assert "Firm words" not in mail.body

    def test_a_successor_is_told_of_what_the_old_agency_owed(self, county: County, case: Case) -> None:
        probation = county.agency("Probation")
        with county.house.transaction(by=county.coordinator, at=case.at) as session:
            police = session.get_one(Agency, county.agency("Police"))
            police.successor_id, police.to_on = probation, date(2026, 6, 2)
        county.who(Role.AGENCY_CONTRIBUTOR)  # of the police, who owe it no longer
        successor, _ = make_account(county.house, Role.AGENCY_CONTRIBUTOR, agency_id=probation)
        assert to(on(county, date(2026, 6, 3)), Role.AGENCY_CONTRIBUTOR).person.id == successor.id

    def test_until_its_last_day_an_agency_owes_for_itself(self, county: County, case: Case) -> None:
        probation = county.agency("Probation")
        with county.house.transaction(by=county.coordinator, at=case.at) as session:
            police = session.get_one(Agency, county.agency("Police"))
            police.successor_id, police.to_on = probation, date(2026, 6, 3)
        theirs = county.who(Role.AGENCY_CONTRIBUTOR)
        make_account(county.house, Role.AGENCY_CONTRIBUTOR, agency_id=probation)
        assert to(on(county, date(2026, 6, 3)), Role.AGENCY_CONTRIBUTOR).person.id == theirs.id

    def test_work_of_an_agency_without_an_account_belongs_to_nobody(self, county: County, case: Case) -> None:
        summary = on(county, date(2026, 6, 3))
        mail = to(summary, Role.COORDINATOR)
        (line,) = [line for line in mail.lines if line.section == "Work that belongs to nobody"]
        assert line.what == "1 action of Barsetshire Police, where nobody has an account here,"
        assert line.when == f"waits in {case.reference}"
        said = "1 action of Barsetshire Police, where nobody has an account here, waits in"
        assert any(f"{said} {case.reference}" in each for each in in_lines(summary))
        county.who(Role.AGENCY_CONTRIBUTOR)
        assert "belongs to nobody" not in to(on(county, date(2026, 6, 9)), Role.COORDINATOR).body.lower()

    def test_an_action_without_an_owner_belongs_to_nobody(self, county: County, case: Case) -> None:
        with county.house.transaction(by=county.coordinator, at=case.at) as session:
            session.get_one(Action, self.action_id).owner_id = None
        mail = to(on(county, date(2026, 6, 3)), Role.COORDINATOR)
        assert ("Work that belongs to nobody", "Action 1/1 has no owner") in told(mail)

    def test_a_number_that_people_wrote_with_words_is_not_told(self, county: County, case: Case) -> None:
        act(case, recommend(case, "R-Jean"), target_on=date(2026, 6, 1))
        mail = to(on(county, date(2026, 6, 3)), Role.COORDINATOR)
        assert "Jean" not in mail.body
        assert "Action 1 of a recommendation" in mail.body

    def test_what_is_reported_as_done_is_not_brought_up(self, county: County, case: Case) -> None:
        with county.house.transaction(by=county.coordinator, at=case.at) as session:
            session.get_one(Action, self.action_id).done_on = date(2026, 5, 20)
        assert "Action" not in to(on(county, date(2026, 6, 3)), Role.COORDINATOR).body


class TestWhatAnAgencyHears:
    def test_of_an_answered_wish_once_and_of_no_wish_it_overtook_itself(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        of = recommend(case)
        answered, overtaken = act(case, of), act(case, of)
        for action_id in (answered, overtaken):
            report(case, action_id, "need_longer")
        report(case, overtaken, "done")
        refuse(case, answered, "The inquest waits for it.")
        mail = to(on(county, case.today), Role.AGENCY_CONTRIBUTOR)
        assert told(mail) == [
            ("Answered", f"Action 1/1: your request for longer was answered on {in_words(case.today)}"),
        ]
        assert mail.subject == "1 request is answered"
        assert f"/owed/actions/{answered}\n" in mail.body
        assert "inquest" not in mail.body
        settle(county, State.SENT)
        for days in range(1, 8):
            later = on(county, case.today + timedelta(days=days)).digests
            assert Role.AGENCY_CONTRIBUTOR not in [each.person.role for each in later]

    def test_of_a_summary_report_by_its_own_name(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.seat(Role.AGENCY_CONTRIBUTOR)
        entry = RequestEntry("summary_report", case.today)
        imr.ask(case.reference, (county.agency("Police"),), entry, by=county.coordinator, at=case.wait(minutes=1))
        summary = on(county, case.today + timedelta(days=120))
        for role in (Role.AGENCY_CONTRIBUTOR, Role.COORDINATOR):
            body = to(summary, role).body
            assert "Summary report" in body
            assert "IMR" not in body


class TestWhatNobodyCanSee:
    def test_the_coordinator_is_told_on_mondays_with_where_the_seat_is_given(self, county: County) -> None:
        case = county.review()
        case.ask("Police")
        county.who(Role.AGENCY_CONTRIBUTOR)
        mail = to(on(county, date(2026, 1, 19)), Role.COORDINATOR)
        assert told(mail) == [
            (
                "Work that belongs to nobody",
                "Scoping return of Barsetshire Police cannot be seen there: nobody of them has a seat on the review",
            )
        ]
        assert mail.subject == "1 thing an agency was asked cannot be seen"
        assert f"/reviews/{case.reference}/members?agency={county.agency('Police')}" in mail.body

    def test_an_imr_and_its_chronology_are_both_said_and_remembered_as_one(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        county.who(Role.AGENCY_CONTRIBUTOR)
        entry = RequestEntry("imr", case.today, chronology_requested=True)
        imr.ask(case.reference, (county.agency("Police"),), entry, by=county.coordinator, at=case.wait(minutes=1))
        monday = case.today + timedelta(days=7 - case.today.weekday())
        mail = to(on(county, monday), Role.COORDINATOR)
        assert [what.partition(" of ")[0] for section, what in told(mail) if section == NOBODYS] == [
            "Chronology",
            "IMR",
        ]
        assert [one.rule for one in stored(county)[0]].count("seat") == 1
        assert on(county, monday).digests == ()


class TestWhoIsTold:
    def test_a_chair_hears_of_the_reviews_they_chair(self, county: County) -> None:
        mine, other = county.review(Stage.PANEL), county.review(Stage.PANEL)
        join(mine.reference, county.who(Role.INDEPENDENT_CHAIR).id, by=county.coordinator, at=mine.wait(minutes=1))
        mail = to(on(county, date(2026, 9, 1)), Role.INDEPENDENT_CHAIR)
        assert {line.reference for line in mail.lines} == {mine.reference}
        assert other.reference not in mail.body

    def test_a_contributor_hears_what_the_review_asks_of_their_agency(self, county: County) -> None:
        case = county.review(Stage.NOTIFICATION)
        asked = case.ask("Police", "Probation")  # due on 29 January
        (police,) = [row for row in asked if row.agency_id == county.agency("Police")]
        contributor = county.who(Role.AGENCY_CONTRIBUTOR)
        join(case.reference, contributor.id, by=county.coordinator, at=case.wait(minutes=1))
        mail = to(on(county, date(2026, 2, 2)), Role.AGENCY_CONTRIBUTOR)
        assert told(mail) == [
            ("Late", "Scoping return was due on 29 January 2026, 4 days late"),
            ("Agencies that are behind", "1 thing of your agency was due on 29 January 2026"),
        ]
        assert f"/reviews/{case.reference}/scoping/{police.id}" in mail.body

    def test_a_blocked_account_gets_nothing(self, county: County) -> None:
        county.review()
        second = county.who(Role.COORDINATOR, 2)
        _block(county, second.id)
        assert [each.person.id for each in on(county, LATE).digests] == [county.coordinator.id]

    def test_a_conflict_of_interest_keeps_a_review_out_of_the_mail(self, county: County) -> None:
        case, other = county.review(), county.review()
        with county.house.transaction(by=county.chair, at=case.at) as session:
            session.add(Conflict(review_id=case.row.id, account_id=county.coordinator.id))
        mail = to(on(county, LATE), Role.COORDINATOR)
        assert case.reference not in mail.body
        assert other.reference in mail.body

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
    def test_with_no_coordinator_who_may_sign_in_the_summary_says_so(self, county: County, role: Role) -> None:
        county.review()
        _block(county, county.coordinator.id)
        county.who(role)
        assert on(county, LATE).nobody == (NO_COORDINATOR,)
        assert NO_COORDINATOR in list(in_lines(on(county, LATE, dry_run=True)))


def _block(county: County, account_id: UUID) -> None:
    with county.house.database.transaction(by=Program("a test"), at=datetime(2026, 2, 1, tzinfo=UTC)) as session:
        session.get_one(Account, account_id).blocked_on = date(2026, 2, 1)


def stored(county: County) -> tuple[Sequence[Reminder], Sequence[Message]]:
    with county.house.reading() as session:
        return (
            session.scalars(select(Reminder).order_by(Reminder.id)).all(),
            session.scalars(select(Message).order_by(Message.id)).all(),
        )


class TestOnce:
    def test_the_reminders_and_their_message_are_written_together_with_an_event(self, county: County) -> None:
        case = county.review()
        on(county, LATE)
        (reminder,), (message,) = stored(county)
        assert (reminder.rule, reminder.due_on, reminder.step) == ("date", date(2026, 2, 15), 1)
        assert (reminder.of_review_id, reminder.account_id) == (case.row.id, county.coordinator.id)
        assert (reminder.message_id, reminder.made_on) == (message.id, LATE)
        assert (message.state, message.on_day, message.kind) == (State.PENDING, LATE, "digest")
        with county.house.reading() as session:
            event = session.scalars(select(Event).where(Event.kind == Happened.REMINDERS_WRITTEN)).one()
            assert (event.recorded_by_name, event.details) == ("reminders", {"messages": 1, "reminders": 1})
            assert verify(session) == []

    def test_a_second_run_on_the_same_day_writes_nothing(self, county: County) -> None:
        county.review()
        on(county, LATE)
        before = row_counts(county.house)
        county.review(aware_on=date(2026, 1, 10))  # what came in since is said tomorrow
        late = row_counts(county.house)
        assert on(county, LATE).digests == ()
        assert row_counts(county.house) == late
        assert late["message"] == before["message"]
        assert len(on(county, LATE + timedelta(days=1)).digests) == 1

    def test_the_next_morning_says_only_what_is_new(self, county: County) -> None:
        county.review()
        on(county, LATE)
        settle(county, State.SENT)
        assert on(county, LATE + timedelta(days=1)).digests == ()
        assert len(on(county, date(2026, 2, 23)).digests) == 1  # Monday: everything again

    def test_three_missed_days_are_one_digest(self, county: County) -> None:
        county.review()
        for day in (2, 3, 4):
            county.notified(at=datetime(2026, 2, day, 10, tzinfo=UTC))  # due on 2, 3 and 4 March
        on(county, date(2026, 3, 2))
        settle(county, State.SENT)
        summary = on(county, date(2026, 3, 5))  # the 3rd and 4th were missed
        assert len(summary.digests) == 1
        assert {when for _, when in told(to(summary, Role.COORDINATOR))} == {
            f"Decision whether to review was due on {day} March 2026, {5 - day} {'day' if day == 4 else 'days'} late"
            for day in (2, 3, 4)
        }
        assert on(county, date(2026, 3, 5)).digests == ()

    def test_a_day_asked_for_after_a_later_one_repeats_nothing(self, county: County) -> None:
        county.review()
        on(county, date(2026, 2, 20))
        before = row_counts(county.house)
        assert on(county, LATE).digests == ()
        assert row_counts(county.house) == before

    def test_a_dry_run_says_the_same_and_writes_nothing(self, county: County) -> None:
        county.review()
        before = row_counts(county.house)
        dry = on(county, LATE, dry_run=True)
        assert row_counts(county.house) == before
        wet = on(county, LATE)
        assert [each.body for each in dry.digests] == [each.body for each in wet.digests]
        assert dry.sentence == "1 message would be written for 17 February 2026, with 1 reminder."
        assert wet.sentence == "1 message was written for 17 February 2026, with 1 reminder."

    def test_two_runs_at_once_write_once(self, county: County) -> None:
        county.review()

        def run(_: int) -> int:
            with at_work(county.house):
                return len(on(county, LATE).digests)

        with ThreadPoolExecutor(4) as workers:
            assert sum(workers.map(run, range(4))) == 1
        assert len(stored(county)[1]) == 1

    def test_a_review_that_was_begun_meanwhile_holds_no_mail(
        self, county: County, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case, begun = county.review(), list[Case]()

        def check(house: House, mails: Iterable[str], *, at: datetime) -> MailCheck:
            found = mail_check(house, list(mails), at=at)
            if not begun:
                begun.append(county.notified())
            return found

        monkeypatch.setattr(reminding, "mail_check", check)
        (theirs,) = on(county, LATE).digests
        assert {line.reference for line in theirs.lines} == {case.reference, begun[0].reference}
        assert [each.state for each in stored(county)[1]] == ["pending"]


class TestBadDays:
    def test_a_day_to_come_is_refused_unless_nothing_is_written(self, county: County) -> None:
        county.review()
        at = datetime(2026, 2, 17, 8, tzinfo=UTC)
        with pytest.raises(NoSuchMorning, match="18 February 2026 is still to come"):
            remind(county.house, date(2026, 2, 18), at=at)
        assert remind(county.house, date(2026, 2, 18), dry_run=True, at=at).digests

    def test_a_day_before_anything_was_recorded(self, county: County) -> None:
        county.review()
        with pytest.raises(NoSuchMorning, match="Nothing was recorded here before 15 January 2026"):
            on(county, date(2026, 1, 14))

    def test_a_house_in_which_nothing_happened(self, house) -> None:
        with pytest.raises(NoSuchMorning, match="Nothing is recorded here yet"):
            remind(house, LATE, at=datetime(2026, 2, 17, 8, tzinfo=UTC))


class TestTheMorning:
    @pytest.mark.parametrize(
        ("moment", "goes_out"),
        [
            (datetime(2026, 6, 3, 7, 29, tzinfo=LONDON), False),
            (datetime(2026, 6, 3, 7, 30, tzinfo=LONDON), True),
            (datetime(2026, 6, 6, 9, 0, tzinfo=LONDON), False),  # a Saturday
            (datetime(2026, 5, 25, 9, 0, tzinfo=LONDON), False),  # a bank holiday
        ],
    )
    def test_mail_is_written_on_working_mornings(self, county: County, moment: datetime, goes_out: bool) -> None:
        county.review()
        said = remind_this_morning(county.house, at=moment.astimezone(UTC))
        assert ("1 message was written" in said) is goes_out

    def test_a_clockwork_that_starts_twice_writes_once(self, county: County) -> None:
        county.review()
        at = datetime(2026, 6, 3, 9, tzinfo=UTC)
        remind_this_morning(county.house, at=at)
        assert "0 messages were written" in remind_this_morning(county.house, at=at + timedelta(minutes=1))


def test_it_asks_the_same_number_of_statements_however_many_reviews_there_are(county: County) -> None:
    for role in (Role.AGENCY_CONTRIBUTOR, Role.INDEPENDENT_CHAIR):
        county.who(role)
    asked = []
    for number in (1, 29):
        for _ in range(number):
            county.notified()
        _forget(county)
        with count_queries(county.house) as statements:
            summary = on(county, LATE)
        asked.append(len(statements))
        assert summary.reminders >= number
    # Looked at, held against the protected names, looked at again in its turn; PostgreSQL queues by a statement.
    # One of them for the seats that were left behind, two for declarations that somebody is not sure of,
    # two for lists of who can see a review that nobody has confirmed, and two each for seats that lapse, for requests
    # for information, for breaches, for updates promised to a family and for the bank holidays that were added. Twice
    # each: the days that were changed, quiet days, mail that failed, what was opened in an emergency, agencies that are
    # behind, planned meetings that have passed; and what was left over of earlier mornings.
    assert asked[0] == asked[1] <= 99


def _forget(county: County) -> None:
    """As if nobody had been reminded yet."""
    with county.house.transaction(by=county.coordinator, at=datetime(2026, 2, 17, tzinfo=UTC)) as session:
        for model in (Reminder, Message):
            for row in session.scalars(select(model).order_by(model.id)):
                session.delete(row)
            session.flush()
