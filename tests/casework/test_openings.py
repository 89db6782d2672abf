"""Who has opened a review: counted by day and person from the trail, for those who watch over it."""

from __future__ import annotations

import pytest

from dhr_app.casework import openings as module
from dhr_app.casework.family import open_family
from dhr_app.casework.openings import Opening, openings
from dhr_app.casework.people import open_people
from dhr_app.database.models import Event
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County


def look_at_people(case: Case, *, times: int = 1, role: Role = Role.COORDINATOR) -> None:
    for _ in range(times):
        open_people(case.reference, by=case.county.who(role), at=case.wait(minutes=1))


def seen(case: Case, **asked: object) -> tuple[Opening, ...]:
    return openings(case.reference, by=case.county.who(Role.AUDITOR), at=case.at, **asked).openings  # type: ignore[arg-type]


def test_each_person_stands_there_once_a_day_for_what_they_opened_together(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.wait(days=1)
    look_at_people(case, times=3)
    look_at_people(case, role=Role.STEERING_CHAIR)
    open_family(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    found = {(one.by, one.classes): one.times for one in seen(case) if one.on == case.today}
    assert found == {
        (county.coordinator.name, (DataClass.IDENTITIES,)): 3,
        (county.coordinator.name, (DataClass.FAMILY,)): 1,
        (county.chair.name, (DataClass.IDENTITIES,)): 1,
    }


def test_the_latest_day_comes_first_and_a_page_ends_with_a_whole_day(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DAYS", 2)
    case = county.review(Stage.SCOPING)
    for _ in range(4):
        case.wait(days=1)
        look_at_people(case)
        look_at_people(case, role=Role.STEERING_CHAIR)
    page = openings(case.reference, by=county.coordinator, at=case.at)
    assert [one.on for one in page.openings] == sorted((one.on for one in page.openings), reverse=True)
    assert len({one.on for one in page.openings}) == 2
    assert len(page.openings) == 4
    older = seen(case, until=page.older)
    assert older[0].on == page.older
    assert older[0].on < page.openings[-1].on


def test_looking_at_the_list_opens_nothing(county: County) -> None:
    case = county.review(Stage.SCOPING)
    before = len(case.rows(Event))
    seen(case)
    assert len(case.rows(Event)) == before


def test_it_is_for_those_who_watch_over_a_review(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    for role in (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.AUDITOR):
        openings(case.reference, by=county.who(role), at=case.at)
    for role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.STEERING_MEMBER):
        with pytest.raises(NotAllowed):
            openings(case.reference, by=county.who(role), at=case.at)
    with pytest.raises(OutOfReach):
        openings(case.reference, by=county.who(Role.INDEPENDENT_CHAIR, 2), at=case.at)
