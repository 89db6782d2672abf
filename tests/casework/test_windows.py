"""A real review comes to its stages: at each the real pages and the real keyring open to a seat, or shut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from dhr_app.casework import lapsing, membership
from dhr_app.casework.access import access_page
from dhr_app.casework.before_start import before_start, waiting_for
from dhr_app.casework.case_list import Filters, case_list
from dhr_app.casework.family import open_family
from dhr_app.casework.people import open_people
from dhr_app.casework.review_page import review_page
from dhr_app.casework.scoping_page import open_return, own_requests
from dhr_app.casework.search import search
from dhr_app.casework.terms_page import terms_page
from dhr_app.database.errors import OpeningRefused
from dhr_app.database.keyring import announce
from dhr_app.database.models import Membership, ScopingRequest, Terms
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import draft
from tests.queries import asked_by
from tests.reviews import Case, County

CHAIR, AUTHOR, PANEL_MEMBER, CONTRIBUTOR = (
    Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR,
)  # fmt: skip


def reached(case: Case, role: Role, page: Callable[..., object] = review_page) -> bool:
    try:
        page(case.reference, by=case.county.who(role), at=case.at)
    except OutOfReach:
        return False
    return True


def listed(case: Case, role: Role) -> bool:
    lines = case_list(Filters(), by=case.county.who(role), at=case.at).lines
    return case.reference in [line.reference for line in lines]


def key_opens(case: Case, role: Role) -> bool:
    """Whether somebody who has announced it reads the panel’s terms of reference, straight from their row."""
    house = case.county.house
    with house.with_keys(case.county.who(role), at=case.at):
        announce(case.row.id, [DataClass.PANEL_PAPERS], at=case.at)
        (row,) = case.rows(Terms)
        try:
            return row.period_from == "2018-09"
        except OpeningRefused:
            return False


@pytest.mark.parametrize("role", [CHAIR, AUTHOR, PANEL_MEMBER])
def test_a_seat_on_the_panel_given_early_opens_with_the_commission(county: County, role: Role) -> None:
    case = county.review(Stage.SCOPING)
    case.seat(role)
    assert not before_start(case.reference, by=county.who(role), at=case.at).opens
    assert not reached(case, role)
    assert not listed(case, role)
    case.take("commission")
    assert before_start(case.reference, by=county.who(role), at=case.at).opens
    assert reached(case, role)
    assert listed(case, role)


@pytest.mark.parametrize("role", [CHAIR, AUTHOR, PANEL_MEMBER])
def test_the_panel_s_papers_close_with_the_publication_and_open_again_where_the_review_goes_back(
    county: County, role: Role
) -> None:
    case = county.review(Stage.PANEL)
    case.seat(role)
    draft(case)
    case.to(Stage.PUBLICATION)
    assert (reached(case, role, terms_page), key_opens(case, role)) == (True, True)
    case.take("publish")
    assert (reached(case, role, terms_page), key_opens(case, role)) == (False, False)
    assert reached(case, role)
    assert listed(case, role)
    case.take("correct_stage", target=Stage.PUBLICATION)
    assert (reached(case, role, terms_page), key_opens(case, role)) == (True, True)


def test_after_the_publication_the_chair_finds_and_opens_nobody_s_name(county: County) -> None:
    case = county.review(Stage.PUBLICATION)
    case.seat(CHAIR)
    for page in (open_people, open_family):
        assert reached(case, CHAIR, page)
    assert [each.reference for each in search("Harding", by=county.who(CHAIR), at=case.at).reviews] == [case.reference]
    case.take("publish")
    for page in (open_people, open_family):
        assert not reached(case, CHAIR, page)
    assert search("Harding", by=county.who(CHAIR), at=case.at).reviews == ()
    assert reached(case, Role.COORDINATOR, open_people)


def test_an_agency_reads_its_own_return_from_the_day_it_is_asked_until_the_publication(county: County) -> None:
    case = county.review(Stage.NOTIFICATION)
    case.seat(CONTRIBUTOR)
    (request,) = case.ask("Police")

    def own(reference: str, *, by: Person, at: datetime) -> object:
        return open_return(reference, request.id, by=by, at=at)

    for page in (own_requests, own):
        assert reached(case, CONTRIBUTOR, page)
    case.to(Stage.PUBLICATION)
    assert case.rows(ScopingRequest)[0].outcome != "open"
    for page in (own_requests, own):
        assert reached(case, CONTRIBUTOR, page)
    case.take("publish")
    for page in (own_requests, own):
        assert not reached(case, CONTRIBUTOR, page)
    assert not listed(case, CONTRIBUTOR)


def test_who_can_see_it_names_nobody_whom_the_stage_keeps_out_and_says_what_opens_when(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.seat(PANEL_MEMBER)

    def names() -> set[str]:
        page = access_page(case.reference, by=county.coordinator, at=case.at)
        return {one.name for one in page.onlookers}

    member = county.who(PANEL_MEMBER).name
    assert member not in names()
    case.take("commission")
    assert member in names()
    page = access_page(case.reference, by=county.coordinator, at=case.at)
    papers = next(one for one in page.windows if one.who == PANEL_MEMBER.label)
    assert papers.what == ("Papers of the review panel",)
    assert (papers.since, papers.until) == ("From the stage “Review panel”", "Until the publication is decided")
    assert page.stage in papers.stages
    assert Stage.SEMINAR not in papers.stages


def test_after_the_publication_no_contributor_is_given_a_seat_or_keeps_one(county: County) -> None:
    case = county.review(Stage.PUBLICATION)
    case.seat(CONTRIBUTOR)
    case.take("publish")
    (seat,) = case.rows(Membership)
    with pytest.raises(NotYet, match="cannot be done") as refusal:
        lapsing.keep(case.reference, seat.id, by=county.coordinator, at=case.wait(minutes=1))
    assert refusal.value.reasons[0].condition == "over"
    with pytest.raises(Invalid) as given:
        membership.join(case.reference, county.who(CONTRIBUTOR, 2).id, by=county.coordinator, at=case.wait(minutes=1))
    assert "opens nothing to an agency contributor" in given.value.fields["account_id"]


def test_nobody_is_asked_to_sign_for_a_review_that_would_open_nothing(county: County) -> None:
    case = county.review(Stage.PUBLICATION)
    for role in (CONTRIBUTOR, CHAIR):
        membership.join(case.reference, county.who(role).id, by=county.coordinator, at=case.wait(minutes=1))
        assert waiting_for(by=county.who(role), at=case.at) == (case.reference,)
    case.take("publish")
    assert waiting_for(by=county.who(CONTRIBUTOR), at=case.at) == ()
    assert waiting_for(by=county.who(CHAIR), at=case.at) == (case.reference,)


def test_the_stage_comes_with_the_person_and_is_asked_for_in_no_further_question(county: County) -> None:
    case = county.review(Stage.PANEL)
    nobody_s = asked_by(county.house, lambda: county.who(PANEL_MEMBER))
    case.seat(PANEL_MEMBER)
    assert asked_by(county.house, lambda: county.who(PANEL_MEMBER)) == nobody_s
    assert county.who(PANEL_MEMBER).memberships[0].stage is Stage.PANEL
