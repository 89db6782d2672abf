"""From which stage to which a seat opens what, against a table written out by hand: role, what is asked for, stage."""

from __future__ import annotations

from datetime import date

import pytest

from dhr_app.workflows.permissions import GRANTS, MAY_OPEN, DataClass, Membership, allows, closed_by_its_stage, may_open
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.windows import REMAINS, WINDOWS
from tests.workflows.rule_book import HEALTH, POLICE, REVIEW, TODAY, YESTERDAY, person
from tests.workflows.test_permissions import GRANTED, LETTERS, NOW, OF_A_REVIEW, OPENED, WITHOUT_A_SEAT

# The stages, each with its column below.
STAGES = {
    "N": Stage.NOTIFICATION, "S": Stage.SCOPING, "P": Stage.PANEL, "R": Stage.CHAIR_REPORT, "Q": Stage.HOME_OFFICE_QA,
    "U": Stage.PUBLICATION, "L": Stage.SEMINAR, "C": Stage.CLOSED, "n": Stage.NOT_REVIEWED, "t": Stage.TRANSFERRED,
    "w": Stage.WITHDRAWN, "v": Stage.VOID,
}  # fmt: skip

# While the review is worked on, and after its publication too; for an agency from the day it is asked what it knows.
WORK, AFTER, ASKED, EVER = "PRQU", "PRQUL", "NSPRQUn", "NSPRQULCntwv"

# What goes on after the publication, for whoever of chair (I), author (R) and panel (P) holds it at all.
AFTERWARDS = {
    "review.reach": "IRP", "review.see": "IRP", "appointment.see": "IRP", "panel.see": "IRP", "access.see": "I",
    "learning.see": "IRP", "plan.see": "IRP", "plan.change": "IR",
}  # fmt: skip
AT_ANY_STAGE = {"seat.prepare", "conflict.declare"}  # what opens a seat, and what shuts it

# The classes, by role: I chair, R author, P panel member, A contributor of the agency whose value it is.
CLASSES = {
    ("I", "identities"): WORK,     ("R", "identities"): WORK,
    ("I", "working_papers"): WORK, ("R", "working_papers"): WORK, ("A", "working_papers"): ASKED,
    ("I", "panel_papers"): WORK,   ("R", "panel_papers"): WORK,   ("P", "panel_papers"): WORK,
    ("I", "family"): WORK,         ("I", "sensitive"): WORK,
    ("A", "evidence"): EVER,
    ("I", "kept_words"): AFTER,    ("R", "kept_words"): AFTER,    ("A", "kept_words"): EVER,
}  # fmt: skip
SEATED = {letter: Role(role) for letter, role in LETTERS.items() if Role(role) in BY_MEMBERSHIP}


def at(role: Role, stage: Stage, *, shut: bool = False) -> Membership:
    agency_id = POLICE if role in (Role.AGENCY_CONTRIBUTOR, Role.PANEL_MEMBER) else None
    return Membership(REVIEW, role, agency_id, date(2026, 1, 15), is_open=not shut, stage=stage)


def open_at(role: Role, permission: str) -> set[Stage]:
    return {
        stage
        for stage in Stage
        if allows(
            person(role, memberships=(at(role, stage),)), permission, review_id=REVIEW, agency_id=POLICE, on=TODAY
        )
    }


def stages(columns: str) -> set[Stage]:
    return {STAGES[letter] for letter in columns}


def test_every_stage_has_its_column():
    assert set(STAGES.values()) == set(Stage)


@pytest.mark.parametrize("permission", OF_A_REVIEW)
@pytest.mark.parametrize("letter", SEATED)
def test_a_seat_holds_each_permission_at_the_stages_of_the_table(permission, letter):
    role = SEATED[letter]
    if role.value not in GRANTED[permission]:
        expected = ""
    elif permission in AT_ANY_STAGE | WITHOUT_A_SEAT:
        expected = EVER
    elif letter == "A":
        expected = ASKED
    else:
        expected = AFTER if letter in AFTERWARDS.get(permission, "") else WORK
    assert open_at(role, permission) == stages(expected)


