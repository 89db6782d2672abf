"""One change to one review: found, allowed, locked, done – or refused, and the refusal kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework.scene import changing, find_review, looking, require, same_version
from dhr_app.database.models import Conflict, Event, Membership, Review
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import OPEN, Stage
from tests.reviews import Case, County, row_counts


def refusals(county: County) -> list[dict[str, object]]:
    with county.house.reading() as session:
        rows = session.scalars(select(Event).where(Event.kind == "refused").order_by(Event.recorded_at, Event.id))
        return [row.details for row in rows]


class TestReach:
    def test_a_review_out_of_reach_and_one_that_does_not_exist_are_refused_in_the_same_words(
        self, county: County
    ) -> None:
        case, stranger = county.review(), county.who(Role.INDEPENDENT_CHAIR)
        said = set()
        for reference in (case.reference, "DHR-2026-999", ""):
            with (
                pytest.raises(OutOfReach) as refusal,
                changing(reference, "told.record", by=stranger, at=case.at),
            ):
                pass
            said.add(refusal.value.sentence)
        assert len(said) == 1

    def test_both_are_kept_in_the_trail_without_the_reference_that_was_tried(self, county: County) -> None:
        case, stranger = county.review(), county.who(Role.INDEPENDENT_CHAIR)
        for reference in (case.reference, "Ada Harding"):
            with pytest.raises(OutOfReach), looking(reference, "review.see", by=stranger, at=case.at):
                pass
        assert refusals(county) == [{"what": "review.see", "reasons": ["out_of_reach"]}] * 2

    def test_the_trail_says_which_review_somebody_tried_to_reach(self, county: County) -> None:
        case, stranger = county.review(), county.who(Role.INDEPENDENT_CHAIR)
        with pytest.raises(OutOfReach), looking(case.reference, "review.see", by=stranger, at=case.at):
            pass
        refused = select(Event.review_id).where(Event.kind == Happened.REFUSED, Event.recorded_by_id == stranger.id)
        with county.house.reading() as session:
            assert session.scalars(refused.order_by(Event.id)).all() == [case.row.id]

    @pytest.mark.parametrize("role", sorted(BY_MEMBERSHIP))
    def test_a_seat_that_ended_opens_nothing_at_the_next_click(self, county: County, role: Role) -> None:
        case = county.review()
        case.seat(role)
        with changing(case.reference, "review.change", by=county.coordinator, at=case.wait(minutes=1)) as scene:
            (seat,) = scene.session.scalars(select(Membership).where(Membership.review_id == scene.review.id))
            scene.end_membership(seat)
        with pytest.raises(OutOfReach), looking(case.reference, "review.reach", by=county.who(role), at=case.at):
            pass

    def test_a_conflict_of_interest_puts_it_out_of_reach(self, county: County) -> None:
        case = county.review()
        with county.house.transaction(by=county.chair, at=case.at) as session:
            session.add(Conflict(review_id=case.row.id, account_id=county.coordinator.id))
        with pytest.raises(OutOfReach), looking(case.reference, "review.see", by=county.coordinator, at=case.at):
            pass


class TestAChange:
    def test_a_failure_leaves_nothing_behind(self, county: County) -> None:
        case = county.review()
        before = row_counts(county.house)

        def fail() -> None:
            with changing(case.reference, "review.change", by=county.coordinator, at=case.at) as scene:
                scene.record(Happened.NOTIFICATION_CHANGED)
                scene.session.flush()
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert row_counts(county.house) == before

    def test_a_refusal_is_kept_and_what_was_begun_is_not(self, county: County) -> None:
        case = county.review()
        before = row_counts(county.house)

        def ask_too_much() -> None:
            with changing(case.reference, "review.change", by=county.coordinator, at=case.at) as scene:
                scene.record(Happened.NOTIFICATION_CHANGED)
                scene.allow("statement.accept")

        with pytest.raises(NotAllowed):
            ask_too_much()
        assert refusals(county) == [{"what": "review.change", "reasons": ["statement.accept"]}]
        assert row_counts(county.house)["event"] == before["event"] + 1

    def test_what_was_wrongly_entered_is_no_refusal(self, county: County) -> None:
        case = county.review()
        with (
            pytest.raises(Invalid),
            changing(case.reference, "review.change", by=county.coordinator, at=case.at),
        ):
            raise Invalid({"day": "There is no such day."})
        assert refusals(county) == []

    def test_the_next_date_is_written_again_at_its_end(self, county: County) -> None:
        case = county.review()
        with changing(case.reference, "review.change", by=county.coordinator, at=case.at) as scene:
            scene.review.deferred_until = scene.today + timedelta(days=1)
        assert case.row.next_what == "deferral_review_by"

    def test_the_day_is_london_s(self, county: County) -> None:
        case = county.review()
        late = case.at.replace(month=6, hour=23, minute=30)  # half past midnight in London
        with changing(case.reference, "review.change", by=county.coordinator, at=late) as scene:
            assert scene.today == late.date() + timedelta(days=1)

    @pytest.mark.parametrize("stage", Stage)
    def test_nothing_is_added_to_a_review_that_is_closed_or_left_its_way(self, county: County, stage: Stage) -> None:
        case = county.review(stage)
        with changing(case.reference, "review.change", by=county.coordinator, at=case.at) as scene:
            if stage in OPEN or stage is Stage.NOT_REVIEWED:
                scene.must_be_open()
            else:
                with pytest.raises(NotYet):
                    scene.must_be_open()


class TestALook:
    def test_what_will_be_opened_is_in_the_trail_before_it_is(self, county: County) -> None:
        case = county.review()
        opens = [DataClass.IDENTITIES]
        with looking(case.reference, "people.see", opens=opens, by=county.coordinator, at=case.at):
            assert [row.details for row in case.rows(Event) if row.kind == "opened"] == [{"classes": ["identities"]}]

    def test_a_look_that_opens_nothing_leaves_no_trace(self, county: County) -> None:
        case = county.review()
        before = row_counts(county.house)
        with looking(case.reference, "review.see", by=county.coordinator, at=case.at) as look:
            assert look.facts().stage is Stage.NOTIFICATION
        assert row_counts(county.house) == before

    def test_a_denial_is_kept(self, county: County) -> None:
        case = county.review()
        with (
            pytest.raises(NotAllowed),
            looking(case.reference, "family.see", opens=[DataClass.FAMILY], by=county.chair, at=case.at),
        ):
            pass
        assert refusals(county) == [{"what": "family.see", "reasons": ["family.see"]}]
        assert not [row for row in case.rows(Event) if row.kind == "opened"]


def test_a_review_keeps_the_rule_set_it_began_under(county: County) -> None:
    case = county.review()
    with county.house.reading() as session:
        review, rule_set = find_review(session, case.reference, by=county.coordinator, on=case.today)
    assert (review.reference, rule_set.key) == (case.reference, "dhr-2016")
    assert rule_set == county.house.rule_book.rule_sets["dhr-2016"]


def test_whoever_may_not_is_told_in_a_sentence(county: County) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(county.chair, "review.notify", on=Case(county, "", county.house.clock.now()).today)
    assert refusal.value.sentence


class TestTheSameVersion:
    def test_an_older_form_is_stale_and_both_texts_of_what_differs_are_kept(self) -> None:
        row = Review(reference="DHR-2026-001", version=3)
        with pytest.raises(Stale) as refusal:
            same_version(row, 2, theirs={"a": "1", "b": "2"}, yours={"a": "1", "b": "3"})
        assert (refusal.value.version, refusal.value.theirs, refusal.value.yours) == (3, {"b": "2"}, {"b": "3"})

    def test_a_form_of_this_version_is_taken(self) -> None:
        same_version(Review(reference="DHR-2026-001", version=3), 3, theirs={}, yours={"a": "1"})
