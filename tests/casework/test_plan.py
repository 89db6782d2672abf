"""The action plan: entered in natural order, complete or not and why, constant in its questions to the database."""

from __future__ import annotations

import pytest

from dhr_app.casework import plan_parts
from dhr_app.casework.plan import InReport, count_in_report, plan_page
from dhr_app.casework.recommendation import (
    RecommendationEntry,
    WithdrawalEntry,
    add_recommendation,
    correct_recommendation,
    withdraw_recommendation,
)
from dhr_app.database.models import Addressee, Recommendation
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.planning import act, done, plan_of, recommend, send_letter, shown, signed_off
from tests.queries import asked_by
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


def refused(case: Case, number: str, **entry: object) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        recommend(case, number, **entry)
    return dict(wrong.value.fields)


def test_recommendations_stand_in_natural_order_however_they_were_entered(case: Case) -> None:
    for number in ("10", "2", "15.10.2", "15.10.1", "1"):
        recommend(case, number)
    assert [one.number for one in plan_of(case).standing] == ["1", "2", "10", "15.10.1", "15.10.2"]


def test_one_recommendation_is_addressed_to_many_a_department_too(case: Case) -> None:
    recommend(case, "1", "Police", "Probation", "Home Office", scope="national")
    assert [(one.agency, one.national) for one in shown(case, "1").addressees] == [
        ("Barsetshire Police", False), ("Home Office", True), ("Probation Service, Barsetshire", False),
    ]  # fmt: skip


def test_an_old_addressee_shows_its_old_name_and_its_successor(case: Case) -> None:
    recommendation_id = recommend(case, "1")
    with case.county.house.transaction(by=case.county.coordinator, at=case.at) as session:
        row = session.get_one(Recommendation, recommendation_id)
        session.add(
            Addressee(review_id=row.review_id, recommendation_id=row.id, agency_id=case.county.agency("Barchester CCG"))
        )
    names = [one.agency for one in shown(case, "1").addressees]
    assert names[0] == "Barchester Clinical Commissioning Group, now NHS Barsetshire Integrated Care Board"