@pytest.mark.parametrize("data_class", DataClass)
@pytest.mark.parametrize("letter", SEATED)
def test_the_keyring_opens_each_class_at_the_stages_of_the_table(data_class, letter):
    role = SEATED[letter]
    opened = {
        stage
        for stage in Stage
        if may_open(
            person(role, memberships=(at(role, stage),), proved_at=NOW),
            REVIEW,
            data_class,
            agency_id=POLICE,
            on=TODAY,
            at=NOW,
        )
    }
    assert opened == stages(CLASSES.get((letter, data_class.value), ""))


def test_the_table_names_whoever_may_open_a_class_at_all():
    named = {letter: {each for who, each in CLASSES if who == letter} for letter in SEATED}
    for letter in SEATED:
        assert named[letter] == {each.value for each, letters in OPENED.items() if letter in letters}


@pytest.mark.parametrize("role", sorted(set(Role) - BY_MEMBERSHIP))
def test_whoever_comes_by_their_office_is_let_in_at_every_stage(role):
    officer = person(role)
    for permission in OF_A_REVIEW:
        assert allows(officer, permission, review_id=REVIEW, agency_id=POLICE, on=TODAY) is (
            role.value in GRANTED[permission]
        )
        assert not closed_by_its_stage(officer, permission, review_id=REVIEW, agency_id=POLICE, on=TODAY)


def test_another_agency_s_papers_stay_closed_at_every_stage():
    for stage in Stage:
        contributor = person(Role.AGENCY_CONTRIBUTOR, memberships=(at(Role.AGENCY_CONTRIBUTOR, stage),))
        for agency_id in (HEALTH, None):
            assert not may_open(contributor, REVIEW, DataClass.WORKING_PAPERS, agency_id=agency_id, on=TODAY)


def test_it_is_the_stage_that_closes_a_door_only_to_somebody_who_held_it_at_another():
    def closed(role: Role, permission: str, stage: Stage, **seat: bool) -> bool:
        who = person(role, memberships=(at(role, stage, **seat),))
        return closed_by_its_stage(who, permission, review_id=REVIEW, agency_id=POLICE, on=TODAY)

    assert closed(Role.PANEL_MEMBER, "terms.see", Stage.SCOPING)
    assert closed(Role.PANEL_MEMBER, "terms.see", Stage.SEMINAR)
    assert not closed(Role.PANEL_MEMBER, "terms.see", Stage.PANEL)  # it is open
    assert not closed(Role.PANEL_MEMBER, "family.see", Stage.SEMINAR)  # it never was theirs
    assert not closed(Role.PANEL_MEMBER, "terms.see", Stage.SEMINAR, shut=True)  # the seat itself is not open
    gone = Membership(REVIEW, Role.PANEL_MEMBER, POLICE, YESTERDAY, YESTERDAY, is_open=True, stage=Stage.SEMINAR)
    left = person(Role.PANEL_MEMBER, memberships=(gone,))
    assert not closed_by_its_stage(left, "terms.see", review_id=REVIEW, on=TODAY)
    barred = person(
        Role.PANEL_MEMBER, memberships=(at(Role.PANEL_MEMBER, Stage.SEMINAR),), conflicts=frozenset({REVIEW})
    )
    assert not closed_by_its_stage(barred, "terms.see", review_id=REVIEW, on=TODAY)


def test_a_role_has_one_window_for_everything_and_each_thing_one_window_at_most():
    for role in BY_MEMBERSHIP:
        theirs = [each for each in WINDOWS if role in each.roles]
        assert [each.what for each in theirs].count(()) == 1
        named = [what for each in theirs for what in each.what]
        assert len(named) == len(set(named))
    assert not {role for each in WINDOWS for role in each.roles} - BY_MEMBERSHIP


def test_every_window_names_permissions_and_classes_that_there_are():
    assert set(REMAINS) <= set(GRANTS) | set(MAY_OPEN)
    assert {what for each in WINDOWS for what in each.what} <= set(GRANTS) | set(MAY_OPEN)
