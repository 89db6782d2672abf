"""However the table of reminders is changed: nothing is said twice, and what may not be silenced is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.escalation import Behind, Late, empty_rungs
from dhr_app.workflows.permissions import Membership, Person
from dhr_app.workflows.quiet import NEVER_QUIET, days_of, mornings, next_morning
from dhr_app.workflows.reminder_edits import (
    MAY_NOT_STOP,
    WHAT,
    Edit,
    RuleEntry,
    edit_of,
    entry_of,
    in_use,
    on_pages,
    rows,
    when,
    who_hears,
)
from dhr_app.workflows.reminder_rules import EVERY_MORNING, HOURS, RULES, Kind, Ladder, Rule, Rung, late_by
from dhr_app.workflows.reminders import REMEMBERED, Thing, Wanted, wanted
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.workflows.rule_book import calendar

REVIEW, POLICE, HEALTH = uuid4(), uuid4(), uuid4()
LONG_AGO = date(2026, 1, 5)
FIRST = date(2026, 6, 1)  # a Monday, and the first of a month
WEDNESDAY = date(2026, 6, 3)


def person(role: Role, *, agency_id: UUID | None = None, sits: bool = False, barred: bool = False) -> Person:
    seats = (Membership(REVIEW, role, agency_id, LONG_AGO, None, is_open=True, stage=Stage.PANEL),) if sits else ()
    return Person(uuid4(), "Nobody", role, agency_id, seats, frozenset({REVIEW} if barred else ()))


COORDINATOR = person(Role.COORDINATOR)
CHAIR = person(Role.STEERING_CHAIR)
DEPUTY_CHAIR = person(Role.STEERING_DEPUTY)
MEMBER = person(Role.STEERING_MEMBER, agency_id=POLICE)
CONTACT = person(Role.AGENCY_CONTRIBUTOR, agency_id=POLICE, sits=True)
SUBSTITUTE = person(Role.AGENCY_CONTRIBUTOR, agency_id=POLICE)
REVIEW_CHAIR = person(Role.INDEPENDENT_CHAIR, sits=True)
EVERYBODY = (COORDINATOR, CHAIR, DEPUTY_CHAIR, MEMBER, CONTACT, SUBSTITUTE, REVIEW_CHAIR)


def thing(kind: Kind, due_on: date | None, subject_id: UUID | None = None) -> Thing:
    owed = POLICE if kind in (Kind.ASK, Kind.ACTION, Kind.ANSWER, Kind.ESCALATED) else None
    behind = behind_since(due_on or FIRST) if kind is Kind.ESCALATED else None
    return Thing(
        kind, subject_id or uuid4(), None if behind else REVIEW, "DHR-2026-001", Stage.PANEL, "A thing", "/",
        due_on, owed, "Barsetshire Police" if owed else "", behind=behind,
    )  # fmt: skip


def behind_since(due_on: date, month: date = FIRST, **more: object) -> Behind:
    late = (Late(Kind.ACTION, REVIEW, due_on),)
    return replace(Behind(POLICE, month, late, contact_id=CONTACT.id), **more)  # type: ignore[arg-type]


def keys(said: Iterable[Wanted]) -> list[tuple[str, UUID, date, int, UUID]]:
    return [(one.thing.kind.value, one.thing.subject_id, one.due_on, one.step, one.person.id) for one in said]


# --- Any edits that are taken, any quiet days, any mornings -----------------------------------------------------------

NUMBERS = st.lists(st.integers(0, 90), max_size=6).map(lambda numbers: ", ".join(map(str, numbers)))
ENTRIES = st.builds(
    RuleEntry, st.booleans(), NUMBERS, st.booleans(), NUMBERS, st.one_of(st.just(""), st.integers(0, 30).map(str))
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[Rule, ...]:
    """The rules after edits of some rows, as far as they are taken."""
    edits = {}
    for key in draw(st.lists(st.sampled_from(sorted(rows())), max_size=8)):
        try:
            edits[key] = edit_of(rows()[key], draw(ENTRIES))
        except Invalid:
            continue
    return in_use(edits)


DAYS = st.integers(0, 75).map(lambda number: date(2026, 5, 4) + timedelta(days=number))
QUIET = st.frozensets(DAYS, max_size=25)
THINGS = st.lists(st.builds(thing, st.sampled_from(sorted(Kind)), DAYS), max_size=6).map(tuple)
MORNINGS = st.lists(st.tuples(DAYS, edited(), QUIET), max_size=10)


class TestHoweverItIsChanged:
    @given(things=THINGS, seen=MORNINGS)
    @settings(max_examples=200, deadline=None)
    def test_each_step_of_each_thing_is_said_to_each_person_at_most_once(
        self, things: tuple[Thing, ...], seen: list[tuple[date, tuple[Rule, ...], frozenset[date]]]
    ) -> None:
        """As the database holds it: only what was made in the days that are remembered is looked at."""
        written: dict[tuple[str, UUID, date, int, UUID], date] = {}
        for today, rules, quiet in sorted(seen, key=lambda each: each[0]):
            made: dict[tuple[str, UUID, date, UUID], int] = {}
            for (kind, subject, due, step, who), on in written.items():
                if on >= today - REMEMBERED:
                    made[kind, subject, due, who] = max(step, made.get((kind, subject, due, who), step))
            said = keys(wanted(things, EVERYBODY, made, today=today, calendar=calendar(), rules=rules, quiet=quiet))
            assert len(set(said)) == len(said)
            assert not written.keys() & set(said)
            written |= dict.fromkeys(said, today)

    @given(due=DAYS, rules=edited(), quiet=QUIET, missed=st.frozensets(DAYS, max_size=20))
    @settings(max_examples=200, deadline=None)
    def test_what_may_not_be_silenced_is_said_within_a_week_of_mornings(
        self, due: date, rules: tuple[Rule, ...], quiet: frozenset[date], missed: frozenset[date]
    ) -> None:
        """On the first morning that comes after the first Monday behind the day it was due."""
        found = tuple(thing(kind, due) for kind in MAY_NOT_STOP)
        for one in found:
            hushed = one.kind not in NEVER_QUIET
            by = mornings(calendar(), quiet) if hushed else calendar()
            first = by.next_working_day(due + timedelta(days=7 - due.weekday()))
            while first in missed:
                first = by.add_working_days(first, 1)
            said = wanted(found, EVERYBODY, {}, today=first, calendar=calendar(), rules=rules, quiet=quiet)
            told = {each.person.role for each in said if each.thing == one}
            assert told >= {rule.role for rule in RULES if rule.kind is one.kind and rule.floor is not None}

    @given(due=DAYS, rules=edited(), quiet=QUIET)
    @settings(max_examples=100, deadline=None)
    def test_a_breach_is_said_on_every_morning_of_its_72_hours(
        self, due: date, rules: tuple[Rule, ...], quiet: frozenset[date]
    ) -> None:
        breach = thing(Kind.BREACH, due)
        for days in (3, 2, 1, 0):
            today = due - timedelta(days=days)
            said = wanted((breach,), EVERYBODY, {}, today=today, calendar=calendar(), rules=rules, quiet=quiet)
            assert {one.person for one in said} == {COORDINATOR, CHAIR, DEPUTY_CHAIR}


# --- What may be changed ----------------------------------------------------------------------------------------------


class TestTheBoxes:
    def test_every_row_can_be_saved_as_it_stands(self) -> None:
        for rule in RULES:
            assert edit_of(rule, entry_of(rule.ladder)) == Edit(rule.ladder)

    def test_every_row_has_words_for_what_it_is_whom_it_tells_and_when(self) -> None:
        assert set(WHAT) == set(Kind)
        for rule in RULES:
            assert who_hears(rule)
            assert when(rule)[0] == when(rule)[0].upper()
        assert when(rows()["date-coordinator"]) == (
            "7 days before, on the last working day before, 1 day after, on Mondays from 7 days before"
        )
        assert when(rows()["escalated-member"]) == "Once a month, from 14 days late"
        assert when(replace(RULES[0], ladder=Ladder(None, (28, 14), False, (0, 1, 7)))) == (
            "28 and 14 days before, on its day, 1 and 7 days after"
        )

    def test_only_what_may_be_is_switched_off(self) -> None:
        for rule in RULES:
            if rule.floor is None:
                assert edit_of(rule, RuleEntry(off=True)) == Edit(None)
                continue
            with pytest.raises(Invalid) as wrong:
                edit_of(rule, RuleEntry(off=True))
            assert wrong.value.fields["off"].startswith("This row cannot be switched off. ")

    def test_of_a_breach_no_day_can_be_taken_away_and_days_can_be_added(self) -> None:
        breach = rows()["breach-coordinator"]
        entry = entry_of(HOURS)
        for less in ("3, 2", "", "3, 1"):
            with pytest.raises(Invalid) as wrong:
                edit_of(breach, replace(entry, ahead=less))
            assert "none taken away" in wrong.value.fields["ahead"]
        more = edit_of(breach, replace(entry, after="0, 1, 2")).ladder
        assert more is not None
        assert more.after == (0, 1, 2)

    def test_the_coordinator_s_dates_keep_their_mondays(self) -> None:
        dates = rows()["date-coordinator"]
        with pytest.raises(Invalid) as wrong:
            edit_of(dates, replace(entry_of(EVERY_MORNING), mondays=""))
        assert wrong.value.fields == {
            "mondays": "This row keeps its Mondays. Dates of the statutory guidance are among them."
        }
        assert edit_of(dates, RuleEntry(mondays="0")) == Edit(Ladder(0, (), False, ()))

    @pytest.mark.parametrize(
        ("entry", "box"),
        [
            (RuleEntry(ahead="0", mondays="7"), "ahead"),
            (RuleEntry(ahead="91", mondays="7"), "ahead"),
            (RuleEntry(ahead="-3", mondays="7"), "ahead"),
            (RuleEntry(ahead="seven", mondays="7"), "ahead"),
            (RuleEntry(ahead="7 14", mondays="7"), "ahead"),
            (RuleEntry(ahead="1,2,3,4,5,6,7", mondays="7"), "ahead"),
            (RuleEntry(ahead="²", mondays="7"), "ahead"),  # a digit, and no number
            (RuleEntry(after="1.5", mondays="7"), "after"),
            (RuleEntry(after="99999999999999", mondays="7"), "after"),
            (RuleEntry(mondays="367"), "mondays"),
            (RuleEntry(mondays="often"), "mondays"),
            (RuleEntry(), "ahead"),
        ],
    )
    def test_what_is_no_number_of_days_is_said_beside_its_box(self, entry: RuleEntry, box: str) -> None:
        with pytest.raises(Invalid) as wrong:
            edit_of(rows()["action-coordinator"], entry)
        assert list(wrong.value.fields) == [box]

    def test_days_are_put_in_order_and_named_once(self) -> None:
        edit = edit_of(rows()["action-coordinator"], RuleEntry(ahead=" 7, 28,7 ,", after="7,1"))
        assert edit == Edit(Ladder(None, (28, 7), False, (1, 7)))

    @pytest.mark.parametrize("after", ["", "1, 2", "91", "soon"])
    def test_a_rung_has_one_number_of_days(self, after: str) -> None:
        with pytest.raises(Invalid) as wrong:
            edit_of(rows()["escalated-member"], RuleEntry(after=after, mondays="7"))
        assert wrong.value.fields == {"after": "Give one number of days, from 0 to 90."}

    def test_a_page_goes_by_the_house_s_own_days_and_those_that_were_added(self) -> None:
        edits = {"ask-coordinator": Edit(Ladder(0, (28,), False)), "escalated-coordinator": Edit(late_by(2))}
        ladders = {rule.key: rule.ladder for rule in on_pages(edits)}
        assert ladders["ask-coordinator"] == Ladder(7, (28, 7), True, (1,))
        assert ladders["escalated-coordinator"] == late_by(2)

    def test_what_is_switched_off_sends_no_mail_and_stays_on_the_pages(self) -> None:
        edits = {"draft-coordinator": Edit(None), "escalated-chair": Edit(Ladder(None, (), False, (40,)))}
        assert "draft-coordinator" not in {rule.key for rule in in_use(edits)}
        assert "draft-coordinator" in {rule.key for rule in on_pages(edits)}
        assert {rule.ladder.after for rule in in_use(edits) if rule.rung is Rung.CHAIR} == {(40,)}


# --- Quiet days -------------------------------------------------------------------------------------------------------


class TestQuietDays:
    QUIET = frozenset({date(2026, 6, 8), date(2026, 6, 9)})  # a Monday and a Tuesday

    def said(self, one: Thing, today: date) -> bool:
        return bool(wanted((one,), (COORDINATOR,), {}, today=today, calendar=calendar(), quiet=self.QUIET))

    def test_what_was_due_then_is_said_on_the_next_morning(self) -> None:
        late = thing(Kind.WISH, date(2026, 6, 8))
        assert [day for day in range(8, 12) if self.said(late, date(2026, 6, day))] == [10, 11]

    def test_an_eve_comes_on_the_last_morning_before(self) -> None:
        rules = (replace(rows()["date-independent-chair"], ladder=Ladder(mondays=None)),)
        due = thing(Kind.DATE, date(2026, 6, 10))
        for today, told in ((date(2026, 6, 4), False), (date(2026, 6, 5), True)):
            said = wanted((due,), (REVIEW_CHAIR,), {}, today=today, calendar=calendar(), rules=rules, quiet=self.QUIET)
            assert bool(said) is told

    def test_monday_s_list_comes_on_the_first_morning_of_the_week(self) -> None:
        nobodys = thing(Kind.NOBODY, None)
        (said,) = wanted((nobodys,), (COORDINATOR,), {}, today=date(2026, 6, 10), calendar=calendar(), quiet=self.QUIET)
        assert said.due_on == date(2026, 6, 10)

    def test_a_breach_is_never_quiet(self) -> None:
        assert self.said(thing(Kind.BREACH, date(2026, 6, 8)), date(2026, 6, 8))
        assert not self.said(thing(Kind.DISPOSAL, date(2026, 6, 8)), date(2026, 6, 8))

    def test_the_next_morning_leaves_out_quiet_days_weekends_and_bank_holidays(self) -> None:
        assert next_morning(date(2026, 6, 5), calendar(), self.QUIET) == date(2026, 6, 10)
        assert next_morning(date(2026, 5, 22), calendar(), ()) == date(2026, 5, 26)

    def test_a_stretch_that_ended_before_it_began_has_no_day(self) -> None:
        assert days_of([(date(2026, 6, 8), date(2026, 6, 7))]) == frozenset()
        assert days_of([(date(2026, 6, 8), date(2026, 6, 9))]) == self.QUIET


# --- The ladder of an agency that is behind ---------------------------------------------------------------------------


def hear(behind: Behind, today: date = WEDNESDAY, people: tuple[Person, ...] = EVERYBODY) -> set[Person]:
    one = Thing(
        Kind.ESCALATED, POLICE, None, "", None, "", "/overview", behind.month, POLICE, "Barsetshire Police",
        behind=behind,
    )  # fmt: skip
    return {each.person for each in wanted((one,), people, {}, today=today, calendar=calendar())}


class TestTheLadder:
    @pytest.mark.parametrize(
        ("days", "who"),
        [
            (1, {SUBSTITUTE}),
            (2, {SUBSTITUTE}),
            (3, {SUBSTITUTE, CONTACT}),
            (6, {SUBSTITUTE, CONTACT}),
            (7, {SUBSTITUTE, CONTACT, COORDINATOR}),
            (13, {SUBSTITUTE, CONTACT, COORDINATOR}),
            (14, {SUBSTITUTE, CONTACT, COORDINATOR, MEMBER}),
            (27, {SUBSTITUTE, CONTACT, COORDINATOR, MEMBER}),
            (28, {SUBSTITUTE, CONTACT, COORDINATOR, MEMBER, CHAIR, DEPUTY_CHAIR}),
            (400, {SUBSTITUTE, CONTACT, COORDINATOR, MEMBER, CHAIR, DEPUTY_CHAIR}),
        ],
    )
    def test_each_rung_hears_from_its_own_day_on(self, days: int, who: set[Person]) -> None:
        assert hear(behind_since(FIRST - timedelta(days=days))) == who

    def test_the_days_of_a_rung_can_be_changed(self) -> None:
        rules = in_use({"escalated-chair": Edit(Ladder(None, (), False, (60,)))})
        one = replace(thing(Kind.ESCALATED, FIRST - timedelta(days=59)), due_on=FIRST)
        said = wanted((one,), (CHAIR, MEMBER), {}, today=WEDNESDAY, calendar=calendar(), rules=rules)
        assert [each.person for each in said] == [MEMBER]

    def test_members_and_contributors_of_other_bodies_hear_nothing(self) -> None:
        others = (person(Role.STEERING_MEMBER, agency_id=HEALTH), person(Role.STEERING_MEMBER),
                  person(Role.AGENCY_CONTRIBUTOR, agency_id=HEALTH))  # fmt: skip
        assert hear(behind_since(date(2026, 1, 1)), people=others) == set()

    def test_a_conflict_of_interest_hears_nothing_of_that_review(self) -> None:
        barred = person(Role.STEERING_CHAIR, barred=True)
        behind = behind_since(date(2026, 1, 1))
        assert hear(behind, people=(barred,)) == set()
        other = Late(Kind.ACTION, uuid4(), date(2026, 5, 25))
        both = replace(behind, late=(*behind.late, other))
        assert both.heard_by(barred, WEDNESDAY) == (other,)
        assert both.heard_by(CHAIR, WEDNESDAY) == both.late
        assert hear(both, people=(barred,)) == set()  # what it may hear of is seven days late, and no more

    def test_a_substitute_without_a_seat_hears_of_no_request(self) -> None:
        behind = replace(behind_since(FIRST), late=(Late(Kind.ASK, REVIEW, date(2026, 1, 1)),))
        assert hear(behind, people=(SUBSTITUTE, CONTACT)) == {CONTACT}

    def test_of_a_month_it_is_said_once_and_in_the_next_one_again(self) -> None:
        june, july = (behind_since(date(2026, 3, 1), month) for month in (FIRST, date(2026, 7, 1)))
        things = [
            Thing(Kind.ESCALATED, POLICE, None, "", None, "", "/", each.month, POLICE, "Police", behind=each)
            for each in (june, july)
        ]
        made = {(Kind.ESCALATED.value, POLICE, FIRST, CHAIR.id): 0}
        assert wanted(things[:1], (CHAIR,), made, today=date(2026, 6, 30), calendar=calendar()) == ()
        assert len(wanted(things[1:], (CHAIR,), made, today=date(2026, 7, 1), calendar=calendar())) == 1

    @pytest.mark.parametrize(
        ("without", "days", "empty"),
        [
            (CONTACT, 3, (Rung.CONTACT,)),
            (CONTACT, 2, ()),
            (SUBSTITUTE, 1, (Rung.DEPUTIES,)),
            (MEMBER, 14, (Rung.MEMBER,)),
            (MEMBER, 13, ()),
            (COORDINATOR, 28, ()),
        ],
    )
    def test_a_rung_where_nobody_is(self, without: Person, days: int, empty: tuple[Rung, ...]) -> None:
        there = tuple(each for each in EVERYBODY if each is not without)
        behind = behind_since(FIRST - timedelta(days=days))
        assert empty_rungs(behind, there, RULES) == empty

    def test_the_chair_s_rung_is_empty_only_where_there_is_no_deputy_either(self) -> None:
        behind = behind_since(FIRST - timedelta(days=28))
        there = tuple(each for each in EVERYBODY if each is not CHAIR)
        assert empty_rungs(behind, there, RULES) == ()
        assert empty_rungs(behind, there[:1] + there[2:], RULES) == (Rung.CHAIR,)

    def test_of_a_government_department_nobody_is_missed_here(self) -> None:
        behind = behind_since(date(2026, 1, 1), local=False)
        assert empty_rungs(behind, (COORDINATOR, CHAIR), RULES) == ()

    def test_the_coordinator_hears_of_an_empty_rung_before_their_own_is_reached(self) -> None:
        assert COORDINATOR not in hear(behind_since(FIRST - timedelta(days=3)))
        assert COORDINATOR in hear(behind_since(FIRST - timedelta(days=3), empty=(Rung.CONTACT,)))
