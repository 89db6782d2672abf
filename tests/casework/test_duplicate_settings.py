"""The check for duplicates is off until the steering group's chair turns it on; off leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dhr_app.casework import duplicate_epochs, duplicate_names, nightly, people
from dhr_app.casework.duplicate_epochs import mend, renew, tend
from dhr_app.casework.duplicate_settings import DuplicatesPage, duplicates_page, turn_off, turn_on
from dhr_app.casework.duplicate_terms import forget_terms
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.purposes import DUPLICATE_CHECK
from dhr_app.database.deep import Deep
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.index_key import INDEX_CLASS, IndexKey, domain_of, index_key
from dhr_app.database.verify import verify
from dhr_app.workflows.duplicates import FEWEST, OFF_REASONS, ON_REASONS, TooFewNames
from dhr_app.workflows.errors import Invalid, NotAllowed
from dhr_app.workflows.roles import Role
from tests import duplicates
from tests.duplicates import epochs, terms
from tests.factories import NOW
from tests.reviews import Case, County

LATER = NOW + timedelta(days=366)


@pytest.fixture
def county(bare_county: County) -> County:
    """A county with enough people on record; the check is off."""
    duplicates.crowd(bare_county)
    return bare_county


def page(county: County) -> DuplicatesPage:
    return duplicates_page(by=county.chair, at=NOW)


def key_states(county: County) -> list[set[str]]:
    found = county.house.database.keystore.domains()
    return [states for domain, states in found.items() if domain.record_class == INDEX_CLASS]


# --- On and off -------------------------------------------------------------------------------------------------------


def test_it_begins_as_off_without_a_term_or_a_key(county: County) -> None:
    assert (page(county).on, page(county).history, page(county).enough) == (False, (), True)
    assert (terms(county), epochs(county), key_states(county)) == ([], [], [])


def test_turned_on_it_says_who_when_and_why_and_everybody_named_has_terms(county: County) -> None:
    assert turn_on("near_miss", by=county.chair, at=NOW)
    (turned,) = page(county).history
    assert (turned.on, turned.at, turned.by, turned.reason) == (
        True, NOW.date(), county.chair.name, ON_REASONS["near_miss"],
    )  # fmt: skip
    assert page(county).running_since == NOW.date()
    assert len({one.row_id for one in terms(county)}) == FEWEST
    assert len(terms(county)) == 2 * FEWEST  # each has a name and a year of birth
    assert key_states(county) == [{"active"}]


def test_turned_off_it_leaves_no_term_and_its_key_is_destroyed(county: County) -> None:
    turn_on("trial", by=county.chair, at=NOW)
    turn_off("trial_over", by=county.chair, at=NOW + timedelta(minutes=1))
    assert (terms(county), key_states(county)) == ([], [{"destroyed"}])
    assert [one.on for one in page(county).history] == [False, True]
    assert page(county).history[0].reason == OFF_REASONS["trial_over"]
    assert (page(county).on, page(county).running_since) == (False, None)


def test_on_again_it_has_another_key(county: County) -> None:
    turn_on("trial", by=county.chair, at=NOW)
    turn_off("trial_over", by=county.chair, at=NOW)
    assert turn_on("agreed", by=county.chair, at=NOW)
    assert [one.ended_at is None for one in epochs(county)] == [False, True]
    assert sorted(map(sorted, key_states(county))) == [["active"], ["destroyed"]]
    assert {one.epoch for one in terms(county)} == {2}


def test_twice_on_or_twice_off_is_once(county: County) -> None:
    assert turn_on("agreed", by=county.chair, at=NOW)
    assert turn_on("trial", by=county.chair, at=NOW)
    assert (len(page(county).history), len(epochs(county))) == (1, 1)
    turn_off("not_needed", by=county.chair, at=NOW)
    turn_off("not_agreed", by=county.chair, at=NOW)
    assert len(page(county).history) == 2


def test_it_is_not_turned_on_for_too_few_names(bare_county: County) -> None:
    duplicates.crowd(bare_county, FEWEST - 1, in_each=5)
    with pytest.raises(Invalid, match="15 people on record have a name"):
        turn_on("agreed", by=bare_county.chair, at=NOW)
    assert (page(bare_county).enough, page(bare_county).history, terms(bare_county)) == (False, (), [])


def test_people_without_a_name_do_not_count(bare_county: County) -> None:
    duplicates.crowd(bare_county, FEWEST - 1, in_each=5)
    duplicates.begin(bare_county, PersonEntry(born_on="1980"))
    assert page(bare_county).names == FEWEST - 1


@pytest.mark.parametrize("reason", ["", "because", "trial_over"])
def test_a_reason_that_is_none_changes_nothing(county: County, reason: str) -> None:
    with pytest.raises(Invalid):
        turn_on(reason, by=county.chair, at=NOW)
    assert not page(county).on


def test_a_reason_for_turning_it_off_that_is_none_leaves_it_on(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    with pytest.raises(Invalid):
        turn_off("agreed", by=county.chair, at=NOW)
    assert page(county).on


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_MEMBER, Role.ADMINISTRATOR, Role.INDEPENDENT_CHAIR])
def test_nobody_else_turns_it_on_or_off(county: County, role: Role) -> None:
    for turn, reason in ((turn_on, "agreed"), (turn_off, "not_needed")):
        with pytest.raises(NotAllowed):
            turn(reason, by=county.who(role), at=NOW)
    if role is Role.COORDINATOR:
        assert not duplicates_page(by=county.coordinator, at=NOW).may_change


def test_what_cannot_be_prepared_now_is_prepared_at_night(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **more: Any) -> bool:
        raise KeyUnavailable("The provider does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr("dhr_app.casework.duplicate_settings.renew", gone)
        assert not turn_on("agreed", by=county.chair, at=NOW)
    assert (page(county).on, page(county).running_since, terms(county)) == (True, None, [])
    assert tend(county.house, at=NOW) == "the check for duplicates began a new key"
    assert len(terms(county)) == 2 * FEWEST


# --- The terms of people who come, change and go ----------------------------------------------------------------------


def of(case: Case, county: County) -> list[str]:
    review_id = case.row.id
    return [one.index_name for one in terms(county) if one.review_id == review_id]


def test_somebody_new_has_their_terms_at_once_and_what_is_not_known_makes_none(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    assert of(duplicates.begin(county, PersonEntry(full_name="Zoë Mumford", born_on="1980-06")), county) == [
        "full_name", "sound_and_year",
    ]  # fmt: skip
    assert of(duplicates.begin(county, PersonEntry(full_name="Zoë Mumford")), county) == ["full_name"]
    assert of(duplicates.begin(county, PersonEntry(born_on="1980")), county) == []
    assert of(duplicates.begin(county, PersonEntry(full_name="…", born_on="1980")), county) == []


def test_somebody_corrected_has_new_terms_and_somebody_removed_none(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    case = duplicates.begin(county, PersonEntry(full_name="Zoë Mumford"), PersonEntry(full_name="Ada Mumford"))
    (first, second) = people.open_people(case.reference, by=county.coordinator, at=NOW).people
    entry = replace(first.entry, full_name="", born_on="1980")
    people.correct_person(case.reference, first.id, entry, first.version, by=county.coordinator, at=NOW)
    assert {one.row_id for one in terms(county) if one.review_id == case.row.id} == {second.id}
    people.remove_person(case.reference, second.id, by=county.coordinator, at=NOW)
    assert of(case, county) == []
    assert mend(county.house, at=NOW) == 0


def test_the_terms_of_a_review_can_be_forgotten_all_at_once(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    gone = terms(county)[0].review_id
    with county.house.transaction(by=DUPLICATE_CHECK, at=NOW) as session:
        assert forget_terms(session, gone) == FEWEST
    assert gone not in {one.review_id for one in terms(county)}
    assert len(terms(county)) == FEWEST


def test_a_lost_key_stops_nobody_from_being_saved_and_the_night_begins_another(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    county.house.database.keystore.destroy(domain_of(epochs(county)[0].id), at=NOW)
    case = duplicates.begin(county, PersonEntry(full_name="Zoë Mumford"))
    assert of(case, county) == []
    tend(county.house, at=NOW)
    assert of(case, county) == ["full_name"]
    assert {one.epoch for one in terms(county)} == {2}


def made_of(case: Case) -> set[int]:
    """Of which versions of their records the terms of a review were made."""
    review_id = case.row.id
    return {one.row_version for one in terms(case.county) if one.review_id == review_id}


# --- Night ------------------------------------------------------------------------------------------------------------


def test_an_epoch_lasts_a_year_and_its_key_goes_with_it(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    before = {(one.row_id, one.index_name): one.term for one in terms(county)}
    assert tend(county.house, at=NOW + timedelta(days=364)) == ""
    assert tend(county.house, at=LATER) == "the check for duplicates began a new key"
    (old, new) = epochs(county)
    assert (old.ended_at, new.begun_at) == (LATER, LATER)
    assert {one.epoch for one in terms(county)} == {2}
    assert {(one.row_id, one.index_name) for one in terms(county)} == set(before)
    with pytest.raises(KeyUnavailable):
        index_key(county.house.database.keystore, old.id)


def test_terms_are_made_longer_when_many_more_names_are_on_record(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    duplicates.crowd(county, 100, in_each=50)
    assert tend(county.house, at=NOW) == "the check for duplicates began a new key"
    (old, new) = epochs(county)
    assert new.name_bits + new.sound_bits > old.name_bits + old.sound_bits
    assert new.records == FEWEST + 100


def test_with_too_few_names_left_it_rests_until_there_are_more(bare_county: County) -> None:
    county = bare_county
    for case in duplicates.switched_on(county):
        for one in people.open_people(case.reference, by=county.coordinator, at=NOW).people[1:]:
            people.remove_person(case.reference, one.id, by=county.coordinator, at=NOW)
    assert tend(county.house, at=NOW) == "the check for duplicates rests: too few names are on record"
    assert (terms(county), key_states(county), page(county).on) == ([], [{"destroyed"}], True)
    assert tend(county.house, at=NOW) == ""
    with pytest.raises(TooFewNames):
        renew(county.house, at=NOW)
    duplicates.crowd(county)
    assert tend(county.house, at=NOW) == "the check for duplicates began a new key"


def test_a_review_whose_names_were_destroyed_keeps_no_term(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    duplicates.begin(county, PersonEntry(full_name="Zoë Mumford"))
    gone = duplicates.begin(county, PersonEntry(full_name="Ada Mumford"))
    review_id = gone.row.id
    keystore = county.house.database.keystore
    for domain in keystore.domains():
        if domain.review_id == review_id:
            keystore.destroy(domain, at=NOW)
    assert mend(county.house, at=NOW) == 0
    assert of(gone, county) == []
    assert len({one.row_id for one in terms(county)}) == FEWEST + 1
    assert renew(county.house, at=NOW)
    assert of(gone, county) == []
    assert epochs(county)[-1].records == FEWEST + 1


def test_what_a_verb_left_undone_is_mended(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    whole = [(one.row_id, one.index_name, one.term) for one in terms(county)]
    with county.house.transaction(by=DUPLICATE_CHECK, at=NOW) as session:
        forget_terms(session, terms(county)[0].review_id)
    assert tend(county.house, at=NOW) == f"people whose terms were made anew: {FEWEST // 2}"
    assert [(one.row_id, one.index_name, one.term) for one in terms(county)] == whole
    with monkeypatch.context() as patch:
        patch.setattr(people, "keep_terms", lambda *args: None)
        case = duplicates.begin(county, PersonEntry(full_name="Zoë Mumford"))
        (shown,) = people.open_people(case.reference, by=county.coordinator, at=NOW).people
    assert mend(county.house, at=NOW) == 1
    with monkeypatch.context() as patch:
        patch.setattr(people, "keep_terms", lambda *args: None)
        entry = PersonEntry(full_name="Ada Harding")
        people.correct_person(case.reference, shown.id, entry, shown.version, by=county.coordinator, at=NOW)
    assert made_of(case) == {shown.version}
    assert mend(county.house, at=NOW) == 1
    assert made_of(case) == {shown.version + 1}


def test_two_at_the_same_moment_leave_nothing_of_an_older_record(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is corrected after the names were opened, and before the new epoch is written."""
    turn_on("agreed", by=county.chair, at=NOW)
    case = duplicates.begin(county, PersonEntry(full_name="Zoë Mumford"))
    opened = duplicate_names.open_names
    once = [None]

    def and_then(*args: Any, **more: Any) -> Any:
        found = opened(*args, **more)
        if once:
            once.pop()
            (shown,) = people.open_people(case.reference, by=county.coordinator, at=NOW).people
            entry = PersonEntry(full_name="Ada Harding")
            people.correct_person(case.reference, shown.id, entry, shown.version, by=county.coordinator, at=NOW)
        return found

    monkeypatch.setattr(duplicate_epochs, "open_names", and_then)
    assert renew(county.house, at=NOW)
    monkeypatch.undo()
    assert made_of(case) == {2}


def test_a_check_that_is_off_is_left_alone_at_night(county: County) -> None:
    assert tend(county.house, at=NOW) == ""
    assert (epochs(county), terms(county), key_states(county)) == ([], [], [])


def test_the_sweep_of_unused_keys_leaves_the_running_key_and_takes_one_that_was_never_used(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    county.house.database.keystore.sealing_key(domain_of(county.chair.id), at=NOW)
    for days in (2, 4):
        nightly.sweep_orphan_keys(county.house, at=NOW + timedelta(days=days))
    assert key_states(county) == [{"active"}]
    assert isinstance(index_key(county.house.database.keystore, epochs(county)[0].id), IndexKey)


def test_the_audit_trail_verifies_and_tells_no_term(county: County) -> None:
    turn_on("agreed", by=county.chair, at=NOW)
    tend(county.house, at=LATER)
    turn_off("not_needed", by=county.chair, at=LATER)
    with county.house.reading() as session:
        assert verify(session, also=[Deep(session)]) == []
