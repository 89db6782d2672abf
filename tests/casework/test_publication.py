"""A publication is planned with the family in mind, approved, done by a step of the review, and taken down again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import publication
from dhr_app.casework.publication import ApprovalEntry, PublicationEntry
from dhr_app.casework.publication_page import (
    PublicationPage,
    may_plan,
    open_approval,
    publication_page,
    publication_to_correct,
)
from dhr_app.database.models import FamilyMember, Publication
from dhr_app.database.models.family_part import DateToAvoid, FamilyStep
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import BEGAN, Case, County

APPROVED = ApprovalEntry("T. Grantly, chair of the steering group", BEGAN.date(), "Minute 6, folder Kestrel")


def planned(case: Case, **changes: Any) -> PublicationEntry:
    return PublicationEntry(**{"mode": "full", "planned_on": case.today, **changes})


def plan(case: Case, *, by: Person | None = None, **changes: Any) -> UUID:
    entry = planned(case, **changes)
    return publication.plan_publication(
        case.reference, entry, by=by or case.county.coordinator, at=case.wait(minutes=1)
    )


def version_of(case: Case, publication_id: UUID) -> int:
    """The version that a form would be filled in from now; where there is no such row, any."""
    return next((row.version for row in rows(case) if row.id == publication_id), 1)


def correct(case: Case, publication_id: UUID, version: int = 0, *, by: Person | None = None, **changes: Any) -> None:
    publication.correct_publication(
        case.reference, publication_id, planned(case, **changes), version or version_of(case, publication_id),
        by=by or case.county.coordinator,
        at=case.wait(minutes=1),
    )  # fmt: skip


def approve(case: Case, publication_id: UUID, version: int = 0, *, by: Person | None = None, **changes: Any) -> None:
    entry = replace(APPROVED, approved_on=case.today)
    publication.approve_publication(
        case.reference, publication_id, replace(entry, **changes), version or version_of(case, publication_id),
        by=by or case.county.coordinator,
        at=case.wait(minutes=1),
    )  # fmt: skip


def seen(case: Case, *, by: Person | None = None) -> PublicationPage:
    return publication_page(case.reference, by=by or case.county.coordinator, at=case.at)


def rows(case: Case) -> list[Publication]:
    return sorted(case.rows(Publication), key=lambda row: row.number)


def relative_told(case: Case, day: date | None, *, about: date) -> None:
    """A family member who takes part, told of a day of publication on `day`, or not yet."""
    case.relative()
    with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
        member = session.get_one(FamilyMember, case.rows(FamilyMember)[-1].id)
        member.takes_part = "yes"
        if day is not None:
            session.add(
                FamilyStep(
                    review_id=member.review_id,
                    family_member_id=member.id,
                    kind="publication_date",
                    done_on=day,
                    channel="letter",
                    answer="not_needed",
                    about_on=about,
                )
            )


def avoid(case: Case, day: date) -> None:
    case.relative()
    with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
        member_id = case.rows(FamilyMember)[-1].id
        session.add(
            DateToAvoid(
                review_id=case.row.id,
                family_member_id=member_id,
                day=day.isoformat(),
                every_year=True,
                why="The day she died",
            )
        )


@pytest.fixture
def case(county: County) -> Case:
    """A report that the Home Office lets be published."""
    return county.review(Stage.PUBLICATION)


# --- Planned, corrected, approved -----------------------------------------------------------------------------------


def test_a_publication_is_planned_and_corrected(case: Case) -> None:
    publication_id = plan(case, planned_on=case.today + timedelta(days=30))
    assert not case.facts().publication.agencies_told
    told: dict[str, Any] = {"agencies_told_on": case.today, "address": "https://www.barsetshire.example/reviews/2026"}
    correct(case, publication_id, mode="redacted", **told)
    page = seen(case)
    assert page.planned is not None
    assert page.planned.entry == planned(case, mode="redacted", **told)
    assert case.facts().publication.agencies_told
    assert "agencies_told_of_publication" not in case.needed("publish")
    assert case.happened()[-2:] == [Happened.PUBLICATION_PLANNED, Happened.PUBLICATION_CHANGED]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"mode": ""}, {"mode": "Choose from the list."}),
        ({"planned_on": None}, {"planned_on": "Give the day on which it is to be published."}),
        ({"planned_on": date(2035, 1, 1)}, {"planned_on": "1 January 2035 is years away: check the year."}),
        ({"planned_on": date(2010, 1, 1)}, {"planned_on": "1 January 2010 is years away: check the year."}),
        ({"agencies_told_on": date(2031, 5, 1)},
         {"agencies_told_on": "1 May 2031 has not come yet: check the day."}),
        ({"press_told_on": date(2001, 5, 1)},
         {"press_told_on": "There were no reviews before 13 April 2011: check the year."}),
        *(({"address": address},
           {"address": "Give a whole web address, like https://www.barsetshire.example/reviews."})
          for address in ("barsetshire.example", "https://[barset", "http://a b.example/", "ftp://barset.example/x")),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    case: Case, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        plan(case, **changes)
    assert refusal.value.fields == fields
    publication_id = plan(case)
    with pytest.raises(Invalid):
        correct(case, publication_id, **changes)
    assert len(rows(case)) == 1


def test_one_publication_is_planned_at_a_time(case: Case) -> None:
    plan(case)
    with pytest.raises(NotYet) as refusal:
        plan(case)
    assert refusal.value.reasons[0].sentence == "A publication is planned already: correct that one."


@pytest.mark.parametrize("stage", [Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA, Stage.WITHDRAWN])
def test_nothing_is_planned_before_the_home_office_allows_it(county: County, stage: Stage) -> None:
    case = county.review(stage)
    with pytest.raises(NotYet):
        plan(case)
    with pytest.raises(NotYet):
        may_plan(case.reference, by=county.coordinator, at=case.at)
    page = seen(case)
    assert (page.may_change, page.may_approve) == (False, False)
    assert stage.label in page.not_yet


def test_a_local_review_is_not_published(county: County) -> None:
    assert seen(county.review(rule_set="local-review")).not_yet == "A review of this kind is not published."


def test_it_is_approved_on_behalf_with_what_shows_it(case: Case) -> None:
    publication_id = plan(case)
    with pytest.raises(Invalid) as refusal:
        approve(case, publication_id, evidence="", approved_by=" ", approved_on=None)
    assert refusal.value.fields == {
        "approved_by": "Say who approved it: name and post.",
        "approved_on": "Give the day.",
        "evidence": "Say what shows the approval, and where it is kept.",
    }
    assert "publication_approved" in case.needed("publish")
    approve(case, publication_id)
    assert "publication_approved" not in case.needed("publish")
    page = open_approval(case.reference, publication_id, by=case.county.chair, at=case.at)
    assert page.entry == replace(APPROVED, approved_on=case.today)
    sealed = rows(case)[0].evidence_ct
    assert sealed is not None
    assert b"folder Kestrel" not in bytes(sealed)
    assert case.happened()[-1] == Happened.PUBLICATION_APPROVED


def test_the_chair_of_the_steering_group_approves_without_another_paper_and_corrects_it(case: Case) -> None:
    publication_id = plan(case)
    approve(case, publication_id, evidence="", by=case.county.chair)
    assert case.facts().publication.approved
    approve(case, publication_id, evidence="Minute 6", by=case.county.chair)
    assert case.happened()[-1] == Happened.PUBLICATION_CHANGED
    with pytest.raises(Stale):
        approve(case, publication_id, 2, evidence="Minute 7")


def test_what_was_approved_was_that_much_of_the_report(case: Case) -> None:
    publication_id = plan(case)
    approve(case, publication_id)
    correct(case, publication_id, planned_on=case.today + timedelta(days=7))
    assert case.facts().publication.approved
    correct(case, publication_id, planned_on=case.today + timedelta(days=7), mode="summary")
    assert not case.facts().publication.approved
    assert open_approval(case.reference, publication_id, by=case.county.chair, at=case.at).entry == ApprovalEntry()


def test_whoever_saves_second_is_told_both_texts(case: Case) -> None:
    publication_id = plan(case)
    correct(case, publication_id, mode="redacted")
    with pytest.raises(Stale) as stale:
        correct(case, publication_id, 1, mode="summary")
    assert (stale.value.theirs, stale.value.yours) == ({"mode": "redacted"}, {"mode": "summary"})


# --- The family comes first -----------------------------------------------------------------------------------------


def test_agencies_may_be_told_five_working_days_after_the_last_of_the_family(case: Case) -> None:
    day = date(2026, 6, 26)
    relative_told(case, date(2026, 5, 21), about=day)  # the Thursday before a bank holiday
    case.at = case.at.replace(month=6, day=1)
    publication_id = plan(case, planned_on=day)
    page = seen(case)
    assert page.told is not None
    assert page.told.may_tell_from == date(2026, 5, 29)
    assert page.told.working == (
        "By 21 May 2026 everybody in the family who takes part had been told the day: this is day 0.",
        "5 working days on is 29 May 2026; weekends and bank holidays do not count.",
    )
    assert case.facts().publication.in_time
    correct(case, publication_id, planned_on=day, agencies_told_on=date(2026, 5, 28))
    page = seen(case)
    assert page.told is not None
    assert page.told.too_early == ("agencies",)
    assert not case.facts().publication.in_time


def test_while_one_of_the_family_was_not_told_nobody_else_may_be(case: Case) -> None:
    relative_told(case, None, about=case.today)
    plan(case)
    page = seen(case)
    assert page.told is not None
    assert page.told.may_tell_from is None
    assert "was not told yet that the day is" in page.told.working[0]
    assert not case.facts().publication.in_time


def test_a_day_the_family_asked_to_avoid_is_said_without_saying_whose_it_is(case: Case) -> None:
    avoid(case, date(2019, 9, 14))
    publication_id = plan(case, planned_on=date(2026, 9, 14))
    page = seen(case, by=case.county.chair)
    assert page.planned is not None
    assert page.planned.avoids_family_dates is False
    assert not case.facts().publication.avoids_dates
    correct(case, publication_id, planned_on=date(2026, 9, 15))
    assert case.facts().publication.avoids_dates


def test_an_approval_by_somebody_who_may_not_open_the_family_s_days_leaves_the_check_as_it_was(case: Case) -> None:
    publication_id = plan(case)
    approve(case, publication_id, by=case.county.chair)
    assert rows(case)[0].avoids_family_dates is True


# --- Published, withheld, taken down, published again ---------------------------------------------------------------


def test_the_step_publishes_what_was_planned_on_its_day(case: Case) -> None:
    publication_id = plan(case, agencies_told_on=case.today)
    approve(case, publication_id)
    day = case.today
    case.wait(days=2)
    case.take("publish", decided_on=day)
    (row,) = rows(case)
    assert (row.published_on, row.used_by) == (day, case.row.moves_made)
    page = seen(case)
    assert (page.planned, [line.number for line in page.earlier]) == (None, [1])


def test_it_is_not_published_before_its_day_or_before_it_was_decided(case: Case) -> None:
    publication_id = plan(case, planned_on=case.today + timedelta(days=10))
    case.settle("publish")
    with pytest.raises(Invalid) as refusal:
        case.move("publish")
    assert set(refusal.value.fields) == {"decided_on"}
    assert "record it on that day, or correct the plan first" in refusal.value.fields["decided_on"]
    correct(case, publication_id, planned_on=case.today - timedelta(days=10))
    with pytest.raises(Invalid) as refusal:
        case.move("publish")
    assert "before this decision: correct one of the two days" in refusal.value.fields["decided_on"]


def test_withheld_the_plan_shows_as_not_done_and_answers_nothing_any_more(case: Case) -> None:
    publication_id = plan(case)
    case.take("withhold")
    (line,) = seen(case).earlier
    assert (line.planned, line.entry.published_on) == (False, None)
    with pytest.raises(NotYet):
        approve(case, publication_id)


def test_a_report_is_taken_down_and_published_again_as_it_was(case: Case) -> None:
    plan(case, mode="redacted", address="https://www.barsetshire.example/dhr")
    case.take("publish")
    published_on = case.today
    case.wait(days=3)
    with pytest.raises(Invalid) as refusal:
        case.move("take_down", decided_on=published_on - timedelta(days=1))
    assert "it cannot be taken down before" in refusal.value.fields["decided_on"]
    case.move("take_down")
    assert rows(case)[0].taken_down_on == case.today
    case.wait(days=9)
    case.take("publish_again")
    first, again = rows(case)
    assert (first.taken_down_on, again.number, again.mode, again.address) == (
        case.today - timedelta(days=9), 2, "redacted", "https://www.barsetshire.example/dhr",
    )  # fmt: skip
    assert (again.published_on, again.approved_on, again.approved_by) == (
        case.today, case.today, "Barsetshire Review Steering Group",
    )  # fmt: skip


def test_where_it_was_planned_anew_it_is_published_again_as_planned(county: County) -> None:
    case = county.review(Stage.CLOSED)
    publication_id = plan(case, mode="summary")
    case.take("publish_again")
    (row,) = rows(case)
    assert (row.id, row.published_on, row.approved_by) == (
        publication_id, case.today, "Barsetshire Review Steering Group",
    )  # fmt: skip


def test_what_was_published_without_a_record_leaves_the_step_alone_as_its_record(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    case.take("take_down")
    case.take("publish_again")
    assert rows(case) == []


def test_the_days_of_a_publication_that_is_done_are_corrected_but_neither_given_nor_taken_away(case: Case) -> None:
    publication_id = plan(case)
    with pytest.raises(Invalid) as refusal:
        correct(case, publication_id, published_on=case.today)
    assert set(refusal.value.fields) == {"published_on"}
    case.take("publish")
    day = case.today
    case.wait(days=4)
    correct(case, publication_id, published_on=day + timedelta(days=1))
    assert rows(case)[0].published_on == day + timedelta(days=1)
    with pytest.raises(Invalid):
        correct(case, publication_id, published_on=None)
    with pytest.raises(Invalid) as refusal:
        correct(case, publication_id, published_on=case.today, taken_down_on=day)
    assert set(refusal.value.fields) == {"taken_down_on"}


def test_a_publication_from_before_this_system_is_recorded_and_is_no_plan(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    assert seen(case).may_record_earlier
    entry = PublicationEntry("full", published_on=date(2023, 5, 4), taken_down_on=date(2024, 5, 4))

    def record(**changes: Any) -> None:
        publication.record_earlier_publication(
            case.reference, replace(entry, **changes), by=county.coordinator, at=case.wait(minutes=1)
        )

    with pytest.raises(Invalid) as refusal:
        record(published_on=None, taken_down_on=None)
    assert refusal.value.fields == {"published_on": "Give the day on which it was published."}
    with pytest.raises(Invalid):
        record(taken_down_on=date(2023, 5, 3))
    record()
    page = seen(case)
    assert (page.planned, page.may_record_earlier) == (None, False)
    assert page.earlier[0].entry.published_on == date(2023, 5, 4)
    assert not case.facts().publication.planned


def test_before_the_step_nothing_is_recorded_as_published(case: Case) -> None:
    entry = PublicationEntry("full", published_on=case.today)
    with pytest.raises(NotYet):
        publication.record_earlier_publication(case.reference, entry, by=case.county.coordinator, at=case.at)


# --- Who may --------------------------------------------------------------------------------------------------------


def test_who_sees_plans_and_approves(county: County) -> None:
    case = county.review(Stage.PUBLICATION, seats=True)
    publication_id = plan(case)
    for role in (Role.STEERING_CHAIR, Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR):
        who = county.who(role)
        page = seen(case, by=who)
        assert (page.may_change, page.may_approve) == (False, role is Role.STEERING_CHAIR)
        assert open_approval(case.reference, publication_id, by=who, at=case.at).may_approve is page.may_approve
        with pytest.raises(NotAllowed):
            correct(case, publication_id, by=who)
        with pytest.raises(NotAllowed):
            publication_to_correct(case.reference, publication_id, by=who, at=case.at)
        with pytest.raises(NotAllowed):
            may_plan(case.reference, by=who, at=case.at)
    with pytest.raises(NotAllowed):
        approve(case, publication_id, by=county.who(Role.INDEPENDENT_CHAIR))
    for role in (Role.PANEL_MEMBER, Role.STEERING_MEMBER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            seen(case, by=county.who(role))


def test_a_publication_of_another_review_is_out_of_reach(case: Case, county: County) -> None:
    publication_id = plan(case)
    other = county.review(Stage.SEMINAR)
    for unknown in (publication_id, uuid4()):
        with pytest.raises(OutOfReach):
            correct(other, unknown)
        with pytest.raises(OutOfReach):
            approve(other, unknown)
        with pytest.raises(OutOfReach):
            open_approval(other.reference, unknown, by=county.coordinator, at=other.at)
        with pytest.raises(OutOfReach):
            publication_to_correct(other.reference, unknown, by=county.coordinator, at=other.at)
