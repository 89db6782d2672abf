"""The desk of a chair or author: their reviews only, where each stands, and what they themselves can do next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dhr_app.casework.desk import OnDesk, desk
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import drafts
from tests.queries import asked_by
from tests.reviews import Case, County

CHAIR, AUTHOR = Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR


def desk_of(case: Case, by: Person) -> tuple[OnDesk, ...]:
    return desk(by=by, at=case.at + timedelta(minutes=5))


def conditions(one: OnDesk) -> list[str]:
    return [reason.condition for reason in one.asked]


def test_only_the_reviews_that_one_sits_on_are_there(county: County) -> None:
    county.review(Stage.PANEL)
    case = county.review(Stage.SCOPING)
    assert desk_of(case, county.who(CHAIR)) == ()
    case.seat(CHAIR)
    assert [one.reference for one in desk_of(case, county.who(CHAIR))] == [case.reference]
    assert desk_of(case, county.who(AUTHOR)) == ()


def test_a_chair_is_asked_for_what_a_chair_can_do_and_told_how_much_waits_for_others(county: County) -> None:
    case = county.review(Stage.PANEL)
    for role in (CHAIR, AUTHOR):
        case.seat(role)
    (chairs,) = desk_of(case, county.who(CHAIR))
    (authors,) = desk_of(case, county.who(AUTHOR))
    assert (chairs.stage, chairs.onward) == (Stage.PANEL, "Begin the chair’s report")
    assert "terms_agreed" in conditions(chairs)
    assert "terms_agreed" in conditions(authors)
    assert "specialist_on_panel" in conditions(chairs)
    assert "specialist_on_panel" not in conditions(authors)
    assert "chair_appointed" not in conditions(chairs)  # theirs is the panel; who chairs it the coordinator enters
    assert chairs.others < authors.others


def test_a_draft_can_be_handed_in_from_the_commissioning_on_and_is_counted(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.seat(CHAIR)
    assert not desk_of(case, county.who(CHAIR))[0].may_hand_in
    case.to(Stage.PANEL)
    drafts.hand_in(case, county.who(CHAIR))
    (one,) = desk_of(case, county.who(CHAIR))
    assert (one.may_hand_in, one.drafts) == (True, 1)


def test_it_shows_the_next_date_and_whether_it_is_late(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.seat(CHAIR)
    (now,) = desk_of(case, county.who(CHAIR))
    assert now.next_on is not None
    assert now.next_what
    case.wait(days=2000)
    assert desk_of(case, county.who(CHAIR))[0].late


def test_it_asks_the_database_no_more_for_three_reviews_than_for_one(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.seat(CHAIR)
    once = asked_by(county.house, lambda: desk_of(case, county.who(CHAIR)))
    for stage in (Stage.CHAIR_REPORT, Stage.SCOPING):
        county.review(stage).seat(CHAIR)
    case.wait(days=20)
    assert len(desk_of(case, county.who(CHAIR))) == 3
    assert asked_by(county.house, lambda: desk_of(case, county.who(CHAIR))) == once


@pytest.mark.parametrize("role", sorted(set(Role) - {CHAIR, AUTHOR}))
def test_nobody_else_has_one(county: County, role: Role) -> None:
    with pytest.raises(NotAllowed):
        desk(by=county.who(role), at=county.review(Stage.PANEL).at)
