"""Relatives and friends are recorded, corrected, and kept from being contacted where they must not be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import family
from dhr_app.casework.family import FamilyMemberEntry, FamilyMemberShown
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import BEGAN, Case, County

TODAY = BEGAN.date()


def shown(case: Case, member_id: UUID) -> FamilyMemberShown:
    return family.open_family_member(case.reference, member_id, by=case.county.coordinator, at=case.at)


def correct(case: Case, member_id: UUID, version: int | None = None, **changes: Any) -> None:
    now = shown(case, member_id)
    family.correct_family_member(
        case.reference, member_id, replace(now.entry, **changes), version or now.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def test_family_members_are_numbered_as_they_come_and_read_again(county: County) -> None:
    case = county.review()
    case.relative()
    entry = FamilyMemberEntry("", "Close friend", "By post", "Not in May", "police_request", TODAY + timedelta(days=9))
    family.add_family_member(case.reference, entry, by=county.coordinator, at=case.wait(minutes=1))
    page = family.open_family(case.reference, by=county.coordinator, at=case.at)
    assert [member.number for member in page.members] == [1, 2]
    assert page.members[1].entry == replace(entry, contact_details="")  # that is kept apart
    assert page.members[1].reached


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"full_name": " ", "relationship": ""}, "full_name",
         "Give a name, or at least what they are to the person who died."),
        ({"not_contacted_because": "busy"}, "not_contacted_because", "Choose from the list."),
        ({"not_contacted_until": TODAY + timedelta(days=1)}, "not_contacted_because",
         "Say why they are not to be contacted until that day."),
        ({"not_contacted_because": "safety", "not_contacted_until": TODAY}, "not_contacted_until",
         "Give a day still to come, or leave it empty."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    county: County, entry: dict[str, Any], field: str, sentence: str
) -> None:
    case = county.review()
    with pytest.raises(Invalid) as refusal:
        case.relative(**entry)
    assert refusal.value.fields == {field: sentence}
    with pytest.raises(Invalid) as refusal:
        correct(case, case.relative(), **entry)
    assert refusal.value.fields == {field: sentence}


def test_that_somebody_is_not_to_be_contacted_is_kept_and_can_be_lifted(county: County) -> None:
    case = county.review()
    member_id = case.relative(not_contacted_because="suspect")
    assert case.facts().family_to_tell == 0
    correct(case, member_id, not_contacted_because="")
    assert case.facts().family_to_tell == 1


class TestADayUntilWhichThatHasPassed:
    """Somebody was not to be contacted until yesterday."""

    @pytest.fixture
    def case(self, county: County) -> Case:
        return county.review()

    @pytest.fixture
    def member_id(self, case: Case) -> UUID:
        member_id = case.relative(not_contacted_because="safety", not_contacted_until=case.today + timedelta(days=1))
        case.wait(days=2)
        return member_id

    def test_lifts_nothing_by_itself(self, case: Case, member_id: UUID) -> None:
        assert case.facts().family_to_tell == 0

    def test_may_stand_while_something_else_is_corrected(self, case: Case, member_id: UUID) -> None:
        before = shown(case, member_id).entry
        correct(case, member_id, wishes="By letter only")
        assert shown(case, member_id).entry == replace(before, wishes="By letter only")

    def test_may_not_be_changed_to_another_that_has_passed(self, case: Case, member_id: UUID) -> None:
        with pytest.raises(Invalid) as refusal:
            correct(case, member_id, not_contacted_until=case.today)
        assert refusal.value.fields == {"not_contacted_until": "Give a day still to come, or leave it empty."}


def test_whoever_saves_second_is_told_both_texts(county: County) -> None:
    case = county.review()
    member_id = case.relative()
    correct(case, member_id, wishes="By letter only")
    with pytest.raises(Stale) as stale:
        correct(case, member_id, version=1, wishes="By telephone")
    assert (stale.value.theirs, stale.value.yours) == ({"wishes": "By letter only"}, {"wishes": "By telephone"})


def test_the_chair_of_the_review_and_the_coordinator_speak_with_the_family_and_nobody_else_sees_it(
    county: County,
) -> None:
    case = county.review(Stage.PANEL, seats=True)
    chair = county.who(Role.INDEPENDENT_CHAIR)
    family.may_add_family(case.reference, by=chair, at=case.at)
    entry = FamilyMemberEntry("Grace Harding", "Sister")
    family.add_family_member(case.reference, entry, by=chair, at=case.wait(minutes=1))
    assert len(family.open_family(case.reference, by=chair, at=case.at).members) == 1
    for role in set(Role) - {Role.COORDINATOR, Role.INDEPENDENT_CHAIR, Role.ADMINISTRATOR}:
        with pytest.raises(NotAllowed):
            family.open_family(case.reference, by=county.who(role), at=case.at)
        with pytest.raises(NotAllowed):
            family.add_family_member(case.reference, entry, by=county.who(role), at=case.at)
        with pytest.raises(NotAllowed):
            family.may_add_family(case.reference, by=county.who(role), at=case.at)


def test_a_family_member_of_another_review_is_out_of_reach(county: County) -> None:
    member_id, other = county.review().relative(), county.review()
    for unknown in (member_id, uuid4()):
        with pytest.raises(OutOfReach):
            shown(other, unknown)
        with pytest.raises(OutOfReach):
            family.correct_family_member(
                other.reference, unknown, FamilyMemberEntry("A"), 1, by=county.coordinator, at=other.wait(minutes=1)
            )


def test_a_review_that_was_withdrawn_takes_nobody_more(county: County) -> None:
    with pytest.raises(NotYet):
        county.review(Stage.WITHDRAWN).relative()
