"""Requests for information: who asked is kept under the key of a review, and an open one stops its disposal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework import disposal, information_request, request_checks
from dhr_app.casework.request_checks import AnswerEntry, RequestEntry
from dhr_app.casework.request_page import RequestPage, due_requests, request_page, requests_page
from dhr_app.database.models import Event, InformationRequest, RequestReview
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.request_dates import State
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.disposals import disposed, last_day_over, noticed
from tests.queries import asked_by
from tests.reviews import Case, County

NOT_THERE = "One of these is no reference of a review that you may open: check each, like DHR-2026-001."
NO_EXTENSION = "Only the answer to a subject access request can be put off: leave this empty."
SISTER = "Griselda Harding, sister"


def asked(case: Case, **changes: Any) -> RequestEntry:
    entry = RequestEntry(
        kind="subject_access", asked_on=case.today, reviews=case.reference, asker=SISTER,
        wanted="Everything about herself", body_id=case.county.agency("Police"), passed_on=case.today,
    )  # fmt: skip
    return replace(entry, **changes)


def receive(case: Case, *, by: Person | None = None, **changes: Any) -> UUID:
    return information_request.receive(
        asked(case, **changes), calendar=case.county.house.rule_book.calendar, by=by or case.county.coordinator,
        at=case.wait(minutes=1),
    )  # fmt: skip


def correct(case: Case, request_id: UUID, version: int = 1, **changes: Any) -> None:
    information_request.correct(
        request_id, asked(case, **changes), version, calendar=case.county.house.rule_book.calendar,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def answered(case: Case, **changes: Any) -> AnswerEntry:
    entry = AnswerEntry(
        decision="part", decided_on=case.today, exemptions=("dpa_2_3_16",), means="by_hand", given_on=case.today,
        given="Her own statement", given_to=SISTER,
    )  # fmt: skip
    return replace(entry, **changes)


def decide(case: Case, request_id: UUID, version: int = 1, **changes: Any) -> None:
    information_request.decide(
        request_id, answered(case, **changes), version, by=case.county.coordinator, at=case.wait(minutes=1)
    )


def seen(case: Case, request_id: UUID, *, by: Person | None = None) -> RequestPage:
    return request_page(request_id, by=by or case.county.coordinator, at=case.at)


def opened(case: Case) -> list[UUID | None]:
    """Who was shown something sealed of the review on the last day."""
    return [
        row.recorded_by_id for row in case.rows(Event) if row.kind == Happened.OPENED and row.happened_on == case.today
    ]


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


@pytest.fixture
def ended(county: County) -> Case:
    return county.review(Stage.NOT_REVIEWED)


def test_nothing_is_destroyed_while_a_request_is_open(ended: Case) -> None:
    number = noticed(last_day_over(ended))
    request_id = receive(ended)
    with pytest.raises(NotYet) as refusal:
        disposal.confirm(ended.reference, number, by=ended.county.chair, at=ended.wait(minutes=1))
    assert [reason.sentence for reason in refusal.value.reasons] == [
        "A request for information about this review is open: nothing is destroyed until it is decided."
    ]
    decide(ended, request_id)
    disposal.confirm(ended.reference, number, by=ended.county.chair, at=ended.wait(minutes=1))


def test_who_asked_is_destroyed_with_the_names_and_the_dates_stay(ended: Case) -> None:
    request_id = receive(ended)
    decide(ended, request_id)
    disposed(ended)
    page = seen(ended, request_id)
    assert (page.words, page.destroyed, page.entry.asker, page.answer.given) == (False, True, "", "")
    assert page.line.decision == "part"
    with pytest.raises(Invalid) as refusal:
        receive(ended)
    assert refusal.value.fields == {"asker": request_checks.DESTROYED}
    receive(ended, asker="", wanted="")  # that there was one can still be written down


def test_the_coordinator_reads_who_asked_and_the_trail_knows(case: Case) -> None:
    request_id = receive(case)
    case.wait(minutes=1)
    page = seen(case, request_id)
    assert (page.entry.asker, page.entry.wanted, page.words) == (SISTER, "Everything about herself", True)
    assert opened(case) == [case.county.coordinator.id]
    told = [event for event in case.events() if event.kind == Happened.REQUEST_RECEIVED]
    assert [event.details["label"] for event in told] == ["subject access"]
    with case.county.house.reading() as session:
        assert verify(session) == []


def test_an_auditor_reads_dates_and_codes_and_opens_no_words(case: Case) -> None:
    request_id = receive(case)
    page = seen(case, request_id, by=case.county.who(Role.AUDITOR))
    assert (page.entry.asker, page.words, page.line.kind) == ("", False, "Subject access")
    assert opened(case) == []


def test_a_request_about_no_review_keeps_nobodys_name(case: Case) -> None:
    with pytest.raises(Invalid) as refusal:
        receive(case, kind="freedom_of_information", reviews="")
    assert refusal.value.fields == dict.fromkeys(("asker", "wanted"), request_checks.UNDER_NO_KEY)
    request_id = receive(case, kind="freedom_of_information", reviews="", asker="", wanted="")
    assert seen(case, request_id).line.about.references == ()
    with case.county.house.reading() as session:
        kinds = session.scalars(select(Event.kind).where(Event.review_id.is_(None), Event.subject_id == request_id))
        assert list(kinds) == [Happened.REQUEST_RECEIVED]


def test_one_about_several_reviews_stands_with_each(case: Case, ended: Case) -> None:
    case.at = ended.at = max(case.at, ended.at)
    request_id = receive(case, reviews=f"{ended.reference.lower()},  {case.reference}")
    assert seen(case, request_id).line.about.references == tuple(sorted((case.reference, ended.reference)))
    correct(case, request_id, reviews=ended.reference)
    assert case.rows(RequestReview) == []
    assert len(ended.rows(RequestReview)) == 1


def test_whoever_has_a_conflict_with_its_only_review_is_not_told_of_it(case: Case, ended: Case) -> None:
    case.at = ended.at = max(case.at, ended.at)
    request_id = receive(case)
    both = receive(case, reviews=f"{case.reference} {ended.reference}")
    barred = replace(case.county.coordinator, conflicts=frozenset({case.row.id}))
    assert [line.id for line in requests_page(by=barred, at=case.at).lines] == [both]
    with pytest.raises(OutOfReach):
        seen(case, request_id, by=barred)
    page = seen(case, both, by=barred)
    assert (page.line.about.references, page.line.about.others) == ((ended.reference,), 1)
    assert not page.may_change
    with pytest.raises(NotAllowed):
        request_page(both, "requests.change", by=barred, at=case.at)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"asked_on": None}, "asked_on", "Give the day on which the request was received."),
        ({"kind": "nosiness"}, "kind", "Choose from the list."),
        ({"reviews": "Ada Harding"}, "reviews", NOT_THERE),
        ({"reviews": "DHR-2026-999"}, "reviews", NOT_THERE),
        ({"passed_on": None}, "passed_on", "Give the day on which it was passed on."),
        ({"body_id": None}, "body_id", "Say which body it was passed to."),
        ({"due_by": date(2040, 1, 1)}, "due_by", "For this kind the law says until when: leave this empty."),
        ({"extended_months": 3}, "extended_months", "It can be put off by one month or two."),
        ({"extended_months": 1}, "extended_because", "Say why it is put off: the law knows two reasons."),
        ({"extended_because": "number"}, "extended_months", "Say by how much it is put off, or leave out the reason."),
        ({"kind": "coroner", "extended_months": 1, "extended_because": "number"}, "extended_months", NO_EXTENSION),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_and_nothing_is_kept(
    case: Case, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        receive(case, **changes)
    assert refusal.value.fields == {field: sentence}
    with case.county.house.reading() as session:
        assert session.scalars(select(InformationRequest)).all() == []


def test_days_that_contradict_each_other_are_refused(case: Case) -> None:
    before, after = case.today - timedelta(days=3), case.today + timedelta(days=1)
    for changes, field in (
        ({"passed_on": before}, "passed_on"),
        ({"asked_on": after, "passed_on": after}, "asked_on"),
        ({"identity_confirmed_on": case.today}, "identity_asked_on"),
        ({"kind": "police", "identity_asked_on": case.today}, "identity_asked_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            receive(case, **changes)
        assert field in refusal.value.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": "perhaps"}, "decision"),
        ({"decided_on": None}, "decided_on"),
        ({"exemptions": ()}, "exemptions"),
        ({"exemptions": ("foi_40",)}, "exemptions"),
        ({"decision": "full"}, "exemptions"),
        ({"decision": "refused"}, "means"),
        ({"means": ""}, "means"),
        ({"given_on": None}, "given_on"),
        ({"drafts": ("no-such-file",)}, "drafts"),
    ],
)
def test_a_decision_that_cannot_be_right_is_refused(case: Case, changes: dict[str, Any], field: str) -> None:
    request_id = receive(case)
    with pytest.raises(Invalid) as refusal:
        decide(case, request_id, **changes)
    assert list(refusal.value.fields) == [field]
    assert seen(case, request_id).line.state is State.OPEN


def test_only_the_coordinator_writes_one_down(case: Case) -> None:
    with pytest.raises(NotAllowed):
        receive(case, by=case.county.who(Role.AUDITOR))
    with pytest.raises(NotAllowed):
        receive(case, by=case.county.chair)


def test_what_somebody_else_saved_is_not_overwritten(case: Case) -> None:
    request_id = receive(case)
    correct(case, request_id, wanted="The letters about her")
    with pytest.raises(Stale):
        correct(case, request_id, wanted="All")
    assert seen(case, request_id).entry.wanted == "The letters about her"
    decide(case, request_id, 2)
    assert seen(case, request_id).answer.given == "Her own statement"


def test_what_is_late_stands_first_and_in_as_many_questions_for_many(case: Case) -> None:
    late = receive(case, kind="coroner", due_by=case.today)
    receive(case)
    case.wait(days=2)
    house, by = case.county.house, case.county.coordinator
    with house.reading() as session:
        assert [line.id for line in due_requests(session, by=by, on=case.today)] == [late]
        assert due_requests(session, by=by, on=case.today)[0].days == 2
    few = asked_by(house, lambda: requests_page(by=by, at=case.at))
    for _ in range(5):
        receive(case)
    assert len(requests_page(by=by, at=case.at).lines) == 7
    assert asked_by(house, lambda: requests_page(by=by, at=case.at)) == few
