"""Briefings and seminars on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from dhr_app.casework.seminar import SeminarPage, hold_seminar, seminar_page
from dhr_app.casework.seminar_checks import SeminarEntry
from dhr_app.database.models import Briefing
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

ISSUED = {"issued_on-day": "1", "issued_on-month": "6", "issued_on-year": "2026", "sent_to": ["agencies", "public"]}
HELD = {
    "theme": "Coercive control", "format": "online", "held_on-day": "2", "held_on-month": "6", "held_on-year": "2026",
    "speakers": ["expert", "family"], "invited": "120",
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    """A review whose report is settled."""
    case = county.review(Stage.SEMINAR, at=NOW - timedelta(days=40))
    case.at = NOW
    return case


def page_of(case: Case) -> str:
    return f"/reviews/{case.reference}/learning"


def held(*cases: Case) -> SeminarPage:
    """A seminar about these reviews."""
    by = cases[0].county.coordinator
    about = tuple(case.reference for case in cases)
    entry = SeminarEntry("Stalking", "hybrid", cases[0].today - timedelta(days=1), about)
    return seminar_page(hold_seminar(entry, by=by, at=NOW), by=by, at=NOW)


# --- The briefing ---------------------------------------------------------------------------------------------------


def test_a_briefing_is_recorded_corrected_and_taken_off(case: Case, visitor: Visitor) -> None:
    visitor.open(page_of(case))
    assert "No briefing is issued yet." in visitor.text
    visitor.open(f"{page_of(case)}/briefings/new").send({**ISSUED, "kept": "Folder Curlew"})
    assert "Issued on 1 June 2026 The agencies of the review Everybody, on the web" in visitor.text
    assert "Folder Curlew" not in visitor.text
    (row,) = case.rows(Briefing)
    path = f"{page_of(case)}/briefings/{row.id}"
    visitor.open(path)
    assert visitor.value("kept") == "Folder Curlew"
    visitor.send({"issued_on-day": "2"}, button="Save")
    assert "Issued on 2 June 2026" in visitor.text
    visitor.open(path).send(button="Take the briefing off this review")
    assert "No briefing is issued yet." in visitor.text


def test_what_is_wrong_with_a_briefing_stands_beside_its_box(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{page_of(case)}/briefings/new").send({"kept": "Folder Curlew"})
    assert visitor.errors() == ["Give the day on which it was issued.", "Say to whom it was sent."]
    assert visitor.value("kept") == "Folder Curlew"


def test_the_second_to_save_a_briefing_chooses(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    visitor.open(f"{page_of(case)}/briefings/new").send(ISSUED)
    (row,) = case.rows(Briefing)
    path = f"{page_of(case)}/briefings/{row.id}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"sent_to": ["practitioners"]}, button="Save")
    second.send({"sent_to": ["all_agencies"], "kept": "Folder Curlew"}, button="Save")
    assert second.status == 409
    assert "Front-line staff" in second.text
    second.send({"keep-sent_to": "yours", "keep-kept": "yours"})
    assert case.rows(Briefing)[0].sent_to == ["all_agencies"]


def test_before_the_report_is_settled_nothing_is_offered(county: County, visitor: Visitor) -> None:
    case = county.review(Stage.SCOPING, at=NOW - timedelta(days=9))
    visitor.open(page_of(case))
    assert "Briefings and seminars are recorded once its report is settled." in visitor.text
    offered = [each.get_text(strip=True) for each in visitor.page.select("main a, main button")]
    assert not [words for words in offered if words.startswith("Record ")]
    assert visitor.open(f"{page_of(case)}/briefings/new").status == 409


# --- Seminars -------------------------------------------------------------------------------------------------------


def test_a_seminar_about_two_reviews_is_entered_once_from_one_of_them(
    case: Case, county: County, visitor: Visitor
) -> None:
    other = county.review(Stage.CLOSED, at=NOW - timedelta(days=40))
    visitor.open(f"/seminars/new?review={case.reference}")
    assert visitor.value("reviews") == case.reference
    visitor.send({**HELD, "reviews": [case.reference, other.reference]})
    assert "The seminar is recorded. Now say who came." in visitor.text
    assert "Coercive control" in visitor.text
    assert "Invited 120 Registered Not recorded" in visitor.text
    for each in (case, other):
        assert "Coercive control 2 June 2026 Online Not recorded This review and 1 other" in visitor.open(
            page_of(each)
        ).text  # fmt: skip


def test_what_is_wrong_with_a_seminar_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open("/seminars/new").send({**HELD, "format": "another_way", "invited": "many", "held_on-year": "2027"})
    assert visitor.errors() == ["Give a whole number from 0 to 100,000, or leave the box empty."]
    assert (visitor.value("invited"), visitor.value("theme")) == ("many", "Coercive control")
    visitor.send({"invited": ""})
    assert visitor.errors() == [
        "Choose at least one review.",
        "2 June 2027 has not come yet: check the day.",
        "Give the minute in which it was recorded: its number and day.",
    ]
    assert visitor.value("speakers") == "expert family"
    visitor.send({"reviews": [case.reference], "held_on-year": "2026", "minuted": "Minute 9 of 2 June"})
    assert "Shared in another way that was minuted" in visitor.text
    assert "Minute Minute 9 of 2 June" in visitor.text


def test_a_seminar_is_corrected_and_the_second_to_save_chooses(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = f"/seminars/{held(case).id}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(f"{path}/correct")
    visitor.open(f"{path}/correct").send({"theme": "Orders that are broken"}, button="Save")
    assert "Orders that are broken" in visitor.text
    second.send({"theme": "Stalking, and orders", "speakers": ["agency"]}, button="Save")
    assert second.status == 409
    assert "Staff of an agency" in second.text
    second.send({"keep-theme": "theirs", "keep-speakers": "yours"})
    assert second.path == path
    assert "Orders that are broken" in second.text
    assert "Who spoke Staff of an agency" in second.text


def test_who_came_and_what_they_said_is_entered_by_agency(case: Case, county: County, visitor: Visitor) -> None:
    path = f"/seminars/{held(case).id}"
    police, refuge = (f"attendance-{county.agency(name)}" for name in ("Police", "Barset Refuge"))
    visitor.open(f"{path}/figures").send({police: "12", refuge: "some", "surveys_returned": "5", "ratings-good": "9"})
    assert visitor.errors() == ["Give a whole number from 0 to 100,000, or leave the box empty."]
    assert visitor.value(police) == "12"
    visitor.send({refuge: "7"})
    assert visitor.errors() == ["5 forms were returned, and 9 rated the seminar: check the figures."]
    visitor.send({"surveys_returned": "15", "surveys_sent": "19"})
    assert "19 people in all." in visitor.text
    assert "Barsetshire Police 12" in visitor.text
    assert "15 survey forms came back, of 19 sent." in visitor.text
    assert "Good 9" in visitor.text
    visitor.open(f"{path}/figures").send({police: ""})
    assert "7 people in all." in visitor.text
    assert "7 people" in visitor.open(page_of(case)).text


def test_the_second_to_save_the_figures_chooses(
    app: Flask, case: Case, county: County, visitor: Visitor, sign_in: SignIn
) -> None:
    path = f"/seminars/{held(case).id}"
    police = f"attendance-{county.agency('Police')}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(f"{path}/figures")
    visitor.open(f"{path}/figures").send({police: "12"})
    second.send({police: "11"})
    assert second.status == 409
    assert "Barsetshire Police: 12" in second.text
    second.send({"keep-attendance": "yours"})
    assert "11 people in all." in second.text


def test_a_seminar_entered_by_mistake_is_taken_off(case: Case, visitor: Visitor) -> None:
    path = f"/seminars/{held(case).id}"
    visitor.open(f"{path}/correct").send(button="Take the seminar off its reviews")
    assert visitor.path == page_of(case)
    assert "Nothing was shared yet" in visitor.text
    assert visitor.open(path).status == 404


def test_the_steering_group_reads_a_seminar_and_the_panel_reads_of_it_on_its_review(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    other = county.review(Stage.CLOSED, at=NOW - timedelta(days=40))
    path = f"/seminars/{held(case, other).id}"
    overseer = Visitor(app.test_client())
    sign_in(overseer.client, Role.STEERING_MEMBER)
    assert case.reference in overseer.open(path).text
    assert "Correct the seminar" not in overseer.text
    for closed in (f"{path}/correct", f"{path}/figures", "/seminars/new"):
        assert overseer.open(closed).status == 403
    member = Visitor(app.test_client())
    join(case.reference, sign_in(member.client, Role.PANEL_MEMBER).id, by=county.coordinator, at=NOW)
    member.open(page_of(case))
    assert "Stalking" in member.text
    assert "This review and 1 other" in member.text
    assert other.reference not in member.text
    assert member.open(path).status == 403
