"""Who may do what, against a table written out by hand: each permission, each role, on the review and off it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dhr_app.workflows.emergency import Emergency
from dhr_app.workflows.permissions import (
    GRANTS,
    MAY_OPEN,
    STEP_UP,
    DataClass,
    ExtraGrant,
    Membership,
    Person,
    allows,
    may_open,
    may_open_once_proved,
)
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from tests.workflows.lifecycle_table import ROWS
from tests.workflows.rule_book import HEALTH, OTHER_REVIEW, POLICE, REVIEW, TODAY, TOMORROW, YESTERDAY, person

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=UTC)
GRANT = ExtraGrant(REVIEW, YESTERDAY, TOMORROW)
LETTERS = {
    "C": "coordinator", "S": "steering_chair", "D": "steering_deputy", "M": "steering_member", "I": "independent_chair",
    "R": "report_author", "P": "panel_member", "A": "agency_contributor", "U": "auditor", "X": "administrator",
}  # fmt: skip
EVERYBODY = "CSDMIRPAUX"
TABLE = """
home.see             CSDMIRPAUX
day.see              C
accounts.see         CSDX
accounts.change      CX
accounts.change_office X
accounts.confirm     CSDX
agreements.see       CX
agreements.change    CX
holidays.see         CX
holidays.change      C
contacts.see         C
contacts.change      C
tenants.see          X
tenants.change       X
invitations.see      CSDX
invitations.make     CX
substitutes.see      A
substitutes.change   A
factor.forget        X
way_in.ask           X
desk.see             IR
owed.see             A
overview.see         CSDM
messages.see         C
reminders.change     C
search.see           CSDIR
duplicates.see       CSD
duplicates.change    SD
reviews.list         CSDMIRPAU
reviews.list_all     CSDMU
review.notify        C
review.reach         CSDMIRPAU
review.see           CSDMIRP
review.outline       U
review.change        C
notification.see     CSDIR
notification.change  C
people.see           CSDIR
people.change        C
family.see           CI
family.change        CI
kept_apart.see       CSDIR
kept_apart.read      I
kept_apart.change    CIR
extra_grant.give     CSD
extra_grant.seated   SD
extra_grant.end      CSD
scoping.see          CSDIR
scoping.ask          C
scoping.answer       CA
scoping.read         CSDIRA
decision.see         CSDIR
decision.change      CSD
statement.see        CSDMIR
statement.make       CSDIR
statement.second     CSD
statement.accept     SD
appointment.see      CSDMIRP
appointment.read     CSDIR
appointment.change   C
panel.see            CSDMIRP
panel.change         CI
terms.see            CSDIRP
terms.change         CIR
meeting.see          CSDIRP
meeting.change       CIR
meeting.plan         CI
meetings.list        CSDMIRPA
meetings.plan        C
imr.see              CSDIR
imr.ask              CI
imr.answer           CA
imr.read             CSDIRA
paper.see            CSDIRP
paper.change         CIR
paper.finish         CI
draft.see            CSDIRP
draft.hand_in        CIR
draft.share          CI
accuracy.see         CSDIR
accuracy.ask         CIR
accuracy.answer      CA
accuracy.read        CSDIRA
accuracy.settle      CI
approval.see         CSDIR
approval.record      CSD
home_office.see      CSDIRP
home_office.change   C
home_office.answer   CIR
publication.see      CSDIR
publication.change   C
publication.approve  CSD
learning.see         CSDMIRP
learning.change      C
seminar.see          CSDM
seminar.change       C
plan.see             CSDMIRP
plan.change          CIR
plan.report_done     C
plan.move_date       CSD
plan.answer_longer   CSD
plan.close_action    SD
progress.see         CSDMA
progress.report      CA
action_link.send     C
closing.see          CSDM
closing.change       C
records.see          CSDU
hold.place           CSD
hold.lift            CSD
disposal.notice      CSD
disposal.confirm     SD
disposal.second      CSD
retention.see        CSDU
had_access.see       CSDU
access.see           CSDIU
access.confirm       C
requests.see         CSDU
requests.read        CSD
requests.change      C
incidents.list       CSDUX
incidents.see        CSDU
incidents.read       CSD
incidents.enter      CSDX
incidents.change     CSD
handover.see         CSD
handover.change      C
openings.see         CSDU
emergency.ask        CSDMIRP
emergency.confirm    CSD
emergency.see        CSDIRPAU
emergency.end        CSD
emergency.look       SD
trail.see            SDU
trail.export         SDU
told.record          CSDI
seat.prepare         IRPA
conflict.declare     CSDMIRPAU
conflict.see         CSD
conflict.enter       CSD
conflict.decide      CSD
conflict.lift        CSD
"""
GRANTED = {
    name: {LETTERS[letter] for letter in letters} for name, letters in map(str.split, TABLE.strip().splitlines())
}
GRANTED |= {f"move.{row.move}": row.recorders for row in ROWS.values()}
OPENED = {
    DataClass.IDENTITIES:     "CSDIR",
    DataClass.WORKING_PAPERS: "CSDIRA",
    DataClass.PANEL_PAPERS:   "CSDIRP",
    DataClass.FAMILY:         "CI",
    DataClass.SENSITIVE:      "I",
    DataClass.EVIDENCE:       "CSDMA",
    DataClass.KEPT_WORDS:     "CSDIRA",
    DataClass.SYSTEM:         "",
}  # fmt: skip
# What hangs on no review: a seat, or a conflict, makes no difference.
OF_NO_REVIEW = {
    "home.see", "day.see", "accounts.see", "accounts.change", "accounts.change_office", "accounts.confirm",
    "agreements.see", "agreements.change", "contacts.see", "contacts.change", "tenants.see", "tenants.change",
    "invitations.see", "invitations.make", "substitutes.see", "substitutes.change", "factor.forget", "way_in.ask",
    "reviews.list", "reviews.list_all", "review.notify", "holidays.see", "holidays.change",
    "seminar.see", "seminar.change", "desk.see", "owed.see", "overview.see", "messages.see",
    "reminders.change",
    "search.see", "duplicates.see", "duplicates.change",
    "trail.see", "trail.export", "retention.see", "emergency.ask", "meetings.list", "meetings.plan",
}  # fmt: skip
OF_A_REVIEW = sorted(set(GRANTED) - OF_NO_REVIEW)
WITHOUT_A_SEAT = {"progress.see", "progress.report"}  # an agency acts on what it owes, on the review or not


def may(who: Person, permission: str, on: date = TODAY) -> bool:
    return allows(who, permission, review_id=REVIEW, agency_id=POLICE, on=on)


def test_the_grants_are_those_of_the_table():
    assert set(GRANTS) == set(GRANTED)


@pytest.mark.parametrize("permission", sorted(GRANTED))
def test_each_role_on_the_review_holds_what_the_table_gives_it(permission):
    assert {role.value for role in Role if may(person(role), permission)} == GRANTED[permission]


def test_whoever_may_agree_as_the_second_person_may_read_what_they_agree_to():
    for role in Role:
        if may(person(role), "statement.second"):
            assert may(person(role), "statement.see")
            assert may_open(person(role), REVIEW, DataClass.WORKING_PAPERS, on=TODAY)


@pytest.mark.parametrize("permission", sorted(set(OF_A_REVIEW) - WITHOUT_A_SEAT))
def test_a_role_that_needs_a_seat_holds_nothing_of_a_review_it_does_not_sit_on(permission):
    elsewhere = (
        Membership(OTHER_REVIEW, Role.INDEPENDENT_CHAIR, POLICE, date(2026, 1, 15), is_open=True, stage=Stage.PANEL),
    )
    for role in BY_MEMBERSHIP:
        assert not may(person(role, seated=False), permission)
        assert not may(person(role, memberships=elsewhere), permission)


@pytest.mark.parametrize("permission", OF_A_REVIEW)
def test_a_conflict_of_interest_wins_over_every_grant(permission):
    for role in Role:
        assert not may(person(role, conflicts=frozenset({REVIEW})), permission)
        held = may(person(role, conflicts=frozenset({OTHER_REVIEW})), permission)
        assert held == (role.value in GRANTED[permission])


@pytest.mark.parametrize(
    ("from_on", "to_on", "holds"),
    [
        (YESTERDAY, None,      True),
        (TODAY,     None,      True),
        (TOMORROW,  None,      False),
        (YESTERDAY, TODAY,     True),
        (YESTERDAY, YESTERDAY, False),
        (TODAY,     TODAY,     True),
    ],
)  # fmt: skip
def test_a_seat_holds_from_its_first_day_to_its_last(from_on, to_on, holds):
    seat = Membership(REVIEW, Role.INDEPENDENT_CHAIR, None, from_on, to_on, is_open=True, stage=Stage.PANEL)
    assert seat.holds(TODAY) is holds
    assert may(person(Role.INDEPENDENT_CHAIR, memberships=(seat,)), "family.see") is holds


# What a seat gives before it is open: nothing but the way to open it. An agency acts on what it owes, seat or not.
BEFORE_IT_IS_OPEN = {"seat.prepare", "conflict.declare"}


@pytest.mark.parametrize("permission", sorted(set(OF_A_REVIEW) - WITHOUT_A_SEAT))
def test_a_seat_that_is_not_open_gives_nothing_but_the_way_to_open_it(permission):
    for role in BY_MEMBERSHIP:
        shut = (Membership(REVIEW, role, POLICE, date(2026, 1, 15), stage=Stage.PANEL),)
        assert may(person(role, memberships=shut), permission) is (permission in BEFORE_IT_IS_OPEN)


@pytest.mark.parametrize("data_class", DataClass)
def test_a_seat_that_is_not_open_opens_no_value(data_class):
    for role in BY_MEMBERSHIP:
        nobody_s = Membership(REVIEW, role, POLICE, date(2026, 1, 15), stage=Stage.PANEL)
        shut = person(role, memberships=(nobody_s,), agency_id=None, extra=(GRANT,), proved_at=NOW)
        assert not may_open(shut, REVIEW, data_class, agency_id=POLICE, on=TODAY, at=NOW)


# What somebody with emergency access holds on the review: they read it, say that they know somebody, and end it.
IN_AN_EMERGENCY = {
    "review.reach", "review.see", "notification.see", "people.see", "family.see", "scoping.see", "scoping.read",
    "decision.see", "statement.see", "appointment.see", "appointment.read", "panel.see", "terms.see", "meeting.see",
    "imr.see", "imr.read", "paper.see", "draft.see", "accuracy.see", "accuracy.read", "approval.see",
    "home_office.see", "publication.see", "learning.see", "plan.see", "conflict.declare",
    "emergency.see", "emergency.end", "kept_apart.see", "kept_apart.read",
}  # fmt: skip
FOR_AN_HOUR = (Emergency(REVIEW, "DHR-2026-001", datetime(2026, 6, 3, 12, 0, tzinfo=UTC)),)


def test_emergency_access_is_to_read_and_changes_nothing():
    for role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER):
        reader = person(role, seated=False, emergencies=FOR_AN_HOUR)
        held = {permission for permission in OF_A_REVIEW if may(reader, permission)}
        assert held == IN_AN_EMERGENCY
        opened = {each for each in DataClass if may_open(reader, REVIEW, each, on=TODAY, at=NOW)}
        assert opened == {
            DataClass.IDENTITIES, DataClass.WORKING_PAPERS, DataClass.PANEL_PAPERS, DataClass.FAMILY
        }  # fmt: skip
        proved = replace(reader, proved_at=NOW)
        assert {each for each in DataClass if may_open(proved, REVIEW, each, on=TODAY, at=NOW)} - opened == STEP_UP


def test_emergency_access_is_nothing_to_an_administrator_an_auditor_or_an_agency():
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.AGENCY_CONTRIBUTOR):
        with_it, without = (person(role, seated=False, emergencies=each) for each in (FOR_AN_HOUR, ()))
        assert [may(with_it, each) for each in OF_A_REVIEW] == [may(without, each) for each in OF_A_REVIEW]
        for each in DataClass:
            assert may_open(with_it, REVIEW, each, on=TODAY) is may_open(without, REVIEW, each, on=TODAY)


def test_emergency_access_is_to_one_review_and_never_over_a_conflict_of_interest():
    for role in Role:
        barred = person(role, seated=False, emergencies=FOR_AN_HOUR, conflicts=frozenset({REVIEW}))
        assert not any(may(barred, each) for each in OF_A_REVIEW)
        assert not any(may_open(barred, REVIEW, each, on=TODAY) for each in DataClass)
    chair = person(Role.INDEPENDENT_CHAIR, seated=False, emergencies=FOR_AN_HOUR)
    assert not any(allows(chair, each, review_id=OTHER_REVIEW, on=TODAY) for each in IN_AN_EMERGENCY)
    assert not any(may_open(chair, OTHER_REVIEW, each, on=TODAY) for each in DataClass)


def test_emergency_access_is_left_out_from_its_last_moment_on():
    chair = person(Role.INDEPENDENT_CHAIR, seated=False, emergencies=FOR_AN_HOUR)
    assert chair.as_at(datetime(2026, 6, 3, 11, 59, 59, 999999, tzinfo=UTC)).emergencies == FOR_AN_HOUR
    assert chair.as_at(datetime(2026, 6, 3, 12, 0, tzinfo=UTC)).emergencies == ()


@pytest.mark.parametrize("permission", ["scoping.answer", "scoping.read"])
def test_a_contributor_reaches_the_return_of_their_own_agency_only(permission):
    contributor = person(Role.AGENCY_CONTRIBUTOR)
    assert allows(contributor, permission, review_id=REVIEW, agency_id=POLICE, on=TODAY)
    assert not allows(contributor, permission, review_id=REVIEW, agency_id=HEALTH, on=TODAY)
    assert not allows(contributor, permission, review_id=REVIEW, agency_id=None, on=TODAY)


def test_a_seat_without_an_agency_is_no_key_to_values_without_an_agency():
    seat = Membership(REVIEW, Role.AGENCY_CONTRIBUTOR, None, YESTERDAY, is_open=True, stage=Stage.PANEL)
    nobody_s = person(Role.AGENCY_CONTRIBUTOR, memberships=(seat,))
    assert not may_open(nobody_s, REVIEW, DataClass.WORKING_PAPERS, agency_id=None, on=TODAY)


@pytest.mark.parametrize("data_class", DataClass)
class TestEachClassOfData:
    def test_is_opened_by_the_roles_of_the_table(self, data_class):
        everybody = {role: person(role, proved_at=NOW) for role in Role}
        opened = {
            role
            for role, who in everybody.items()
            if may_open(who, REVIEW, data_class, agency_id=POLICE, on=TODAY, at=NOW)
        }
        assert opened == {LETTERS[letter] for letter in OPENED[data_class]}

    def test_is_closed_to_whoever_has_a_conflict_of_interest(self, data_class):
        for role in Role:
            barred = person(role, conflicts=frozenset({REVIEW}), extra=(GRANT,), proved_at=NOW)
            assert not may_open(barred, REVIEW, data_class, agency_id=POLICE, on=TODAY, at=NOW)

    def test_is_closed_once_a_seat_has_ended(self, data_class):
        for role in BY_MEMBERSHIP:
            left = (Membership(REVIEW, role, POLICE, date(2026, 1, 15), YESTERDAY, is_open=True, stage=Stage.PANEL),)
            gone = person(role, memberships=left, extra=(GRANT,), proved_at=NOW)
            # What an agency handed in itself it goes on reading.
            stays = data_class in (DataClass.EVIDENCE, DataClass.KEPT_WORDS) and role is Role.AGENCY_CONTRIBUTOR
            assert may_open(gone, REVIEW, data_class, agency_id=POLICE, on=TODAY, at=NOW) is stays


HOLDERS = {Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY} | BY_MEMBERSHIP


def apart(who: Person, at: datetime | None = NOW) -> bool:
    return may_open(who, REVIEW, DataClass.SENSITIVE, on=TODAY, at=at)


def test_an_extra_grant_opens_what_is_kept_apart_to_whoever_has_a_place_on_the_review():
    opened = {role for role in Role if apart(person(role, extra=(GRANT,), proved_at=NOW))}
    assert opened == HOLDERS
    for role in BY_MEMBERSHIP:
        assert not apart(person(role, seated=False, extra=(GRANT,), proved_at=NOW))


def test_a_grant_of_another_review_or_other_days_opens_nothing():
    others = (
        ExtraGrant(OTHER_REVIEW, YESTERDAY, TOMORROW),
        ExtraGrant(REVIEW, TOMORROW, TOMORROW),
        ExtraGrant(REVIEW, YESTERDAY, YESTERDAY),
    )
    assert not apart(person(Role.COORDINATOR, extra=others, proved_at=NOW))


@pytest.mark.parametrize(
    ("ago", "opens"),
    [(None, False), (timedelta(0), True), (timedelta(minutes=4, seconds=59), True), (timedelta(minutes=5), False),
     (timedelta(minutes=-1), False)],
)  # fmt: skip
def test_what_is_kept_apart_opens_for_five_minutes_after_a_proof(ago, opens):
    who = person(Role.COORDINATOR, extra=(GRANT,), proved_at=None if ago is None else NOW - ago)
    assert apart(who) is opens
    assert not apart(who, at=None)
    assert may_open_once_proved(who, REVIEW, DataClass.SENSITIVE, on=TODAY)


@pytest.mark.parametrize("data_class", sorted(set(DataClass) - STEP_UP))
def test_nothing_else_asks_for_a_proof(data_class):
    for role in Role:
        for proved_at in (None, NOW):
            who = person(role, proved_at=proved_at)
            assert may_open(who, REVIEW, data_class, on=TODAY) == may_open_once_proved(
                who, REVIEW, data_class, on=TODAY
            )


def test_every_class_of_data_says_who_may_open_it():
    assert set(MAY_OPEN) == set(DataClass)


def test_working_papers_of_another_agency_stay_closed_to_a_contributor():
    contributor = person(Role.AGENCY_CONTRIBUTOR)
    assert may_open(contributor, REVIEW, DataClass.WORKING_PAPERS, agency_id=POLICE, on=TODAY)
    for agency_id in (HEALTH, None):
        assert not may_open(contributor, REVIEW, DataClass.WORKING_PAPERS, agency_id=agency_id, on=TODAY)


def test_a_misspelt_permission_never_passes():
    with pytest.raises(KeyError):
        allows(person(Role.COORDINATOR), "review.sea", on=TODAY)


def test_whoever_may_change_something_may_also_see_it():
    for changing in ("notification", "people", "family", "decision", "review"):
        assert GRANTED[f"{changing}.change"] <= GRANTED[f"{changing}.see"]


def test_every_predicate_says_in_words_whom_it_means():
    for predicates in (*GRANTS.values(), *MAY_OPEN.values()):
        assert all(predicate.__doc__ for predicate in predicates)
