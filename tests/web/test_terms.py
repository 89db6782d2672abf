"""The terms of reference on their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import agree_terms, draft, hold
from tests.factories import NOW
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
WORDS = {"lines_of_enquiry": "Who knew of the harm, and when?", "period_from-year": "2018", "period_from-month": "9"}


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work."""
    case = county.review(at=NOW - timedelta(days=90)).to(Stage.PANEL)
    case.at = NOW - timedelta(hours=1)
    return case


def here(case: Case, *more: object) -> str:
    return "/".join([f"/reviews/{case.reference}/terms", *map(str, more)])


def test_they_are_drafted_and_agreed_at_a_meeting_of_the_panel(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case))
    assert "Nothing is drafted yet." in visitor.text
    visitor.open(here(case, "new")).send(WORDS)
    assert visitor.path == here(case)
    assert "Version 1 Draft" in visitor.text
    assert "Period looked at, from September 2018 Until Not recorded" in visitor.text
    held = hold(case)
    (link,) = visitor.page.select("main a[href$='/agreed']")
    visitor.open(str(link["href"])).send({"meeting_id": str(held)})
    assert "Version 1 Agreed" in visitor.text
    assert "Agreed 3 June 2026: Review panel, meeting 1" in visitor.text
    assert "Version 1 stands." in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_every_word_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case, "new")).send({"lines_of_enquiry": "", "period_to-year": "2031", "drafted_on-day": ""})
    assert visitor.errors() == ["The day of the draft must include a day.", "Say what the review is to find out."]
    visitor.send({"lines_of_enquiry": "Who knew?", "drafted_on-day": "3"})
    assert visitor.errors() == ["This has not come yet: check the day."]
    assert visitor.value("lines_of_enquiry") == "Who knew?"


def test_an_agreed_version_is_not_changed_and_a_new_one_begins_with_its_words(case: Case, visitor: Visitor) -> None:
    drafted = draft(case)
    agree_terms(case, drafted)
    assert visitor.open(here(case, drafted)).page.select("main form") == []
    assert "Version 1 is agreed and is not changed any more." in visitor.text
    visitor.open(here(case, "new"))
    assert visitor.value("lines_of_enquiry") == "Who knew of the harm, and when?"
    visitor.send({"lines_of_enquiry": "Was help within reach?"})
    assert "Version 2 is a draft." in visitor.text
    assert "Until then the terms count as not agreed." in visitor.text
    assert "Earlier versions Version 1, draft of 3 June 2026" in visitor.text
    visitor.open(here(case, "new")).send()
    assert visitor.errors() == ["Version 2 is a draft still: correct it, or record that it was agreed."]


def test_agreeing_asks_for_a_meeting_or_a_day(case: Case, visitor: Visitor) -> None:
    drafted = draft(case)
    visitor.open(here(case, drafted, "agreed"))
    assert "No meeting of the panel is recorded yet." in visitor.text
    visitor.send()
    assert visitor.errors() == ["Choose the meeting, or give the day."]
    visitor.send({"agreed_on-day": "3", "agreed_on-month": "6", "agreed_on-year": "2026"})
    assert "Agreed 3 June 2026, without a meeting" in visitor.text


def test_the_second_to_save_a_draft_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = here(case, draft(case))
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"lines_of_enquiry": "Was help within reach?"})
    second.send({"lines_of_enquiry": "Who was told?", "period_from-year": "2019"})
    assert second.status == 409
    assert "Was help within reach?" in second.text
    second.send({"keep-lines_of_enquiry": "theirs", "keep-period_from": "yours"})
    assert second.path == here(case)
    assert "September 2019" in second.text
    assert "Was help within reach?" in second.text


def test_the_second_to_say_where_it_was_agreed_chooses_too(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    drafted, held = draft(case), hold(case)
    path = here(case, drafted, "agreed")
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"meeting_id": str(held)})
    second.send({"agreed_on-day": "3", "agreed_on-month": "6", "agreed_on-year": "2026"})
    assert second.status == 409
    assert "Review panel, meeting 1, 3 June 2026 (4 organisations)" in second.text
    second.send({"keep-meeting_id": "theirs", "keep-agreed_on": "theirs"})
    assert "Agreed 3 June 2026: Review panel, meeting 1" in second.text


def test_the_panel_reads_and_others_are_kept_out(app: Flask, case: Case, county: County, sign_in: SignIn) -> None:
    drafted = draft(case)
    member = Visitor(app.test_client())
    person = sign_in(member.client, Role.PANEL_MEMBER, agency_id=county.agency("Police"))
    assert member.open(here(case)).status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    member.open(here(case))
    assert "Who knew of the harm, and when?" in member.text
    assert member.page.select("main a[href*='/terms/']") == []
    for change in ("new", drafted, f"{drafted}/agreed"):
        assert member.open(here(case, change)).status == 403
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    assert auditor.open(here(case)).status == 403
