"""The other bodies of a joint review: each agrees the report, the same versions as everybody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from dhr_app.casework import approval, joint_body
from dhr_app.casework.joint_body import JointBodyEntry
from dhr_app.database.models import Approval
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import BOARD, add_body, approvals, approve, body_agrees, put_on_file
from tests.reviews import Case, County

AGREED = CONDITIONS["joint_bodies_agreed"]


@pytest.fixture
def case(county: County) -> Case:
    """A review whose report is written and on file."""
    case = county.review(Stage.CHAIR_REPORT)
    case.wait(days=30)
    put_on_file(case)
    return case


def correct(case: Case, body_id: UUID, name: str, version: int = 1) -> None:
    entry = JointBodyEntry(name)
    joint_body.correct_joint_body(
        case.reference, body_id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1)
    )


def remove(case: Case, body_id: UUID) -> None:
    joint_body.remove_joint_body(case.reference, body_id, by=case.county.coordinator, at=case.wait(minutes=1))


def told(case: Case) -> list[str]:
    return case.happened("joint", "approval_changed")


def test_nobody_else_has_to_agree_where_no_other_body_is_recorded(case: Case) -> None:
    assert AGREED.answer(case.facts()) is Answer.DOES_NOT_APPLY


def test_each_body_that_is_recorded_has_to_agree(case: Case) -> None:
    board, neighbour = add_body(case), add_body(case, "Silverbridge Community Safety Partnership")
    assert AGREED.answer(case.facts()) is None
    body_agrees(case, board)
    assert AGREED.answer(case.facts()) is None
    body_agrees(case, neighbour)
    assert AGREED.answer(case.facts()) is Answer.DONE
    (first, second) = approvals(case).joint_bodies
    assert (first.entry.name, first.agreement.agreed_on, first.agreement.evidence) == (
        BOARD, case.today, "Letter of the board",
    )  # fmt: skip
    assert second.approval_id is not None
    assert told(case) == ["joint_body_added"] * 2 + ["joint_body_agreed"] * 2


def test_the_approving_bodys_approval_is_not_theirs_nor_theirs_the_approving_bodys(case: Case) -> None:
    board = add_body(case)
    approve(case)
    assert AGREED.answer(case.facts()) is None
    body_agrees(case, board)
    assert {row.joint_body_id for row in case.rows(Approval)} == {None, board}


def test_a_new_version_voids_their_agreement_too(case: Case) -> None:
    board = add_body(case)
    body_agrees(case, board)
    put_on_file(case, "overview_report")
    assert AGREED.answer(case.facts()) is None
    assert [one.state for one in approvals(case).approvals] == ["void"]
    body_agrees(case, board)
    assert AGREED.answer(case.facts()) is Answer.DONE


def test_the_submission_uses_it_up_and_asks_again_for_the_next(case: Case) -> None:
    board = add_body(case)
    body_agrees(case, board)
    approve(case)
    case.take("submit_to_home_office")
    assert {one.state for one in approvals(case).approvals} == {"used"}
    case.wait(days=1)
    case.take("send_back")
    assert "joint_bodies_agreed" in case.needed("submit_to_home_office")
    body_agrees(case, board)
    assert "joint_bodies_agreed" not in case.needed("submit_to_home_office")


def test_an_agreement_is_corrected_and_the_second_to_save_sees_both(case: Case) -> None:
    board = add_body(case)
    body_agrees(case, board)
    body_agrees(case, board, version=1, evidence="Minute of the board")
    assert approvals(case).joint_bodies[0].agreement.evidence == "Minute of the board"
    assert len(case.rows(Approval)) == 1
    with pytest.raises(Stale) as stale:
        body_agrees(case, board, version=1)
    assert stale.value.theirs == {"evidence": "Minute of the board"}
    assert told(case)[-1] == "approval_changed"


def test_an_agreement_entered_by_mistake_is_taken_back(case: Case) -> None:
    board = add_body(case)
    body_agrees(case, board)
    (entered,) = approvals(case).approvals
    approval.take_back(case.reference, entered.id, by=case.county.coordinator, at=case.wait(minutes=1))
    assert AGREED.answer(case.facts()) is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"agreed_on": None},               {"agreed_on": "Give the day on which it agreed."}),
        ({"agreed_on": date(2027, 1, 1)},   {"agreed_on": "1 January 2027 has not come yet: check the day."}),
        ({"evidence": ""},                  {"evidence": "Say what shows it, and where it is kept."}),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    case: Case, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    board = add_body(case)
    with pytest.raises(Invalid) as refusal:
        body_agrees(case, board, **changes)
    assert refusal.value.fields == fields


def test_nobody_agrees_a_paper_that_came_later_or_is_not_there(case: Case) -> None:
    with pytest.raises(Invalid) as refusal:
        body_agrees(case, add_body(case), agreed_on=case.today - timedelta(days=4))
    assert "came only on" in refusal.value.fields["agreed_on"]
    bare = case.county.review(Stage.PANEL)
    with pytest.raises(Invalid) as refusal:
        body_agrees(bare, add_body(bare))
    assert refusal.value.fields["agreed_on"].startswith("Still to be put on file")


def test_a_name_is_given_once_and_corrected(case: Case) -> None:
    board = add_body(case)
    body_agrees(case, board)
    with pytest.raises(Invalid) as refusal:
        add_body(case, f" {BOARD.upper()} ")
    assert refusal.value.fields == {"name": "This body is recorded already."}
    with pytest.raises(Invalid):
        add_body(case, " ")
    correct(case, board, "Silverbridge Safeguarding Adults Board")
    with pytest.raises(Stale):
        correct(case, board, "Another board")
    page = approvals(case)
    assert page.joint_bodies[0].entry.name == page.approvals[0].body == "Silverbridge Safeguarding Adults Board"


def test_a_body_that_is_removed_is_waited_for_no_more_and_out_of_reach(case: Case) -> None:
    board = add_body(case)
    remove(case, board)
    assert AGREED.answer(case.facts()) is Answer.DOES_NOT_APPLY
    assert approvals(case).joint_bodies == ()
    with pytest.raises(OutOfReach):
        remove(case, board)
    with pytest.raises(OutOfReach):
        body_agrees(case, board)
    add_body(case)
    assert told(case) == ["joint_body_added", "joint_body_removed", "joint_body_added"]


def test_the_coordinator_and_the_steering_chair_record_and_nobody_else(case: Case) -> None:
    joint_body.add_joint_body(case.reference, JointBodyEntry(BOARD), by=case.county.chair, at=case.at)
    (body,) = approvals(case).joint_bodies
    from_the_review = case.seat(Role.INDEPENDENT_CHAIR)
    with pytest.raises(NotAllowed):
        joint_body.open_joint_body(case.reference, body.id, by=from_the_review, at=case.at)
    with pytest.raises(NotAllowed):
        joint_body.remove_joint_body(case.reference, body.id, by=from_the_review, at=case.at)


def test_another_reviews_body_is_out_of_reach_and_a_closed_review_takes_none(case: Case) -> None:
    board = add_body(case)
    other = case.county.review(at=case.at).to(Stage.PANEL)
    with pytest.raises(OutOfReach):
        joint_body.open_joint_body(other.reference, board, by=case.county.coordinator, at=other.at)
    with pytest.raises(NotYet):
        add_body(case.county.review(Stage.CLOSED))
