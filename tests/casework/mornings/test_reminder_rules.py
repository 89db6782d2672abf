"""The days of the reminders as a coordinator sets them: kept, shown before they hold, and what mail makes of them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import or_, select

from dhr_app.casework import reminder_rules
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.outbox import State
from dhr_app.casework.quiet_days import QuietEntry, end_quiet, set_quiet
from dhr_app.casework.reminder_preview import preview
from dhr_app.casework.reminder_rules import change_rule, put_back, rule_page, rules_page
from dhr_app.casework.reminding import in_lines, remind, remind_this_morning
from dhr_app.database.models import Conflict, Event, QuietDays, ReminderRuleChange
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.reminder_edits import RuleEntry
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.mornings import LATE, morning, reminders, said, settle
from tests.planning import act, recommend
from tests.queries import asked_by
from tests.reviews import County, row_counts

DATES = "date-coordinator"
OURS = or_(Event.kind.startswith("reminder_rule"), Event.kind.startswith("quiet"))


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

    def test_fewer_mails_leave_nothing_out_of_the_page(self, county: County) -> None:
        case = county.review()
        case.ask("Police")  # due on 29 January, a Thursday
        friday = date(2026, 1, 30)
        change_rule("ask-coordinator", RuleEntry(mondays="0"), by=county.coordinator, at=case.at)
        assert said(county, friday) == []
        page = what_needs_you(by=county.coordinator, at=morning(friday))
        assert [line.days_late for line in page.under("Agencies that are silent")] == [1]

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
        ("closures", "told", "due"),
        [
            ([(date(2026, 12, 24), date(2027, 1, 3))], date(2026, 12, 23), date(2026, 12, 31)),
            (
                [(date(2026, 8, 3), date(2026, 8, 14)), (date(2026, 8, 18), date(2026, 8, 31))],
                date(2026, 8, 17),
                date(2026, 8, 28),
            ),
        ],
    )
    def test_what_falls_due_while_the_office_is_shut_is_said_on_the_last_morning_before(
        self, county: County, closures: list[tuple[date, date]], told: date, due: date
    ) -> None:
        case = county.review(Stage.CHAIR_REPORT)
        act(case, recommend(case), target_on=due)
        county.who(Role.AGENCY_CONTRIBUTOR)
        for first, last in closures:
            set_quiet(QuietEntry(first, last), by=county.coordinator, at=morning(LATE))
        (line,) = said(county, told, Role.AGENCY_CONTRIBUTOR)
        assert line.startswith(f"Action 1/1 is due on {due.day} ")

    @pytest.mark.parametrize(
        "beside", [QuietEntry(date(2026, 3, 16)), QuietEntry(date(2026, 2, 26), date(2026, 2, 27))]
    )
    def test_stretches_that_run_into_each_other_are_counted_as_one(self, county: County, beside: QuietEntry) -> None:
        by, at = county.coordinator, morning(LATE)
        set_quiet(QuietEntry(date(2026, 3, 2), date(2026, 3, 13)), by=by, at=at)  # from a Monday to a Friday
        with pytest.raises(Invalid, match="leave a morning between") as wrong:
            set_quiet(beside, by=by, at=at)
        assert list(wrong.value.fields) == ["to_on"]
        set_quiet(QuietEntry(date(2026, 3, 17), date(2026, 3, 27)), by=by, at=at)
        assert len(rules_page(by=by, at=at).quiet) == 2

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


def test_a_page_of_the_table_asks_as_often_whatever_was_changed(county: County) -> None:
    by, at = county.coordinator, morning(LATE)

    def look() -> object:
        return reminder_rules.rules_page(by=by, at=at)

    first = asked_by(county.house, look)
    for key in ("draft-coordinator", "wish-coordinator", "hold-coordinator"):
        change_rule(key, RuleEntry(off=True), by=by, at=at)
    assert asked_by(county.house, look) == first
