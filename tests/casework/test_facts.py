"""The facts of any number of reviews in two statements, with nothing opened."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from dhr_app.casework.bench.counting import count_queries
from dhr_app.database.facts import facts_of
from dhr_app.database.models import Event, Review
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.facts import IN_TOUCH, Audience, Told
from dhr_app.workflows.stages import Stage
from tests.reviews import County


def test_two_statements_whether_of_one_review_or_of_thirty(county: County) -> None:
    for _ in range(18):
        county.notified()
    with county.house.reading() as session:
        ids = list(session.scalars(select(Review.id).order_by(Review.reference)))
        assert len(ids) == 30
        for number in (1, 30):
            with count_queries(county.house) as asked:
                found = facts_of(session, ids[:number])
            assert len(asked) == 2
            assert list(found) == ids[:number]


def test_nothing_is_asked_about_no_review(county: County) -> None:
    with count_queries(county.house) as asked, county.house.reading() as session:
        assert facts_of(session, []) == {}
    assert asked == []


def test_a_review_that_does_not_exist_is_left_out(county: County) -> None:
    with county.house.reading() as session:
        assert facts_of(session, [uuid4()]) == {}


def test_nothing_is_opened(county: County) -> None:
    case = county.review(Stage.PANEL, found_on="2026-01-15", account="What the officer wrote")
    opened = [row for row in case.rows(Event) if row.kind == "opened"]
    facts = case.facts()  # without a keyring: to open anything would raise
    assert facts.aware_recorded
    assert [row for row in case.rows(Event) if row.kind == "opened"] == opened


def test_facts_of_many_reviews_are_those_of_each(county: County) -> None:
    cases = [county.review(stage) for stage in (Stage.SCOPING, Stage.PANEL, Stage.SEMINAR)]
    cases[1].take("pause")
    cases[0].relative()
    alone = {case.row.id: case.facts() for case in cases}
    with county.house.reading() as session:
        assert facts_of(session, list(alone)) == alone


def test_they_tell_what_was_entered(county: County) -> None:
    case = county.review()
    before = case.facts()
    assert (before.stage, before.moves_made, before.rule_set) == (Stage.NOTIFICATION, 0, "dhr-2016")
    assert (before.lead_partnership_named, before.aware_recorded, before.agencies_asked) == (True, True, 0)
    (request,) = case.ask("Police")
    case.relative()
    case.relative(not_contacted_because="own_wish")
    case.tell("agencies", about="withdraw")
    case.decide("review")
    facts = case.facts()
    assert (facts.agencies_asked, facts.family_to_tell, facts.family_told) == (1, 1, 0)
    assert [(one.request_id, one.agency) for one in facts.outstanding] == [(request.id, "Barsetshire Police")]
    assert (facts.told, facts.decision) == ((Told(Audience.AGENCIES, "withdraw"),), "review")
    case.tell("family", about="withdraw")
    assert case.facts().family_told == 1


def test_a_day_that_is_sealed_is_known_to_be_recorded(county: County) -> None:
    case = county.review(found_on="2026-01-15")  # the partnership became aware on the day of the finding
    facts = case.facts()
    assert facts.aware_recorded
    assert [clock.anchor_on for clock in facts.clocks] == [None]


def test_of_two_statements_the_newer_is_told_and_none_that_was_taken_back(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.state("terms_agreed", "does_not_apply")
    case.state("terms_agreed", "could_not_be_done")
    assert case.facts().statements["terms_agreed"].answer is Answer.COULD_NOT_BE_DONE


def test_an_open_pause_is_told_with_the_clocks_it_stops(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause", clocks=("overview_report_due", "imr_due"))
    facts = case.facts()
    assert facts.open_pause is not None
    assert facts.open_pause.review_by == case.today + timedelta(days=60)
    assert set(facts.pauses) == {"overview_report_due", "imr_due"}
    assert facts.holds == facts.pauses["imr_due"]


def test_keeping_in_touch_is_not_among_what_was_told_as_it_answers_no_step(county: County) -> None:
    case = county.review(Stage.SCOPING)
    before = case.facts().told
    case.tell("agencies", about=IN_TOUCH)
    assert case.facts().told == before
    case.tell("agencies", about="withdraw")
    assert len(case.facts().told) == len(before) + 1
