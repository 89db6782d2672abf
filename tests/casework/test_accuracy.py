"""Agencies check what the draft says of them: they agree, ask for corrections, or lapse; a new version asks again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import accuracy, accuracy_answer, accuracy_page
from dhr_app.casework.accuracy_answer import CheckEntry, SettlingEntry
from dhr_app.casework.accuracy_page import CheckLine, CheckPage
from dhr_app.casework.paper import add_version
from dhr_app.casework.paper_entry import NewVersion
from dhr_app.casework.review_page import review_page
from dhr_app.casework.scene import changing
from dhr_app.database.models import AccuracyCheck, Deadline
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County

FROM = "E-mail of DI Thorne, 2 March 2026"
SETTLED = "1: made. 2: not made, the log shows the earlier time."


def on_file(county: County, stage: Stage = Stage.CHAIR_REPORT) -> Case:
    """A review whose overview report was put on file today."""
    case = county.review(stage)
    report(case, "a")
    return case


def report(case: Case, digit: str, **entry: Any) -> None:
    new = NewVersion("overview_report", digit * 64, case.today, "What agencies asked for", "Case folder", **entry)
    add_version(case.reference, new, by=case.county.coordinator, at=case.wait(minutes=1))


def send(case: Case, *short_names: str, on: date | None = None) -> list[AccuracyCheck]:
    chosen = tuple(case.county.agency(name) for name in short_names)
    before = {row.id for row in case.rows(AccuracyCheck)}
    do(accuracy.send, case, chosen, on or case.today)
    return [row for row in case.rows(AccuracyCheck) if row.id not in before]


def sent(county: County, *short_names: str) -> tuple[Case, list[AccuracyCheck]]:
    case = on_file(county)
    return case, send(case, *short_names or ("Police",))


def do(verb: Any, case: Case, *what: Any, by: Person | None = None) -> None:
    verb(case.reference, *what, by=by or case.county.coordinator, at=case.wait(minutes=1))


def agrees(case: Case, **changes: Any) -> CheckEntry:
    return CheckEntry(**{"outcome": "agreed", "answered_on": case.today, "came_from": FROM, **changes})


def corrects(case: Case, **changes: Any) -> CheckEntry:
    return agrees(case, **{"outcome": "corrections", "corrections": "4.2: half past nine, not nine.", **changes})


def answer(case: Case, check_id: UUID, entry: CheckEntry, version: int | None = None, by: Person | None = None) -> None:
    stands = version if version is not None else now(case, check_id).version
    do(accuracy_answer.answer, case, check_id, entry, stands, by=by)


def settle(case: Case, check_id: UUID, **changes: Any) -> None:
    entry = SettlingEntry(**{"settled_on": case.today, "settlement": SETTLED, **changes})
    do(accuracy_answer.settle, case, check_id, entry, now(case, check_id).version)


def now(case: Case, check_id: UUID) -> AccuracyCheck:
    return next(row for row in case.rows(AccuracyCheck) if row.id == check_id)


def opened(case: Case, check_id: UUID, *, by: Person | None = None) -> CheckPage:
    return accuracy_page.open_check(case.reference, check_id, by=by or case.county.coordinator, at=case.at)


def lines(case: Case, *, by: Person | None = None) -> tuple[CheckLine, ...]:
    return accuracy_page.accuracy_checks(case.reference, by=by or case.county.coordinator, at=case.at).checks


def waits(case: Case) -> bool:
    return "accuracy_checked" in case.needed("submit_to_home_office")


def running(case: Case, check_id: UUID) -> list[date | None]:
    """The day the check’s date was met, None while it is waited for; nothing where it ended."""
    return [row.met_on for row in case.rows(Deadline) if row.subject_id == check_id and row.ended_on is None]


# --- Sent -------------------------------------------------------------------------------------------------------------


def test_several_agencies_are_sent_their_passages_and_have_ten_working_days(county: County) -> None:
    case, _ = sent(county, "Police", "Probation")
    calendar = county.house.rule_book.calendar
    for line in lines(case):
        assert (line.state, line.paper_number) == ("open", 1)
        assert line.due
        assert line.due.on
        between = [case.today + timedelta(days=n + 1) for n in range((line.due.on - case.today).days)]
        assert sum(calendar.is_working_day(day) for day in between) == 10
    assert case.happened()[-2:] == ["accuracy_sent", "accuracy_sent"]
    assert waits(case)


def test_without_a_report_on_file_there_is_nothing_to_check(county: County) -> None:
    case = county.review(Stage.CHAIR_REPORT)
    with pytest.raises(NotYet) as refusal:
        send(case, "Police")
    assert [reason.sentence for reason in refusal.value.reasons] == [accuracy.NO_REPORT]
    assert accuracy_page.accuracy_checks(case.reference, by=county.coordinator, at=case.at).report is None


@pytest.mark.parametrize(
    ("who", "days", "field", "sentence"),
    [
        ((), 0, "agency_ids", "Choose at least one agency."),
        (("Police",), 0, "agency_ids", "Barsetshire Police has its passages already."),
        (("Probation",), 1, "sent_on", "has not come yet"),
        (("Probation",), -1, "sent_on", "it cannot have been sent earlier"),
        (("Barchester CCG",), 0, "agency_ids", "choose its successor"),
    ],
)
def test_who_cannot_be_sent_passages_or_not_on_that_day(
    county: County, who: tuple[str, ...], days: int, field: str, sentence: str
) -> None:
    case, _ = sent(county)
    with pytest.raises(Invalid) as refusal:
        send(case, *who, on=case.today + timedelta(days=days))
    assert set(refusal.value.fields) == {field}
    assert sentence in refusal.value.fields[field]
    with pytest.raises(Invalid) as dayless:
        do(accuracy.send, case, (county.agency("Probation"),), None)
    assert dayless.value.fields == {"sent_on": "Give the day on which the passages were sent."}


def test_a_corrected_day_of_sending_moves_the_date(county: County) -> None:
    case = on_file(county)
    case.wait(days=7)
    (row,) = send(case, "Police")
    (before,) = lines(case)
    do(accuracy.correct_sending, case, row.id, case.today - timedelta(days=7), row.version)
    (after,) = lines(case)
    assert before.due
    assert after.due
    assert (before.due.on, after.due.on) != (None, None)
    assert after.due.on < before.due.on  # type: ignore[operator]
    assert len(running(case, row.id)) == 1
    with pytest.raises(Stale):
        do(accuracy.correct_sending, case, row.id, case.today, 1)
    answer(case, row.id, agrees(case, answered_on=case.today - timedelta(days=2)))
    with pytest.raises(Invalid) as refusal:
        do(accuracy.correct_sending, case, row.id, case.today, now(case, row.id).version)
    assert "this cannot be later" in refusal.value.fields["sent_on"]


def test_what_was_sent_by_mistake_is_taken_back_and_counts_for_nothing(county: County) -> None:
    case, (row,) = sent(county)
    do(accuracy.take_back, case, row.id)
    assert (lines(case)[0].state, running(case, row.id)) == ("taken_back", [])
    assert waits(case)  # nobody has been asked
    with pytest.raises(Invalid):
        answer(case, row.id, agrees(case))
    send(case, "Police")
    (other,) = send(case, "Probation")
    answer(case, other.id, agrees(case))
    with pytest.raises(Invalid):
        do(accuracy.take_back, case, other.id)


# --- Answered ---------------------------------------------------------------------------------------------------------


def test_an_agency_that_agrees_is_settled_and_its_date_met(county: County) -> None:
    case, (row,) = sent(county)
    case.wait(days=3)
    answer(case, row.id, agrees(case))
    page = opened(case, row.id)
    assert (page.line.state, page.entry, page.on_behalf) == ("agreed", agrees(case), True)
    assert running(case, row.id) == [case.today]
    assert case.happened()[-1] == "accuracy_answered"
    assert not waits(case)


def test_corrections_wait_until_the_chair_has_settled_each(county: County) -> None:
    case, (row,) = sent(county)
    contributor = case.seat(Role.AGENCY_CONTRIBUTOR)
    answer(case, row.id, corrects(case, came_from=""), by=contributor)
    assert (lines(case)[0].state, waits(case)) == ("to_settle", True)
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    entry = SettlingEntry(case.today, SETTLED)
    do(accuracy_answer.settle, case, row.id, entry, now(case, row.id).version, by=chair)
    assert (lines(case)[0].state, waits(case)) == ("settled", False)
    assert case.happened()[-1] == "accuracy_settled"
    assert opened(case, row.id, by=contributor).settling.settlement == SETTLED


def test_corrections_that_change_are_settled_again(county: County) -> None:
    case, (row,) = sent(county)
    answer(case, row.id, corrects(case))
    settle(case, row.id)
    answer(case, row.id, corrects(case, came_from="A letter of 3 March"))
    assert lines(case)[0].state == "settled"
    answer(case, row.id, corrects(case, corrections="4.2 and 4.9."))
    assert (lines(case)[0].state, waits(case)) == ("to_settle", True)
    assert opened(case, row.id).settling == SettlingEntry(None, SETTLED)
    settle(case, row.id)
    settle(case, row.id, settlement="Both are made.")
    assert case.happened()[-2:] == ["accuracy_settled", "accuracy_changed"]


def test_an_answer_entered_by_mistake_is_taken_back_and_waited_for_again(county: County) -> None:
    case, (row,) = sent(county)
    answer(case, row.id, agrees(case))
    answer(case, row.id, CheckEntry("open", came_from=FROM))
    assert (lines(case)[0].state, running(case, row.id), waits(case)) == ("open", [None], True)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"outcome": ""},             "outcome", "Say whether the agency agrees or asks for corrections."),
        ({"outcome": "lapsed"},       "outcome", "Say whether the agency agrees or asks for corrections."),
        ({"outcome": "open"},         "outcome", "Say whether the agency agrees or asks for corrections."),
        ({"answered_on": None},       "answered_on", "Give the day on which the answer came."),
        ({"answered_on": date(2026, 1, 1)}, "answered_on", "the answer cannot be earlier."),
        ({"answered_on": date(2027, 1, 1)}, "answered_on", "1 January 2027 has not come yet"),
        ({"outcome": "corrections"},  "corrections", "Enter the corrections it asks for."),
        ({"corrections": "4.2"},      "corrections", "Leave this empty, or choose that it asks for corrections."),
        ({"came_from": " "},          "came_from", "Say from whose e-mail or letter"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_in_an_answer_is_said_beside_its_field(
    county: County, changes: dict[str, Any], field: str, sentence: str
) -> None:
    case, (row,) = sent(county)
    with pytest.raises(Invalid) as refusal:
        answer(case, row.id, agrees(case, **changes))
    assert set(refusal.value.fields) == {field}
    assert sentence in refusal.value.fields[field]
    assert now(case, row.id).outcome == "open"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"settlement": " "},     "settlement", "Say of each correction whether it is made, or why not."),
        ({"settled_on": None},    "settled_on", "Give the day on which the corrections were settled."),
        ({"settled_on": date(2026, 1, 1)}, "settled_on", "this cannot be earlier."),
        ({"settled_on": date(2027, 1, 1)}, "settled_on", "1 January 2027 has not come yet"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_in_a_settlement_is_said_beside_its_field(
    county: County, changes: dict[str, Any], field: str, sentence: str
) -> None:
    case, (row,) = sent(county)
    answer(case, row.id, corrects(case))
    with pytest.raises(Invalid) as refusal:
        settle(case, row.id, **changes)
    assert sentence in refusal.value.fields[field]


def test_there_is_nothing_to_settle_where_an_agency_agrees(county: County) -> None:
    case, (row,) = sent(county)
    answer(case, row.id, agrees(case))
    with pytest.raises(Invalid) as refusal:
        settle(case, row.id)
    assert set(refusal.value.fields) == {"settlement"}


def test_whoever_saves_second_is_told_both_texts(county: County) -> None:
    case, (row,) = sent(county)
    answer(case, row.id, corrects(case))
    with pytest.raises(Stale) as stale:
        answer(case, row.id, corrects(case, corrections="4.2 and 4.9."), version=1)
    assert stale.value.theirs == {"corrections": "4.2: half past nine, not nine."}
    settle(case, row.id)
    with pytest.raises(Stale):
        do(accuracy_answer.settle, case, row.id, SettlingEntry(case.today, "All made."), 2)


# --- Silence ----------------------------------------------------------------------------------------------------------


def test_silence_lapses_only_after_its_date_and_never_counts_as_consent(county: County) -> None:
    case, (row,) = sent(county)
    (line,) = lines(case)
    assert line.due
    assert line.due.on
    case.wait(days=(line.due.on - case.today).days)
    with pytest.raises(Invalid) as refusal:
        do(accuracy.lapse, case, row.id)
    assert "it cannot lapse before" in refusal.value.fields["outcome"]
    case.wait(days=1)
    do(accuracy.lapse, case, row.id)
    assert (lines(case)[0].state, running(case, row.id), waits(case)) == ("lapsed", [], False)
    assert case.happened()[-1] == "accuracy_lapsed"
    with pytest.raises(Invalid):
        do(accuracy.lapse, case, row.id)


def test_nothing_lapses_while_the_review_is_on_hold(county: County) -> None:
    case, (row,) = sent(county)
    case.take("pause")
    case.wait(days=40)
    with pytest.raises(Invalid) as refusal:
        do(accuracy.lapse, case, row.id)
    assert "on hold" in refusal.value.fields["outcome"]


def test_an_answer_that_comes_after_its_time_is_taken_all_the_same(county: County) -> None:
    case, (row,) = sent(county)
    case.wait(days=30)
    do(accuracy.lapse, case, row.id)
    answer(case, row.id, corrects(case))
    assert (lines(case)[0].state, running(case, row.id), waits(case)) == ("to_settle", [case.today], True)


# --- A new version ----------------------------------------------------------------------------------------------------


def test_a_new_version_voids_the_check_and_the_agency_is_asked_again(county: County) -> None:
    case, (police, probation) = sent(county, "Police", "Probation")
    answer(case, police.id, agrees(case))
    case.wait(days=2)
    report(case, "b")
    assert {line.state for line in lines(case)} == {"ask_again"}
    assert case.happened()[-2:] == ["accuracy_voided", "accuracy_voided"]
    assert running(case, probation.id) == []
    with pytest.raises(Invalid) as refusal:
        answer(case, probation.id, agrees(case))
    assert "send them to the agency again" in refusal.value.fields["outcome"]
    (again, _) = send(case, "Police", "Probation")
    assert sorted(line.state for line in lines(case)) == ["open", "open", "replaced", "replaced"]
    assert {now(case, again.id).paper_id} != {police.paper_id}
    for row in case.rows(AccuracyCheck):
        if row.voided_on is None:
            answer(case, row.id, agrees(case))
    assert not waits(case)


def test_only_the_agencies_whose_passages_changed_are_asked_again(county: County) -> None:
    case, (police, probation) = sorted_by_name(*sent(county, "Police", "Probation"))
    for row in (police, probation):
        answer(case, row.id, agrees(case))
    with changing(case.reference, "paper.change", by=county.coordinator, at=case.wait(minutes=1)) as scene:
        accuracy.void_checks(scene, {county.agency("Police")})
    assert [line.state for line in lines(case)] == ["ask_again", "agreed"]
    assert waits(case)


def sorted_by_name(case: Case, rows: list[AccuracyCheck]) -> tuple[Case, list[AccuracyCheck]]:
    """The checks as the page lists them."""
    order = [line.id for line in lines(case)]
    return case, sorted(rows, key=lambda row: order.index(row.id))


def test_a_check_stands_where_the_new_version_says_nothing_new_of_the_agency(county: County) -> None:
    case, (police, probation) = sorted_by_name(*sent(county, "Police", "Probation"))
    answer(case, police.id, agrees(case))
    report(case, "b")
    for row in (police, probation):
        do(accuracy.let_stand, case, row.id)
    assert [line.state for line in lines(case)] == ["agreed", "open"]
    assert (running(case, police.id), running(case, probation.id)) == ([case.today], [None])
    with pytest.raises(Invalid):
        do(accuracy.let_stand, case, police.id)


def test_an_unanswered_check_of_passages_that_are_gone_is_taken_back(county: County) -> None:
    case, (police, probation) = sorted_by_name(*sent(county, "Police", "Probation"))
    answer(case, police.id, agrees(case))
    report(case, "b")
    do(accuracy.let_stand, case, police.id)
    do(accuracy.take_back, case, probation.id)
    assert not waits(case)


# --- Who --------------------------------------------------------------------------------------------------------------


def test_a_contributor_sees_and_answers_their_own_agencys_and_nothing_else(county: County) -> None:
    case, rows = sent(county, "Police", "Barset Refuge")
    contributor = case.seat(Role.AGENCY_CONTRIBUTOR)
    police = next(row for row in rows if row.agency_id == county.agency("Police"))
    refuge = next(row for row in rows if row.agency_id != county.agency("Police"))
    assert [line.id for line in lines(case, by=contributor)] == [police.id]
    page = opened(case, police.id, by=contributor)
    assert (page.may_answer, page.may_ask, page.may_settle) == (True, False, False)
    answer(case, police.id, agrees(case, came_from=""), by=contributor)
    assert not opened(case, police.id).on_behalf
    for refused in (
        lambda: opened(case, refuge.id, by=contributor),
        lambda: answer(case, refuge.id, agrees(case), by=contributor),
        lambda: do(accuracy.take_back, case, police.id, by=contributor),
        lambda: do(accuracy.send, case, (county.agency("Probation"),), case.today, by=contributor),
        lambda: accuracy_page.sending(case.reference, police.id, by=contributor, at=case.at),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_the_author_sends_passages_but_does_not_settle(county: County) -> None:
    case = on_file(county)
    author = case.seat(Role.REPORT_AUTHOR)
    do(accuracy.send, case, (county.agency("Police"),), case.today, by=author)
    (row,) = case.rows(AccuracyCheck)
    answer(case, row.id, corrects(case))
    assert not opened(case, row.id, by=author).may_settle
    with pytest.raises(NotAllowed):
        do(accuracy_answer.settle, case, row.id, SettlingEntry(case.today, SETTLED), 2, by=author)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.STEERING_MEMBER, Role.PANEL_MEMBER])
def test_checks_are_for_those_who_work_with_them(county: County, role: Role) -> None:
    case, (row,) = sent(county)
    who = case.seat(role) if role is Role.PANEL_MEMBER else county.who(role)
    with pytest.raises(NotAllowed):
        lines(case, by=who)
    with pytest.raises(NotAllowed):
        opened(case, row.id, by=who)


def test_a_check_of_another_review_is_out_of_reach(county: County) -> None:
    _, (row,) = sent(county)
    other = on_file(county)
    for unknown in (row.id, uuid4()):
        for refused in (
            lambda at=unknown: opened(other, at),
            lambda at=unknown: answer(other, at, agrees(other), version=1),
            lambda at=unknown: do(accuracy.lapse, other, at),
        ):
            with pytest.raises(OutOfReach):
                refused()


def test_a_closed_review_takes_no_answers(county: County) -> None:
    case = on_file(county, Stage.SEMINAR)
    (row,) = send(case, "Police")
    case.to(Stage.CLOSED)
    with pytest.raises(NotYet):
        answer(case, row.id, agrees(case))
    page = opened(case, row.id)
    assert (page.may_answer, page.may_ask) == (False, False)


def test_the_days_an_agency_owes_its_answer_are_its_own_in_the_bar_unless_it_was_asked_by_mistake(
    county: County,
) -> None:
    case, rows = sent(county, "Police", "Probation")
    by_mistake = next(row for row in rows if row.agency_id == county.agency("Probation"))
    case.wait(days=5)
    do(accuracy.take_back, case, by_mistake.id)
    answer(case, next(row.id for row in rows if row.id != by_mistake.id), agrees(case))
    case.wait(days=5)
    waiting = review_page(case.reference, by=county.coordinator, at=case.at).waiting
    days = {share.holder.agency: share.days for share in waiting}
    assert days["Barsetshire Police"] >= 5
    assert "Probation Service, Barsetshire" not in days