@pytest.mark.parametrize(
    ("number", "entry", "field"),
    [
        ("",         {},                     "number"),
        ("x" * 21,   {},                     "number"),
        ("- 4",      {},                     "number"),
        ("1 (a)",    {},                     "number"),
        ("4",        {"text": "  "},         "text"),
        ("4",        {"scope": "galactic"},  "scope"),
        ("4",        {"scope": ""},          "scope"),
        ("4",        {"origin": "hearsay"},  "origin"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    case: Case, number: str, entry: dict[str, str], field: str
) -> None:
    assert list(refused(case, number, **entry)) == [field]
    assert plan_of(case).standing == ()


def test_a_number_that_is_there_already_is_refused_however_it_is_written(case: Case) -> None:
    recommend(case, "4")
    for again in ("4", "04", "4.", " 4 "):
        assert "Recommendation 4 is entered already" in refused(case, again)["number"]
    recommend(case, "4.1")


def test_an_agency_that_has_ended_is_named_as_the_report_names_it_and_its_successor_is_shown(case: Case) -> None:
    recommend(case, "1", "Barchester CCG")
    ended = "Barchester Clinical Commissioning Group, now NHS Barsetshire Integrated Care Board"
    assert [each.agency for each in shown(case, "1").addressees] == [ended]


def test_an_unknown_agency_is_refused(case: Case) -> None:
    assert "not known" in refused(case, "1", addressee_ids=(case.row.id,))["addressee_ids"]


def test_nothing_is_entered_before_the_review_is_commissioned_or_after_it_is_closed(county: County) -> None:
    for stage in (Stage.SCOPING, Stage.NOT_REVIEWED, Stage.CLOSED):
        with pytest.raises(NotYet):
            recommend(county.review(stage))


def test_a_correction_may_change_everything_and_whom_it_is_addressed_to(case: Case, county: County) -> None:
    recommendation_id = recommend(case, "1", "Police", "Probation")
    by = county.coordinator
    version = plan_parts.recommendation_part(case.reference, recommendation_id, by=by, at=case.at).version
    agencies = tuple(sorted((county.agency("Probation"), county.agency("Home Office"))))
    entry = RecommendationEntry("2.1", "Other words.", "national", "family", agencies)
    correct_recommendation(case.reference, recommendation_id, entry, version, by=by, at=case.wait(minutes=1))
    one = shown(case, "2.1")
    assert (one.text, one.scope, one.origin) == ("Other words.", "national", "family")
    assert [each.agency for each in one.addressees] == ["Home Office", "Probation Service, Barsetshire"]


def test_the_second_to_correct_is_told_even_where_only_the_addressees_changed(case: Case, county: County) -> None:
    recommendation_id = recommend(case, "1")
    by = county.coordinator
    part = plan_parts.recommendation_part(case.reference, recommendation_id, by=by, at=case.at)
    first = RecommendationEntry("1", part.text, "local", "overview", (county.agency("Probation"),))
    correct_recommendation(case.reference, recommendation_id, first, part.version, by=by, at=case.wait(minutes=1))
    second = RecommendationEntry("1", "Mine.", "local", "overview", part.entry.addressee_ids)
    with pytest.raises(Stale) as stale:
        correct_recommendation(case.reference, recommendation_id, second, part.version, by=by, at=case.wait(minutes=1))
    assert sorted(stale.value.yours) == ["addressee_ids", "text"]


def test_somebody_elses_recommendation_is_out_of_reach(case: Case, county: County) -> None:
    other = county.review(Stage.CHAIR_REPORT)
    theirs = recommend(other, "1")
    with pytest.raises(OutOfReach):
        plan_parts.recommendation_part(case.reference, theirs, by=county.coordinator, at=case.at)
    with pytest.raises(OutOfReach):
        act(case, theirs)


def test_a_withdrawn_recommendation_asks_nothing_and_may_stand_again(case: Case, county: County) -> None:
    recommendation_id = recommend(case, "1")
    by = county.coordinator

    def withdraw(entry: WithdrawalEntry) -> None:
        version = plan_parts.withdrawal_part(case.reference, recommendation_id, by=by, at=case.at).version
        withdraw_recommendation(case.reference, recommendation_id, entry, version, by=by, at=case.wait(minutes=1))

    for entry, field in (
        (WithdrawalEntry(None, "joined"), "withdrawn_on"),
        (WithdrawalEntry(case.today, ""), "because"),
        (WithdrawalEntry(case.today, "out_of_spite"), "because"),
        (WithdrawalEntry(case.today.replace(year=case.today.year + 1), "joined"), "withdrawn_on"),
    ):
        with pytest.raises(Invalid) as wrong:
            withdraw(entry)
        assert list(wrong.value.fields) == [field]
    withdraw(WithdrawalEntry(case.today, "joined"))
    assert [one.number for one in plan_of(case).withdrawn] == ["1"]
    assert case.facts().plan.recommendations == 0
    assert "was withdrawn" in refused(case, "1")["number"]
    withdraw(WithdrawalEntry())
    assert [one.number for one in plan_of(case).standing] == ["1"]


def test_the_page_says_how_many_of_the_reports_recommendations_are_entered(case: Case, county: County) -> None:
    by = county.coordinator
    recommend(case, "1")
    recommend(case, "2")
    part = plan_parts.in_report_part(case.reference, by=by, at=case.at)
    with pytest.raises(Invalid):
        count_in_report(case.reference, InReport(1), part.version, by=by, at=case.wait(minutes=1))
    with pytest.raises(Invalid):
        count_in_report(case.reference, InReport(501), part.version, by=by, at=case.wait(minutes=1))
    count_in_report(case.reference, InReport(31), part.version, by=by, at=case.wait(minutes=1))
    assert plan_of(case).in_report == 31
    with pytest.raises(Stale):
        count_in_report(case.reference, InReport(32), part.version, by=by, at=case.wait(minutes=1))


def test_what_the_page_says_is_missing_is_what_the_rules_count(case: Case) -> None:
    recommend(case, "1", addressee_ids=())
    planned = recommend(case, "2")
    recommend(case, "3", "Home Office", scope="national")
    recommend(case, "4", scope="national")
    half = recommend(case, "5")
    act(case, half, owner_id=None)
    act(case, planned)
    facts = case.facts().plan
    assert (facts.recommendations, facts.unaddressed, facts.unplanned, facts.unsent) == (5, 1, 1, 2)
    assert [one.number for one in plan_of(case).standing if one.lacks] == ["1", "3", "4", "5"]
    assert (facts.unacted, facts.actions_open) == (0, 2)


def test_the_conditions_of_the_plan_are_answered_by_it(case: Case) -> None:
    local = recommend(case, "1")
    assert not case.facts().plan.unaddressed
    action_id = act(case, local)
    national = recommend(case, "2", "Home Office", scope="national")
    assert case.facts().plan.unsent == 1
    send_letter(case, national)
    facts = case.facts().plan
    assert (facts.unplanned, facts.unsent, facts.actions_open) == (0, 0, 1)
    done(case, action_id)
    assert signed_off(case) == 1
    assert case.facts().plan.actions_open == 0


def test_a_plan_of_thirty_asks_the_database_as_often_as_a_plan_of_one(case: Case) -> None:
    act(case, recommend(case, "1"))
    for_one = asked_by(case.county.house, lambda: plan_of(case))
    for number in range(2, 31):
        of = recommend(case, str(number), "Police", "Probation")
        act(case, of)
        act(case, of)
    assert len(plan_of(case).actions) == 59
    assert asked_by(case.county.house, lambda: plan_of(case)) == for_one


@pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.PANEL_MEMBER])
def test_whoever_only_reads_the_plan_changes_nothing(county: County, role: Role) -> None:
    case = county.review(Stage.PANEL, seats=True)
    recommend(case, "1")
    page = plan_page(case.reference, by=county.who(role), at=case.at)
    assert [one.number for one in page.standing] == ["1"]
    assert (page.may_change, page.may_close) == (False, False)
    entry = RecommendationEntry("2", "Words.", "local", "overview")
    with pytest.raises(NotAllowed):
        add_recommendation(case.reference, entry, by=county.who(role), at=case.wait(minutes=1))


def test_weak_wording_is_pointed_out_to_whoever_can_still_change_it(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    recommend(case, "1", text="The Trust should consider a policy.")
    assert [one.code for one in shown(case, "1").weak] == ["weak_verb"]
    page = plan_page(case.reference, by=county.who(Role.STEERING_MEMBER), at=case.at)
    assert page.standing[0].weak == ()
    published = county.review(Stage.SEMINAR)
    recommend(published, "1", text="The Trust should consider a policy.")
    assert shown(published, "1").weak == ()
