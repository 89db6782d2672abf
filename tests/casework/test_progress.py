"""An agency reports on its own action, on the review or not; nobody else does, and nothing that was said is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import evidence, files, plan, plan_parts, progress, progress_page
from dhr_app.casework.action import remove_action
from dhr_app.casework.action_progress import MovedEntry, move_date
from dhr_app.casework.progress_entry import ReportEntry
from dhr_app.casework.progress_shown import ReportShown
from dhr_app.casework.recommendation import WithdrawalEntry, withdraw_recommendation
from dhr_app.database.models import Agency, Conflict, Event, Evidence
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.documents import pdf
from tests.factories import make_account
from tests.planning import act, action_shown, done, recommend, shown, signed_off
from tests.reporting import contributor, page_of, refuse, report, report_for
from tests.reviews import Case, County

STATEMENT = pdf()


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


@pytest.fixture
def action_id(case: Case) -> UUID:
    """An action of the police."""
    return act(case, recommend(case, "4"))


def reports(case: Case, label: str = "4/1") -> tuple[ReportShown, ...]:
    return action_shown(case, label).reports


def faults_of(do: Callable[..., object], *args: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        do(*args, **more)
    return dict(wrong.value.fields)


def move(case: Case, action_id: UUID, days: int, because: str = "larger") -> None:
    by = case.county.coordinator
    part = plan_parts.action_part(case.reference, action_id, by=by, at=case.at)
    assert part.entry.target_on is not None
    entry = MovedEntry("by_a_date", part.entry.target_on + timedelta(days=days), None, because)
    move_date(case.reference, action_id, entry, part.version, by=by, at=case.wait(minutes=1))


# --- What an agency says ----------------------------------------------------------------------------------------------


def test_progress_stands_with_who_said_it_for_which_agency(case: Case, action_id: UUID) -> None:
    report(case, action_id, blocked_by="The supplier")
    (one,) = reports(case)
    assert (one.kind, one.text, one.blocked_by) == ("progress", "The draft form is with the unions.", "The supplier")
    assert (one.agency, one.made_by, one.on_behalf) == ("Barsetshire Police", contributor(case).name, False)
    assert case.happened("progress") == ["progress_reported"]
    assert action_shown(case, "4/1").state.code == "blocked"


def test_no_change_needs_no_word_and_the_last_text_is_carried_on(case: Case, action_id: UUID) -> None:
    report(case, action_id, text="The draft is written.")
    report(case, action_id, "no_change")
    page = page_of(case, action_id)
    assert [one.kind for one in page.action.reports] == ["no_change", "progress"]
    assert page.last_text == "The draft is written."
    assert page.action.state.code == "under_way"


def test_done_sets_what_the_steering_group_signs_off(case: Case, action_id: UUID) -> None:
    report(case, action_id, "done", text="Superintendent Grantly’s statement")
    one = action_shown(case, "4/1")
    assert (one.state.code, one.done_on, one.evidence) == ("reported", case.today, "Superintendent Grantly’s statement")
    assert case.happened("action_done", "progress") == ["action_done"]
    assert signed_off(case) == 1


def test_what_was_reported_as_done_is_corrected_by_the_next_report(case: Case, action_id: UUID) -> None:
    report(case, action_id, "done")
    report(case, action_id, "done", text="The statement, signed")
    assert action_shown(case, "4/1").evidence == "The statement, signed"
    assert case.happened("action_done", "progress") == ["action_done", "progress_reported"]
    report(case, action_id, "progress", text="One station still has the old form.")
    one = action_shown(case, "4/1")
    assert (one.state.code, one.done_on, one.evidence) == ("under_way", None, "")


def test_of_what_is_done_no_change_is_not_offered_nor_taken(case: Case, action_id: UUID) -> None:
    report(case, action_id, "done")
    assert page_of(case, action_id).kinds == ("progress", "done", "need_longer")
    assert "reported as done already" in faults_of(report, case, action_id, "no_change")["kind"]
    assert action_shown(case, "4/1").state.code == "reported"


def test_a_report_keeps_the_day_it_gave_as_the_day_of_the_work(case: Case, action_id: UUID) -> None:
    first, corrected = case.today - timedelta(days=2), case.today - timedelta(days=1)
    report(case, action_id, "done", done_on=first)
    report(case, action_id, "done", done_on=corrected)
    report(case, action_id, "progress", text="One station still has the old form.")
    assert [one.done_on for one in reports(case)] == [None, corrected, first]
    done(case, action_id, case.today)
    assert reports(case)[0].done_on == case.today


def test_nothing_was_done_before_its_review_began(case: Case, action_id: UUID) -> None:
    wrong = faults_of(report, case, action_id, "done", done_on=case.today.replace(year=case.today.year - 6))
    assert wrong == {"done_on": f"{case.today.day} January 2020 is before this review began: check the year."}
    with pytest.raises(Invalid) as refused:
        done(case, action_id, case.today.replace(year=case.today.year - 6))
    assert list(refused.value.fields) == ["done_on"]


def test_the_same_report_twice_on_a_day_is_refused_and_on_another_day_taken(case: Case, action_id: UUID) -> None:
    report(case, action_id, text="Half of the stations have it.")
    assert "was sent today" in faults_of(report, case, action_id, text="Half of the stations have it. ")["again"]
    assert len(reports(case)) == 1
    report(case, action_id, text="Half of the stations have it.", file=files.arrived("a.pdf", STATEMENT))
    report(case, action_id, "no_change")
    assert list(faults_of(report, case, action_id, "no_change")) == ["again"]
    case.wait(days=1)
    report(case, action_id, "no_change")
    assert [one.kind for one in reports(case)] == ["no_change", "no_change", "progress", "progress"]


@pytest.mark.parametrize(
    ("kind", "entry", "field"),
    [
        ("progress",    {"text": " "},         "text"),
        ("done",        {"text": ""},          "text"),
        ("done",        {"done_on": None},     "done_on"),
        ("done",        {"done_on": 1},        "done_on"),
        ("done",        {"done_on": -9000},    "done_on"),
        ("need_longer", {"text": ""},          "text"),
        ("need_longer", {"wanted_on": None},   "wanted_on"),
        ("need_longer", {"wanted_on": 90},     "wanted_on"),
        ("need_longer", {"wanted_on": 4000},   "wanted_on"),
        ("need_longer", {"wanted_on": 800},    "far"),
        ("finished",    {},                    "kind"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_right_is_refused_beside_its_box(
    case: Case, action_id: UUID, kind: str, entry: dict[str, Any], field: str
) -> None:
    days = {key: case.today + timedelta(days=value) for key, value in entry.items() if isinstance(value, int)}
    assert list(faults_of(report, case, action_id, kind, **{**entry, **days})) == [field]
    assert reports(case) == ()


def test_a_day_that_is_past_is_no_day_to_ask_for(case: Case, action_id: UUID) -> None:
    case.wait(days=200)
    late = case.today - timedelta(days=3)
    assert "is past" in faults_of(report, case, action_id, "need_longer", wanted_on=late)["wanted_on"]
    assert "That is today" in faults_of(report, case, action_id, "need_longer", wanted_on=case.today)["wanted_on"]


def test_more_than_two_years_are_asked_for_only_on_purpose(case: Case, action_id: UUID) -> None:
    report(case, action_id, "need_longer", wanted_on=case.today + timedelta(days=800), far=True)
    wish = action_shown(case, "4/1").wish
    assert wish is not None
    assert wish.wanted_on == case.today + timedelta(days=800)


def test_whatever_has_no_date_needs_no_longer(case: Case) -> None:
    ongoing = act(case, recommend(case, "5"), when="ongoing", look_again_on=case.today + timedelta(days=90))
    assert "need_longer" not in page_of(case, ongoing).kinds
    assert "no date" in faults_of(report, case, ongoing, "need_longer")["wanted_on"]


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_the_agency_reports_without_a_seat_and_reaches_nothing_else(case: Case, action_id: UUID) -> None:
    report(case, action_id)
    with pytest.raises(OutOfReach):
        plan.plan_page(case.reference, by=contributor(case), at=case.at)


@pytest.mark.parametrize("whose", ["another_agency", "nobody", "nowhere"])
def test_any_other_action_is_out_of_reach_and_the_try_is_written_down(case: Case, whose: str) -> None:
    of = recommend(case, "4")
    owner = {"another_agency": case.county.agency("Probation"), "nobody": None}.get(whose)
    action_id = uuid4() if whose == "nowhere" else act(case, of, owner_id=owner)
    before = len(refusals(case))
    for do in (
        lambda: progress_page.own_action_page(action_id, by=contributor(case), at=case.at),
        lambda: progress.report(action_id, ReportEntry("no_change"), 0, by=contributor(case), at=case.at),
    ):
        with pytest.raises(OutOfReach) as refused:
            do()
        assert refused.value.sentence == "There is nothing here that you can open."
    assert len(refusals(case)) == before + (0 if whose == "nowhere" else 2)


def refusals(case: Case) -> list[Event]:
    return [one for one in case.rows(Event) if one.kind == "refused"]


def test_the_conflict_of_interest_list_wins(case: Case, action_id: UUID) -> None:
    barred = contributor(case)
    with case.county.house.transaction(by=case.county.coordinator, at=case.at) as session:
        session.add(Conflict(review_id=case.row.id, account_id=barred.id))
    with pytest.raises(OutOfReach):
        page_of(case, action_id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AGENCY_CONTRIBUTOR}))
def test_nobody_but_a_contributor_goes_through_the_agency_s_door(case: Case, action_id: UUID, role: Role) -> None:
    with pytest.raises((OutOfReach, NotAllowed)):
        page_of(case, action_id, by=case.county.who(role))
    with pytest.raises((OutOfReach, NotAllowed)):
        report(case, action_id, "no_change", version=0, by=case.county.who(role))


def test_an_agency_s_successor_sees_and_reports_what_it_took_on(case: Case) -> None:
    county = case.county
    with county.house.transaction(by=county.coordinator, at=case.at) as session:
        session.get_one(Agency, county.agency("Probation")).successor_id = county.agency("NHS Barsetshire")
    action_id = act(case, recommend(case, "4"), owner_id=county.agency("Probation"))
    heir = make_account(county.house, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("NHS Barsetshire"))[0]
    with pytest.raises(OutOfReach):
        page_of(case, action_id, by=heir)
    with county.house.transaction(by=county.coordinator, at=case.at) as session:
        session.get_one(Agency, county.agency("Probation")).to_on = case.today
    case.wait(days=1)
    report(case, action_id, by=heir)
    report_for(case, action_id, text="The form is printed.")
    assert [one.agency for one in reports(case)] == ["NHS Barsetshire Integrated Care Board"] * 2


def test_only_the_coordinator_reports_for_an_agency_and_says_from_what(case: Case, action_id: UUID) -> None:
    report_for(case, action_id, "done")
    (one,) = reports(case)
    assert (one.on_behalf, one.came_from, one.agency) == (True, "E-mail of J. Arabin, 3 June", "Barsetshire Police")
    assert one.made_by == case.county.coordinator.name
    assert list(faults_of(report_for, case, action_id, came_from=" ")) == ["came_from"]
    for role in (Role.STEERING_CHAIR, Role.STEERING_MEMBER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            progress_page.action_page(case.reference, action_id, by=case.county.who(role), at=case.at)


def test_nothing_is_reported_for_nobody(case: Case) -> None:
    action_id = act(case, recommend(case, "4"), owner_id=None)
    assert "name the agency first" in faults_of(report_for, case, action_id)["action"]


def test_who_reads_the_reports_on_the_plan(case: Case, action_id: UUID) -> None:
    report(case, action_id)
    by_role = {role: case.seat(role) for role in (Role.INDEPENDENT_CHAIR, Role.PANEL_MEMBER)}
    by_role |= {role: case.county.who(role) for role in (Role.COORDINATOR, Role.STEERING_MEMBER)}
    reads = {
        role: bool(plan.plan_page(case.reference, by=person, at=case.at).actions[0].reports)
        for role, person in by_role.items()
    }
    assert {role for role, sees in reads.items() if sees} == {Role.COORDINATOR, Role.STEERING_MEMBER}


# --- What moved on ----------------------------------------------------------------------------------------------------


def test_a_colleague_s_report_meanwhile_is_shown_beside_one_s_own(case: Case, action_id: UUID) -> None:
    version = page_of(case, action_id).version
    report(case, action_id, text="Said by a colleague.", by=contributor(case, 2))
    with pytest.raises(Stale) as stale:
        report(case, action_id, text="Said by me.", version=version)
    assert (stale.value.theirs["text"], stale.value.yours["text"]) == ("Said by a colleague.", "Said by me.")
    assert [one.text for one in reports(case)] == ["Said by a colleague."]


def test_a_date_that_moved_meanwhile_is_shown_first(case: Case, action_id: UUID) -> None:
    version = page_of(case, action_id).version
    move(case, action_id, 10)
    with pytest.raises(Stale):
        report(case, action_id, version=version)
    report(case, action_id)


def test_an_action_that_is_closed_withdrawn_or_taken_off_takes_no_report(case: Case) -> None:
    of = recommend(case, "4")
    signed, removed, withdrawn = act(case, of), act(case, of), act(case, recommend(case, "5"))
    done(case, signed)
    signed_off(case, signed)
    by = case.county.coordinator
    remove_action(case.reference, removed, by=by, at=case.wait(minutes=1))
    five = shown(case, "5").id
    version = plan_parts.withdrawal_part(case.reference, five, by=by, at=case.at).version
    withdraw_recommendation(
        case.reference, five, WithdrawalEntry(case.today, "joined"), version, by=by, at=case.wait(minutes=1)
    )
    for action_id, word in ((signed, "signed off"), (removed, "taken off"), (withdrawn, "withdrawn")):
        page = page_of(case, action_id)
        assert word in page.closed
        assert page.kinds == ()
        assert list(faults_of(report, case, action_id)) == ["action"]


def test_a_review_that_went_its_way_takes_no_report(case: Case, action_id: UUID) -> None:
    case.take("withdraw")
    assert "has left its way" in page_of(case, action_id).closed
    with pytest.raises(NotYet):
        report(case, action_id)


# --- A later date -----------------------------------------------------------------------------------------------------


def test_a_wish_stands_until_the_date_moves(case: Case, action_id: UUID) -> None:
    report(case, action_id, "need_longer")
    assert action_shown(case, "4/1").wish is not None
    move(case, action_id, -5, "sooner")
    assert action_shown(case, "4/1").wish is not None
    move(case, action_id, 20)
    assert action_shown(case, "4/1").wish is None
    assert case.events("longer")[0].details["label"] == "the date moves"
    (one,) = reports(case)
    assert (one.became, one.moved_to) == ("agreed", action_shown(case, "4/1").target_on)
    move(case, action_id, 5)
    assert reports(case)[0].moved_to == one.moved_to


def test_a_wish_is_refused_with_a_reason_that_the_agency_reads(case: Case, action_id: UUID) -> None:
    report(case, action_id, "need_longer")
    assert list(faults_of(refuse, case, action_id, "")) == ["because"]
    refuse(case, action_id)
    last = page_of(case, action_id).last
    assert last is not None
    assert (last.asks, last.refused_because, last.settled_on) == (False, "The inquest waits for it.", case.today)
    assert last.became == "refused"
    assert case.events("longer")[0].details["label"] == "the date stays"
    assert list(faults_of(refuse, case, action_id)) == ["because"]


def test_the_newest_wish_counts_and_what_is_done_needs_no_longer(case: Case, action_id: UUID) -> None:
    report(case, action_id, "need_longer", wanted_on=case.today + timedelta(days=100))
    report(case, action_id, "need_longer", wanted_on=case.today + timedelta(days=120))
    assert [one.asks for one in reports(case)] == [True, False]
    report(case, action_id, "done")
    assert not any(one.asks for one in reports(case))
    assert [one.became for one in reports(case)] == ["", "overtaken", "replaced"]


# --- Silence ----------------------------------------------------------------------------------------------------------


def test_an_action_nobody_speaks_of_for_a_quarter_is_marked(case: Case, action_id: UUID) -> None:
    entered = case.today
    case.wait(days=91)
    assert action_shown(case, "4/1").silent_since is None
    case.wait(days=1)
    assert action_shown(case, "4/1").silent_since == entered
    report(case, action_id, "no_change")
    assert action_shown(case, "4/1").silent_since is None


# --- The file that shows it -------------------------------------------------------------------------------------------


def test_a_file_goes_with_what_is_done_and_is_read_by_those_who_may(case: Case, action_id: UUID) -> None:
    report(case, action_id, "done", file=files.arrived("statement.pdf", STATEMENT))
    (row,) = case.rows(Evidence)
    assert (row.media, row.size) == ("pdf", len(STATEMENT))
    for person in (case.county.coordinator, case.county.who(Role.STEERING_MEMBER)):
        found = evidence.take_out(case.reference, row.id, by=person, at=case.wait(minutes=1))
        assert b"".join(found.content) == STATEMENT
        assert found.name == f"{case.reference}-action-4-1-evidence-1.pdf"
    own = evidence.take_out_own(row.id, by=contributor(case, 2), at=case.wait(minutes=1))
    assert b"".join(own.content) == STATEMENT
    assert case.happened("evidence") == ["evidence_read"] * 3
    with pytest.raises(NotAllowed):
        evidence.take_out(case.reference, row.id, by=case.county.who(Role.AUDITOR), at=case.at)
    other = make_account(case.county.house, Role.AGENCY_CONTRIBUTOR, agency_id=case.county.agency("Probation"))[0]
    with pytest.raises(OutOfReach):
        evidence.take_out_own(row.id, by=other, at=case.at)
    with pytest.raises(OutOfReach):
        evidence.take_out_own(uuid4(), by=contributor(case), at=case.at)


def test_a_file_that_cannot_be_taken_leaves_no_report_and_no_file(case: Case, action_id: UUID) -> None:
    for name, data in (
        ("statement.pdf", b""),
        ("statement.exe", b"MZ" * 90),
        ("statement.pdf", STATEMENT[: len(STATEMENT) // 2]),
    ):
        assert list(faults_of(report, case, action_id, file=files.arrived(name, data))) == ["file"]
    assert reports(case) == ()
    assert list(case.county.house.store.objects()) == []


def test_a_refused_report_leaves_nothing_of_its_file(case: Case, action_id: UUID) -> None:
    assert list(faults_of(report, case, action_id, text="", file=files.arrived("a.pdf", STATEMENT))) == ["text"]
    assert list(faults_of(report, case, action_id, "no_change", file=files.arrived("a.pdf", STATEMENT))) == ["file"]
    with pytest.raises(Stale):
        report(case, action_id, version=0, file=files.arrived("a.pdf", STATEMENT))
    assert list(case.county.house.store.objects()) == []
