"""How long records are kept, and the audit, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

KEPT = {
    "keep_until-day": "31", "keep_until-month": "12", "keep_until-year": "2033", "policy": "Retention schedule, 2024",
}  # fmt: skip
AUDIT = {"audited_on-day": "2", "audited_on-month": "6", "audited_on-year": "2026", "audit_found": "partly"}


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.SEMINAR, at=NOW - timedelta(days=40))


def page_of(case: Case) -> str:
    return f"/reviews/{case.reference}/closing"


def test_how_long_the_records_are_kept_is_set_and_corrected(case: Case, visitor: Visitor) -> None:
    visitor.open(page_of(case))
    assert "The day is not set yet." in visitor.text
    visitor.open(f"{page_of(case)}/retention").send(KEPT)
    assert "Kept until 31 December 2033 Policy Retention schedule, 2024" in visitor.text
    assert "retention_date_set" not in case.needed("close")
    visitor.open(f"{page_of(case)}/retention").send({"keep_until-year": "2034"})
    assert "Kept until 31 December 2034" in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{page_of(case)}/retention").send({**KEPT, "keep_until-year": "2003"})
    assert visitor.errors() == ["31 December 2003 is not a day to come: check the year."]
    assert visitor.value("policy") == "Retention schedule, 2024"
    visitor.open(f"{page_of(case)}/audit").send({**AUDIT, "audited_on-month": "9"})
    assert visitor.errors() == ["2 September 2026 has not come yet: check the day."]
    assert visitor.value("audit_found") == "partly"


def test_an_audit_that_found_too_little_says_what_to_do_next(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{page_of(case)}/audit").send(AUDIT)
    assert "Audited 2 June 2026 What it found Some of it has lasted" in visitor.text
    assert "Take it to the steering group" in visitor.text
    visitor.open(f"{page_of(case)}/audit").send({"audit_found": "lasted"})
    assert "Take it to the steering group" not in visitor.text


def test_the_second_to_save_chooses(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(f"{page_of(case)}/retention")
    visitor.open(f"{page_of(case)}/retention").send(KEPT)
    second.send({**KEPT, "policy": "Another schedule"})
    assert second.status == 409
    second.send({"keep-policy": "yours"})
    assert "Policy Another schedule" in second.text


def test_overseers_read_it_and_only_the_coordinator_changes_it(app: Flask, case: Case, sign_in: SignIn) -> None:
    for role, status in ((Role.STEERING_MEMBER, 200), (Role.AUDITOR, 403)):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(page_of(case)).status == status
        assert "Set the day" not in other.text
        assert other.open(f"{page_of(case)}/retention").status == 403
        assert other.open(f"{page_of(case)}/audit").status == 403
    outsider = Visitor(app.test_client())
    sign_in(outsider.client, Role.PANEL_MEMBER)
    assert outsider.open(page_of(case)).status == 404
