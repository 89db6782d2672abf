"""Actions: entered, moved in the open, reported, closed by a minute; the audit counts from the last one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dhr_app.casework import plan_parts
from dhr_app.casework.action import ActionEntry, correct_action, remove_action
from dhr_app.casework.action_progress import DoneEntry, MovedEntry, move_date, report_done
from dhr_app.casework.sign_off import OutcomeEntry, Seen, close_action, sign_off
from dhr_app.workflows.errors import Invalid, NotAllowed, Stale
from dhr_app.workflows.stages import Stage
from tests.planning import act, action_shown, done, plan_of, recommend, shown, signed_off
from tests.reviews import Case, County

MONTH = timedelta(days=28)


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


def move(case: Case, action_id: UUID, days: int = 10, because: str = "larger", **entry: Any) -> None:
    """Move a date so many days on from where it stands."""
    by = case.county.coordinator
    part = plan_parts.action_part(case.reference, action_id, by=by, at=case.at)
    to_on = part.entry.target_on + timedelta(days=days) if part.entry.target_on else case.today
    told = MovedEntry(**{"when": "by_a_date", "to_on": to_on, "because": because, **entry})
    move_date(case.reference, action_id, told, part.version, by=by, at=case.wait(minutes=1))


def correct(case: Case, action_id: UUID, **changes: Any) -> None:
    by = case.county.coordinator
    part = plan_parts.action_part(case.reference, action_id, by=by, at=case.at)
    entry = ActionEntry(**{**vars(part.entry), **changes})
    correct_action(case.reference, action_id, entry, part.version, by=by, at=case.wait(minutes=1))


def close(case: Case, action_id: UUID, outcome: str, **entry: Any) -> None:
    by = case.county.chair
    version = plan_parts.outcome_part(case.reference, action_id, by=by, at=case.at).version
    minuted = {"minute": "14", "minute_on": case.today} if outcome != "open" else {}
    told = OutcomeEntry(outcome, **{**minuted, **entry})
    close_action(case.reference, action_id, told, version, by=by, at=case.wait(minutes=1))


def faults_of(do: Any, *args: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        do(*args, **more)
    return dict(wrong.value.fields)


def audit_dates(case: Case) -> list[Any]:
    """What the running dates of the audit count from."""
    return [one.anchor_on for one in case.facts().clocks if one.rule == "closure_audit_due" and not one.ended]


def test_an_action_is_numbered_within_its_recommendation(case: Case) -> None:
    of = recommend(case, "10.1.1")
    act(case, of)
    act(case, of, text="The force trains its control room.")
    assert [one.label for one in shown(case, "10.1.1").actions] == ["10.1.1/1", "10.1.1/2"]


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"text": " "},                                      "text"),
        ({"when": ""},                                       "when"),
        ({"target_on": None},                                "target_on"),
        ({"target_on": -9000},                               "target_on"),
        ({"target_on": 4000},                                "target_on"),
        ({"when": "ongoing", "target_on": None, "look_again_on": None}, "look_again_on"),
        ({"when": "ongoing", "target_on": None, "look_again_on": 4000}, "look_again_on"),
        ({"when": "ongoing", "target_on": 30, "look_again_on": 60},     "target_on"),
        ({"when": "not_yet", "target_on": 30},                          "target_on"),
        ({"when": "not_yet", "target_on": None, "look_again_on": 30},   "look_again_on"),
        ({"look_again_on": 30},                                         "look_again_on"),
    ],
)  # fmt: skip
def test_an_action_that_cannot_be_right_is_refused(case: Case, entry: dict[str, Any], field: str) -> None:
    of = recommend(case, "1")
    days = {key: case.today + timedelta(days=value) for key, value in entry.items() if isinstance(value, int)}
    assert list(faults_of(act, case, of, **{**entry, **days})) == [field]


def test_an_agency_that_has_ended_or_is_unknown_owns_nothing(case: Case, county: County) -> None:
    of = recommend(case, "1")
    assert "choose its successor" in faults_of(act, case, of, owner_id=county.agency("Barchester CCG"))["owner_id"]
    assert "not known" in faults_of(act, case, of, owner_id=of)["owner_id"]


def test_an_ongoing_action_has_a_day_to_look_at_it_again(case: Case) -> None:
    act(case, recommend(case, "1"), when="ongoing", look_again_on=case.today + MONTH, target_on=None)
    one = action_shown(case, "1/1")
    assert (one.target_on, one.look_again_on, one.state.code) == (None, case.today + MONTH, "ongoing")
    assert shown(case, "1").lacks == ()


def test_an_action_without_a_date_gets_its_first_one_by_a_correction(case: Case) -> None:
    action_id = act(case, recommend(case, "1"), when="not_yet", target_on=None)
    assert action_shown(case, "1/1").state.code == "undated"
    correct(case, action_id, when="by_a_date", target_on=case.today + MONTH, milestones="A draft by May")
    one = action_shown(case, "1/1")
    assert (one.first_target_on, one.milestones) == (case.today + MONTH, "A draft by May")


def test_a_date_that_stands_is_moved_and_never_corrected_away(case: Case) -> None:
    action_id = act(case, recommend(case, "1"))
    for change in (
        {"target_on": case.today + timedelta(days=5)},
        {"when": "ongoing", "look_again_on": case.today + MONTH, "target_on": None},
        {"when": "not_yet", "target_on": None},
    ):
        assert "moved on a page of its own" in faults_of(correct, case, action_id, **change)["target_on"]


def test_the_first_date_is_never_overwritten_however_often_it_moves(case: Case) -> None:
    action_id = act(case, recommend(case, "1"))
    first = action_shown(case, "1/1").target_on
    assert first is not None
    move(case, action_id, 10)
    move(case, action_id, 5, because="no_capacity")
    one = action_shown(case, "1/1")
    assert (one.first_target_on, one.target_on) == (first, first + timedelta(days=15))
    assert [(each.from_on, each.to_on, each.because) for each in one.moved] == [
        (first, first + timedelta(days=10), "larger"),
        (first + timedelta(days=10), first + timedelta(days=15), "no_capacity"),
    ]


@pytest.mark.parametrize(
    ("days", "because", "entry", "field"),
    [
        (0,   "larger",          {},                                     "to_on"),
        (-5,  "larger",          {},                                     "to_on"),
        (5,   "sooner",          {},                                     "to_on"),
        (5,   "",                {},                                     "because"),
        (5,   "larger",          {"when": ""},                           "when"),
        (5,   "larger",          {"to_on": None},                        "to_on"),
        (5,   "lasting",         {"when": "ongoing", "minute": "3", "minute_on": "today"}, "look_again_on"),
        (29,  "larger",          {"minute_on": "today"},                 "minute"),
        (29,  "larger",          {"minute": "3"},                        "minute_on"),
        (29,  "larger",          {"minute": "3", "minute_on": "tomorrow"}, "minute_on"),
        (4000, "entered_wrongly", {},                                    "to_on"),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_right_is_refused(
    case: Case, days: int, because: str, entry: dict[str, Any], field: str
) -> None:
    action_id = act(case, recommend(case, "1"))
    calendar = {"today": case.today, "tomorrow": case.today + timedelta(days=1)}
    told = {name: calendar.get(value, value) for name, value in entry.items()}
    assert list(faults_of(move, case, action_id, days, because, **told)) == [field]
    assert action_shown(case, "1/1").moved == ()


def test_a_long_move_needs_a_minute_and_many_short_ones_add_up_to_it(case: Case) -> None:
    action_id = act(case, recommend(case, "1"))
    move(case, action_id, 20)
    assert list(faults_of(move, case, action_id, 20)) == ["minute", "minute_on"]
    move(case, action_id, 20, minute="3.2", minute_on=case.today)
    assert action_shown(case, "1/1").moved[1].minute == "3.2"


def test_a_date_entered_wrongly_may_move_either_way_without_a_minute(case: Case) -> None:
    action_id = act(case, recommend(case, "1"))
    move(case, action_id, 365, "entered_wrongly")
    move(case, action_id, -400, "entered_wrongly")
    assert len(action_shown(case, "1/1").moved) == 2


def test_work_that_goes_on_without_an_end_becomes_ongoing_by_minute(case: Case) -> None:
    action_id = act(case, recommend(case, "1"))
    again = case.today + timedelta(days=365)
    asked = faults_of(move, case, action_id, because="lasting", when="ongoing", look_again_on=again)
    assert list(asked) == ["minute", "minute_on"]
    move(case, action_id, because="lasting", when="ongoing", look_again_on=again, minute="3", minute_on=case.today)
    one = action_shown(case, "1/1")
    assert (one.target_on, one.look_again_on, one.moved[0].to_on) == (None, again, None)
    assert "no date yet" in faults_of(move, case, action_id)["to_on"]


def test_a_date_that_somebody_moved_meanwhile_is_not_moved_blindly(case: Case, county: County) -> None:
    action_id = act(case, recommend(case, "1"))
    by = county.coordinator
    version = plan_parts.action_part(case.reference, action_id, by=by, at=case.at).version
    move(case, action_id, 5)
    entry = MovedEntry("by_a_date", case.today + timedelta(days=99), None, "larger")
    fault = faults_of(move_date, case.reference, action_id, entry, version, by=by, at=case.wait(minutes=1))
    assert "Somebody changed this action" in fault["to_on"]


def test_done_needs_an_owner_a_day_and_evidence_and_may_be_taken_back(case: Case, county: County) -> None:
    of = recommend(case, "1")
    ownerless, action_id = act(case, of, owner_id=None), act(case, of)
    by = county.coordinator

    def report(which: UUID, entry: DoneEntry) -> None:
        version = plan_parts.done_part(case.reference, which, by=by, at=case.at).version
        report_done(case.reference, which, entry, version, by=by, at=case.wait(minutes=1))

    for which, entry, field in (
        (ownerless, DoneEntry(case.today, "Seen"), "done_on"),
        (action_id, DoneEntry(case.today, " "), "evidence"),
        (action_id, DoneEntry(None, "Seen"), "done_on"),
        (action_id, DoneEntry(case.today + timedelta(days=1), "Seen"), "done_on"),
    ):
        assert list(faults_of(report, which, entry)) == [field]
    report(action_id, DoneEntry(case.today, "Seen"))
    assert action_shown(case, "1/2").state.code == "reported"
    report(action_id, DoneEntry())
    assert action_shown(case, "1/2").state.code == "under_way"


def test_the_chair_signs_a_whole_list_off_but_those_unticked(case: Case) -> None:
    of = recommend(case, "1")
    ids = [act(case, of) for _ in range(3)]
    for action_id in ids:
        done(case, action_id)
    assert signed_off(case, ids[0], ids[2]) == 2
    assert [one.state.code for one in plan_of(case).actions] == ["signed_off", "reported", "signed_off"]
    assert action_shown(case, "1/1").minute == "14"


def test_nothing_is_signed_off_where_one_of_the_list_cannot_be(case: Case, county: County) -> None:
    of = recommend(case, "1")
    ready, not_done = act(case, of), act(case, of)
    done(case, ready)
    listed = {one.id: one.version for one in plan_of(case).actions}

    def sign(*ids: UUID, minute: str = "14", on: Any = case.today) -> int:
        chosen = tuple(Seen(each, listed[each]) for each in ids)
        return sign_off(case.reference, chosen, minute, on, by=county.chair, at=case.wait(minutes=1))

    assert "1/2 is not reported as done" in faults_of(sign, ready, not_done)["chosen"]
    assert list(faults_of(sign)) == ["chosen"]
    assert list(faults_of(sign, ready, minute=" ", on=None)) == ["minute", "minute_on"]
    assert "cannot be earlier" in faults_of(sign, ready, on=case.today - timedelta(days=1))["minute_on"]
    assert [one.state.code for one in plan_of(case).actions] == ["reported", "under_way"]
    correct(case, ready, text="Other words.")
    assert "was changed since you opened this list" in faults_of(sign, ready)["chosen"]
    listed = {one.id: one.version for one in plan_of(case).actions}
    assert sign(ready) == 1
    listed = {one.id: one.version for one in plan_of(case).actions}
    assert "closed already" in faults_of(sign, ready)["chosen"]


def test_the_coordinator_signs_nothing_off(case: Case, county: County) -> None:
    action_id = act(case, recommend(case, "1"))
    done(case, action_id)
    chosen = (Seen(action_id, plan_of(case).actions[0].version),)
    with pytest.raises(NotAllowed):
        sign_off(case.reference, chosen, "14", case.today, by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(NotAllowed):
        plan_parts.outcome_part(case.reference, action_id, by=county.coordinator, at=case.at)


def test_an_action_is_superseded_or_not_taken_forward_by_minute_only(case: Case) -> None:
    of = recommend(case, "1")
    first, second = act(case, of), act(case, of)
    assert list(faults_of(close, case, first, "superseded", minute="", minute_on=None)) == ["minute", "minute_on"]
    assert list(faults_of(close, case, first, "signed_off")) == ["outcome"]
    assert list(faults_of(close, case, first, "forgotten")) == ["outcome"]
    assert list(faults_of(close, case, first, "open")) == ["outcome"]
    close(case, first, "superseded")
    close(case, second, "not_taken_forward")
    assert case.facts().plan.actions_open == 0
    assert [one.state.code for one in plan_of(case).actions] == ["superseded", "not_taken_forward"]


def test_a_minute_is_corrected_and_a_closed_action_opened_again(case: Case) -> None:
    action_id = act(case, recommend(case, "1"))
    close(case, action_id, "superseded")
    assert "closed by a minute" in faults_of(correct, case, action_id, text="Other.")["action"]
    close(case, action_id, "superseded", minute="15")
    assert action_shown(case, "1/1").minute == "15"
    close(case, action_id, "open")
    assert (action_shown(case, "1/1").minute, case.facts().plan.actions_open) == ("", 1)


def test_two_chairs_do_not_close_the_same_action_twice(case: Case, county: County) -> None:
    action_id = act(case, recommend(case, "1"))
    version = plan_parts.outcome_part(case.reference, action_id, by=county.chair, at=case.at).version
    close(case, action_id, "superseded")
    entry = OutcomeEntry("not_taken_forward", "15", case.today)
    with pytest.raises(Stale):
        close_action(case.reference, action_id, entry, version, by=county.chair, at=case.wait(minutes=1))


def test_an_action_entered_by_mistake_leaves_the_plan_and_its_number_is_not_used_again(
    case: Case, county: County
) -> None:
    of = recommend(case, "1")
    mistake = act(case, of)
    done(case, mistake)
    by = county.coordinator
    reported = faults_of(remove_action, case.reference, mistake, by=by, at=case.wait(minutes=1))
    assert "take that report back first" in reported["action"]
    version = plan_parts.done_part(case.reference, mistake, by=by, at=case.at).version
    report_done(case.reference, mistake, DoneEntry(), version, by=by, at=case.wait(minutes=1))
    remove_action(case.reference, mistake, by=by, at=case.wait(minutes=1))
    facts = case.facts().plan
    assert (facts.unplanned, facts.unacted, facts.actions_open) == (1, 1, 0)
    act(case, of)
    assert [one.label for one in plan_of(case).actions] == ["1/2"]
    assert "taken off the plan" in faults_of(correct, case, mistake, text="Other.")["action"]


def test_the_audit_counts_from_the_minute_that_closed_the_last_action(case: Case) -> None:
    of = recommend(case, "1")
    first, second = act(case, of), act(case, of)
    close(case, first, "superseded")
    assert audit_dates(case) == []
    case.wait(days=5)
    close(case, second, "superseded")
    closed_on = case.today
    assert audit_dates(case) == [closed_on]
    case.wait(days=5)
    close(case, second, "open")
    assert audit_dates(case) == []
    close(case, second, "not_taken_forward")
    assert audit_dates(case) == [case.today]
    act(case, of)
    assert audit_dates(case) == []
