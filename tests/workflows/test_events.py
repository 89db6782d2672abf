"""What happened, in sentences made of codes: nothing a person typed can stand in one."""

from __future__ import annotations

import pytest

from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.events import Happened
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.sentences import ON_TIMELINE, TELLING, sentence


def test_every_kind_of_event_has_its_sentence():
    assert set(TELLING) == set(Happened)


@pytest.mark.parametrize("kind", Happened)
def test_a_sentence_is_told_even_of_an_event_without_details(kind):
    told = sentence(kind, {})
    assert "{" not in told
    assert not told.endswith(".")


@pytest.mark.parametrize("name", sorted(MOVES))
def test_a_move_is_told_in_its_own_words(name):
    assert sentence(Happened.MOVED, {"move": name}) == MOVES[name].happened


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_a_statement_is_told_with_its_condition_and_its_answer(name):
    told = sentence(Happened.STATEMENT_MADE, {"condition": name, "answer": "could_not_be_done"})
    assert CONDITIONS[name].sentence.removesuffix(".") in told
    assert "could not be done" in told


@pytest.mark.parametrize("answer", Answer)
def test_each_answer_has_words_for_a_sentence(answer):
    assert answer.label.lower() in sentence(
        Happened.STATEMENT_MADE, {"condition": "terms_agreed", "answer": answer.value}
    )


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("kind", [Happened.TOLD, Happened.NOT_TOLD])
def test_a_telling_names_its_audience(kind, audience):
    told = sentence(kind, {"audience": audience.value})
    assert audience.label in told
    assert told[0].isupper()


def test_a_family_member_is_told_of_by_number():
    for kind in (Happened.TOLD, Happened.NOT_TOLD):
        told = sentence(kind, {"audience": "family", "number": 2})
        assert "family member 2" in told
        assert Audience.FAMILY.label not in told


def test_a_step_with_a_family_member_is_told_in_its_own_words():
    told = sentence(Happened.FAMILY_STEP_TAKEN, {"number": 2, "step": "leaflet"})
    assert told == "Family member 2: the Home Office leaflet was given"


def test_an_agency_is_named_from_its_own_column():
    assert (
        sentence(Happened.AGENCY_ASKED, {}, agency="Barsetshire Police") == "Barsetshire Police was asked what it knows"
    )
    assert sentence(Happened.AGENCY_ASKED, {}) == "An agency was asked what it knows"


def test_details_that_no_sentence_asks_for_are_never_told():
    assert "Harding" not in sentence(Happened.VICTIM_ADDED, {"number": 1, "name": "Harding"})


def test_openings_refusals_and_sign_ins_stay_off_a_review_s_timeline():
    off = set(Happened) - ON_TIMELINE
    assert {"opened", "refused", "signed_in", "sign_in_failed", "signed_out"} <= off
    assert {"moved", "told", "statement_made", "review_notified"} <= ON_TIMELINE


def test_an_unknown_condition_or_move_leaves_a_gap_rather_than_failing_an_old_timeline():
    assert sentence(Happened.MOVED, {"move": "a_move_of_long_ago"}) == ""
    assert sentence(Happened.STATEMENT_WITHDRAWN, {"condition": "of_long_ago"}).startswith("A statement was taken back")


def test_nobody_who_died_is_called_a_victim_on_a_timeline() -> None:
    assert [telling.sentence for telling in TELLING.values() if "victim" in telling.sentence.casefold()] == []
