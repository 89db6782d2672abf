"""How a family member takes part is written down, never offered to somebody who is not to be contacted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import family_comments, family_part, family_steps
from dhr_app.casework import family_part_page as pages
from dhr_app.casework.family import BARRED, FamilyMemberEntry, correct_family_member, open_family, open_family_member
from dhr_app.casework.family_comments import CommentEntry
from dhr_app.casework.family_part import DayEntry, PartEntry
from dhr_app.casework.family_part_page import PartPage
from dhr_app.casework.family_steps import StepEntry
from dhr_app.database.models import Deadline, FamilyStep
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.family_steps import answers_to
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import FAMILY_ANSWERS, FAMILY_STEPS, FAMILY_STEPS_AHEAD
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.records import family_step, takes_part
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    """A review at its panel, with one family member who takes part."""
    case = county.review(Stage.PANEL)
    takes_part(case, case.relative())
    return case


def member(case: Case, number: int = 1) -> UUID:
    (found,) = [
        one.id
        for one in open_family(case.reference, by=case.county.coordinator, at=case.at).members
        if one.number == number
    ]
    return found


def page(case: Case, member_id: UUID | None = None, *, by: Person | None = None) -> PartPage:
    return pages.open_part(case.reference, member_id or member(case), by=by or case.county.coordinator, at=case.at)


def correct(case: Case, step_id: UUID, version: int | None = None, **changes: Any) -> None:
    now = pages.open_step(case.reference, member(case), step_id, by=case.county.coordinator, at=case.at).shown
    family_steps.correct_step(
        case.reference, member(case), step_id, replace(now.entry, **changes), version or now.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def bar(case: Case, member_id: UUID, because: str = "police_request") -> None:
    """Mark somebody as not to be contacted."""
    now = open_family_member(case.reference, member_id, by=case.county.coordinator, at=case.at)
    correct_family_member(
        case.reference, member_id, replace(now.entry, not_contacted_because=because), now.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def last(case: Case) -> tuple[str, dict[str, Any], date]:
    """What happened last, without who opened what."""
    event = case.events()[-1]
    return event.kind, event.details, event.happened_on


def test_whoever_is_recorded_is_first_asked_whether_they_take_part(case: Case) -> None:
    case.relative()
    assert page(case, member(case, 2)).part == PartEntry("not_known", "")


def test_that_somebody_takes_part_and_who_their_advocate_is_can_be_read_again(case: Case) -> None:
    entry = PartEntry("later", "Ann Prime, AAFDA")
    family_part.record_part(
        case.reference, member(case), entry, page(case).version, by=case.county.coordinator, at=case.wait(minutes=1)
    )
    assert page(case).part == entry
    assert last(case)[:2] == ("family_part_recorded", {"number": 1})


def test_whoever_saves_second_is_told_both_texts(case: Case) -> None:
    before = page(case).version
    takes_part(case, member(case), "no")
    with pytest.raises(Stale) as stale:
        family_part.record_part(
            case.reference, member(case), PartEntry("later", "Ann Prime"), before,
            by=case.county.coordinator, at=case.wait(minutes=1),
        )  # fmt: skip
    assert stale.value.theirs == {"takes_part": "no", "advocate": ""}
    assert stale.value.yours == {"takes_part": "later", "advocate": "Ann Prime"}


def test_a_way_of_taking_part_that_nobody_knows_is_refused(case: Case) -> None:
    with pytest.raises(Invalid) as refusal:
        takes_part(case, member(case), "perhaps")
    assert refusal.value.fields == {"takes_part": "Choose from the list."}


@pytest.mark.parametrize("kind", FAMILY_STEPS)
def test_each_kind_of_step_is_written_down_by_the_chair_and_read_again(case: Case, kind: str) -> None:
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    entry = StepEntry(
        case.today, "advocate", date(2026, 9, 1) if kind == "publication_date" else None, answers_to(kind)[0], None,
        "By telephone, forty minutes",
    )  # fmt: skip
    family_steps.add_step(case.reference, member(case), kind, entry, by=chair, at=case.wait(minutes=1))
    (shown,) = page(case, by=chair).steps
    assert (shown.kind, shown.entry, shown.rested_on) == (kind, entry, False)
    assert last(case)[:2] == ("family_step_taken", {"number": 1, "step": kind})


@pytest.mark.parametrize(
    ("kind", "changes", "fields"),
    [
        ("advocate", {"done_on": None}, {"done_on": "Give the day."}),
        ("advocate", {"done_on": date(2010, 5, 1)},
         {"done_on": "There were no reviews before 13 April 2011: check the year."}),
        ("advocate", {"channel": "pigeon"}, {"channel": "Choose how it was done."}),
        ("advocate", {"answer": "not_needed"}, {"answer": "Choose from the list."}),
        ("leaflet", {"answer": "awaited"}, {"answer": "Choose from the list."}),
        ("advocate", {"answer": "accepted"},
         {"answered_on": "Give the day of the answer, or the day on which their time ended."}),
        ("advocate", {"answered_on": date(2026, 1, 14)},
         {"answered_on": "There is no answer yet: leave the day empty, or choose what they answered."}),
        ("advocate", {"answer": "declined", "answered_on": date(2026, 1, 14)},
         {"answered_on": "This cannot be earlier than 15 January 2026, the day above."}),
        ("publication_date", {"answer": "not_needed"},
         {"about_on": "Give the day of publication that they were told."}),
        ("withholding", {"answer": "view_given", "answered_on": date(2026, 1, 16)},
         {"note": "Write their view down, as far as you can in their own words."}),
    ],
)  # fmt: skip
def test_what_cannot_be_right_of_a_step_is_said_beside_its_field(
    case: Case, kind: str, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    entry = replace(StepEntry(date(2026, 1, 15), "letter", None, "awaited"), **changes)
    with pytest.raises(Invalid) as refusal:
        family_step(case, member(case), kind, entry)
    assert refusal.value.fields == fields
    assert not case.rows(FamilyStep)


def test_a_day_to_come_is_refused_of_an_offer_and_of_its_answer(case: Case) -> None:
    tomorrow = case.today + timedelta(days=1)
    with pytest.raises(Invalid) as refusal:
        family_step(case, member(case), "meeting", StepEntry(tomorrow, "letter", None, "accepted", tomorrow))
    assert set(refusal.value.fields) == {"done_on", "answered_on"}


def test_a_kind_of_step_that_there_is_not_is_out_of_reach(case: Case) -> None:
    with pytest.raises(OutOfReach):
        family_step(case, member(case), "birthday_card")
    with pytest.raises(OutOfReach):
        pages.open_new_step(case.reference, member(case), "birthday_card", by=case.county.coordinator, at=case.at)


def test_every_answer_and_every_step_has_its_words() -> None:
    assert {answer for kind in FAMILY_STEPS for answer in answers_to(kind)} == set(FAMILY_ANSWERS)
    assert set(FAMILY_STEPS_AHEAD) == set(FAMILY_STEPS)


def test_nothing_is_offered_to_somebody_who_is_not_to_be_contacted(case: Case) -> None:
    bar(case, member(case), "safety")
    for kind in FAMILY_STEPS:
        with pytest.raises(Invalid) as refusal:
            family_step(case, member(case), kind)
        assert refusal.value.fields == {"not_contacted": BARRED}
    assert page(case).possible == ()


def test_somebody_not_to_be_contacted_cannot_come_to_take_part_but_their_record_can_be_corrected(case: Case) -> None:
    other = case.relative(not_contacted_because="suspect")
    with pytest.raises(Invalid) as refusal:
        takes_part(case, other)
    assert refusal.value.fields == {"takes_part": BARRED}
    bar(case, member(case))
    takes_part(case, member(case), advocate="Ann Prime, AAFDA")
    assert page(case).part == PartEntry("yes", "Ann Prime, AAFDA")


def test_only_an_advocate_the_leaflet_and_news_come_before_the_review_is_commissioned(county: County) -> None:
    case = county.review(Stage.SCOPING)
    relative = case.relative()
    for kind in ("advocate", "leaflet", "update"):
        family_step(case, relative, kind)
    with pytest.raises(NotYet):
        family_step(case, relative, "terms")
    assert page(case).possible == ("advocate", "leaflet", "update")


def test_a_review_that_left_its_way_takes_nothing_more(case: Case) -> None:
    relative, step_id = member(case), family_step(case, member(case), "leaflet")
    case.take("withdraw")
    with pytest.raises(NotYet):
        family_step(case, relative, "update")
    with pytest.raises(NotYet):
        correct(case, step_id, note="Sent twice")
    assert (page(case).possible, page(case).may_change) == ((), False)


def test_a_step_is_corrected_and_answered_and_the_second_to_save_sees_both_texts(case: Case) -> None:
    step_id = family_step(case, member(case), "meeting")
    correct(case, step_id, answer="accepted", answered_on=case.today, note="With her advocate")
    assert page(case).steps[0].entry.answer == "accepted"
    assert last(case)[:2] == ("family_step_changed", {"number": 1, "step": "meeting"})
    with pytest.raises(Stale) as stale:
        correct(case, step_id, version=1, note="Alone")
    assert (stale.value.theirs, stale.value.yours) == ({"note": "With her advocate"}, {"note": "Alone"})


def test_a_step_entered_by_mistake_counts_no_more(case: Case) -> None:
    step_id = family_step(case, member(case), "leaflet")
    assert case.facts().taking_part.reached == {"leaflet": 1}
    family_steps.remove_step(
        case.reference, member(case), step_id, by=case.county.coordinator, at=case.wait(minutes=1)
    )  # fmt: skip
    assert case.facts().taking_part.reached == {}
    assert page(case).steps == ()
    assert last(case)[0] == "family_step_removed"
    with pytest.raises(OutOfReach):
        correct(case, step_id, note="Again")


class TestAReading:
    """The draft was offered to somebody to read."""

    @pytest.fixture
    def step_id(self, case: Case) -> UUID:
        return family_step(case, member(case), "reading")

    def clock(self, case: Case) -> Deadline:
        (clock,) = [row for row in case.rows(Deadline) if row.rule == "family_reading_due" and row.ended_on is None]
        return clock

    def test_gives_twenty_eight_days_to_plan_with(self, case: Case, step_id: UUID) -> None:
        assert self.clock(case).first_due_on >= case.today + timedelta(days=28)
        due = page(case).steps[0].due
        assert due is not None
        assert due.on == self.clock(case).first_due_on

    def test_is_met_by_its_answer_which_can_be_corrected_and_taken_back(self, case: Case, step_id: UUID) -> None:
        offered = case.today
        case.wait(days=9)
        correct(case, step_id, answer="accepted", answered_on=case.today)
        assert self.clock(case).met_on == case.today
        correct(case, step_id, answered_on=offered)
        assert self.clock(case).met_on == offered
        correct(case, step_id, answer="awaited", answered_on=None)
        assert self.clock(case).met_on is None

    def test_counts_afresh_from_a_corrected_day(self, case: Case, step_id: UUID) -> None:
        before = self.clock(case).first_due_on
        correct(case, step_id, done_on=case.today - timedelta(days=7))
        assert self.clock(case).anchor_on == case.today - timedelta(days=7)
        assert self.clock(case).first_due_on < before

    def test_is_waited_for_no_more_once_it_was_a_mistake(self, case: Case, step_id: UUID) -> None:
        family_steps.remove_step(
            case.reference, member(case), step_id, by=case.county.coordinator, at=case.wait(minutes=1)
        )
        assert [row.ended_on for row in case.rows(Deadline) if row.rule == "family_reading_due"] == [case.today]

    def test_of_a_second_draft_leaves_the_first_as_it_was(self, case: Case, step_id: UUID) -> None:
        correct(case, step_id, answer="accepted", answered_on=case.today)
        case.wait(days=60)
        family_step(case, member(case), "reading")
        clocks = [row for row in case.rows(Deadline) if row.rule == "family_reading_due"]
        assert sorted((row.met_on is None, row.ended_on) for row in clocks) == [(False, None), (True, None)]


class TestAComment:
    """Somebody said something of the draft."""

    @pytest.fixture
    def comment_id(self, case: Case) -> UUID:
        entry = CommentEntry(case.today, "Page 9 leaves out the school.")
        return family_comments.add_comment(
            case.reference, member(case), entry, by=case.county.coordinator, at=case.wait(minutes=1)
        )

    def correct(self, case: Case, comment_id: UUID, version: int | None = None, **changes: Any) -> None:
        now = pages.open_comment(case.reference, member(case), comment_id, by=case.county.coordinator, at=case.at).shown
        family_comments.correct_comment(
            case.reference, member(case), comment_id, replace(now.entry, **changes), version or now.version,
            by=case.county.coordinator, at=case.wait(minutes=1),
        )  # fmt: skip

    def test_is_open_until_it_is_answered(self, case: Case, comment_id: UUID) -> None:
        assert case.facts().taking_part.comments_open == 1
        self.correct(case, comment_id, answer="Paragraph 41 now says so.", answered_on=case.today)
        assert case.facts().taking_part.comments_open == 0
        assert page(case).comments[0].entry.answer == "Paragraph 41 now says so."
        assert last(case)[0] == "family_comment_answered"
        self.correct(case, comment_id, said="Page 9 leaves out the nursery.")
        assert last(case)[0] == "family_comment_changed"

    def test_can_be_written_down_with_its_answer(self, case: Case) -> None:
        entry = CommentEntry(case.today, "Thank you for writing it.", "Thanked in person.", case.today)
        family_comments.add_comment(
            case.reference, member(case), entry, by=case.county.coordinator, at=case.wait(minutes=1)
        )
        assert page(case).comments[0].entry == entry
        assert case.facts().taking_part.comments_open == 0
        assert last(case)[0] == "family_comment_answered"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"said": " "}, "said"), ({"made_on": None}, "made_on"), ({"made_on": date(2010, 1, 1)}, "made_on"),
            ({"answer": "Yes"}, "answered_on"), ({"answered_on": date(2026, 1, 2)}, "answer"),
            ({"answer": "Yes", "answered_on": date(2026, 1, 2)}, "answered_on"),
        ],
    )  # fmt: skip
    def test_that_cannot_be_right_is_said_beside_its_field(
        self, case: Case, comment_id: UUID, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            self.correct(case, comment_id, **changes)
        assert field in refusal.value.fields

    def test_of_somebody_not_to_be_contacted_is_not_answered_to_them_and_holds_nothing_up(
        self, case: Case, comment_id: UUID
    ) -> None:
        bar(case, member(case))
        assert case.facts().taking_part.comments_open == 0
        with pytest.raises(Invalid) as refusal:
            self.correct(case, comment_id, answer="It is changed.", answered_on=case.today)
        assert refusal.value.fields == {"answered_on": BARRED}
        self.correct(case, comment_id, said="Page 10 leaves out the school.")

    def test_is_chosen_by_the_second_to_save(self, case: Case, comment_id: UUID) -> None:
        self.correct(case, comment_id, said="Page 10 leaves out the school.")
        with pytest.raises(Stale) as stale:
            self.correct(case, comment_id, version=1, said="Page 11 leaves out the school.")
        assert stale.value.theirs == {"said": "Page 10 leaves out the school."}

    def test_entered_by_mistake_is_gone(self, case: Case, comment_id: UUID) -> None:
        family_comments.remove_comment(
            case.reference, member(case), comment_id, by=case.county.coordinator, at=case.wait(minutes=1)
        )
        assert (page(case).comments, case.facts().taking_part.comments_open) == ((), 0)
        assert last(case)[0] == "family_comment_removed"

    def test_waits_until_the_review_is_commissioned(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        with pytest.raises(NotYet):
            self.comment(case, case.relative())

    def comment(self, case: Case, member_id: UUID) -> UUID:
        return family_comments.add_comment(
            case.reference, member_id, CommentEntry(case.today, "A word"), by=case.county.coordinator, at=case.at
        )


class TestWhoSees:
    """The restricted class: the coordinator and the chair of the review, and nobody else."""

    def test_nobody_else_opens_or_changes_anything(self, case: Case) -> None:
        step_id = family_step(case, member(case), "leaflet")
        for role in set(Role) - {Role.COORDINATOR, Role.INDEPENDENT_CHAIR}:
            who = case.county.who(role)
            with pytest.raises((NotAllowed, OutOfReach)):
                page(case, by=who)
            for opened in (pages.open_member, pages.open_part_form):
                with pytest.raises((NotAllowed, OutOfReach)):
                    opened(case.reference, member(case), by=who, at=case.at)
            with pytest.raises((NotAllowed, OutOfReach)):
                family_step(case, member(case), "update", by=who)
            with pytest.raises((NotAllowed, OutOfReach)):
                family_steps.remove_step(case.reference, member(case), step_id, by=who, at=case.at)

    def test_a_chair_of_another_review_reaches_nothing(self, case: Case) -> None:
        with pytest.raises(OutOfReach):
            page(case, by=case.county.who(Role.INDEPENDENT_CHAIR))

    def test_what_belongs_to_another_review_or_another_member_is_out_of_reach(self, case: Case) -> None:
        step_id = family_step(case, member(case), "leaflet")
        sister = case.relative()
        other = case.county.review()
        at = case.wait(minutes=1)
        for reference, member_id in ((other.reference, member(case)), (case.reference, uuid4())):
            with pytest.raises(OutOfReach):
                pages.open_part(reference, member_id, by=case.county.coordinator, at=at)
        with pytest.raises(OutOfReach):
            pages.open_step(case.reference, sister, step_id, by=case.county.coordinator, at=at)
        with pytest.raises(OutOfReach):
            family_steps.remove_step(case.reference, sister, step_id, by=case.county.coordinator, at=at)


class TestHowFarSomebodyIs:
    """In one line on the page of the family."""

    def progress(self, case: Case, member_id: UUID) -> tuple[str, tuple[str, ...], int, int]:
        found = open_family(case.reference, by=case.county.coordinator, at=case.at).progress[member_id]
        return found.takes_part, found.ahead, found.answers_awaited, found.comments_open

    def test_names_what_is_still_ahead_of_whoever_takes_part(self, case: Case) -> None:
        assert self.progress(case, member(case)) == ("yes", ("advocate", "leaflet", "terms", "meeting"), 0, 0)
        family_step(case, member(case), "advocate")
        family_step(case, member(case), "leaflet")
        assert self.progress(case, member(case)) == ("yes", ("terms", "meeting"), 1, 0)

    def test_misses_nothing_of_somebody_who_does_not_take_part_or_is_not_to_be_contacted(self, case: Case) -> None:
        sister = case.relative()
        assert self.progress(case, sister) == ("not_known", (), 0, 0)
        bar(case, member(case))
        assert self.progress(case, member(case)) == ("yes", (), 0, 0)

    def test_follows_the_stage_of_the_review(self, county: County) -> None:
        ahead = {}
        for stage in (Stage.CHAIR_REPORT, Stage.PUBLICATION, Stage.SEMINAR):
            case = county.review(stage)
            relative = case.relative()
            takes_part(case, relative)
            ahead[stage] = self.progress(case, relative)[1]
        assert ahead == {
            Stage.CHAIR_REPORT: ("reading",),
            Stage.PUBLICATION: ("publication_date", "copy"),
            Stage.SEMINAR: ("what_changed",),
        }


def test_a_day_to_avoid_is_kept_sealed_and_can_be_taken_away(case: Case) -> None:
    entry = DayEntry(date(2009, 8, 14), True, "Her birthday")
    day_id = family_part.add_date_to_avoid(
        case.reference, member(case), entry, by=case.county.coordinator, at=case.wait(minutes=1)
    )
    assert [one.entry for one in page(case).days] == [entry]
    assert last(case) == ("date_to_avoid_added", {"number": 1}, case.today)
    family_part.remove_date_to_avoid(
        case.reference, member(case), day_id, by=case.county.coordinator, at=case.wait(minutes=1)
    )
    assert page(case).days == ()
    assert last(case)[:2] == ("date_to_avoid_removed", {"number": 1})
    with pytest.raises(OutOfReach):
        family_part.remove_date_to_avoid(
            case.reference, member(case), day_id, by=case.county.coordinator, at=case.wait(minutes=1)
        )


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (DayEntry(None), {"day": "Give the day."}),
        (DayEntry(date(2025, 12, 1), every_year=False),
         {"every_year": "1 December 2025 has passed: does it come again every year?"}),
        (DayEntry(date(2062, 6, 1)), {"day": "1 June 2062 is more than ten years ahead: check the year."}),
    ],
)  # fmt: skip
def test_a_day_to_avoid_that_cannot_be_right_is_refused(case: Case, entry: DayEntry, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        family_part.add_date_to_avoid(
            case.reference, member(case), entry, by=case.county.coordinator, at=case.wait(minutes=1)
        )
    assert refusal.value.fields == fields


def test_a_family_member_added_by_hand_of_a_form_keeps_their_part_when_their_record_is_corrected(case: Case) -> None:
    now = open_family_member(case.reference, member(case), by=case.county.coordinator, at=case.at)
    correct_family_member(
        case.reference, member(case), FamilyMemberEntry("Grace Harding", "Twin sister"), now.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip
    assert page(case).part.takes_part == "yes"


class TestTheQuestionsAboutTheFamily:
    """What was offered and told answers what a move asks, and is used up by it where it is asked afresh."""

    def reached(self, county: County, stage: Stage) -> tuple[Case, UUID]:
        case = county.review(stage)
        relative = case.relative()
        takes_part(case, relative)
        return case, relative

    def test_a_report_begins_once_everybody_taking_part_was_offered_all_four(self, case: Case) -> None:
        for kind in ("advocate", "leaflet", "terms", "meeting"):
            assert "family_offered_part" in case.needed("begin_report")
            family_step(case, member(case), kind)
        assert "family_offered_part" not in case.needed("begin_report")
        case.relative(full_name="Hugh Harding")
        assert "family_offered_part" in case.needed("begin_report")

    def test_a_reading_holds_for_one_submission_and_is_then_corrected_but_not_taken_away(self, county: County) -> None:
        case, relative = self.reached(county, Stage.CHAIR_REPORT)
        step_id = family_step(case, relative, "reading")
        case.take("submit_to_home_office")
        case.take("send_back")
        assert "family_offered_reading" in case.needed("submit_to_home_office")
        with pytest.raises(Invalid) as refusal:
            family_steps.remove_step(
                case.reference, relative, step_id, by=county.coordinator, at=case.wait(minutes=1)
            )  # fmt: skip
        assert refusal.value.fields == {"step": "A move rests on this step: it can be corrected, but not taken away."}
        correct(case, step_id, answer="accepted", answered_on=case.today)
        assert page(case).steps[0].rested_on

    def test_a_report_is_withheld_once_the_family_s_view_is_written_down_and_not_while_it_is_awaited(
        self, county: County
    ) -> None:
        case, relative = self.reached(county, Stage.PUBLICATION)
        step_id = family_step(case, relative, "withholding")
        assert "family_view_recorded" in case.needed("withhold")
        correct(case, step_id, answer="view_given", answered_on=case.today, note="She is relieved.")
        assert "family_view_recorded" not in case.needed("withhold")

    def test_a_review_closes_once_everybody_was_told_what_changed_or_asked_not_to_be(self, county: County) -> None:
        case, relative = self.reached(county, Stage.SEMINAR)
        assert "family_told_what_changed" in case.needed("close")
        entry = StepEntry(case.today, "letter", None, "asked_not_to_be", case.today)
        family_step(case, relative, "what_changed", entry)
        assert "family_told_what_changed" not in case.needed("close")

    def test_where_nobody_takes_part_it_is_said_not_to_apply(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        takes_part(case, case.relative(), "no")
        assert "family_offered_part" in case.needed("begin_report")
        case.state("family_offered_part", "does_not_apply")
        assert "family_offered_part" not in case.needed("begin_report")
        with pytest.raises(Invalid):
            case.state("family_offered_part")
