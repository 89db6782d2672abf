"""Two people at the same moment: one is first, the other is told so, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from dhr_app.casework.emergency import confirm as confirm_emergency
from dhr_app.casework.house import at_work
from dhr_app.casework.move import make_move
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.statement import second
from dhr_app.database.models import Event, MoveMade, Statement
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid, NotYet, Over
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.emergencies import asked, comes_in
from tests.reviews import BEGAN, County, row_counts


def together(county: County, *deeds: Callable[[], object]) -> list[object]:
    """Do all at once, each in a thread of its own; what each returned or raised."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        with at_work(county.house):
            barrier.wait(timeout=20)
            try:
                return deed()
            except (NotYet, Invalid, Over) as refusal:
                return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.parametrize("number", [2, 5])
def test_of_two_who_press_the_same_button_one_wins_and_the_others_are_told_why_not(county: County, number: int) -> None:
    case = county.review()
    case.settle("begin_scoping")
    people = [county.who(Role.COORDINATOR, each) for each in range(1, number + 1)]
    entry, at = case.entry("begin_scoping"), case.wait(minutes=1)
    done = together(
        county, *(lambda by=by: make_move(case.reference, "begin_scoping", entry, by=by, at=at) for by in people)
    )
    refused = [each for each in done if isinstance(each, NotYet)]
    assert (done.count(Stage.SCOPING), len(refused)) == (1, number - 1)
    assert {reason.condition for each in refused for reason in each.reasons} == {"stage"}
    assert [row.seq for row in case.rows(MoveMade)] == [1]
    assert [row.kind for row in case.rows(Event)].count("refused") == number - 1
    with county.house.reading() as session:
        assert verify(session, case.row.id) == []


def test_two_different_moves_at_once_leave_one_way_and_one_number_each(county: County) -> None:
    case = county.review(Stage.SCOPING)
    for name in ("decide_not_to_review", "withdraw"):
        case.settle(name)
    at = case.wait(minutes=1)
    names = ("decide_not_to_review", "withdraw")
    entries = {name: case.entry(name) for name in names}
    by = county.coordinator
    together(county, *(lambda n=n: make_move(case.reference, n, entries[n], by=by, at=at) for n in names))
    made = case.rows(MoveMade)
    assert [row.seq for row in made] == [1, 2]
    assert made[-1].to_stage == case.stage
    assert case.stage in (Stage.NOT_REVIEWED, Stage.WITHDRAWN)


def test_two_who_agree_at_once_agree_once(county: County) -> None:
    case = county.review()
    statement_id = case.state("agreed_to_correct")
    at = case.wait(minutes=1)
    people = [county.chair, county.who(Role.STEERING_DEPUTY)]
    done = together(county, *(lambda by=by: second(case.reference, statement_id, by=by, at=at) for by in people))
    assert sum(isinstance(each, Invalid) for each in done) == 1
    (row,) = [each for each in case.rows(Statement) if each.id == statement_id]
    assert row.counts
    assert row.second_id in {person.id for person in people}


def test_reviews_notified_at_once_get_numbers_of_their_own(county: County) -> None:
    entry = NotificationEntry(aware_on=BEGAN.date())
    victims = (PersonEntry(full_name="Ada Harding"),)
    people = [county.who(Role.COORDINATOR, each) for each in range(1, 5)]
    made = together(county, *(lambda by=by: notify(entry, victims, "dhr-2016", by=by, at=BEGAN) for by in people))
    assert len(set(made)) == 4
    assert all(isinstance(reference, str) and reference.startswith("DHR-2026-") for reference in made)


def test_the_first_two_of_a_year_notified_at_once_get_its_first_numbers(county: County) -> None:
    new_year = BEGAN.replace(year=BEGAN.year + 1)
    victims = (PersonEntry(full_name="Ada Harding"),)
    people = [county.who(Role.COORDINATOR, each) for each in range(1, 5)]
    entry = NotificationEntry(aware_on=new_year.date())
    made = together(county, *(lambda by=by: notify(entry, victims, "dhr-2016", by=by, at=new_year) for by in people))
    assert sorted(str(reference) for reference in made) == [f"DHR-2027-{number:03}" for number in range(1, 5)]


def test_a_form_sent_twice_at_once_makes_one_review(county: County) -> None:
    victims, by, once = (PersonEntry(full_name="Ada Harding"),), county.coordinator, uuid4()
    before = row_counts(county.house)["review"]
    first, other = together(
        county, *(lambda: notify(NotificationEntry(), victims, "dhr-2016", once=once, by=by, at=BEGAN),) * 2
    )
    assert first == other
    assert row_counts(county.house)["review"] == before + 1


def test_two_who_confirm_emergency_access_at_once_give_it_once(county: County) -> None:
    case, chair = county.review(Stage.SCOPING), county.who(Role.INDEPENDENT_CHAIR, 2)
    row_id = asked(case, chair)
    people, at = [county.coordinator, county.chair, county.who(Role.STEERING_DEPUTY)], case.wait(minutes=1)
    done = together(county, *(lambda by=by: confirm_emergency(case.reference, row_id, by=by, at=at) for by in people))
    assert [type(each) for each in done if each is not None] == [Over, Over]
    assert case.happened("emergency") == ["emergency_asked", "emergency_confirmed"]
    assert len(comes_in(chair, at).emergencies) == 1
