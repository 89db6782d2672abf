"""What an agency owes: over all reviews, overdue first; its own alone, on a review it sits on or not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dhr_app.casework import accuracy, imr
from dhr_app.casework.imr import RequestEntry
from dhr_app.casework.owed import OwedPage, owed_page
from dhr_app.database.models import Agency, Conflict, ScopingRequest
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.papers import final_papers
from tests.planning import act, done, recommend
from tests.queries import asked_by
from tests.reporting import contributor, report
from tests.reviews import Case, County

YEAR = timedelta(days=365)


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


def owed(county: County, on: date, *, number: int = 1) -> OwedPage:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return owed_page(by=county.who(Role.AGENCY_CONTRIBUTOR, number), at=at)


def ask_for_imr(case: Case) -> None:
    """The police are asked for an IMR with its chronology."""
    entry = RequestEntry("imr", case.today, chronology_requested=True)
    by, police = case.county.coordinator, case.county.agency("Police")
    imr.ask(case.reference, (police,), entry, by=by, at=case.wait(minutes=1))


def lines(page: OwedPage) -> list[str]:
    return [one.what for one in (*page.late, *page.soon, *page.later, *page.reported)]


def test_nothing_is_owed_where_nothing_was_asked(county: County) -> None:
    page = owed(county, date(2026, 6, 3))
    assert page.nothing
    assert page.agency == "Barsetshire Police"


def test_actions_come_overdue_first_then_by_date_without_a_seat(case: Case, county: County) -> None:
    of = recommend(case, "4")
    for days in (200, 10, -3, -40):
        act(case, of, target_on=case.today + timedelta(days=days))
    act(case, of, when="not_yet", target_on=None)
    act(case, of, when="ongoing", look_again_on=case.today + timedelta(days=5))
    page = owed(county, case.today)
    assert [(one.what, one.days_late) for one in page.late] == [("Action 4/4", 40), ("Action 4/3", 3)]
    assert [one.what for one in page.soon] == ["Action 4/6", "Action 4/2"]
    assert [one.what for one in page.later] == ["Action 4/1", "Action 4/5"]
    assert page.late[0].path.startswith("/owed/actions/")
    assert page.late[0].review == case.reference


def test_due_today_is_not_late(case: Case, county: County) -> None:
    act(case, recommend(case, "4"), target_on=case.today)
    assert [one.days_late for one in owed(county, case.today).soon] == [0]


def test_what_is_done_waits_and_what_is_closed_or_another_s_is_not_there(case: Case, county: County) -> None:
    of = recommend(case, "4")
    first = act(case, of, target_on=case.today - timedelta(days=9))
    act(case, of, owner_id=county.agency("Probation"))
    act(case, of, owner_id=None)
    done(case, first)
    page = owed(county, case.today)
    assert (lines(page), page.late, page.nothing) == (["Action 4/1"], (), True)
    assert page.reported[0].reported


def test_what_the_last_report_says_stands_beside_it(case: Case, county: County) -> None:
    action_id = act(case, recommend(case, "4"))
    report(case, action_id, "need_longer", blocked_by="The supplier")
    (one,) = owed(county, case.today).later
    assert (one.asks_longer, one.state.code if one.state else "") == (True, "blocked")
    report(case, action_id, "no_change")
    (one,) = owed(county, case.today).later
    assert (one.asks_longer, one.state.code if one.state else "") == (True, "under_way")


def test_what_was_asked_is_owed_where_one_sits_for_the_agency(case: Case, county: County) -> None:
    ask_for_imr(case)
    assert lines(owed(county, case.today)) == []
    case.seat(Role.AGENCY_CONTRIBUTOR)
    page = owed(county, case.today)
    assert sorted(lines(page)) == ["Chronology", "IMR"]
    assert all(one.due_on is not None for one in (*page.soon, *page.later))
    assert lines(owed(county, case.today + YEAR)) == [one.what for one in owed(county, case.today + YEAR).late]
    case.take("pause", review_by=case.today + timedelta(days=60))
    assert any(one.on_hold for one in owed(county, case.today).later)


def test_a_scoping_return_and_an_accuracy_check_lead_to_their_pages(county: County) -> None:
    scoping, draft = county.review(Stage.SCOPING), county.review(Stage.CHAIR_REPORT)
    for each in (scoping, draft):
        each.seat(Role.AGENCY_CONTRIBUTOR)
    (request,) = scoping.rows(ScopingRequest)
    final_papers(draft)
    accuracy.send(
        draft.reference, (county.agency("Police"),), draft.today, by=county.coordinator, at=draft.wait(minutes=1)
    )
    page = owed(county, max(scoping.today, draft.today))
    paths = {one.what: one.path for one in (*page.late, *page.soon, *page.later)}
    assert paths["Factual accuracy check"].startswith(f"/reviews/{draft.reference}/accuracy/")
    assert paths["Scoping return"] == f"/reviews/{scoping.reference}/scoping/{request.id}"


def test_a_conflict_of_interest_hides_what_is_owed_there(case: Case, county: County) -> None:
    act(case, recommend(case, "4"))
    barred = contributor(case)
    with county.house.transaction(by=county.coordinator, at=case.at) as session:
        session.add(Conflict(review_id=case.row.id, account_id=barred.id))
    assert lines(owed(county, case.today)) == []
    assert lines(owed(county, case.today, number=2)) == ["Action 4/1"]


def test_a_successor_owes_what_the_ended_agency_took_on(case: Case, county: County) -> None:
    act(case, recommend(case, "4"), owner_id=county.agency("Probation"))
    with county.house.transaction(by=county.coordinator, at=case.at) as session:
        ended = session.get_one(Agency, county.agency("Probation"))
        ended.successor_id, ended.to_on = county.agency("Police"), case.today
    assert lines(owed(county, case.today)) == []
    (one,) = owed(county, case.today + timedelta(days=1)).later
    assert one.owner == "Probation Service, Barsetshire"


def test_it_asks_as_often_for_many_as_for_one(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.seat(Role.AGENCY_CONTRIBUTOR)
    ask_for_imr(case)

    def look() -> OwedPage:
        return owed(county, case.today)

    act(case, recommend(case, "4"))
    for_one = asked_by(county.house, look)
    for stage in (Stage.PANEL, Stage.PANEL):
        more = county.review(stage)
        more.seat(Role.AGENCY_CONTRIBUTOR)
        ask_for_imr(more)
        for number in ("1", "2"):
            report(more, act(more, recommend(more, number)))
    assert len(lines(look())) > 4
    assert asked_by(county.house, look) == for_one


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AGENCY_CONTRIBUTOR}))
def test_it_is_the_contributor_s_own(county: County, role: Role) -> None:
    with pytest.raises(NotAllowed):
        owed_page(by=county.who(role), at=datetime(2026, 6, 3, 8, tzinfo=UTC))
