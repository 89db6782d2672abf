"""Planning, approving and publishing a report, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from dhr_app.casework.publication_page import publication_page
from dhr_app.database.models import Publication
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

PLAN = {"mode": "redacted", "planned_on-day": "3", "planned_on-month": "7", "planned_on-year": "2026"}
TOLD = {"agencies_told_on-day": "1", "agencies_told_on-month": "6", "agencies_told_on-year": "2026"}
APPROVAL = {
    "approved_by": "T. Grantly, chair", "approved_on-day": "2", "approved_on-month": "6", "approved_on-year": "2026",
    "evidence": "Minute 6, folder Kestrel",
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    """A report that may be published."""
    return county.review(Stage.PUBLICATION, at=NOW - timedelta(days=40))


def page_of(case: Case) -> str:
    return f"/reviews/{case.reference}/publication"


def planned_by(visitor: Visitor, case: Case) -> str:
    """Plan a publication; the address of its form."""
    visitor.open(f"{page_of(case)}/new").send(PLAN)
    (row,) = case.rows(Publication)
    return f"{page_of(case)}/{row.id}"


def test_a_publication_is_planned_and_what_is_still_missing_is_said(case: Case, visitor: Visitor) -> None:
    visitor.open(page_of(case))
    assert "Nothing is planned yet." in visitor.text
    planned_by(visitor, case)
    assert visitor.path == page_of(case)
    assert "The publication is planned. Tell the family first." in visitor.text
    assert "Planned for 3 July 2026" in visitor.text
    assert "The planned day is none of the days the family asked to avoid." in visitor.text
    assert "Agencies and press may not be told yet." in visitor.text
    assert "Approved Not yet" in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{page_of(case)}/new").send({**PLAN, "address": "barsetshire", "planned_on-year": "2066"})
    assert visitor.status == 422
    assert visitor.errors() == [
        "3 July 2066 is years away: check the year.",
        "Give a whole web address, like https://www.barsetshire.example/reviews.",
    ]
    assert (visitor.value("mode"), visitor.value("address")) == ("redacted", "barsetshire")


def test_a_second_plan_is_refused_with_the_way_out(case: Case, visitor: Visitor) -> None:
    planned_by(visitor, case)
    visitor.open(f"{page_of(case)}/new").send(PLAN)
    assert visitor.status == 409
    assert "A publication is planned already: correct that one." in visitor.text


def test_the_plan_is_corrected_once_the_agencies_are_told(case: Case, visitor: Visitor) -> None:
    visitor.open(planned_by(visitor, case))
    assert visitor.page.select("[name^=published_on]") == []
    visitor.send({**TOLD, "address": "https://www.barsetshire.example/dhr"})
    assert "Agencies told 1 June 2026" in visitor.text
    assert "agencies_told_of_publication" not in case.needed("publish")


def test_the_second_to_save_chooses_between_both(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    path = planned_by(visitor, case)
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"mode": "summary"})
    second.send({"mode": "full", **TOLD})
    assert second.status == 409
    assert "The executive summary alone" in second.text
    second.send({"keep-mode": "theirs", "keep-agencies_told_on": "yours"})
    (row,) = case.rows(Publication)
    assert (row.mode, str(row.agencies_told_on)) == ("summary", "2026-06-01")


def test_an_approval_is_entered_on_behalf_and_read_by_those_who_may(
    app: Flask, case: Case, county: County, visitor: Visitor, sign_in: SignIn
) -> None:
    path = planned_by(visitor, case)
    visitor.open(f"{path}/approval").send({**APPROVAL, "evidence": ""})
    assert visitor.errors() == ["Say what shows the approval, and where it is kept."]
    assert visitor.value("approved_by") == "T. Grantly, chair"
    visitor.send({"evidence": "Minute 6, folder Kestrel"})
    assert "T. Grantly, chair, 2 June 2026" in visitor.text
    assert "folder Kestrel" not in visitor.text
    author = Visitor(app.test_client())
    sign_in(author.client, Role.REPORT_AUTHOR)
    assert author.open(f"{path}/approval").status == 404


def test_the_chair_of_the_steering_group_finds_their_own_name_and_approves(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = planned_by(visitor, case)
    chair = Visitor(app.test_client())
    who = sign_in(chair.client, Role.STEERING_CHAIR)
    chair.open(page_of(case))
    assert "Correct or add to the plan" not in chair.text
    chair.open(f"{path}/approval")
    assert chair.value("approved_by") == f"{who.name}, steering group chair"
    chair.send()
    assert chair.path == page_of(case)
    assert "publication_approved" not in case.needed("publish")


def test_once_published_it_stands_in_the_history_and_its_days_are_corrected(case: Case, visitor: Visitor) -> None:
    path = planned_by(visitor, case)
    visitor.open(path).send({"planned_on-day": "1", "planned_on-month": "6"})
    case.at = NOW
    case.settle("publish")
    case.move("publish", decided_on=case.today - timedelta(days=2))
    visitor.open(page_of(case))
    assert "Publication 1 Published 1 June 2026" in visitor.text
    assert "To publish the report again, plan it first." in visitor.text
    visitor.open(path).send({"published_on-day": "2"})
    assert "Publication 1 Published 2 June 2026" in visitor.text


def test_a_publication_from_before_this_system_is_recorded(county: County, visitor: Visitor) -> None:
    case = county.review(Stage.SEMINAR, at=NOW - timedelta(days=40))
    visitor.open(f"{page_of(case)}/earlier").send({"mode": "full"})
    assert visitor.errors() == ["Give the day on which it was published."]
    visitor.send({"published_on-day": "4", "published_on-month": "5", "published_on-year": "2023"})
    assert "Publication 1 Published 4 May 2023" in visitor.text


def test_before_the_home_office_allows_it_the_page_says_so(county: County, visitor: Visitor) -> None:
    case = county.review(Stage.PANEL, at=NOW - timedelta(days=40))
    visitor.open(page_of(case))
    assert "publication is planned once the Home Office allows it" in visitor.text
    assert visitor.page.select("main form") == []
    assert visitor.open(f"{page_of(case)}/new").status == 409


def test_who_may_not_see_or_change_it(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    path = planned_by(visitor, case)
    for role, seen in ((Role.STEERING_DEPUTY, 200), (Role.STEERING_MEMBER, 403), (Role.AUDITOR, 403)):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(page_of(case)).status == seen
        assert other.open(f"{page_of(case)}/new").status == 403
        assert other.open(f"{page_of(case)}/earlier").status == 403
        assert other.open(path).status == 403


def test_the_page_asks_the_database_as_often_for_three_publications_as_for_one(
    county: County, visitor: Visitor
) -> None:
    case = county.review(Stage.SEMINAR, at=NOW - timedelta(days=40))

    def record(year: str) -> None:
        visitor.open(f"{page_of(case)}/earlier").send(
            {"mode": "full", "published_on-day": "4", "published_on-month": "5", "published_on-year": year}
        )

    def questions() -> int:
        return asked_by(county.house, lambda: visitor.open(page_of(case)))

    record("2021")
    for_one = questions()
    record("2022")
    record("2023")
    assert len(publication_page(case.reference, by=county.coordinator, at=NOW).earlier) == 3
    assert questions() == for_one
