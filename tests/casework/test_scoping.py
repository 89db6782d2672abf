"""Agencies are asked what they know; each answers, has nothing, or is closed as no reply after escalation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import scoping, scoping_page
from dhr_app.casework.scoping import ReturnEntry
from dhr_app.casework.scoping_page import ReturnPage
from dhr_app.database.models import Conflict, Deadline, ScopingRequest
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import BEGAN, Case, County
from tests.seating import join

TODAY = BEGAN.date()
KNOWN = ReturnEntry("in", TODAY, "yes", "Known since 2024.", "E-mail of DI Thorne, 15 January 2026")


def asked(county: County, *short_names: str) -> tuple[Case, ScopingRequest]:
    case = county.review()
    return case, case.ask(*short_names)[0]


def record(
    case: Case, request_id: UUID, entry: ReturnEntry = KNOWN, version: int = 1, *, by: Person | None = None
) -> None:
    who = by or case.county.coordinator
    scoping.record_return(case.reference, request_id, entry, version, by=who, at=case.wait(minutes=1))


def opened(case: Case, request_id: UUID, *, by: Person | None = None) -> ReturnPage:
    return scoping_page.open_return(case.reference, request_id, by=by or case.county.coordinator, at=case.at)


def ask(case: Case, agencies: tuple[UUID, ...], on: date | None = TODAY) -> None:
    scoping.ask(case.reference, agencies, on, by=case.county.coordinator, at=case.wait(minutes=1))


def test_several_agencies_are_asked_at_once_and_each_has_ten_working_days(county: County) -> None:
    case, _ = asked(county, "Police", "Barset Refuge")
    page = scoping_page.scoping_page(case.reference, by=county.coordinator, at=case.at)
    assert [(line.agency, line.due_on) for line in page.requests] == [
        ("Barset Refuge and Outreach", date(2026, 1, 29)), ("Barsetshire Police", date(2026, 1, 29)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "on", "fields"),
    [
        ((), TODAY, {"agency_ids": "Choose at least one agency."}),
        (("Probation",), None, {"asked_on": "Give the day on which they were asked."}),
        (("Probation",), TODAY + timedelta(days=1), {"asked_on": "16 January 2026 has not come yet: check the day."}),
        (("Police",), TODAY, {"agency_ids": "Barsetshire Police has been asked already."}),
        (("Barchester CCG",), TODAY,
         {"agency_ids": "Barchester Clinical Commissioning Group ended on 30 June 2022: choose its successor."}),
    ],
)  # fmt: skip
def test_who_cannot_be_asked_or_not_on_that_day(
    county: County, who: tuple[str, ...], on: date | None, fields: dict[str, str]
) -> None:
    case, _ = asked(county)
    with pytest.raises(Invalid) as refusal:
        ask(case, tuple(county.agency(name) for name in who), on)
    assert refusal.value.fields == fields
    assert len(case.rows(ScopingRequest)) == 1


def test_an_agency_ticked_twice_is_asked_once(county: County) -> None:
    case = county.review()
    ask(case, (county.agency("Police"), county.agency("Probation"), county.agency("Police")))
    rows = case.rows(ScopingRequest)
    assert sorted(row.agency_id for row in rows) == sorted([county.agency("Police"), county.agency("Probation")])
    assert case.happened().count(Happened.AGENCY_ASKED) == 2


def test_an_agency_nobody_knows_cannot_be_asked(county: County) -> None:
    with pytest.raises(Invalid) as refusal:
        ask(county.review(), (uuid4(),))
    assert set(refusal.value.fields) == {"agency_ids"}


def test_a_return_entered_on_behalf_says_from_whose_letter_and_meets_its_date(county: County) -> None:
    case, request = asked(county)
    record(case, request.id)
    page = opened(case, request.id)
    assert (page.entry, page.on_behalf, page.line.outcome) == (KNOWN, True, "in")
    (clock,) = [row for row in case.rows(Deadline) if row.rule == "scoping_return_due"]
    assert clock.met_on == TODAY
    assert case.happened()[-1] == "return_received"


def test_a_contributor_answers_for_their_own_agency_without_saying_where_it_came_from(county: County) -> None:
    case, request = asked(county)
    contributor = case.seat(Role.AGENCY_CONTRIBUTOR)
    record(case, request.id, ReturnEntry("nil", TODAY), by=contributor)
    page = opened(case, request.id, by=contributor)
    assert (page.line.outcome, page.on_behalf, page.may_answer, page.may_ask) == ("nil", False, True, False)
    assert case.happened()[-1] == "return_nil"


def test_a_return_is_corrected_and_the_day_it_first_met_its_date_stands(county: County) -> None:
    case, request = asked(county)
    record(case, request.id)
    record(case, request.id, ReturnEntry("nil", TODAY, came_from="A second e-mail"), version=2)
    assert opened(case, request.id).entry.what_is_known == ""
    assert case.happened()[-1] == "return_changed"


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"outcome": ""},               "outcome", "Say whether the agency knows something or has nothing to return."),
        ({"what_is_known": " "},        "what_is_known", "Enter what the agency knows, or choose nothing to return."),
        ({"answered_on": None},         "answered_on", "Give the day on which the answer came."),
        ({"answered_on": date(2026, 1, 14)}, "answered_on",
         "The agency was asked on 15 January 2026: the answer cannot be earlier."),
        ({"answered_on": date(2026, 1, 16)}, "answered_on", "16 January 2026 has not come yet: check the day."),
        ({"outcome": "nil"},            "what_is_known",
         "Choose “Yes” if this is what the agency knows, or take the text out."),
        ({"records_secured": "maybe"},  "records_secured", "Say whether the records are secured."),
        ({"came_from": ""},             "came_from",
         "Say from whose e-mail or letter, and of which day, you enter this."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_in_a_return_is_said_beside_its_field(
    county: County, entry: dict[str, Any], field: str, sentence: str
) -> None:
    case, request = asked(county)
    with pytest.raises(Invalid) as refusal:
        record(case, request.id, ReturnEntry(**{**vars(KNOWN), **entry}))
    assert refusal.value.fields == {field: sentence}


def test_whoever_saves_second_is_told_both_texts(county: County) -> None:
    case, request = asked(county)
    record(case, request.id)
    with pytest.raises(Stale) as stale:
        record(case, request.id, ReturnEntry("in", TODAY, "yes", "Known since 2023.", KNOWN.came_from), version=1)
    assert stale.value.theirs == {"what_is_known": "Known since 2024."}
    assert stale.value.yours == {"what_is_known": "Known since 2023."}


def test_silence_is_closed_only_after_an_escalation(county: County) -> None:
    case, request = asked(county)
    case.wait(days=20)
    with pytest.raises(Invalid) as refusal:
        scoping.close_as_no_reply(case.reference, request.id, by=county.coordinator, at=case.at)
    assert set(refusal.value.fields) == {"escalated_on"}
    scoping.escalate(case.reference, request.id, case.today, by=county.coordinator, at=case.wait(minutes=1))
    scoping.close_as_no_reply(case.reference, request.id, by=county.coordinator, at=case.wait(minutes=1))
    (line,) = scoping_page.scoping_page(case.reference, by=county.coordinator, at=case.at).requests
    assert line.outcome == "no_reply"
    assert case.happened()[-2:] == ["agency_escalated", "return_no_reply"]
    assert "every_return_settled" not in case.to(Stage.SCOPING).needed("commission")


def test_a_return_that_comes_after_all_reopens_what_was_closed_as_no_reply(county: County) -> None:
    case, request = asked(county)
    scoping.escalate(case.reference, request.id, TODAY, by=county.coordinator, at=case.wait(minutes=1))
    scoping.close_as_no_reply(case.reference, request.id, by=county.coordinator, at=case.wait(minutes=1))
    record(case, request.id, version=3)
    assert opened(case, request.id).line.outcome == "in"


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (None, "Give the day on which it was escalated."),
        (date(2026, 1, 14), "The agency was asked on 15 January 2026: this cannot be earlier."),
        (date(2026, 1, 16), "16 January 2026 has not come yet: check the day."),
    ],
)
def test_an_escalation_has_its_day(county: County, on: date | None, sentence: str) -> None:
    case, request = asked(county)
    with pytest.raises(Invalid) as refusal:
        scoping.escalate(case.reference, request.id, on, by=county.coordinator, at=case.wait(minutes=1))
    assert refusal.value.fields == {"escalated_on": sentence}


def test_a_settled_answer_is_neither_escalated_nor_closed(county: County) -> None:
    case, request = asked(county)
    record(case, request.id)
    with pytest.raises(Invalid):
        scoping.escalate(case.reference, request.id, TODAY, by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(Invalid):
        scoping.close_as_no_reply(case.reference, request.id, by=county.coordinator, at=case.wait(minutes=1))


def test_a_contributor_sees_and_opens_what_their_own_agency_was_asked_and_nothing_else(county: County) -> None:
    case, police = asked(county, "Police", "Barset Refuge")
    contributor = case.seat(Role.AGENCY_CONTRIBUTOR)
    refuge = next(row for row in case.rows(ScopingRequest) if row.agency_id == county.agency("Barset Refuge"))
    police = next(row for row in case.rows(ScopingRequest) if row.agency_id == county.agency("Police"))
    page = scoping_page.what_was_asked(case.reference, by=contributor, at=case.at)
    assert ([line.id for line in page.requests], page.may_ask) == ([police.id], False)
    assert opened(case, police.id, by=contributor).may_answer
    with pytest.raises(NotAllowed):
        opened(case, refuge.id, by=contributor)
    with pytest.raises(NotAllowed):
        record(case, refuge.id, by=contributor)
    with pytest.raises(NotAllowed):
        scoping_page.scoping_page(case.reference, by=contributor, at=case.at)


def test_whoever_oversees_reads_returns_but_neither_asks_nor_answers(county: County) -> None:
    case, request = asked(county)
    page = opened(case, request.id, by=county.chair)
    assert not page.may_answer
    assert not scoping_page.what_was_asked(case.reference, by=county.chair, at=case.at).may_ask
    with pytest.raises(NotAllowed):
        record(case, request.id, by=county.chair)
    with pytest.raises(NotAllowed):
        scoping.ask(case.reference, (county.agency("Probation"),), TODAY, by=county.chair, at=case.at)
    with pytest.raises(NotAllowed):
        scoping_page.what_was_asked(case.reference, by=county.who(Role.AUDITOR), at=case.at)


def test_a_request_of_another_review_is_out_of_reach(county: County) -> None:
    _, request = asked(county)
    other = county.review()
    for unknown in (request.id, uuid4()):
        with pytest.raises(OutOfReach):
            opened(other, unknown)
        with pytest.raises(OutOfReach):
            record(other, unknown)
    with pytest.raises(OutOfReach):
        scoping_page.what_was_asked(other.reference, by=county.who(Role.AGENCY_CONTRIBUTOR), at=other.at)


def test_a_voided_review_asks_nobody(county: County) -> None:
    with pytest.raises(NotYet):
        ask(county.review(Stage.VOID), (county.agency("Police"),))


def test_before_an_answer_nothing_is_answered_for_the_agency_and_the_page_says_who_asked(county: County) -> None:
    case, request = asked(county)
    page = opened(case, request.id)
    assert (page.entry.outcome, page.entry.records_secured, page.entry.answered_on) == ("", "", None)
    assert page.asked_by == county.coordinator.name


def test_an_agency_whose_people_have_no_seat_is_named_until_one_is_given(bare_county: County) -> None:
    county = bare_county
    case, request = asked(county, "Police", "Probation")

    def unseated() -> frozenset[UUID]:
        return scoping_page.scoping_page(case.reference, by=county.coordinator, at=case.at).unseated

    assert unseated() == frozenset()  # nobody there has an account: it answers by letter
    contributor = county.who(Role.AGENCY_CONTRIBUTOR)
    assert unseated() == {county.agency("Police")}
    assert opened(case, request.id).unseated
    with county.house.transaction(by=county.coordinator, at=case.at) as session:
        session.add(Conflict(review_id=case.row.id, account_id=contributor.id))
    assert unseated() == frozenset()  # nobody there may have one
    county.who(Role.AGENCY_CONTRIBUTOR, 2)
    assert unseated() == {county.agency("Police")}
    join(case.reference, county.who(Role.AGENCY_CONTRIBUTOR, 2).id, by=county.coordinator, at=case.wait(minutes=1))
    assert unseated() == frozenset()
    assert not opened(case, request.id).unseated
