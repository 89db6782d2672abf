"""One page says who had access to a review, and opens nothing to say it."""

from __future__ import annotations

from datetime import date

import pytest

from dhr_app.casework.had_access import had_access
from dhr_app.casework.people import open_people
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.casework.test_incident import enter
from tests.casework.test_information_request import decide, opened, receive
from tests.disposals import disposed
from tests.linking import agreed, sent
from tests.planning import act, recommend
from tests.queries import asked_by
from tests.reviews import County


def test_it_says_who_looked_who_sat_who_was_asked_and_what_was_disclosed(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    open_people(case.reference, by=county.chair, at=case.wait(days=1))
    decide(case, receive(case))
    receive(case, kind="coroner")
    enter(case)
    case.wait(days=1)
    page = had_access(case.reference, by=county.who(Role.AUDITOR), at=case.wait(minutes=1))
    assert county.chair.name in {opener.name for opener in page.openers if opener.role == Role.STEERING_CHAIR.label}
    assert {seat.role for seat in page.seats} >= {Role.INDEPENDENT_CHAIR.label, Role.PANEL_MEMBER.label}
    assert all(seat.to_on is None for seat in page.seats)
    assert "Asked what it knows" in {shared.what for shared in page.shared}
    assert [line.kind for line in page.requests] == ["Coroner", "Subject access"]
    assert (page.disclosures, page.open_requests, len(page.incidents)) == (1, 1, 1)
    assert [(line.until, line.destroyed_on) for line in page.kept] == [(None, None)] * 7
    assert opened(case) == []


def test_it_says_which_agency_was_sent_a_link_to_which_action(county: County) -> None:
    case = county.review(Stage.PUBLICATION)
    agreed(case)
    action_id = act(case, recommend(case, "4"))
    sent(case, action_id)
    page = had_access(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    links = [one for one in page.shared if "link" in one.what]
    assert [(one.on, one.what) for one in links] == [(case.today, "Sent a link to report on one action: Action 4/1")]


def test_it_says_when_each_class_is_destroyed_and_when_it_was(county: County) -> None:
    case = county.review(Stage.NOT_REVIEWED)
    disposed(case, "identities", "family", "sensitive", "kept_words")
    page = had_access(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    kept = {line.what: line for line in page.kept}
    assert kept[DETAILS_OPENED["identities"]].destroyed_on == case.today
    assert isinstance(kept[DETAILS_OPENED["working_papers"]].until, date)


@pytest.mark.parametrize("role", [Role.INDEPENDENT_CHAIR, Role.STEERING_MEMBER, Role.PANEL_MEMBER])
def test_nobody_else_reads_it(county: County, role: Role) -> None:
    case = county.review(Stage.PANEL, seats=True)
    with pytest.raises(NotAllowed):
        had_access(case.reference, by=county.who(role), at=case.wait(minutes=1))


def test_it_asks_as_often_for_much_as_for_little(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    by = county.coordinator
    receive(case)
    enter(case)
    few = asked_by(county.house, lambda: had_access(case.reference, by=by, at=case.at))
    for _ in range(3):
        receive(case)
        enter(case)
    assert asked_by(county.house, lambda: had_access(case.reference, by=by, at=case.at)) == few
