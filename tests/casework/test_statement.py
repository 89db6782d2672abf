"""Conditions answered by dated statements: three answers, second people, acceptance, and what refuses them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework.condition_page import condition_page
from dhr_app.casework.statement import StatementEntry, state, withdraw
from dhr_app.database.models import Event, Statement
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.lifecycle import moves_from, needs
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County
from tests.workflows.lifecycle_table import ALWAYS, ONCE_STATED, RECORDS, STATED_BY, TWO_PEOPLE, WORK_ON_IT

NOT_ASKED = {"statement": "This is not asked at the review’s stage."}
RESTED_ON = {"statement": "A move rests on this statement: it cannot be taken back."}


def answer_of(case: Case, name: str) -> Answer | None:
    return CONDITIONS[name].answer(case.facts())


def asked_at(case: Case) -> list[str]:
    moves = moves_from(case.stage, case.rule_set)
    return sorted({need.name for move in moves for need in needs(move, case.rule_set)})


@pytest.mark.parametrize(
    "stage",
    [Stage.NOTIFICATION, Stage.PANEL, Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA, Stage.PUBLICATION, Stage.SEMINAR],
)
def test_each_condition_asked_at_a_stage_takes_the_answers_of_the_table_and_no_other(
    county: County, stage: Stage
) -> None:
    case = county.review(stage)
    for name in asked_at(case):
        for answer in (Answer.DOES_NOT_APPLY, Answer.COULD_NOT_BE_DONE):
            if name in ALWAYS:
                with pytest.raises(Invalid) as refusal:
                    case.state(name, answer)
                assert set(refusal.value.fields) == {"answer"}, name
                continue
            statement_id = case.state(name, answer)
            if answer is Answer.COULD_NOT_BE_DONE:
                assert not _counts(case, statement_id), name
                recorder_steers = "coordinator" not in STATED_BY.get(name, {"coordinator"})
                case.accept(statement_id, by=county.who(Role.STEERING_DEPUTY) if recorder_steers else None)
            assert _counts(case, statement_id), name
            back = county.coordinator if "coordinator" in STATED_BY.get(name, {"coordinator"}) else county.chair
            withdraw(case.reference, statement_id, by=back, at=case.wait(minutes=1))
        if name in RECORDS | ONCE_STATED:
            with pytest.raises(Invalid) as refusal:
                case.state(name, "done")
            assert set(refusal.value.fields) == {"answer"}, name
            continue
        statement_id = case.state(name, "done")
        assert _counts(case, statement_id) == (name not in TWO_PEOPLE), name
        if name in TWO_PEOPLE:
            assert answer_of(case, name) is None, name
            case.agree(statement_id)
        assert answer_of(case, name) is Answer.DONE, name


def _counts(case: Case, statement_id: UUID) -> bool:
    return next(bool(row.counts) for row in case.rows(Statement) if row.id == statement_id)


class TestWhoMayState:
    @pytest.mark.parametrize("name", ["agreed_to_correct", "direction_on_file"])
    def test_each_role_states_what_the_table_lets_it_state(self, county: County, name: str) -> None:
        case = county.review(Stage.PANEL if name == "agreed_to_correct" else Stage.SCOPING, seats=True)
        allowed = STATED_BY.get(name, WORK_ON_IT)
        for role in Role:
            if role.value in allowed:
                case.state(name, by=county.who(role))
            else:
                with pytest.raises((NotAllowed, OutOfReach)):
                    case.state(name, by=county.who(role))

    def test_signing_off_is_for_the_steering_group_s_chair_and_not_for_the_coordinator(self, county: County) -> None:
        case = county.review(Stage.SEMINAR)
        with pytest.raises(NotAllowed):
            case.state("local_actions_signed_off", "does_not_apply", by=county.coordinator)
        case.state("local_actions_signed_off", "does_not_apply", by=county.chair)
        assert answer_of(case, "local_actions_signed_off") is Answer.DOES_NOT_APPLY


class TestWhatItsFormSays:
    @pytest.mark.parametrize(
        ("name", "answer", "changes", "field"),
        [
            ("agreed_to_correct",  "done",              {"stated_by": " "},                "stated_by"),
            ("agreed_to_correct",  "done",              {"stated_on": None},               "stated_on"),
            ("agreed_to_correct",  "done",              {"stated_on": date(2027, 1, 1)},   "stated_on"),
            ("agreed_to_correct",  "done",              {"evidence": " "},                 "evidence"),
            ("terms_agreed",       "perhaps",           {},                                "answer"),
            ("terms_agreed",       "does_not_apply",    {"reason_code": ""},               "reason_code"),
            ("terms_agreed",       "does_not_apply",    {"reason_code": "we_forgot"},      "reason_code"),
            ("terms_agreed",       "could_not_be_done", {"evidence": ""},                  "evidence"),
            ("final_papers_on_file", "done",            {},                                "answer"),
        ],
    )  # fmt: skip
    def test_a_field_that_cannot_be_right_is_named(
        self, county: County, name: str, answer: str, changes: dict[str, Any], field: str
    ) -> None:
        case = county.review(Stage.PANEL)
        with pytest.raises(Invalid) as refusal:
            case.state(name, answer, **changes)
        assert set(refusal.value.fields) == {field}
        assert case.rows(Statement) == [row for row in case.rows(Statement) if row.condition != name]

    def test_what_does_not_belong_to_the_answer_is_not_kept(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        statement_id = case.state("agreed_to_correct", reason_code="Ada Harding")
        (row,) = [each for each in case.rows(Statement) if each.id == statement_id]
        assert (row.reason_code, row.file_hashes) == (None, [])


class TestTwoPeople:
    def test_the_second_is_not_the_one_who_recorded_it(self, county: County) -> None:
        case = county.review()
        statement_id = case.state("agreed_to_correct")
        with pytest.raises(NotAllowed):
            case.agree(statement_id, by=county.coordinator)
        assert answer_of(case, "agreed_to_correct") is None
        case.agree(statement_id, by=county.who(Role.COORDINATOR, 2))
        assert answer_of(case, "agreed_to_correct") is Answer.DONE

    def test_a_statement_that_needs_nobody_s_agreement_is_not_seconded(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        for name, answer in (
            ("terms_agreed", "does_not_apply"),
            ("specialist_on_panel", "could_not_be_done"),
        ):
            with pytest.raises(Invalid):
                case.agree(case.state(name, answer))

    def test_it_is_not_agreed_to_twice(self, county: County) -> None:
        case = county.review()
        statement_id = case.state("agreed_to_correct")
        case.agree(statement_id)
        with pytest.raises(Invalid):
            case.agree(statement_id, by=county.who(Role.STEERING_DEPUTY))

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY}))
    def test_only_the_coordinator_and_the_steering_group_s_chair_and_deputy_agree(
        self, county: County, role: Role
    ) -> None:
        case = county.review(seats=True)
        statement_id = case.state("agreed_to_correct")
        with pytest.raises((NotAllowed, OutOfReach)):
            case.agree(statement_id, by=county.who(role))
        assert answer_of(case, "agreed_to_correct") is None

    @pytest.mark.parametrize(
        ("agreed", "move"),
        [
            (agreed, move)
            for agreed in ("agreed_to_void", "agreed_to_bring_in", "agreed_to_correct")
            for move in ("void", "bring_in", "correct_stage")
            if not agreed.endswith(move.removesuffix("_stage"))
        ],
    )
    def test_an_agreement_to_one_move_is_not_used_for_another(self, county: County, agreed: str, move: str) -> None:
        case = county.review()
        case.agree(case.state(agreed))
        if move == "bring_in":
            case.state("earlier_steps_marked", "does_not_apply")
        with pytest.raises(NotYet) as refusal:
            case.move(move)
        own = {"void": "agreed_to_void", "bring_in": "agreed_to_bring_in", "correct_stage": "agreed_to_correct"}
        assert [reason.condition for reason in refusal.value.reasons] == [own[move]]

    def test_it_is_agreed_to_only_at_a_stage_that_asks_for_it(self, county: County) -> None:
        case = county.review()
        statement_id = case.state("agreed_to_void")
        case.take("begin_scoping")
        with pytest.raises(Invalid) as refusal:
            case.agree(statement_id)
        assert refusal.value.fields == NOT_ASKED
        page = condition_page(case.reference, "agreed_to_void", by=county.chair, at=case.at)
        assert [shown.may_second for shown in page.statements] == [False]


class TestCouldNotBeDone:
    def test_it_counts_once_the_chair_of_the_steering_group_accepts_it(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        statement_id = case.state("specialist_on_panel", "could_not_be_done")
        assert answer_of(case, "specialist_on_panel") is None
        case.accept(statement_id)
        assert answer_of(case, "specialist_on_panel") is Answer.COULD_NOT_BE_DONE

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.STEERING_CHAIR, Role.STEERING_DEPUTY}))
    def test_nobody_else_accepts_it(self, county: County, role: Role) -> None:
        case = county.review(Stage.PANEL, seats=True)
        statement_id = case.state("specialist_on_panel", "could_not_be_done")
        with pytest.raises((NotAllowed, OutOfReach)):
            case.accept(statement_id, by=county.who(role))
        assert answer_of(case, "specialist_on_panel") is None

    def test_whoever_recorded_it_does_not_accept_it_themselves(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        statement_id = case.state("specialist_on_panel", "could_not_be_done", by=county.chair)
        with pytest.raises(NotAllowed):
            case.accept(statement_id, by=county.chair)
        case.accept(statement_id, by=county.who(Role.STEERING_DEPUTY))

    def test_another_answer_waits_for_nobody_s_acceptance(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        with pytest.raises(Invalid):
            case.accept(case.state("specialist_on_panel", "does_not_apply"))

    def test_it_is_accepted_only_at_a_stage_that_asks_for_it(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        statement_id = case.state("other_reviews_considered", "could_not_be_done")
        case.agree(case.state("agreed_to_correct", about="seminar"))
        case.move("correct_stage", target=Stage.SEMINAR)
        with pytest.raises(Invalid) as refusal:
            case.accept(statement_id)
        assert refusal.value.fields == NOT_ASKED
        page = condition_page(case.reference, "other_reviews_considered", by=county.chair, at=case.at)
        assert [shown.may_accept for shown in page.statements] == [False]

    def test_it_meets_no_date(self, county: County) -> None:
        case = county.review(Stage.SEMINAR)
        case.accept(case.state("briefing_issued", "could_not_be_done"))
        assert [clock.met_on for clock in case.facts().clocks if clock.rule == "briefing_due"] == [None]


class TestTakenBack:
    def test_a_statement_taken_back_answers_nothing_and_stays_readable(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        statement_id = case.state("terms_agreed", "does_not_apply")
        withdraw(case.reference, statement_id, by=county.coordinator, at=case.wait(minutes=1))
        assert answer_of(case, "terms_agreed") is None
        (shown,) = condition_page(case.reference, "terms_agreed", by=county.coordinator, at=case.at).statements
        why = "No such body or agency is involved in this review"
        assert (shown.withdrawn, shown.reason, shown.awaits) == (True, why, "")

    def test_one_that_a_move_rests_on_is_not_taken_back(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA)
        used = next(row.id for row in case.rows(Statement) if row.condition == "report_agreed")
        with pytest.raises(Invalid) as refusal:
            withdraw(case.reference, used, by=county.coordinator, at=case.at)
        assert refusal.value.fields == RESTED_ON

    def test_nor_is_one_that_stands_for_good_when_its_stage_comes_again(self, county: County) -> None:
        case = county.review(Stage.SEMINAR)
        used = case.state("briefing_issued", "does_not_apply")
        case.take("close")
        case.move("reopen", target=Stage.SEMINAR)
        with pytest.raises(Invalid) as refusal:
            withdraw(case.reference, used, by=county.coordinator, at=case.at)
        assert refusal.value.fields == RESTED_ON
        assert answer_of(case, "briefing_issued") is Answer.DOES_NOT_APPLY
        newer = case.state("briefing_issued", "does_not_apply")
        page = condition_page(case.reference, "briefing_issued", by=county.coordinator, at=case.at)
        assert {shown.id: shown.used for shown in page.statements} == {newer: False, used: True}
        withdraw(case.reference, newer, by=county.coordinator, at=case.wait(minutes=1))

    def test_one_that_the_stage_does_not_ask_for_is_not_taken_back(self, county: County) -> None:
        case = county.review()
        statement_id = case.state("agreed_to_void")
        case.take("begin_scoping")
        with pytest.raises(Invalid) as refusal:
            withdraw(case.reference, statement_id, by=county.coordinator, at=case.at)
        assert refusal.value.fields == NOT_ASKED

    def test_the_same_statement_is_not_taken_back_twice_nor_one_of_another_review(self, county: County) -> None:
        case, other = county.review(Stage.PANEL), county.review(Stage.PANEL)
        statement_id = case.state("terms_agreed", "does_not_apply")
        for reference, found in ((other.reference, statement_id), (case.reference, uuid4())):
            with pytest.raises(OutOfReach):
                withdraw(reference, found, by=county.coordinator, at=case.at)
        withdraw(case.reference, statement_id, by=county.coordinator, at=case.at)
        with pytest.raises(OutOfReach):
            withdraw(case.reference, statement_id, by=county.coordinator, at=case.at)


class TestNewerOnes:
    def test_a_newer_answer_takes_the_place_of_the_older(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.state("terms_agreed", "does_not_apply")
        case.accept(case.state("terms_agreed", "could_not_be_done"))
        assert answer_of(case, "terms_agreed") is Answer.COULD_NOT_BE_DONE

    def test_an_answer_that_does_not_count_yet_unsettles_the_one_before(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.state("specialist_on_panel", "does_not_apply")
        case.state("specialist_on_panel", "could_not_be_done")
        assert answer_of(case, "specialist_on_panel") is None


def test_what_is_not_asked_at_the_stage_cannot_be_stated(county: County) -> None:
    case = county.review()
    with pytest.raises(Invalid) as refusal:
        case.state("briefing_issued")
    assert set(refusal.value.fields) == {"answer"}


def test_an_unknown_condition_is_out_of_reach(county: County) -> None:
    case = county.review()
    with pytest.raises(OutOfReach):
        state(case.reference, "all_is_well", StatementEntry("done"), by=county.coordinator, at=case.at)
    with pytest.raises(OutOfReach):
        condition_page(case.reference, "all_is_well", by=county.coordinator, at=case.at)


class TestThePage:
    def test_shows_the_newest_first_with_who_stated_and_who_agreed(self, county: County) -> None:
        case = county.review()
        case.state("agreed_to_correct", evidence="Said at the meeting")
        case.agree(case.state("agreed_to_correct", evidence="Signed the sheet"))
        page = condition_page(case.reference, "agreed_to_correct", by=county.coordinator, at=case.wait(minutes=1))
        newest, older = page.statements
        assert (newest.evidence, newest.seconded_by, newest.awaits) == ("Signed the sheet", county.chair.name, "")
        assert (older.evidence, older.awaits) == ("Said at the meeting", "a second person’s agreement")
        assert newest.recorded_by == county.coordinator.name

    def test_offers_agreement_to_others_and_not_to_the_recorder(self, county: County) -> None:
        case = county.review()
        case.state("agreed_to_correct")
        offered = {
            role: condition_page(case.reference, "agreed_to_correct", by=county.who(role), at=case.at).statements[0]
            for role in (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER)
        }
        assert {role: shown.may_second for role, shown in offered.items()} == {
            Role.COORDINATOR: False, Role.STEERING_CHAIR: True, Role.STEERING_DEPUTY: True, Role.STEERING_MEMBER: False,
        }  # fmt: skip
        assert not any(shown.may_accept for shown in offered.values())

    def test_keeps_the_evidence_from_whoever_may_not_open_working_papers(self, county: County) -> None:
        case = county.review()
        case.state("agreed_to_correct", evidence="Said at the meeting")
        page = condition_page(case.reference, "agreed_to_correct", by=county.who(Role.STEERING_MEMBER), at=case.at)
        assert page.statements[0].evidence == ""
        assert not [row for row in case.rows(Event) if row.kind == "opened"]

    def test_puts_the_opening_in_the_trail(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        condition_page(case.reference, "terms_agreed", by=county.coordinator, at=case.at)
        (opened,) = [row for row in case.rows(Event) if row.kind == "opened"]
        assert opened.details == {"classes": ["working_papers"]}


def test_what_was_stated_of_a_meeting_before_meetings_had_records_counts_and_stays_readable(county: County) -> None:
    case = county.review(Stage.CHAIR_REPORT)
    by = county.coordinator
    for present in (["by_circulation"], ["Police", "Probation", "NHS", "Housing"]):
        with county.house.transaction(by=by, at=case.wait(minutes=1)) as session:
            session.add(
                Statement(
                    review_id=case.row.id, condition="report_agreed", answer="done", stated_by="J. Arabin",
                    stated_on=case.today, organisations=present, file_hashes=[], recorded_by_id=by.id,
                    recorded_at=case.at, counts=True, evidence="Minute 4",
                )
            )  # fmt: skip
    assert answer_of(case, "report_agreed") is Answer.DONE
    page = condition_page(case.reference, "report_agreed", by=by, at=case.at)
    assert [shown.present for shown in page.statements] == ["4", "By circulation"]
