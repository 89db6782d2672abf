"""Somebody who may be in another review is told of, as little as possible: whom to ask, and nothing of the review."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from dhr_app.casework import people
from dhr_app.casework.duplicates import NOT_MADE, possible_matches
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.purposes import DUPLICATE_CHECK
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.models import Event
from dhr_app.database.models.audit import AuditEntry
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests import duplicates
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import Case, County

HER = PersonEntry(full_name="Zoë O’Brien", born_on="1980-06-03")


@pytest.fixture
def county(bare_county: County) -> County:
    """A county with sixteen people on record in two reviews, and the check turned on."""
    duplicates.switched_on(bare_county)
    return bare_county


@pytest.fixture
def known(county: County) -> Case:
    """A review in which she is on record already."""
    return duplicates.begin(county, HER)


def asked(case: Case, by: Person | None = None) -> tuple[str, ...]:
    return possible_matches(case.reference, by=by or case.county.coordinator, at=NOW)


def sought(county: County) -> list[dict[str, Any]]:
    with county.house.reading() as session:
        rows = select(Event).where(Event.kind == "duplicates_sought").order_by(Event.recorded_at, Event.id)
        return [row.details for row in session.scalars(rows)]


@pytest.mark.parametrize(
    "entry",
    [
        HER,
        PersonEntry(full_name="O'Brien, Zoe"),
        PersonEntry(full_name="ZOE OBRIEN", born_on="1980"),
        PersonEntry(full_name="Z. O’Brian", born_on="1980-06"),
    ],
)
def test_the_same_person_in_another_review_is_told_of(known: Case, entry: PersonEntry) -> None:
    (sentence,) = asked(duplicates.begin(known.county, entry))
    assert sentence == (
        f"Victim 1 may also be on record in {known.reference}. It may be somebody else with a similar name: "
        "please compare the records."
    )


@pytest.mark.parametrize(
    "entry",
    [
        PersonEntry(full_name="Zoë O’Brien", born_on="1981"),
        PersonEntry(full_name="Zoë Mumford", born_on="1980-06-03"),
        PersonEntry(full_name="Zoë"),
        PersonEntry(full_name=""),
        PersonEntry(full_name="", born_on="1980-06-03"),
    ],
)
def test_nobody_else_is(known: Case, entry: PersonEntry) -> None:
    assert asked(duplicates.begin(known.county, entry)) == ()


def test_a_perpetrator_who_is_added_later_is_compared_too(known: Case) -> None:
    case = duplicates.begin(known.county, PersonEntry(full_name="Nobody Alike"))
    assert asked(case) == ()
    people.add_person(case.reference, replace(HER, part="perpetrator"), by=case.county.coordinator, at=NOW)
    (sentence,) = asked(case)
    assert sentence.startswith("Alleged perpetrator 1 may also be on record")


def test_a_name_that_is_corrected_is_compared_as_it_stands(known: Case) -> None:
    case = duplicates.begin(known.county, PersonEntry(full_name="Nobody Alike"))
    (shown,) = people.open_people(case.reference, by=case.county.coordinator, at=NOW).people
    correct = people.correct_person
    correct(case.reference, shown.id, HER, shown.version, by=case.county.coordinator, at=NOW)
    assert len(asked(case)) == 1
    other = replace(HER, full_name="Nobody Else", born_on="")
    correct(case.reference, shown.id, other, shown.version + 1, by=case.county.coordinator, at=NOW)
    assert asked(case) == ()


def test_several_reviews_are_told_of_in_one_sentence_and_each_person_in_one_of_their_own(known: Case) -> None:
    county = known.county
    other = duplicates.begin(county, HER)
    him = replace(HER, full_name="Basil Mumford", part="perpetrator")
    people.add_person(other.reference, him, by=county.coordinator, at=NOW)
    case = duplicates.begin(county, HER)
    people.add_person(case.reference, him, by=county.coordinator, at=NOW)
    his, hers = sorted(asked(case))
    assert hers.startswith(f"Victim 1 may also be on record in {known.reference} and {other.reference}. ")
    assert his.startswith(f"Alleged perpetrator 1 may also be on record in {other.reference}. ")


def test_two_records_in_one_review_are_no_match(county: County) -> None:
    assert asked(duplicates.begin(county, HER, HER)) == ()


def test_somebody_entered_by_mistake_matches_nobody(known: Case) -> None:
    people.add_person(known.reference, PersonEntry(part="victim"), by=known.county.coordinator, at=NOW)
    (first, _) = people.open_people(known.reference, by=known.county.coordinator, at=NOW).people
    people.remove_person(known.reference, first.id, by=known.county.coordinator, at=NOW)
    assert asked(duplicates.begin(known.county, HER)) == ()


# --- Who is told what -------------------------------------------------------------------------------------------------


def test_whoever_has_a_conflict_of_interest_is_told_nothing_of_the_other_review(known: Case) -> None:
    first = duplicates.begin(known.county, HER)
    assert asked(first) != ()
    barred = replace(known.county.coordinator, conflicts=frozenset({known.row.id, first.row.id}))
    assert asked(duplicates.begin(known.county, HER), by=barred) == ()


def test_no_sentence_holds_a_name_of_anybody_on_record(known: Case) -> None:
    (sentence,) = asked(duplicates.begin(known.county, HER))
    assert "Brien" not in sentence
    assert "Zo" not in sentence


@pytest.mark.parametrize("role", [Role.STEERING_CHAIR, Role.AUDITOR])
def test_only_whoever_may_change_the_people_is_told(known: Case, role: Role) -> None:
    case = duplicates.begin(known.county, HER)
    with pytest.raises(NotAllowed):
        asked(case, by=known.county.who(role))


# --- The trail, and what stands in the way ----------------------------------------------------------------------------


def test_the_names_are_opened_for_the_purpose_and_the_trail_tells_how_many_were_compared(known: Case) -> None:
    county = known.county
    case = duplicates.begin(county, HER)
    asked(case)
    with county.house.reading() as session:
        latest = select(Event).where(Event.review_id == case.row.id).order_by(Event.recorded_at.desc(), Event.ordinal)
        by = {event.recorded_by_name for event in session.scalars(latest) if event.kind == "duplicates_sought"}
        opened = session.scalars(
            select(Event).where(Event.kind == "opened", Event.recorded_by_name == DUPLICATE_CHECK.name)
        ).all()
        bodies = b"".join(session.scalars(select(AuditEntry.body)))
    assert by == {DUPLICATE_CHECK.name}
    assert all(event.details["classes"] == ["identities"] and event.details["reviews"] >= 2 for event in opened)
    (details,) = sought(county)
    assert details["matches"] == 1
    assert details["compared"] >= 1
    assert b"Brien" not in bodies


def test_an_unreadable_record_is_left_out_and_the_rest_is_compared(known: Case) -> None:
    county = known.county
    spoilt = duplicates.begin(county, HER)
    review_id = spoilt.row.id
    keystore = county.house.database.keystore
    for domain in keystore.domains():
        if domain.review_id == review_id:
            keystore.retire(domain, 1, at=NOW)
    (sentence,) = asked(duplicates.begin(county, HER))
    assert known.reference in sentence


def test_what_stands_in_the_way_of_the_check_is_said_and_nothing_is_lost(
    known: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = duplicates.begin(known.county, HER)

    def gone(*args: Any, **more: Any) -> None:
        raise KeyUnavailable("The provider does not answer.")

    monkeypatch.setattr("dhr_app.casework.duplicates.open_names", gone)
    assert asked(case) == (NOT_MADE,)


def test_while_it_is_off_nothing_is_asked_and_nothing_opened(bare_county: County) -> None:
    duplicates.crowd(bare_county)
    duplicates.begin(bare_county, HER)
    case = duplicates.begin(bare_county, HER)
    assert asked(case) == ()
    assert sought(bare_county) == []
    assert duplicates.terms(bare_county) == []


def test_the_number_of_questions_does_not_grow_with_the_candidates(known: Case) -> None:
    county = known.county
    case = duplicates.begin(county, HER)
    few = asked_by(county.house, lambda: asked(case))
    for _ in range(4):
        duplicates.begin(county, HER)
    asked(case)
    assert max(details["matches"] for details in sought(county)) == 5
    assert asked_by(county.house, lambda: asked(case)) == few
