"""Who types one name after the other into a text that is held against the protected names is noticed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dhr_app.casework.health import check
from dhr_app.casework.names_tried import MANY, finding
from dhr_app.workflows.kept_words import MayNameSomebody
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.planning import recommend
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


def asked(case: Case, times: int, *, apart: timedelta, by: Person | None = None, what: str = "protected_names") -> None:
    """So many questions, the last of them just now."""
    house = case.county.house
    for ago in reversed(range(times)):
        house.database.record_refusal(
            review_id=case.row.id,
            what=what,
            reasons=["name"],
            by=by or case.county.coordinator,
            at=house.clock.now() - ago * apart,
        )


def test_a_text_that_is_refused_counts_as_a_question(case: Case) -> None:
    case.at = case.county.house.clock.now()
    for number in range(MANY + 1):
        assert finding(case.county.house)[0]
        with pytest.raises(MayNameSomebody):
            recommend(case, text=f"Ada was seen {number} times.")
    good, sentence = finding(case.county.house)
    assert not good
    assert sentence.startswith("One person was asked about names in more than 20 texts within an hour")
    assert "names_tried" in {one.question for one in check(case.county.house) if not one.good}


def test_as_many_over_a_day_or_by_several_people_are_none(case: Case) -> None:
    asked(case, MANY, apart=timedelta(minutes=1))
    asked(case, MANY, apart=timedelta(minutes=1), by=case.county.chair)
    asked(case, 2 * MANY, apart=timedelta(minutes=1), what="move.commission")
    assert finding(case.county.house)[0]
    asked(case, 2 * MANY, apart=timedelta(minutes=4), by=case.county.who(Role.REPORT_AUTHOR))
    assert finding(case.county.house)[0]


def test_yesterday_s_are_forgotten(case: Case) -> None:
    asked(case, MANY + 1, apart=timedelta(minutes=1))
    assert not finding(case.county.house)[0]
    case.county.house.clock.advance(days=1, minutes=1)  # type: ignore[attr-defined]
    assert finding(case.county.house)[0]
