"""Agencies are asked for IMRs and summary reports; each answers, has nothing, is excused, or is closed as no reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import imr, imr_answer, imr_page
from dhr_app.casework.imr import RequestEntry
from dhr_app.casework.imr_answer import ImrEntry
from dhr_app.casework.imr_page import ImrPage
from dhr_app.casework.review_page import review_page
from dhr_app.database.models import Deadline, Event, Imr
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County

FROM = "E-mail of DI Thorne, 2 March 2026"


def asked(county: County, *short_names: str, **entry: Any) -> tuple[Case, list[Imr]]:
    """A commissioned review on which these agencies were asked today."""
    case = county.review(Stage.PANEL)
    return case, ask(case, *short_names or ("Police",), **entry)


def ask(case: Case, *short_names: str, **entry: Any) -> list[Imr]:
    chosen = tuple(case.county.agency(name) for name in short_names)
    said = RequestEntry(**{"requested_on": case.today, "chronology_requested": True, **entry})
    imr.ask(case.reference, chosen, said, by=case.county.coordinator, at=case.wait(minutes=1))
    return [row for row in case.rows(Imr) if row.agency_id in chosen]


def received(case: Case, **changes: Any) -> ImrEntry:
    """An IMR that leaves nothing out."""
    whole = ImrEntry(
        "received", case.today, case.today, "Insp. J. Grantly", "yes", "yes", "Supt. A. Proudie", case.today,
        "Seven contacts, none put together.", FROM,
    )  # fmt: skip
    return replace(whole, **changes)


def record(case: Case, imr_id: UUID, entry: ImrEntry, version: int | None = None, *, by: Person | None = None) -> None:
    who = by or case.county.coordinator
    stands = version if version is not None else now(case, imr_id).version
    imr_answer.record_answer(case.reference, imr_id, entry, stands, by=who, at=case.wait(minutes=1))


def opened(case: Case, imr_id: UUID, *, by: Person | None = None) -> ImrPage:
    return imr_page.open_imr(case.reference, imr_id, by=by or case.county.coordinator, at=case.at)


def now(case: Case, imr_id: UUID) -> Imr:
    return next(row for row in case.rows(Imr) if row.id == imr_id)


def do(verb: Any, case: Case, *what: Any, by: Person | None = None) -> None:
    verb(case.reference, *what, by=by or case.county.coordinator, at=case.wait(minutes=1))


def dates(case: Case, imr_id: UUID) -> dict[str, date | str]:
    """The IMR’s dates that stand: the day each was met, or waited."""
    standing = [row for row in case.rows(Deadline) if row.subject_id == imr_id and row.ended_on is None]
    assert len({row.rule for row in standing}) == len(standing)
    return {row.rule: row.met_on or "waited for" for row in standing}


# --- Asked ------------------------------------------------------------------------------------------------------------


def test_several_agencies_are_asked_at_once_and_each_has_its_dates(county: County) -> None:
    case, rows = asked(county, "Police", "Probation")
    page = imr_page.imrs(case.reference, by=county.coordinator, at=case.at)
    assert [line.agency for line in page.lines] == ["Barsetshire Police", "Probation Service, Barsetshire"]
    day = case.today
    for line in page.lines:
        assert line.due
        assert line.due.on
        assert day + timedelta(weeks=12) <= line.due.on < day + timedelta(weeks=12, days=5)
        assert line.chronology_due
        assert line.chronology_due.on
        assert day + timedelta(weeks=6) <= line.chronology_due.on < day + timedelta(weeks=6, days=5)
    assert case.happened()[-2:] == ["imr_requested", "imr_requested"]
    assert {row.outcome for row in rows} == {"open"}


def test_without_a_chronology_only_the_report_is_waited_for(county: County) -> None:
    case, (row,) = asked(county, kind="summary_report", chronology_requested=False)
    assert dates(case, row.id) == {"imr_due": "waited for"}
    (event,) = [one for one in case.rows(Event) if one.kind == Happened.IMR_REQUESTED]
    assert event.details == {"label": "summary report"}


def test_a_date_moves_with_the_time_on_hold_and_the_page_shows_it(county: County) -> None:
    case, _ = asked(county)
    (line,) = imr_page.imrs(case.reference, by=county.coordinator, at=case.at).lines
    assert line.due
    assert line.due.on
    case.wait(days=7)
    case.take("pause")
    (held,) = imr_page.imrs(case.reference, by=county.coordinator, at=case.at).lines
    assert held.due
    assert held.due.on is None
    case.wait(days=14)
    case.take("resume")
    (moved,) = imr_page.imrs(case.reference, by=county.coordinator, at=case.at).lines
    assert moved.due
    assert moved.due.on
    assert moved.due.on > line.due.on


@pytest.mark.parametrize(
    ("who", "entry", "fields"),
    [
        ((), {}, {"agency_ids": "Choose at least one agency."}),
        (("Probation",), {"requested_on": None}, {"requested_on": "Give the day on which they were asked."}),
        (("Probation",), {"requested_on": date(2026, 3, 1)},
         {"requested_on": "1 March 2026 has not come yet: check the day."}),
        (("Probation",), {"requested_on": date(2009, 3, 1)},
         {"requested_on": "There were no reviews before 13 April 2011: check the year."}),
        (("Probation",), {"kind": "essay"}, {"kind": "Choose from the list."}),
        (("Police",), {}, {"agency_ids": "Barsetshire Police has been asked already."}),
        (("Barchester CCG",), {},
         {"agency_ids": "Barchester Clinical Commissioning Group ended on 30 June 2022: choose its successor."}),
    ],
)  # fmt: skip
def test_who_cannot_be_asked_or_not_so(
    county: County, who: tuple[str, ...], entry: dict[str, Any], fields: dict[str, str]
) -> None:
    case, _ = asked(county)
    with pytest.raises(Invalid) as refusal:
        ask(case, *who, **entry)
    assert refusal.value.fields == fields
    assert len(case.rows(Imr)) == 1


def test_an_agency_ticked_twice_is_asked_once_and_an_unknown_one_never(county: County) -> None:
    case = county.review(Stage.PANEL)
    ask(case, "Police", "Police")
    assert len(case.rows(Imr)) == 1
    with pytest.raises(Invalid) as refusal:
        do(imr.ask, case, (uuid4(),), RequestEntry("imr", case.today))
    assert set(refusal.value.fields) == {"agency_ids"}


@pytest.mark.parametrize("stage", [Stage.SCOPING, Stage.CLOSED])
def test_nobody_is_asked_before_the_review_is_commissioned_or_after_its_end(county: County, stage: Stage) -> None:
    case = county.review(stage)
    with pytest.raises(NotYet):
        ask(case, "Police")
    page = imr_page.imrs(case.reference, by=county.coordinator, at=case.at)
    assert (page.under_way, page.may_ask) == (False, True)


# --- Answered ---------------------------------------------------------------------------------------------------------


def test_an_imr_entered_on_behalf_says_from_whose_letter_and_meets_both_dates(county: County) -> None:
    case, (row,) = asked(county)
    case.wait(days=20)
    record(case, row.id, received(case))
    page = opened(case, row.id)
    assert (page.entry, page.on_behalf, page.line.outcome) == (received(case), True, "received")
    assert dates(case, row.id) == {"imr_due": case.today, "chronology_due": case.today}
    assert case.happened()[-2:] == ["imr_received", "chronology_received"]
    assert "every_imr_settled" not in case.needed("begin_report")


def test_a_contributor_saves_bit_by_bit_without_saying_where_it_came_from(county: County) -> None:
    case, (row,) = asked(county)
    contributor = case.seat(Role.AGENCY_CONTRIBUTOR)
    record(case, row.id, ImrEntry(author="Insp. J. Grantly", author_independent="yes"), by=contributor)
    case.wait(days=10)
    first = case.today
    record(case, row.id, ImrEntry(chronology_received_on=first, author="Insp. J. Grantly"), by=contributor)
    assert dates(case, row.id) == {"imr_due": "waited for", "chronology_due": first}
    assert "every_imr_settled" in case.needed("begin_report")
    case.wait(days=10)
    record(case, row.id, received(case, chronology_received_on=first, came_from=""), by=contributor)
    page = opened(case, row.id, by=contributor)
    assert (page.line.outcome, page.on_behalf, page.may_answer, page.may_ask) == ("received", False, True, False)
    assert case.happened()[-3:] == ["imr_changed", "chronology_received", "imr_received"]


def test_a_nil_return_ends_the_wait_for_the_chronology_too(county: County) -> None:
    case, (row,) = asked(county)
    record(case, row.id, ImrEntry("nil", case.today, came_from=FROM))
    assert dates(case, row.id) == {"imr_due": case.today}
    assert case.happened()[-1] == "imr_nil"
    assert "every_imr_settled" not in case.needed("begin_report")


def test_a_corrected_day_corrects_the_day_its_date_was_met(county: County) -> None:
    case, (row,) = asked(county)
    begun = case.today
    case.wait(days=20)
    record(case, row.id, received(case))
    record(case, row.id, received(case, answered_on=begun + timedelta(days=12)))
    assert dates(case, row.id)["imr_due"] == begun + timedelta(days=12)
    assert case.happened()[-1] == "imr_changed"


def test_an_answer_entered_by_mistake_is_taken_back_and_waited_for_again(county: County) -> None:
    case, (row,) = asked(county)
    record(case, row.id, received(case))
    record(case, row.id, ImrEntry(author="Insp. J. Grantly", came_from=FROM))
    assert dates(case, row.id) == {"imr_due": "waited for", "chronology_due": "waited for"}
    assert "every_imr_settled" in case.needed("begin_report")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"outcome": ""},            "outcome", "Say whether it has come."),
        ({"outcome": "no_reply"},    "outcome", "Say whether it has come."),
        ({"answered_on": None},      "answered_on", "Give the day on which it came."),
        ({"outcome": "open"},        "answered_on", "Leave this empty while the agency is still writing."),
        ({"answered_on": date(2026, 1, 1)}, "answered_on", "this cannot be earlier."),
        ({"answered_on": date(2027, 1, 1)}, "answered_on", "1 January 2027 has not come yet: check the day."),
        ({"chronology_received_on": date(2026, 1, 1)}, "chronology_received_on", "this cannot be earlier."),
        ({"signed_off_on": date(2026, 1, 1)}, "signed_off_on", "this cannot be earlier."),
        ({"signed_off_on": None},    "signed_off_on", "Give the day on which it was signed off."),
        ({"signed_off_by": " "},     "signed_off_by", "Say who signed it off on that day."),
        ({"signed_off_by": "INSP. J. GRANTLY"}, "signed_off_by", "Nobody signs off what they wrote"),
        ({"author": ""},             "author", "Say who wrote it: name and post."),
        ({"author_independent": ""}, "author_independent", "Choose from the list."),
        ({"author_trained": "very"}, "author_trained", "Choose from the list."),
        ({"came_from": ""},          "came_from", "Say from whose e-mail or letter"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_in_an_imr_is_said_beside_its_field(
    county: County, changes: dict[str, Any], field: str, sentence: str
) -> None:
    case, (row,) = asked(county)
    with pytest.raises(Invalid) as refusal:
        record(case, row.id, received(case, **changes))
    assert set(refusal.value.fields) == {field}
    assert sentence in refusal.value.fields[field]
    assert now(case, row.id).outcome == "open"


def test_a_chronology_that_nobody_asked_for_has_no_day(county: County) -> None:
    case, (row,) = asked(county, chronology_requested=False)
    with pytest.raises(Invalid) as refusal:
        record(case, row.id, received(case))
    assert refusal.value.fields == {"chronology_received_on": "The agency was not asked for a chronology."}


def test_whoever_saves_second_is_told_both_texts(county: County) -> None:
    case, (row,) = asked(county)
    record(case, row.id, received(case))
    with pytest.raises(Stale) as stale:
        record(case, row.id, received(case, findings="Nine contacts."), version=1)
    assert stale.value.theirs == {"findings": "Seven contacts, none put together."}
    assert stale.value.yours == {"findings": "Nine contacts."}


# --- What was asked, corrected ----------------------------------------------------------------------------------------


def test_an_imr_turns_into_a_summary_report_and_a_corrected_day_moves_its_date(county: County) -> None:
    case, (row,) = asked(county, chronology_requested=False)
    day = case.today - timedelta(days=7)
    do(imr.correct_request, case, row.id, RequestEntry("summary_report", day, True), row.version)
    (line,) = imr_page.imrs(case.reference, by=county.coordinator, at=case.at).lines
    assert (line.kind, line.requested_on, line.chronology_requested) == ("summary_report", day, True)
    assert dates(case, row.id) == {"imr_due": "waited for", "chronology_due": "waited for"}
    assert {one.anchor_on for one in case.rows(Deadline) if one.subject_id == row.id and not one.ended_on} == {day}
    assert case.happened()[-1] == "imr_changed"


def test_a_chronology_no_longer_asked_for_is_no_longer_waited_for(county: County) -> None:
    case, (row,) = asked(county)
    do(imr.correct_request, case, row.id, RequestEntry("imr", row.requested_on), row.version)
    assert dates(case, row.id) == {"imr_due": "waited for"}


def test_what_has_come_already_keeps_the_request_before_it(county: County) -> None:
    case, (row,) = asked(county)
    case.wait(days=3)
    day = row.requested_on
    record(case, row.id, ImrEntry(chronology_received_on=day, came_from=FROM))
    with pytest.raises(Invalid) as refusal:
        do(imr.correct_request, case, row.id, RequestEntry("imr", case.today), now(case, row.id).version)
    assert set(refusal.value.fields) == {"requested_on", "chronology_requested"}
    with pytest.raises(Stale):
        do(imr.correct_request, case, row.id, RequestEntry("summary_report", day, True), 1)


# --- Silence, and nothing to write ------------------------------------------------------------------------------------


def test_silence_is_closed_only_after_an_escalation(county: County) -> None:
    case, (row,) = asked(county)
    with pytest.raises(Invalid) as refusal:
        do(imr.close_as_no_reply, case, row.id)
    assert set(refusal.value.fields) == {"escalated_on"}
    do(imr.escalate, case, row.id, case.today)
    do(imr.close_as_no_reply, case, row.id)
    assert (now(case, row.id).outcome, dates(case, row.id)) == ("no_reply", {})
    assert case.happened()[-2:] == ["imr_escalated", "imr_no_reply"]
    assert "every_imr_settled" not in case.needed("begin_report")


def test_what_comes_after_all_meets_its_date_late(county: County) -> None:
    case, (row,) = asked(county)
    do(imr.escalate, case, row.id, case.today)
    do(imr.close_as_no_reply, case, row.id)
    with pytest.raises(Invalid) as refusal:
        record(case, row.id, ImrEntry(author="Insp. J. Grantly", came_from=FROM))
    assert set(refusal.value.fields) == {"outcome"}
    case.wait(days=120)
    record(case, row.id, received(case))
    assert dates(case, row.id) == {"imr_due": case.today, "chronology_due": case.today}
    (line,) = imr_page.imrs(case.reference, by=county.coordinator, at=case.at).lines
    assert line.due
    assert line.due.days_late > 0


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (None, "Give the day on which it was escalated."),
        (date(2026, 1, 1), "this cannot be earlier."),
        (date(2027, 1, 1), "1 January 2027 has not come yet: check the day."),
    ],
)
def test_an_escalation_has_its_day(county: County, on: date | None, sentence: str) -> None:
    case, (row,) = asked(county)
    with pytest.raises(Invalid) as refusal:
        do(imr.escalate, case, row.id, on)
    assert sentence in refusal.value.fields["escalated_on"]


def test_what_is_not_required_says_why_and_is_wanted_after_all(county: County) -> None:
    case, (row,) = asked(county)
    with pytest.raises(Invalid) as refusal:
        do(imr.not_required, case, row.id, "no time")
    assert refusal.value.fields == {"because": "Say why it is not required."}
    do(imr.not_required, case, row.id, "no_contact")
    assert (now(case, row.id).not_required_because, dates(case, row.id)) == ("no_contact", {})
    assert "every_imr_settled" not in case.needed("begin_report")
    assert not opened(case, row.id).may_answer
    with pytest.raises(Invalid):
        record(case, row.id, received(case))
    do(imr.ask_again, case, row.id)
    assert (now(case, row.id).outcome, now(case, row.id).not_required_because) == ("open", None)
    assert dates(case, row.id) == {"imr_due": "waited for", "chronology_due": "waited for"}
    assert case.happened()[-2:] == ["imr_not_required", "imr_changed"]


def test_what_has_come_is_neither_escalated_nor_excused_nor_asked_again(county: County) -> None:
    case, (row,) = asked(county)
    record(case, row.id, received(case))
    for verb, what in ((imr.escalate, (case.today,)), (imr.close_as_no_reply, ()), (imr.not_required, ("no_contact",))):
        with pytest.raises(Invalid):
            do(verb, case, row.id, *what)
    with pytest.raises(Invalid):
        do(imr.ask_again, case, row.id)


# --- Who --------------------------------------------------------------------------------------------------------------


def test_a_contributor_sees_and_enters_their_own_agencys_and_nothing_else(county: County) -> None:
    case, _ = asked(county, "Police", "Barset Refuge")
    contributor = case.seat(Role.AGENCY_CONTRIBUTOR)
    police, refuge = (
        next(row for row in case.rows(Imr) if row.agency_id == county.agency(name))
        for name in ("Police", "Barset Refuge")
    )
    page = imr_page.imrs(case.reference, by=contributor, at=case.at)
    assert ([line.id for line in page.lines], page.may_ask) == ([police.id], False)
    assert opened(case, police.id, by=contributor).may_answer
    with pytest.raises(NotAllowed):
        opened(case, refuge.id, by=contributor)
    with pytest.raises(NotAllowed):
        record(case, refuge.id, received(case), by=contributor)
    for verb, what in ((imr.escalate, (case.today,)), (imr.not_required, ("no_contact",))):
        with pytest.raises(NotAllowed):
            do(verb, case, police.id, *what, by=contributor)


def test_the_chair_asks_and_reads_but_does_not_answer_for_an_agency(county: County) -> None:
    case = county.review(Stage.PANEL)
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    do(imr.ask, case, (county.agency("Police"),), RequestEntry("imr", case.today), by=chair)
    (row,) = case.rows(Imr)
    page = opened(case, row.id, by=chair)
    assert (page.may_ask, page.may_answer) == (True, False)
    with pytest.raises(NotAllowed):
        record(case, row.id, received(case, chronology_received_on=None), by=chair)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.STEERING_MEMBER, Role.PANEL_MEMBER])
def test_imrs_are_for_those_who_work_with_them(county: County, role: Role) -> None:
    case, (row,) = asked(county)
    who = case.seat(role) if role is Role.PANEL_MEMBER else county.who(role)
    with pytest.raises(NotAllowed):
        imr_page.imrs(case.reference, by=who, at=case.at)
    with pytest.raises(NotAllowed):
        opened(case, row.id, by=who)


def test_an_imr_of_another_review_is_out_of_reach(county: County) -> None:
    case, (row,) = asked(county)
    other = county.review(Stage.PANEL)
    for unknown in (row.id, uuid4()):
        with pytest.raises(OutOfReach):
            opened(other, unknown)
        with pytest.raises(OutOfReach):
            do(imr.escalate, other, unknown, other.today)
    with pytest.raises(OutOfReach):
        imr_page.imrs(case.reference, by=county.who(Role.AGENCY_CONTRIBUTOR), at=case.at)


def test_the_days_an_agency_owes_its_imr_are_its_own_in_the_bar(county: County) -> None:
    case = county.review(Stage.PANEL)
    before = {share.holder.agency for share in review_page(case.reference, by=county.coordinator, at=case.at).waiting}
    (row,) = ask(case, "Probation")
    case.wait(days=10)
    record(case, row.id, received(case))
    case.wait(days=10)
    waiting = review_page(case.reference, by=county.coordinator, at=case.at).waiting
    days = {share.holder.agency: share.days for share in waiting}
    assert "Probation Service, Barsetshire" not in before
    assert days["Probation Service, Barsetshire"] == 10
