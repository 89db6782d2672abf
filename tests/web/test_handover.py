"""Handing a review over on its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.handovers import RECEIVER, acknowledge, begin, handed_over, running
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

HANDED = {
    "state": "handed_over", "what": "Twelve papers, by secure e-mail",
    "handed_on-day": "2", "handed_on-month": "6", "handed_on-year": "2026",
}  # fmt: skip
SAID = {
    "acknowledged_by": "Frank Gresham, coordinator",
    "acknowledged_on-day": "2", "acknowledged_on-month": "6", "acknowledged_on-year": "2026",
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    """A review that is being scoped."""
    case = county.review(at=NOW - timedelta(days=20)).to(Stage.SCOPING)
    case.at = NOW - timedelta(hours=1)
    return case


def here(case: Case, *more: object) -> str:
    return "/".join([f"/reviews/{case.reference}/handover", *map(str, more)])


def follow(visitor: Visitor, words: str) -> Visitor:
    """Go where the page's link with these words leads."""
    (link,) = [one for one in visitor.page.select("main a") if " ".join(one.get_text().split()) == words]
    return visitor.open(str(link["href"]))


def test_the_move_leads_to_it_and_it_leads_back_to_the_move(case: Case, county: County, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/moves/transfer")
    follow(visitor, "The receiving partnership has acknowledged the transfer.")
    assert visitor.path == here(case)
    assert "Nothing is being handed over now." in visitor.text
    follow(visitor, "Begin to hand over").send({"receiver_id": str(county.agency(RECEIVER))})
    assert visitor.path == here(case)
    assert "Before the review can be transferred: papers: to be handed over, or recorded that there is none" in (
        visitor.text
    )
    follow(visitor, "Fill in this line: papers").send(HANDED)
    assert "Papers Handed over Handed over on 2 June 2026 What it is Twelve papers, by secure e-mail" in visitor.text
    for line in ("open actions", "contact with the family"):
        follow(visitor, f"Fill in this line: {line}").send({"state": "there_is_none"})
    follow(visitor, "Record that they have the review").send(SAID)
    assert "Acknowledged on 2 June 2026 By Frank Gresham, coordinator" in visitor.text
    case.tell("family", about="transfer")
    follow(visitor, "transfer the review")
    assert visitor.value("receiver_id") == str(county.agency(RECEIVER))
    visitor.send({"decided_on-day": "3", "decided_on-month": "6", "decided_on-year": "2026"})
    assert visitor.path == f"/reviews/{case.reference}"
    follow(visitor, "The handing-over list")
    assert "What is kept here is the receipt" in visitor.text
    assert (
        "The list it was transferred on Received the review Silverbridge Community Safety Partnership "
        "Acknowledged on 2 June 2026"
    ) in visitor.text
    assert visitor.page.select("main a[href*='/handover/']") == []


def test_what_is_wrong_stands_beside_its_box_and_every_word_is_kept(
    case: Case, county: County, visitor: Visitor
) -> None:
    visitor.open(here(case, "new")).send()
    assert visitor.errors() == ["Choose the partnership that receives the review."]
    begin(case)
    visitor.open(here(case, "new")).send({"receiver_id": str(county.agency(RECEIVER))})
    assert "already: correct that, or give it up first." in visitor.errors()[0]
    item = running(case).items[0]
    visitor.open(here(case, "items", item.id)).send({"state": "handed_over", "handed_on-year": "2031"})
    assert visitor.errors() == ["The day of handing over must include a day and a month."]
    visitor.send({"handed_on-day": "1", "handed_on-month": "1"})
    assert visitor.errors() == ["Say what was handed over.", "1 January 2031 has not come yet: check the day."]
    visitor.send({**HANDED, "handed_on-year": "2031"})
    assert visitor.errors() == ["2 June 2031 has not come yet: check the day."]
    assert visitor.value("what") == "Twelve papers, by secure e-mail"
    visitor.open(here(case, running(case).id, "acknowledged")).send({"acknowledged_by": "Frank Gresham"})
    assert visitor.errors() == ["Give the day on which they said that they have the review."]
    assert visitor.value("acknowledged_by") == "Frank Gresham"


def test_it_is_given_up_goes_on_and_what_the_receiver_said_is_taken_back(case: Case, visitor: Visitor) -> None:
    handed_over(case)
    shown = running(case)
    visitor.open(here(case, shown.id))
    visitor.send({"given_up_on-day": "3", "given_up_on-month": "6", "given_up_on-year": "2026"})
    assert "Nothing is being handed over now." in visitor.text
    assert "An earlier handing-over, given up It was to go to Silverbridge" in visitor.text
    visitor.open(here(case, shown.id))
    assert "It was given up on 3 June 2026." in visitor.text
    visitor.send({"given_up_on-day": "", "given_up_on-month": "", "given_up_on-year": ""})
    assert "Everything is handed over and acknowledged." in visitor.text
    nothing = dict.fromkeys(SAID, "")
    visitor.open(here(case, shown.id, "acknowledged")).send(nothing)
    assert "Acknowledged on Not yet" in visitor.text
    assert "the other partnership says that it has the review" in visitor.text


def test_the_second_to_save_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    handover_id = begin(case)
    second = Visitor(app.test_client())
    sign_in(second.client)
    line = here(case, "items", running(case).items[0].id)
    second.open(line)
    visitor.open(line).send({"state": "open", "what": "Twelve papers"})
    second.send({"state": "open", "what": "Eleven papers"})
    assert second.status == 409
    assert "Twelve papers" in second.text
    second.send({"keep-what": "yours"})
    assert second.path == here(case)
    assert "Eleven papers" in second.text

    receipt = here(case, handover_id, "acknowledged")
    second.open(receipt)
    visitor.open(receipt).send(SAID)
    second.send({**SAID, "acknowledged_by": "Sophy Gresham"})
    assert second.status == 409
    second.send({"keep-acknowledged_by": "theirs"})
    assert "By Frank Gresham, coordinator" in second.text

    itself = here(case, handover_id)
    second.open(itself)
    visitor.open(itself).send({"given_up_on-day": "3", "given_up_on-month": "6", "given_up_on-year": "2026"})
    second.send({"given_up_on-day": "2", "given_up_on-month": "6", "given_up_on-year": "2026"})
    assert second.status == 409
    second.send({"keep-given_up_on": "theirs"})
    assert "Given up on 3 June 2026" in second.text


def test_the_steering_chair_reads_and_everybody_else_is_kept_out(app: Flask, case: Case, sign_in: SignIn) -> None:
    handover_id = begin(case)
    acknowledge(case)
    chair = Visitor(app.test_client())
    sign_in(chair.client, Role.STEERING_CHAIR)
    chair.open(here(case))
    assert "Silverbridge Community Safety Partnership" in chair.text
    assert chair.page.select("main a[href*='/handover/']") == []
    changes = ("new", handover_id, f"{handover_id}/acknowledged", f"items/{running(case).items[0].id}")
    for change in changes:
        assert chair.open(here(case, change)).status == 403
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    assert auditor.open(here(case)).status == 403
    member = Visitor(app.test_client())
    sign_in(member.client, Role.PANEL_MEMBER)
    assert member.open(here(case)).status == 404


def test_a_void_record_has_nothing_to_hand_over(county: County, visitor: Visitor) -> None:
    case = county.review(Stage.VOID)
    visitor.open(here(case))
    assert "This record was entered in error: there is nothing to hand over." in visitor.text
    assert visitor.page.select("main a[href*='/handover/']") == []
    assert visitor.open(here(case, "new")).send({"receiver_id": str(county.agency(RECEIVER))}).status == 409
