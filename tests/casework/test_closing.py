"""Until when a review's records are kept, and what the audit of its action plan found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dhr_app.casework.closing import (
    AuditEntry,
    RetentionEntry,
    closing_page,
    closing_to_change,
    record_audit,
    set_retention,
)
from dhr_app.database.models import Deadline
from dhr_app.database.models.clocks import Deadline as Clock
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import BEGAN, Case, County

FAR = date(2033, 3, 27)
POLICY = "Barsetshire CSP retention schedule, 2024"


def keep(case: Case, version: int = 0, *, by: Person | None = None, **changes: Any) -> RetentionEntry:
    entry = RetentionEntry(**{"keep_until": FAR, "policy": POLICY, **changes})
    set_retention(case.reference, entry, version, by=by or case.county.coordinator, at=case.wait(minutes=1))
    return entry


def audit(case: Case, version: int = 0, *, by: Person | None = None, **changes: Any) -> AuditEntry:
    entry = AuditEntry(**{"audited_on": case.today, "audit_found": "partly", **changes})
    record_audit(case.reference, entry, version, by=by or case.county.coordinator, at=case.wait(minutes=1))
    return entry


def told(case: Case) -> list[tuple[str, object]]:
    return [(event.kind, event.details.get("label")) for event in case.events()]


def test_the_day_until_which_records_are_kept_is_set_and_corrected(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    entry = keep(case)
    page = closing_page(case.reference, by=county.chair, at=case.at)
    assert (page.retention, page.audit, page.version, page.may_change) == (entry, AuditEntry(), 1, False)
    assert case.facts().ending.kept_until == FAR
    keep(case, 1, keep_until=date(2034, 3, 27))
    assert case.facts().ending.kept_until == date(2034, 3, 27)
    assert [kind for kind, _ in told(case)][-2:] == [Happened.RETENTION_SET, Happened.RETENTION_CHANGED]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"keep_until": None}, {"keep_until": "Give the day until which the records are kept."}),
        ({"keep_until": BEGAN.date()}, {"keep_until": "15 January 2026 is not a day to come: check the year."}),
        ({"keep_until": date(2233, 1, 1)}, {"keep_until": "1 January 2233 is not a day to come: check the year."}),
        ({"policy": " "}, {"policy": "Name the policy: whose it is, and its year."}),
    ],
)
def test_a_day_that_cannot_be_right_or_no_policy_is_said_beside_its_field(
    county: County, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    case = county.review(Stage.SEMINAR)
    with pytest.raises(Invalid) as refusal:
        keep(case, **changes)
    assert refusal.value.fields == fields
    assert case.facts().ending.kept_until is None


def test_a_day_that_has_passed_stands_while_the_policy_is_corrected(county: County) -> None:
    case = county.review(Stage.CLOSED)
    keep(case, keep_until=case.today + timedelta(days=1))
    case.wait(days=3)
    keep(case, 1, keep_until=case.today - timedelta(days=2), policy="Another policy, 2025")
    assert closing_page(case.reference, by=county.coordinator, at=case.at).retention.policy == "Another policy, 2025"


def test_a_death_that_was_not_reviewed_has_records_to_keep_too(county: County) -> None:
    case = county.review(Stage.NOT_REVIEWED)
    keep(case)
    assert case.facts().ending.kept_until == FAR


@pytest.mark.parametrize("stage", [Stage.TRANSFERRED, Stage.VOID])
def test_records_that_went_elsewhere_or_were_nothing_are_kept_by_nobody_here(county: County, stage: Stage) -> None:
    case = county.review(stage)
    with pytest.raises(NotYet):
        keep(case)
    assert not closing_page(case.reference, by=county.coordinator, at=case.at).may_change


def test_the_audit_is_recorded_and_corrected_before_any_day_is_set(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    audit(case)
    entry = audit(case, 1, audit_found="lasted")
    assert closing_page(case.reference, by=county.coordinator, at=case.at).audit == entry
    assert told(case)[-2:] == [
        (Happened.ACTIONS_AUDITED, "some of it has lasted"), (Happened.ACTIONS_AUDITED, "what was done has lasted"),
    ]  # fmt: skip
    assert case.facts().ending.kept_until is None


def test_an_audit_meets_its_date_and_a_corrected_day_meets_it_on_the_right_one(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    case.wait(days=40)
    began = case.today - timedelta(days=30)
    with county.house.transaction(by=county.coordinator, at=case.at) as session:
        session.add(Clock(review_id=case.row.id, rule="closure_audit_due", anchor_on=began, first_due_on=began))

    def met_on() -> date | None:
        (row,) = [row for row in case.rows(Deadline) if row.rule == "closure_audit_due"]
        return row.met_on

    audit(case)
    assert met_on() == case.today
    audit(case, 1, audited_on=case.today - timedelta(days=3))
    assert met_on() == case.today - timedelta(days=3)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"audited_on": None}, {"audited_on": "Give the day of the audit."}),
        ({"audited_on": date(2031, 1, 1)}, {"audited_on": "1 January 2031 has not come yet: check the day."}),
        ({"audited_on": date(2001, 1, 1)},
         {"audited_on": "There were no reviews before 13 April 2011: check the year."}),
        ({"audit_found": ""}, {"audit_found": "Choose from the list."}),
    ],
)  # fmt: skip
def test_what_cannot_be_right_of_an_audit_is_said_beside_its_field(
    county: County, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        audit(county.review(Stage.SEMINAR), **changes)
    assert refusal.value.fields == fields


def test_a_closed_review_is_audited_and_one_that_has_no_plan_is_not(county: County) -> None:
    closed = county.review(Stage.CLOSED)
    audit(closed)
    assert closing_page(closed.reference, by=county.coordinator, at=closed.at).audit.audited_on == closed.today
    with pytest.raises(NotYet):
        audit(county.review(Stage.SCOPING))


def test_whoever_saves_second_is_told_both_texts(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    keep(case)
    with pytest.raises(Stale) as stale:
        keep(case, 0, policy="Another policy, 2025")
    assert (stale.value.theirs, stale.value.yours) == ({"policy": POLICY}, {"policy": "Another policy, 2025"})


def test_only_the_coordinator_changes_it_and_whoever_sits_on_the_panel_does_not_see_it(county: County) -> None:
    case = county.review(Stage.SEMINAR, seats=True)
    for who in (county.chair, county.who(Role.STEERING_MEMBER)):
        closing_page(case.reference, by=who, at=case.at)
        with pytest.raises(NotAllowed):
            closing_to_change(case.reference, by=who, at=case.at)
        with pytest.raises(NotAllowed):
            keep(case, by=who)
        with pytest.raises(NotAllowed):
            audit(case, by=who)
    with pytest.raises(NotAllowed):
        closing_page(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)
    with pytest.raises(OutOfReach):
        closing_page("DHR-2026-999", by=county.coordinator, at=case.at)
