"""“I told …” on its page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.database.models import FamilyMember, Telling
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

COMMISSIONED = {"about": "commission:2"}
TODAY_BOXES = {"told_on-day": "3", "told_on-month": "6", "told_on-year": "2026"}


@pytest.fixture
def case(county: County) -> Case:
    """Commissioned in January; two relatives, of whom one is not to be contacted, and everybody still to be told."""
    case = county.review()
    case.relative()
    case.relative(full_name="Ben Harding", not_contacted_because="suspect")
    return case.to(Stage.PANEL)


def test_what_is_owed_is_listed_late_and_without_a_name(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/told")
    assert "family member 1, by" in visitor.text
    assert "Late" in visitor.text
    assert "Harding" not in visitor.text


def test_one_telling_says_how_many_duties_it_settled(case: Case, visitor: Visitor) -> None:
    first = next(row for row in case.rows(FamilyMember) if row.number == 1)
    visitor.open(f"/reviews/{case.reference}/told")
    told = {"audiences": ["home_office", "agencies"], "family_member_ids": [str(first.id)], "channel": "letter"}
    visitor.send({**told, **COMMISSIONED, **TODAY_BOXES, "note": "Letters 12 to 14"})
    assert "Recorded. 3 things that had to be told can be crossed off." in visitor.text
    assert "the Home Office, with the reasons" not in visitor.text
    visitor.send({"audiences": ["panel"], "channel": "e_mail", **COMMISSIONED, **TODAY_BOXES})
    assert "Recorded. Nothing on the list was waiting for this." in visitor.text
    visitor.send({"audiences": ["panel"], "channel": "e_mail", "about": "pause", **TODAY_BOXES})
    assert "Recorded. It counts for “Put on hold”." in visitor.text
    visitor.send({"audiences": ["panel"], "channel": "e_mail", "about": "in_touch", **TODAY_BOXES})
    assert "Recorded." in visitor.text
    assert "“Put on hold”, a step to come: first tell the family and the review panel" in visitor.text


def test_a_link_chooses_whom_beforehand(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/told"
    first = next(row for row in case.rows(FamilyMember) if row.number == 1)
    assert visitor.open(f"{path}?whom=home_office").value("audiences") == "home_office"
    assert visitor.open(f"{path}?whom=family").value("family_member_ids") == str(first.id)
    assert visitor.value("about") == "commission:2"  # the step taken of which they are to be told first
    assert visitor.open(f"{path}?whom=the+press").value("audiences") == ""
    assert visitor.value("about") == ""


def test_a_link_about_a_step_that_is_no_longer_open_chooses_no_other_step(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/told?whom=home_office"
    assert visitor.open(f"{path}&about=commission:2").value("about") == "commission:2"
    for gone in ("commission:7", "pause:1", "nothing"):
        assert visitor.open(f"{path}&about={gone}").value("about") == ""
        assert visitor.value("audiences") == "home_office"


def test_the_link_of_a_step_s_condition_chooses_that_step(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/moves/extend")
    (link,) = visitor.links("whom=home_office")
    visitor.open(link)
    assert (visitor.value("audiences"), visitor.value("about")) == ("home_office", "extend")
    visitor.send({"channel": "letter", **TODAY_BOXES})
    assert "Recorded. It counts for “Extend a date”." in visitor.text
    assert "Tell the Home Office" in visitor.text  # of the decision it is still to be told
    refused = visitor.client.post(
        f"/reviews/{case.reference}/moves/extend", data={"csrf_token": visitor.value("csrf_token")}
    )
    assert f"/reviews/{case.reference}/told?whom=family&amp;about=extend" in refused.text
    assert "whom=home_office" not in refused.text


def test_somebody_not_to_be_contacted_is_marked_and_refused_beside_the_list(case: Case, visitor: Visitor) -> None:
    barred = next(row for row in case.rows(FamilyMember) if row.number == 2)
    visitor.open(f"/reviews/{case.reference}/told")
    assert "Family member 2 (not to be contacted)" in visitor.text
    visitor.send(
        {"family_member_ids": [str(barred.id)], "channel": "letter", "note": "By post", **COMMISSIONED, **TODAY_BOXES}
    )
    assert visitor.errors() == ["Family member 2 is not to be contacted: record why they were not told instead."]
    assert visitor.value("note") == "By post"
    before = len(case.rows(Telling))
    visitor.send({"channel": "not_told", "why_not": "suspect"})
    assert visitor.status == 200
    assert len(case.rows(Telling)) == before + 1


def test_whom_how_and_when_have_to_be_said(county: County, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{county.review(at=NOW).reference}/told").send()
    assert set(visitor.errors()) == {
        "Choose whom you told.", "Say what it was about.", "Give the day.",
        "Say how you told them, or that they were not told.",
    }  # fmt: skip


def test_whoever_may_not_tell_does_not_find_the_page(app: Flask, case: Case, sign_in: SignIn) -> None:
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    assert auditor.open(f"/reviews/{case.reference}/told").status == 403


def test_a_telling_can_be_read_again_with_its_note_and_taken_back(case: Case, visitor: Visitor) -> None:
    told = f"/reviews/{case.reference}/told"
    visitor.open(f"{told}?whom=home_office").send({"channel": "letter", "note": "Letter 12", **TODAY_BOXES})
    assert "1 thing that had to be told can be crossed off" in visitor.text
    assert "Tell the Home Office" not in visitor.text
    visitor.open(visitor.links("/told/")[0])
    assert "Letter 12" in visitor.text
    visitor.send()
    assert visitor.errors() == ["Tick the box to take it back."]
    visitor.send({"sure": "y"})
    assert "Tell the Home Office" in visitor.text
    assert "Taken back" in visitor.text
    visitor.open(visitor.links("/told/")[0])
    assert "This was taken back already." in visitor.text
    assert "Letter 12" in visitor.text
