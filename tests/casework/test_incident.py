"""Incidents: 72 hours from becoming aware, a reason for whatever is not done, and words under the keys of reviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.adapters.clock import LONDON
from dhr_app.casework import incident, incident_checks
from dhr_app.casework.incident_checks import IncidentEntry, OutcomeEntry
from dhr_app.casework.incident_page import IncidentPage, incident_page, incidents_page, running_incidents
from dhr_app.database.models import Incident, IncidentReview
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.casework.test_information_request import opened
from tests.disposals import disposed
from tests.queries import asked_by
from tests.reviews import Case, County

WHAT = "The letter about Ada Harding went to the neighbour"


def found(case: Case, **changes: Any) -> IncidentEntry:
    aware = case.at.astimezone(LONDON)
    entry = IncidentEntry("wrong_person", aware.date(), f"{aware:%H:%M}", 2, case.reference, WHAT)
    return replace(entry, **changes)


def enter(case: Case, *, by: Person | None = None, **changes: Any) -> UUID:
    entry = found(case, **changes)
    return incident.enter(entry, by=by or case.county.coordinator, at=case.wait(minutes=1))


def answer(case: Case, incident_id: UUID, version: int = 1, **said: Any) -> None:
    incident.answer(incident_id, OutcomeEntry(**said), version, by=case.county.coordinator, at=case.wait(minutes=1))


def now(case: Case, name: str = "notified") -> dict[str, Any]:
    moment = case.at.astimezone(LONDON)
    return {f"{name}_on": moment.date(), f"{name}_time": f"{moment:%H:%M}"}


def seen(case: Case, incident_id: UUID, *, by: Person | None = None) -> IncidentPage:
    return incident_page(incident_id, by=by or case.county.coordinator, at=case.at)


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


def test_the_hours_run_until_it_is_decided_and_a_late_notification_says_why(case: Case) -> None:
    incident_id = enter(case)
    assert seen(case, incident_id).line.hours == 71
    case.wait(hours=72)
    assert seen(case, incident_id).line.hours == -1
    with pytest.raises(Invalid) as refusal:
        answer(case, incident_id, ico="notify", **now(case))
    assert refusal.value.fields == {
        "late_because": "More than 72 hours had passed: say why it was not sooner (UK GDPR Art. 33(1))."
    }
    answer(case, incident_id, ico="notify", late_because="facts", ico_reference="ic-123456-a1b2", **now(case))
    page = seen(case, incident_id)
    assert (page.line.hours, page.line.told_late, page.outcome.ico_reference) == (None, True, "IC-123456-A1B2")


def test_to_decide_that_the_commissioner_is_told_does_not_stop_the_hours(case: Case) -> None:
    incident_id = enter(case)
    answer(case, incident_id, ico="notify")
    assert seen(case, incident_id).line.hours == 71
    with case.county.house.reading() as session:
        assert [line.id for line in running_incidents(session, by=case.county.chair, at=case.at)] == [incident_id]
    answer(case, incident_id, 2, ico="not", ico_because="unlikely")
    assert seen(case, incident_id).line.hours is None
    with case.county.house.reading() as session:
        assert running_incidents(session, by=case.county.chair, at=case.at) == ()


def test_within_72_hours_nobody_is_asked_why_it_was_late(case: Case) -> None:
    incident_id = enter(case)
    case.wait(hours=71)
    with pytest.raises(Invalid) as refusal:
        answer(case, incident_id, ico="notify", late_because="facts", **now(case))
    assert refusal.value.fields == {"late_because": "It was not late: leave this empty."}
    answer(case, incident_id, ico="notify", **now(case))


def test_an_administrator_enters_codes_and_is_told_of_no_review(case: Case) -> None:
    administrator = case.county.who(Role.ADMINISTRATOR)
    with pytest.raises(Invalid) as refusal:
        enter(case, by=administrator)
    assert list(refusal.value.fields) == ["reviews", "what_happened"]
    incident_id = enter(case, by=administrator, reviews="", what_happened="")
    others = enter(case)
    incident.correct(incident_id, found(case), 1, by=case.county.coordinator, at=case.wait(minutes=1))
    assert [line.id for line in incidents_page(by=administrator, at=case.at).lines] == [incident_id]
    page = seen(case, incident_id, by=administrator)
    assert (page.entry.reviews, page.entry.what_happened, page.may_change) == ("", "", False)
    with pytest.raises(OutOfReach):
        seen(case, others, by=administrator)
    with pytest.raises(NotAllowed):
        incident.answer(others, OutcomeEntry(), 1, by=administrator, at=case.wait(minutes=1))


def test_an_auditor_reads_codes_and_opens_nothing(case: Case) -> None:
    incident_id = enter(case)
    page = seen(case, incident_id, by=case.county.who(Role.AUDITOR))
    assert (page.line.about.references, page.entry.what_happened, page.words) == ((case.reference,), "", False)
    assert opened(case) == []


def test_words_are_sealed_under_each_review_and_go_with_its_names(county: County) -> None:
    case = county.review(Stage.NOT_REVIEWED)
    incident_id = enter(case)
    answer(case, incident_id, lessons=("training",), learnt="Read the address twice")
    page = seen(case, incident_id)
    assert (page.entry.what_happened, page.outcome.learnt, page.words) == (WHAT, "Read the address twice", True)
    assert [event.kind for event in case.events() if event.subject_id == incident_id] == [
        Happened.INCIDENT_ENTERED, Happened.INCIDENT_ANSWERED,
    ]  # fmt: skip
    disposed(case)
    page = seen(case, incident_id)
    assert (page.entry.what_happened, page.words, page.destroyed) == ("", False, True)
    assert page.outcome.lessons == ("training",)
    with county.house.reading() as session:
        assert verify(session) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"kind": "mishap"}, ["kind"]),
        ({"aware_on": None}, ["aware_on"]),
        ({"aware_time": "noon"}, ["aware_time"]),
        ({"people": -1}, ["people"]),
        ({"reviews": ""}, ["what_happened"]),
        ({"reviews": "Ada Harding"}, ["reviews"]),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(
    case: Case, changes: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        enter(case, **changes)
    assert list(refusal.value.fields) == fields
    with case.county.house.reading() as session:
        assert session.scalars(select(Incident)).all() == []
    with pytest.raises(Invalid):
        enter(case, aware_on=case.today + timedelta(days=1))


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"ico": "perhaps"}, ["ico"]),
        ({"ico": "not"}, ["ico_because"]),
        ({"ico": "notify", "ico_because": "unlikely"}, ["ico_because"]),
        ({"ico_reference": "IC-1"}, ["ico_reference"]),
        ({"ico": "notify", "ico_reference": "Mrs Harding"}, ["ico_reference"]),
        ({"ico": "notify", "notified_time": "10:00"}, ["notified_on"]),
        ({"told": "told"}, ["told_on"]),
        ({"told": "whispered"}, ["told"]),
        ({"lessons": ("none", "training")}, ["lessons"]),
    ],
)
def test_what_was_done_is_said_completely_or_refused(case: Case, said: dict[str, Any], fields: list[str]) -> None:
    incident_id = enter(case)
    with pytest.raises(Invalid) as refusal:
        answer(case, incident_id, **said)
    assert list(refusal.value.fields) == fields


def test_nobody_tells_the_commissioner_before_anybody_is_aware(case: Case) -> None:
    incident_id = enter(case)
    before = now(case) | {"notified_on": case.today - timedelta(days=1)}
    with pytest.raises(Invalid) as refusal:
        answer(case, incident_id, ico="notify", **before)
    assert refusal.value.fields == {"notified_on": incident_checks.BEFORE_AWARE}


def test_a_stale_save_is_refused(case: Case) -> None:
    incident_id = enter(case)
    answer(case, incident_id, lessons=("system",))
    with pytest.raises(Stale):
        answer(case, incident_id, lessons=("none",))


def test_a_review_joins_and_leaves_an_incident(case: Case) -> None:
    incident_id = enter(case, reviews="", what_happened="")
    incident.correct(incident_id, found(case), 1, by=case.county.chair, at=case.wait(minutes=1))
    assert seen(case, incident_id).entry.what_happened == WHAT
    changed = found(case, reviews="", what_happened="")
    incident.correct(incident_id, changed, 2, by=case.county.chair, at=case.wait(minutes=1))
    assert case.rows(IncidentReview) == []


def test_whoever_has_a_conflict_is_not_told_of_it(case: Case) -> None:
    incident_id = enter(case)
    barred = replace(case.county.chair, conflicts=frozenset({case.row.id}))
    assert incidents_page(by=barred, at=case.at).lines == ()
    with pytest.raises(OutOfReach):
        seen(case, incident_id, by=barred)


def test_the_list_asks_as_often_for_many_as_for_one(case: Case) -> None:
    enter(case)
    house, by = case.county.house, case.county.coordinator
    few = asked_by(house, lambda: incidents_page(by=by, at=case.at))
    for _ in range(4):
        enter(case)
    assert asked_by(house, lambda: incidents_page(by=by, at=case.at)) == few
    with house.reading() as session:
        assert len(running_incidents(session, by=by, at=case.at)) == 5
