"""The people of a review are recorded, corrected and, if entered by mistake, removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import people
from dhr_app.casework.people import PersonEntry, PersonShown
from dhr_app.database.models import InvolvedPerson
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County

CHILD = PersonEntry(part="child", full_name="Susan Harding", born_on="2019-05", relationship_to_victim="child")


def add(case: Case, entry: PersonEntry = CHILD) -> UUID:
    return people.add_person(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def shown(case: Case, person_id: UUID) -> PersonShown:
    return people.open_person(case.reference, person_id, by=case.county.coordinator, at=case.at).shown


def correct(case: Case, person_id: UUID, version: int | None = None, **changes: Any) -> None:
    now = shown(case, person_id)
    people.correct_person(
        case.reference, person_id, replace(now.entry, **changes), version or now.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def labels(case: Case) -> list[str]:
    page = people.open_people(case.reference, by=case.county.coordinator, at=case.at)
    return [one.label for one in page.people]


def test_people_are_shown_victims_first_each_part_numbered_for_itself(county: County) -> None:
    case = county.review()
    for part in ("witness", "child", "perpetrator", "child", "victim"):
        add(case, PersonEntry(part=part))
    assert labels(case) == ["Victim 1", "Victim 2", "Alleged perpetrator 1", "Child 1", "Child 2", "Witness 1"]


def test_the_word_is_perpetrator_only_after_conviction(county: County) -> None:
    case = county.review(criminal_state="convicted")
    add(case, PersonEntry(part="perpetrator"))
    assert labels(case) == ["Victim 1", "Perpetrator 1"]
    assert people.parts_to_add(case.reference, by=county.coordinator, at=case.at)["perpetrator"] == "Perpetrator"


def test_whatever_is_entered_is_read_again_and_stands_in_no_column_in_clear(county: County) -> None:
    case = county.review()
    entry = replace(
        CHILD, other_names="Sue", address="1 The Close", notes="At school", sex="female", age_band="under_16"
    )
    person_id = add(case, entry)
    assert shown(case, person_id).entry == entry
    (row,) = [row for row in case.rows(InvolvedPerson) if row.id == person_id]
    assert b"Susan" not in row.full_name_ct


def test_a_correction_replaces_what_was_there_and_may_empty_it(county: County) -> None:
    case = county.review()
    person_id = add(case)
    correct(case, person_id, full_name="Susanna Harding", born_on="")
    assert (shown(case, person_id).entry.full_name, shown(case, person_id).entry.born_on) == ("Susanna Harding", "")


def test_whoever_saves_second_is_told_both_texts(county: County) -> None:
    case = county.review()
    person_id = add(case)
    correct(case, person_id, address="2 The Close")
    with pytest.raises(Stale) as stale:
        correct(case, person_id, version=1, address="3 The Close")
    assert stale.value.theirs == {"address": "2 The Close"}
    assert stale.value.yours == {"address": "3 The Close"}


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"part": "neighbour"},                 "part",     "Choose from the list."),
        ({"sex": "?"},                          "sex",      "Choose from the list."),
        ({"age_band": "old"},                   "age_band", "Choose from the list."),
        ({"relationship_to_victim": "friend"},  "relationship_to_victim", "Choose from the list."),
        ({"born_on": "2027"},                   "born_on",  "This has not come yet: check the day."),
        ({"died_on": "2026-02-30"},             "died_on",
         "Give a year, a month and year, or a whole date that exists."),
        ({"born_on": "2019-05", "died_on": "2019-04"}, "died_on",
         "The death cannot be before the birth: check both days."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    county: County, entry: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(county.review(), replace(CHILD, **entry))
    assert refusal.value.fields == {field: sentence}


def test_somebody_born_and_died_in_the_same_year_may_be_known_to_the_year_only(county: County) -> None:
    add(county.review(), replace(CHILD, born_on="2025-11-02", died_on="2025"))


def test_the_part_a_person_has_in_it_is_never_changed(county: County) -> None:
    case = county.review()
    with pytest.raises(Invalid) as refusal:
        correct(case, add(case), part="witness")
    assert refusal.value.fields == {"part": "This cannot be changed: remove the record and enter the person again."}


def test_somebody_removed_leaves_the_page_but_not_the_database_and_their_number_is_not_given_again(
    county: County,
) -> None:
    case = county.review()
    person_id = add(case)
    people.remove_person(case.reference, person_id, by=county.coordinator, at=case.wait(minutes=1))
    add(case)
    assert labels(case) == ["Victim 1", "Child 2"]
    assert len(case.rows(InvolvedPerson)) == 3
    with pytest.raises(OutOfReach):
        shown(case, person_id)


def test_the_last_victim_cannot_be_removed(county: County) -> None:
    case = county.review()
    (victim,) = case.rows(InvolvedPerson)
    with pytest.raises(Invalid) as refusal:
        people.remove_person(case.reference, victim.id, by=county.coordinator, at=case.wait(minutes=1))
    assert refusal.value.fields == {
        "part": "A review needs at least one person who died: enter the right person first."
    }


def test_a_person_of_another_review_is_out_of_reach(county: County) -> None:
    person_id = add(county.review())
    other = county.review()
    for unknown in (person_id, uuid4()):
        with pytest.raises(OutOfReach):
            shown(other, unknown)
        with pytest.raises(OutOfReach):
            people.remove_person(other.reference, unknown, by=county.coordinator, at=other.at)


def test_only_a_coordinator_changes_people_and_only_some_see_them(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    for role in (Role.STEERING_CHAIR, Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR):
        assert not people.open_people(case.reference, by=county.who(role), at=case.at).may_change
        with pytest.raises(NotAllowed):
            people.add_person(case.reference, CHILD, by=county.who(role), at=case.at)
        with pytest.raises(NotAllowed):
            people.parts_to_add(case.reference, by=county.who(role), at=case.at)
    for role in (Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR, Role.STEERING_MEMBER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            people.open_people(case.reference, by=county.who(role), at=case.at)
    with pytest.raises(OutOfReach):
        people.open_people(case.reference, by=county.who(Role.ADMINISTRATOR), at=case.at)


def test_a_closed_review_takes_nobody_more(county: County) -> None:
    with pytest.raises(NotYet):
        add(county.review(Stage.WITHDRAWN))
