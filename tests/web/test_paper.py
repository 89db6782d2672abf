"""The papers of a review on their pages: put on file, marked, agreed, corrected, and signed for anonymity."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.casework import accuracy
from dhr_app.casework.paper_gaps import SENT_BACK
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import agreements, papers
from tests.factories import NOW, PASSWORD, TODAY
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.coordinating import day_boxes
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

A, B = "a" * 64, "b" * 64


@pytest.fixture
def case(county: County) -> Case:
    """A review whose report is being written today."""
    case = county.review(Stage.CHAIR_REPORT)
    case.at = NOW
    return case


def report(case: Case) -> str:
    return f"/reviews/{case.reference}/report"


def on_file(case: Case, visitor: Visitor, kind: str = "overview_report", sha256: str = A, **more: str) -> Visitor:
    visitor.open(f"{report(case)}/new?paper={kind}")
    return visitor.send({"sha256": sha256, "kept": "Folder Heron", **more})


def test_what_is_missing_is_said_and_leads_to_its_form(case: Case, visitor: Visitor) -> None:
    visitor.open(report(case))
    assert "Still to be put on file: overview report, executive summary, action plan." in visitor.text
    link = visitor.page.find("a", string=lambda text: text is not None and "executive summary" in text)
    assert link is not None
    visitor.open(str(link["href"]))
    assert visitor.value("kind") == "executive_summary"


def test_a_report_that_was_sent_back_says_that_a_new_version_is_wanted(county: County, visitor: Visitor) -> None:
    case = county.review(Stage.HOME_OFFICE_QA)
    case.take("send_back")
    visitor.open(report(case))
    assert "All three papers are on file, final, and agreed by the review panel." in visitor.text
    assert SENT_BACK in visitor.text
    assert "Exactly these versions" not in visitor.text
    case.at = NOW
    on_file(case, visitor, changes="As the Home Office asked")
    assert SENT_BACK not in visitor.text
    assert "Not marked final by the chair yet: overview report, version 2." in visitor.text


def test_a_version_is_put_on_file_and_shown_with_its_fingerprint(case: Case, visitor: Visitor) -> None:
    on_file(case, visitor)
    assert visitor.path == report(case)
    assert "The new version is on file." in visitor.page.get_text()
    assert f"Version 1 Not final Came on {TODAY.day} June 2026 Marked final Not marked final" in visitor.text
    assert A in visitor.text
    assert "Folder Heron" in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    on_file(case, visitor, sha256="abc", changes="A first draft")
    assert visitor.errors() == ["Give the SHA-256 of the file: 64 characters of 0-9 and a-f."]
    assert (visitor.value("sha256"), visitor.value("changes"), visitor.value("kept")) == (
        "abc", "A first draft", "Folder Heron",
    )  # fmt: skip
    on_file(case, visitor)
    on_file(case, visitor, changes="The same again")
    assert visitor.errors() == ["This file is on file already: overview report, version 1."]
    assert visitor.value("changes") == "The same again"


def test_the_coordinator_marks_all_three_final_in_the_chair_s_name_and_the_panel_agrees(
    case: Case, visitor: Visitor
) -> None:
    agreements.put_on_file(case)
    visitor.open(report(case))
    assert "Not marked final by the chair yet: overview report, version 1; executive summary" in visitor.text
    visitor.open(f"{report(case)}/final").send({"chair": ""})
    assert visitor.errors() == ["Name the chair who marked them final."]
    visitor.send({"chair": "Septimus Hale"})
    assert visitor.text.count("By Septimus Hale, on 3 June 2026") == 3
    visitor.open(f"{report(case)}/agreed").send()
    assert "All three papers are on file, final, and agreed by the review panel." in visitor.text
    assert "No current paper waits for this." in visitor.open(f"{report(case)}/final").text


def test_the_chair_marks_papers_in_their_own_name_and_the_author_cannot(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    chair, author = Visitor(app.test_client()), Visitor(app.test_client())
    person = sign_in(chair.client, Role.INDEPENDENT_CHAIR)
    for member in (person, sign_in(author.client, Role.REPORT_AUTHOR)):
        join(case.reference, member.id, by=county.coordinator, at=NOW)
    on_file(case, author)
    assert author.open(f"{report(case)}/final").status == 403
    assert "Mark papers as final" not in author.open(report(case)).text
    chair.open(f"{report(case)}/final")
    assert not chair.page.select("[name=chair]")
    chair.send()
    assert f"By {person.name}, on 3 June 2026" in chair.text


def test_a_version_s_words_are_corrected_and_the_second_to_save_chooses(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    on_file(case, visitor)
    path = f"{report(case)}/{papers.current(case)['overview_report'].id}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"kept": "Drawer 4"})
    assert (visitor.path, "Drawer 4" in visitor.text) == (report(case), True)
    second.send({"kept": "Drawer 5", "changes": "A first draft"})
    assert second.status == 409
    second.send({"keep-kept": "theirs", "keep-changes": "yours"})
    assert "Drawer 4" in second.text
    assert "A first draft" in second.text
    assert not visitor.open(path).page.select("[name^=final], [name^=panel_agreed]")


def test_a_mark_is_corrected_where_there_is_one(case: Case, visitor: Visitor) -> None:
    papers.final_papers(case)
    path = f"{report(case)}/{papers.current(case)['action_plan'].id}"
    visitor.open(path).send({"final_by": "Lettice Boyce"})
    assert "By Lettice Boyce, on 3 June 2026" in visitor.text
    empty = {f"final_on-{part}": "" for part in ("day", "month", "year")}
    visitor.open(path).send(empty)
    assert "Not marked final by the chair yet: action plan, version 1." in visitor.text


def test_a_new_version_says_why_the_anonymity_check_and_the_approval_are_void(case: Case, visitor: Visitor) -> None:
    papers.final_papers(case)
    agreements.approve(case)
    case.agree(case.state("anonymity_checked"))
    assert visitor.open(report(case)).text.count("Stands") == 2
    on_file(case, visitor, sha256=B, changes="Page twelve")
    void = "Void since 3 June 2026: the overview report has a newer version."
    assert visitor.text.count(void) == 2
    assert "Earlier versions of the overview report : 1" in visitor.text
    visitor.open(f"/reviews/{case.reference}/conditions/anonymity_checked")
    assert void in visitor.text
    assert "Not marked final by the chair yet: overview report." in visitor.text
    assert not visitor.page.select("main form")


def test_the_anonymity_check_shows_the_fingerprints_it_signs_and_asks_for_none(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/conditions/anonymity_checked"
    visitor.open(path)
    assert "Still to be put on file: overview report, executive summary, action plan." in visitor.text
    papers.final_papers(case)
    visitor.open(path)
    for row in papers.current(case).values():
        assert row.sha256 in visitor.text
    assert not visitor.page.select("[name=files]")
    said = {"stated_by": "J. Arabin", "evidence": "Checklist 1", **day_boxes("stated_on", TODAY)}
    visitor.send({**said, "password": PASSWORD})
    assert "Waits for a second person’s agreement" in visitor.text
    assert "Overview report, version 1" in visitor.text


def test_on_a_resubmission_the_agencies_are_ticked_whose_passages_changed(case: Case, visitor: Visitor) -> None:
    papers.final_papers(case)
    police = agreements.named(case, "Police")
    accuracy.send(case.reference, police, case.today, by=case.county.coordinator, at=case.wait(minutes=1))
    visitor.open(f"{report(case)}/new")
    assert "and with a new overview report so does every accuracy check" in visitor.text
    assert not visitor.page.select("[name=agency_ids]")
    for move in ("submit_to_home_office", "send_back"):
        case.take(move)
    on_file(case, visitor, sha256=B, changes="Page twelve", agency_ids=str(police[0]))
    assert visitor.status == 200
    assert not visitor.open(f"{report(case)}/new").page.select("[name=agency_ids]")


def test_the_panel_reads_and_others_see_nothing(app: Flask, case: Case, county: County, sign_in: SignIn) -> None:
    agreements.put_on_file(case)
    member = Visitor(app.test_client())
    person = sign_in(member.client, Role.PANEL_MEMBER, agency_id=county.agency("Police"))
    assert member.open(report(case)).status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    member.open(report(case))
    assert "Folder Heron" in member.text
    assert not member.page.select("main a[href*='/report/']")
    assert member.open(f"{report(case)}/new").status == 403
    for role in (Role.AUDITOR, Role.STEERING_MEMBER):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(report(case)).status == 403
