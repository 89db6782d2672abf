"""A hold stops a destruction until the first key is gone, and says honestly where it came too late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework import health, legal_hold, unfinished
from dhr_app.casework.destroying import Held, carry_on
from dhr_app.casework.disposal_notice import give_notice, give_notices, stop
from dhr_app.casework.disposal_state import retained
from dhr_app.casework.disposal_things import disposals, legal_holds
from dhr_app.casework.disposed_files import disposed_files
from dhr_app.casework.legal_hold import HoldEntry
from dhr_app.casework.records_page import hold_to_lift
from dhr_app.casework.retention_page import freeze_to_lift
from dhr_app.database.endings import endings
from dhr_app.database.models import Disposal, LegalHold, Review
from dhr_app.workflows.errors import NotAllowed, NotYet
from dhr_app.workflows.reminders import Kind
from dhr_app.workflows.stages import Stage
from tests.disposals import begun, last_day_over
from tests.reviews import Case, County


def entry(case: Case) -> HoldEntry:
    return HoldEntry("inquest", "Inquest 14 of 2033", case.today + timedelta(days=90))


def states(case: Case) -> set[str]:
    """The states of every key of the review."""
    domains = case.county.house.database.keystore.domains().items()
    return {state for domain, kept in domains if domain.review_id == case.row.id for state in kept}


def broken_off(case: Case) -> None:
    """Two people began it, and the keys are gone when whoever is at work is."""
    disposal_id = begun(case)

    def gone(step: str) -> None:
        raise KeyboardInterrupt(step)

    with pytest.raises(KeyboardInterrupt):
        carry_on(case.county.house, disposal_id, at=case.wait(minutes=1), say=gone)


@pytest.mark.parametrize("everything", [False, True], ids=["hold", "freeze"])
def test_a_hold_between_the_second_person_and_the_first_key_stops_it(county: County, everything: bool) -> None:
    case, by = county.review(Stage.CLOSED), county.coordinator
    disposal_id = begun(case)
    at = case.wait(minutes=1)
    said = (
        legal_hold.freeze(entry(case), by=by, at=at)
        if everything
        else legal_hold.place(case.reference, entry(case), by=by, at=at)
    )
    assert said == ()
    with pytest.raises(Held, match="ended before any key"):
        carry_on(county.house, disposal_id, at=case.wait(minutes=1))
    assert states(case) == {"active"}
    assert [row.stopped_because for row in case.rows(Disposal)] == ["held"]


def test_a_hold_in_force_forbids_the_first_key_even_where_it_ended_nothing(county: County) -> None:
    case, by = county.review(Stage.CLOSED), county.coordinator
    disposal_id = begun(case)
    with county.house.transaction(by=by, at=case.wait(minutes=1)) as session:
        session.add(
            LegalHold(
                review_id=case.row.id,
                reason="inquest",
                words="Inquest 14",
                review_by=case.today + timedelta(days=9),
                placed_at=case.at,
                placed_by_id=by.id,
                placed_by_name=by.name,
            )
        )
    with pytest.raises(Held, match="hold is in force"):
        carry_on(county.house, disposal_id, at=case.wait(minutes=1))
    assert states(case) == {"active"}


@pytest.mark.parametrize("everything", [False, True], ids=["hold", "freeze"])
def test_a_hold_that_comes_after_the_first_key_says_so_and_the_rest_is_finished(
    county: County, everything: bool
) -> None:
    case, by = county.review(Stage.CLOSED), county.coordinator
    broken_off(case)
    at = case.wait(minutes=1)
    (said,) = (
        legal_hold.freeze(entry(case), by=by, at=at)
        if everything
        else legal_hold.place(case.reference, entry(case), by=by, at=at)
    )
    assert f"records of {case.reference} had begun on" in said
    assert "this hold does not stop it" in said
    assert unfinished.finish_all(county.house, at=case.wait(minutes=1)) == ([case.reference], [])
    (row,) = case.rows(Disposal)
    assert (row.done_at is not None, row.stopped_at) == (True, None)


def test_what_was_begun_can_be_ended_by_somebody_until_the_first_key_is_gone(county: County) -> None:
    case, by = county.review(Stage.CLOSED), county.coordinator
    begun(case)
    stop(case.reference, 1, "still_needed", by=by, at=case.wait(minutes=1))
    assert [row.stopped_because for row in case.rows(Disposal)] == ["still_needed"]
    with county.house.reading() as session:
        assert disposed_files(session) == set()
        assert endings(session, case.row.id) == {}
        assert retained(session, session.get_one(Review, case.row.id)).gone == frozenset()
    assert states(case) == {"active"}
    number = give_notice(case.reference, by=by, at=case.wait(minutes=1))
    assert number == 2


def test_what_was_broken_off_is_finished_at_night_though_the_trail_was_touched(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = county.review(Stage.CLOSED)
    broken_off(case)
    assert health.QUESTIONS["disposals"](county.house).good is False
    monkeypatch.setattr(unfinished, "trail_is_sound", lambda house: False)
    assert unfinished.finish_all(county.house, at=case.wait(days=1)) == ([case.reference], [])
    assert unfinished.finish_all(county.house, at=case.wait(days=1)) == ([], [])
    assert health.QUESTIONS["disposals"](county.house).good is True


def test_before_the_first_key_the_trail_must_hold_at_night_too(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    case = county.review(Stage.CLOSED)
    begun(case)
    monkeypatch.setattr(unfinished, "trail_is_sound", lambda house: False)
    assert unfinished.finish_all(county.house, at=case.wait(days=1)) == ([], [case.reference])
    assert states(case) == {"active"}


def test_nobody_ends_it_once_a_key_is_gone(county: County) -> None:
    case = county.review(Stage.CLOSED)
    broken_off(case)
    with pytest.raises(NotYet) as refusal:
        stop(case.reference, 1, "still_needed", by=county.coordinator, at=case.wait(minutes=1))
    assert [reason.condition for reason in refusal.value.reasons] == ["begun"]


def test_the_clockwork_leaves_a_review_alone_for_a_while_after_somebody_ended_its_notice(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    assert give_notices(county.house, at=case.at) == [case.reference]
    stop(case.reference, 1, "still_needed", by=county.coordinator, at=case.wait(minutes=1))
    assert give_notices(county.house, at=case.wait(days=1)) == []
    assert give_notices(county.house, at=case.wait(days=88)) == []
    assert give_notices(county.house, at=case.wait(days=1)) == [case.reference]


def test_what_is_begun_and_a_hold_that_is_to_be_lifted_are_brought_up(county: County) -> None:
    case, by = county.review(Stage.CLOSED), county.coordinator
    broken_off(case)
    legal_hold.place(case.reference, entry(case), by=by, at=case.wait(minutes=1))
    with county.house.reading() as session:
        (broken,) = disposals(session)
        assert list(legal_holds(session, case.today)) == []
    assert (broken.kind, broken.what, broken.due_on) == (Kind.DESTROYING, "The destruction of records", case.today)
    (hold,) = case.rows(LegalHold)
    assert legal_hold.lift(case.reference, hold.id, by=by, at=case.wait(minutes=1)) is False
    with county.house.reading() as session:
        (asked,) = legal_holds(session, case.today)
    assert (asked.kind, asked.known_to) == (Kind.LIFTING, frozenset({by.id}))


def test_whoever_asked_that_a_hold_be_lifted_is_not_shown_the_form_again(county: County) -> None:
    case, by = county.review(Stage.CLOSED), county.coordinator
    legal_hold.place(case.reference, entry(case), by=by, at=case.at)
    legal_hold.freeze(entry(case), by=by, at=case.at)
    with county.house.reading() as session:
        holds = session.scalars(select(LegalHold).order_by(LegalHold.placed_at)).all()
    of_one, of_all = (next(hold.id for hold in holds if (hold.review_id is None) is every) for every in (False, True))
    assert hold_to_lift(case.reference, of_one, by=by, at=case.at).may_lift
    legal_hold.lift(case.reference, of_one, by=by, at=case.at)
    legal_hold.thaw(of_all, by=by, at=case.at)
    with pytest.raises(NotAllowed):
        hold_to_lift(case.reference, of_one, by=by, at=case.at)
    with pytest.raises(NotAllowed):
        freeze_to_lift(of_all, by=by, at=case.at)
    assert freeze_to_lift(of_all, by=county.chair, at=case.at).may_lift


def test_kept_words_go_with_the_names_or_after_them(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    with pytest.raises(NotYet) as refusal:
        give_notice(case.reference, ["kept_words"], by=county.coordinator, at=case.at)
    assert [reason.condition for reason in refusal.value.reasons] == ["kept_words"]
    names = ["identities", "family", "sensitive"]
    assert give_notice(case.reference, [*names, "kept_words"], by=county.coordinator, at=case.at) == 1
