"""Home Office letters on their pages: entered with their points, corrected, and each point answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from dhr_app.database.models import HomeOfficeLetter
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import papers
from tests.factories import NOW, TODAY
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.coordinating import day_boxes
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

LETTER = {
    "verdict": "cleared_after_changes",
    "summary": "Praise for the panel",
    "points": "Say more of her\nas a person.\n\n\nAnalyse economic abuse.",
    "kept": "Letter book, page 9",
    **day_boxes("dated_on", TODAY - timedelta(days=2)),
    **day_boxes("received_on", TODAY),
}


@pytest.fixture
def case(county: County) -> Case:
    """A review submitted to the Home Office some months ago."""
    case = county.review(Stage.HOME_OFFICE_QA)
    case.at = NOW
    return case


def home_office(case: Case) -> str:
    return f"/reviews/{case.reference}/home-office"


def test_a_letter_is_entered_with_its_points_one_to_a_paragraph(case: Case, visitor: Visitor) -> None:
    visitor.open(home_office(case))
    assert "The report is with the Home Office. When its letter comes, enter it here" in visitor.text
    visitor.open(f"{home_office(case)}/new").send(LETTER)
    assert visitor.path == home_office(case)
    assert "May be published after changes 2 points to answer Letter of 1 June 2026" in visitor.text
    assert "Point 1 Still to be answered What it asks for Say more of her as a person." in visitor.text
    assert "Point 2 Still to be answered What it asks for Analyse economic abuse." in visitor.text
    assert "Days with us 0 days" in visitor.text
    assert "When its letter comes" not in visitor.text
    assert "The letter is on file. Next: answer each of its points below." in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{home_office(case)}/new").send({**LETTER, "received_on-day": "31", "kept": ""})
    assert visitor.errors() == ["The day on which the letter came must be a real date: June 2026 has 30 days."]
    visitor.send({"received_on-day": "4"})
    assert visitor.errors() == ["4 June 2026 has not come yet: check the day.", "Say where the letter is kept."]
    assert (visitor.value("summary"), visitor.value("verdict")) == ("Praise for the panel", "cleared_after_changes")
    assert "Analyse economic abuse." in visitor.value("points")


def test_each_point_is_answered_and_its_answer_corrected(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{home_office(case)}/new").send(LETTER)
    first, second = (str(link["href"]) for link in visitor.page.select("main a[href$='/answer']"))
    visitor.open(first)
    assert "Say more of her" in visitor.text
    visitor.send({"outcome": "changed", "touches_family": "y"})
    assert visitor.errors() == ["Say what was changed, and where."]
    visitor.send({"answer": "A tribute opens the report."})
    assert "Point 1 Changed Touches the family" in visitor.text
    assert "1 point to answer" in visitor.text
    visitor.open(second).send({"outcome": "not_changed", "answer": "No agency kept the figures."})
    assert "Every point answered" in visitor.text
    assert "The letter is on file. Next: record that the report may be published ." in visitor.text
    assert visitor.page.select(f"main a[href='/reviews/{case.reference}/moves/clear']")
    assert "Why not No agency kept the figures. Settled on 3 June 2026" in visitor.text
    visitor.open(second).send({"outcome": "open"})
    assert "1 point to answer" in visitor.text


def test_two_people_answer_one_point_and_the_second_chooses(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    papers.letter(case, "resubmit", ("Say more of her.",))
    path = f"{home_office(case)}/points/{papers.point(case, 1).id}/answer"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"outcome": "changed", "answer": "A tribute opens the report."})
    second.send({"outcome": "changed", "answer": "Section 2 tells of her.", "touches_family": "y"})
    assert second.status == 409
    assert "A tribute opens the report." in second.text
    second.send({"keep-answer": "yours", "keep-touches_family": "theirs"})
    assert "Section 2 tells of her." in second.text
    assert "Touches the family" not in second.text


def test_a_letter_and_the_words_of_a_point_are_corrected_and_points_added(case: Case, visitor: Visitor) -> None:
    letter_id = papers.letter(case, "resubmit", ("Say more of her.",))
    path = f"{home_office(case)}/{letter_id}"
    visitor.open(path).send({"kept": "Drawer 4", "summary": "Praise too"})
    assert "Drawer 4" in visitor.text
    visitor.open(f"{home_office(case)}/points/{papers.point(case, 1).id}").send({"point": "Say much more of her."})
    assert "Point 1 is saved." in visitor.page.get_text()
    assert "Say much more of her." in visitor.text
    visitor.open(f"{path}/points").send({"points": " "})
    assert visitor.errors() == ["Enter at least one point."]
    visitor.send({"points": "Consider disability.\n\nConsider age."})
    assert "Point 3 Still to be answered What it asks for Consider age." in visitor.text


def test_whoever_corrects_a_letter_second_chooses(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    path = f"{home_office(case)}/{papers.letter(case, 'cleared')}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"verdict": "resubmit"})
    second.send({"summary": "Praise"})
    assert second.status == 409
    assert "To be changed and submitted again" in second.text
    second.send({"keep-verdict": "theirs", "keep-summary": "yours"})
    (row,) = case.rows(HomeOfficeLetter)
    assert row.verdict == "resubmit"
    assert "Praise" in second.text


def test_nothing_can_be_entered_before_a_submission(county: County, visitor: Visitor) -> None:
    case = county.review(Stage.CHAIR_REPORT)
    visitor.open(home_office(case))
    assert "The report has not been submitted yet." in visitor.text
    assert "Enter a letter" not in visitor.text
    visitor.open(f"{home_office(case)}/new")
    assert not visitor.page.select("main form")
    token = str(visitor.page.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]
    answer = visitor.client.post(f"{home_office(case)}/new", data={"csrf_token": token, **LETTER, "round": "1"})
    assert answer.status_code == 422
    assert case.rows(HomeOfficeLetter) == []


def test_a_second_submission_is_offered_and_shown_on_its_own(case: Case, visitor: Visitor) -> None:
    case.take("send_back")
    case.take("submit_to_home_office")
    visitor.open(f"{home_office(case)}/new")
    assert visitor.value("round") == "2"
    visitor.send(LETTER | day_boxes("dated_on", TODAY))
    assert visitor.text.index("Submission 2") < visitor.text.index("May be published after changes")
    assert visitor.text.index("May be published after changes") < visitor.text.index("Submission 1")


def test_the_chair_answers_and_enters_no_letter_and_others_see_nothing(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    letter_id = papers.letter(case, "resubmit", ("Say more of her.",))
    chair = Visitor(app.test_client())
    person = sign_in(chair.client, Role.INDEPENDENT_CHAIR)
    assert chair.open(home_office(case)).status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    chair.open(home_office(case))
    assert "Answer this point" in chair.text
    assert "Enter a letter" not in chair.text
    for path in ("new", f"{letter_id}", f"{letter_id}/points", f"points/{papers.point(case, 1).id}"):
        assert chair.open(f"{home_office(case)}/{path}").status == 403, path
    for role in (Role.AUDITOR, Role.STEERING_MEMBER):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(home_office(case)).status == 403
