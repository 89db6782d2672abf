"""Seats lapse four weeks after the publication was decided, unless somebody keeps them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dhr_app.casework import lapsing, membership
from dhr_app.casework.review_page import review_page
from dhr_app.casework.timeline import timeline_page
from dhr_app.database.models import Membership
from dhr_app.workflows.errors import NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.permissions import DataClass, may_open
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County
from tests.seating import holder, join


@pytest.fixture
def case(county: County) -> Case:
    """A review before its publication, with its chair and one panel member."""
    case = county.review(Stage.PUBLICATION)
    for role in (Role.INDEPENDENT_CHAIR, Role.PANEL_MEMBER):
        person = county.who(role)
        if person.id not in {row.account_id for row in case.rows(Membership)}:
            join(case.reference, person.id, by=county.coordinator, at=case.wait(minutes=1))
    return case


def seats(case: Case) -> list[Membership]:
    return [row for row in case.rows(Membership) if row.ended_at is None]


def reaches(case: Case, role: Role) -> bool:
    person = holder(case.county.who(role).id)
    try:
        review_page(case.reference, by=person, at=case.at)
    except OutOfReach:
        assert not any(may_open(person, case.row.id, each, on=case.today) for each in DataClass)
        return False
    return True


def test_whoever_has_a_seat_reaches_the_review_for_four_weeks_after_the_publication_and_no_day_longer(
    case: Case,
) -> None:
    assert {row.lapses_on for row in seats(case)} == {None}
    case.take("publish")
    lapses_on = case.today + timedelta(weeks=4)
    assert {row.lapses_on for row in seats(case)} == {lapses_on}
    case.wait(days=(lapses_on - case.today).days)
    assert reaches(case, Role.PANEL_MEMBER)
    case.wait(days=1)
    assert not reaches(case, Role.PANEL_MEMBER)
    assert not reaches(case, Role.INDEPENDENT_CHAIR)
    assert reaches(case, Role.COORDINATOR)


def test_a_seat_that_is_kept_goes_on_for_twelve_weeks_and_the_others_lapse(case: Case) -> None:
    case.take("publish")
    case.wait(days=20)
    (chair,) = (row for row in seats(case) if row.role == Role.INDEPENDENT_CHAIR)
    lapsing.keep(case.reference, chair.id, by=case.county.coordinator, at=case.at)
    kept_until = case.today + timedelta(weeks=12)
    case.wait(days=10)
    assert (reaches(case, Role.INDEPENDENT_CHAIR), reaches(case, Role.PANEL_MEMBER)) == (True, False)
    page = membership.members_page(case.reference, by=case.county.coordinator, at=case.at)
    assert kept_until in {line.lapses_on for line in page.members}
    case.wait(days=75)
    assert not reaches(case, Role.INDEPENDENT_CHAIR)


def test_the_clockwork_ends_what_has_lapsed_once_and_the_timeline_says_so(case: Case) -> None:
    case.take("publish")
    last, house = case.today + timedelta(weeks=4), case.county.house
    assert lapsing.end_lapsed(house, at=case.wait(days=28)) == 0
    number = len(seats(case))
    assert lapsing.end_lapsed(house, at=case.wait(days=3)) == number > 1
    assert lapsing.end_lapsed(house, at=case.wait(minutes=1)) == 0
    assert seats(case) == []
    assert {row.to_on for row in case.rows(Membership)} == {last}
    told = [line.text for line in timeline_page(case.reference, by=case.county.coordinator, at=case.at).entries]
    assert "The seat of the review panel member lapsed after the publication" in told
    assert any(line.startswith("The seats on the review lapse after ") for line in told)


def test_whoever_has_a_seat_that_lapsed_is_given_another_though_the_clockwork_stood_still(case: Case) -> None:
    case.take("publish")
    case.wait(days=40)
    person = case.county.who(Role.PANEL_MEMBER)
    join(case.reference, person.id, by=case.county.coordinator, at=case.at)
    assert reaches(case, Role.PANEL_MEMBER)


def test_a_seat_given_after_the_publication_lapses_too(case: Case) -> None:
    case.take("publish")
    person = case.county.who(Role.REPORT_AUTHOR, 3)
    membership.join(case.reference, person.id, by=case.county.coordinator, at=case.wait(minutes=1))
    (seat,) = (row for row in seats(case) if row.account_id == person.id)
    assert seat.lapses_on == case.today + timedelta(weeks=12)


def test_seats_lapse_no_more_once_the_stage_is_corrected_to_an_earlier_one(case: Case) -> None:
    case.take("publish")
    case.take("correct_stage", target=Stage.PUBLICATION)
    assert {row.lapses_on for row in seats(case)} == {None}
    case.wait(days=60)
    assert reaches(case, Role.INDEPENDENT_CHAIR)


def test_a_seat_is_kept_only_where_it_lapses_and_only_by_whoever_gives_seats(case: Case) -> None:
    (chair,) = (row for row in seats(case) if row.role == Role.INDEPENDENT_CHAIR)
    with pytest.raises(NotYet) as refusal:
        lapsing.keep(case.reference, chair.id, by=case.county.coordinator, at=case.at)
    assert "does not lapse" in refusal.value.reasons[0].sentence
    case.take("publish")
    with pytest.raises(NotAllowed):
        lapsing.keep(case.reference, chair.id, by=case.county.who(Role.INDEPENDENT_CHAIR), at=case.wait(minutes=1))
    with pytest.raises(NotYet) as refusal:
        lapsing.keep(case.reference, chair.id, by=case.county.coordinator, at=case.wait(days=40))
    assert "give the person a seat again" in refusal.value.reasons[0].sentence
    lapsing.end_lapsed(case.county.house, at=case.at)
    with pytest.raises(OutOfReach):
        lapsing.keep(case.reference, chair.id, by=case.county.coordinator, at=case.at)
    other = case.county.review(Stage.PANEL)
    with pytest.raises(OutOfReach):
        lapsing.keep(other.reference, chair.id, by=case.county.coordinator, at=other.at)
