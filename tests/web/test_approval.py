"""Who agreed the report, on its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import QUORUM, add_body, approve, body_agrees, hold, put_on_file
from tests.factories import NOW
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def day(field: str, number: int = 3) -> dict[str, str]:
    return {f"{field}-day": str(number), f"{field}-month": "6", f"{field}-year": "2026"}


@pytest.fixture
def bare(county: County) -> Case:
    """A review without any paper on file."""
    case = county.review(at=NOW - timedelta(days=90)).to(Stage.PANEL)
    case.at = NOW - timedelta(days=1)
    return case


@pytest.fixture
def case(bare: Case) -> Case:
    """A review whose three papers came on file yesterday."""
    put_on_file(bare)
    bare.at = NOW - timedelta(hours=1)
    return bare


def here(case: Case, *more: object) -> str:
    return "/".join([f"/reviews/{case.reference}/approval", *map(str, more)])


def test_while_a_paper_is_missing_nothing_is_approved_and_the_page_leads_to_the_papers(
    bare: Case, visitor: Visitor
) -> None:
    put_on_file(bare, "overview_report")
    for page in (here(bare), here(bare, "new")):
        visitor.open(page)
        assert "Still to be put on file: executive summary, action plan." in visitor.text
        assert visitor.page.select(f"main .govuk-body a[href='/reviews/{bare.reference}/report'], .govuk-inset-text a")
        assert visitor.page.select("main form") == []


def test_a_quorate_meeting_agrees_the_report(case: Case, visitor: Visitor) -> None:
    thin = hold(case, "approving_body", *QUORUM[:3])
    held = hold(case, "approving_body", *QUORUM)
    visitor.open(here(case, "new")).send({"meeting_id": str(thin), "evidence": "Minute 7 of the board"})
    assert visitor.errors() == ["3 organisations were present and 4 are needed: the meeting was not quorate."]
    assert visitor.value("evidence") == "Minute 7 of the board"
    visitor.send({"meeting_id": str(held)})
    assert visitor.path == here(case)
    assert "Agreed on 3 June 2026 Counts" in visitor.text
    assert "How At a meeting Meeting Approving body, meeting 2" in visitor.text
    assert "4 organisations, 4 needed Barset Refuge and Outreach" in visitor.text
    assert "Record the approval" not in visitor.text


def test_by_circulation_it_waits_for_the_report_to_the_next_meeting(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case, "new"))
    assert "steering_chair" not in {str(box["value"]) for box in visitor.page.select("input[name=how]")}
    visitor.send({"how": "circulation", **day("agreed_on"), "evidence": "E-mails of four organisations"})
    assert "Still to be reported" in visitor.text
    assert "counts once it is reported to the next meeting." in visitor.text
    (link,) = visitor.page.select("main a[href$='/reported']")
    visitor.open(str(link["href"])).send(day("reported_on", 2))
    assert visitor.errors() == ["It was agreed on 3 June 2026: this cannot be earlier."]
    visitor.send(day("reported_on"))
    assert "Counts" in visitor.text
    assert "Reported to the next meeting 3 June 2026" in visitor.text


def test_a_new_version_makes_it_void_and_the_page_says_why(case: Case, visitor: Visitor) -> None:
    approved = approve(case)
    put_on_file(case, "executive_summary")
    visitor.open(here(case))
    assert "VOID" in visitor.text
    why = "Void since 3 June 2026: the executive summary has a newer version."
    assert f"VOID The approval of 3 June 2026 no longer counts. {why}" in visitor.text
    assert "Record the approval" in visitor.text
    visitor.open(here(case, approved))
    assert "the executive summary has a newer version." in visitor.text
    assert visitor.page.select("main form") == []


def test_it_is_corrected_and_the_second_to_save_chooses(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = here(case, approve(case))
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"evidence": "Minute 8 of the board"})
    assert "The record of the approval is saved." in visitor.text
    second.send({"evidence": "Minute 9 of the board"})
    assert second.status == 409
    second.send({"keep-evidence": "yours"})
    assert second.path == here(case)
    assert "Minute 9 of the board" in second.text


def test_an_approval_entered_by_mistake_is_taken_back_after_asking_once(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case, approve(case), "take-back"))
    assert "Take back the approval of 3 June 2026" in visitor.text
    visitor.send()
    assert "Taken back on 3 June 2026: it was entered by mistake." in visitor.text
    assert "No approval of these versions is recorded yet." in visitor.text


def test_somebody_who_was_too_late_to_correct_is_told_why(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    approved = approve(case)
    visitor.open(here(case, approved))
    put_on_file(case, "action_plan")
    visitor.send({"evidence": "Minute 8"})
    assert visitor.status == 422
    assert visitor.errors() == ["This approval no longer counts: record a new one."]


def test_another_body_of_a_joint_review_agrees_too(case: Case, visitor: Visitor) -> None:
    assert "None is recorded: nobody else has to agree the report." in visitor.open(here(case)).text
    visitor.open(here(case, "bodies/new")).send({"name": ""})
    assert visitor.errors() == ["Give the name of the body."]
    visitor.send({"name": "Safeguarding Adults Board"})
    assert "Safeguarding Adults Board Still to agree" in visitor.text
    (link,) = visitor.page.select("main a[href$='/agreed']")
    visitor.open(str(link["href"])).send({**day("agreed_on", 1), "evidence": "Letter of the board"})
    assert visitor.errors() == [
        "The overview report, version 1, came only on 2 June 2026: it cannot have been agreed on 1 June 2026."
    ]
    visitor.send(day("agreed_on"))
    assert "Safeguarding Adults Board Agreed" in visitor.text
    assert "Letter of the board" in visitor.text


def test_a_body_is_corrected_its_agreement_taken_back_and_the_body_removed(case: Case, visitor: Visitor) -> None:
    board = add_body(case)
    body_agrees(case, board)
    visitor.open(here(case, "bodies", board)).send({"name": "Silverbridge Board"})
    assert "Silverbridge Board Agreed" in visitor.text
    visitor.open(here(case, "bodies", board, "agreed")).send({"evidence": "Minute of the board"})
    assert "Minute of the board" in visitor.text
    (link,) = visitor.page.select("main a[href$='/take-back']")
    visitor.open(str(link["href"])).send()
    assert "Silverbridge Board Still to agree" in visitor.text
    visitor.open(here(case, "bodies", board, "remove")).send()
    assert "The body is removed." in visitor.text
    assert "None is recorded" in visitor.text


def test_the_second_to_save_a_body_or_its_agreement_chooses(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    board = add_body(case)
    body_agrees(case, board)
    second = Visitor(app.test_client())
    sign_in(second.client)
    for path, field in ((here(case, "bodies", board), "name"), (here(case, "bodies", board, "agreed"), "evidence")):
        second.open(path)
        visitor.open(path).send({field: "As the first wrote it"})
        second.send({field: "As the second wrote it"})
        assert second.status == 409
        second.send({f"keep-{field}": "yours"})
        assert "As the second wrote it" in second.text


def test_the_ways_to_papers_and_accuracy_checks_stand_at_the_top(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case))
    links = [str(link["href"]) for link in visitor.page.select("nav[aria-label='The report'] a")]
    assert links == [f"/reviews/{case.reference}/{part}" for part in ("report", "drafts", "accuracy", "approval")]


def test_the_chair_of_the_review_reads_and_others_are_kept_out(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    approved, board = approve(case), add_body(case)
    chair = Visitor(app.test_client())
    person = sign_in(chair.client, Role.INDEPENDENT_CHAIR)
    assert chair.open(here(case)).status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    assert "Minute 7 of the board" in chair.open(here(case)).text
    assert chair.page.select("main form, main a[href*='/approval/']") == []
    for change in ("new", approved, f"{approved}/reported", f"{approved}/take-back", "bodies/new", f"bodies/{board}"):
        assert chair.open(here(case, change)).status == 403
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    assert auditor.open(here(case)).status == 403
