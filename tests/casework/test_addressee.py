"""What those addressed answer: a refusal in writing, a department’s reply."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dhr_app.casework import plan_parts
from dhr_app.casework.addressee import RefusalEntry, record_refusal
from dhr_app.casework.recommendation import RecommendationEntry, correct_recommendation
from dhr_app.workflows.errors import Invalid, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage
from tests.planning import act, done, recommend, send_letter, shown, signed_off
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


def refuse(case: Case, addressee_id: UUID, **entry: Any) -> None:
    by = case.county.coordinator
    version = plan_parts.refusal_part(case.reference, addressee_id, by=by, at=case.at).version
    told = RefusalEntry(**{"refused_on": case.today, "refusal": "We have no such form.", **entry})
    record_refusal(case.reference, addressee_id, told, version, by=by, at=case.wait(minutes=1))


def test_where_every_addressee_refused_in_writing_no_action_is_asked(case: Case) -> None:
    recommend(case, "1", "Police", "Probation")
    police, probation = shown(case, "1").addressees
    refuse(case, police.id)
    assert shown(case, "1").lacks == ("It has no action yet that has an owner and a date.",)
    refuse(case, probation.id)
    assert shown(case, "1").lacks == ()
    assert (case.facts().plan.unplanned, case.facts().plan.unacted) == (0, 0)
    assert [one.refusal for one in shown(case, "1").addressees] == ["We have no such form."] * 2
    assert case.happened().count(Happened.RECOMMENDATION_REFUSED) == 2


def test_a_refusal_has_a_day_and_the_agencys_words_and_is_taken_back_by_leaving_both_empty(case: Case) -> None:
    recommend(case, "1")
    (police,) = shown(case, "1").addressees
    for entry, field in (
        ({"refusal": " "}, "refusal"),
        ({"refused_on": None}, "refused_on"),
        ({"refused_on": case.today + timedelta(days=1)}, "refused_on"),
    ):
        with pytest.raises(Invalid) as wrong:
            refuse(case, police.id, **entry)
        assert list(wrong.value.fields) == [field]
    refuse(case, police.id)
    refuse(case, police.id, refused_on=None, refusal="")
    assert shown(case, "1").addressees[0].refused_on is None


def test_two_people_who_enter_the_same_refusal_do_not_overwrite_each_other(case: Case, county: County) -> None:
    recommend(case, "1")
    (police,) = shown(case, "1").addressees
    by = county.coordinator
    version = plan_parts.refusal_part(case.reference, police.id, by=by, at=case.at).version
    refuse(case, police.id)
    entry = RefusalEntry(case.today, "Other words.")
    with pytest.raises(Stale):
        record_refusal(case.reference, police.id, entry, version, by=by, at=case.wait(minutes=1))


def test_an_addressee_that_refused_is_not_taken_off_silently(case: Case, county: County) -> None:
    recommendation_id = recommend(case, "1")
    refuse(case, shown(case, "1").addressees[0].id)
    by = county.coordinator
    version = plan_parts.recommendation_part(case.reference, recommendation_id, by=by, at=case.at).version
    entry = RecommendationEntry("1", "Words.", "local", "overview", (county.agency("Probation"),))
    with pytest.raises(Invalid, match="take its refusal back first"):
        correct_recommendation(case.reference, recommendation_id, entry, version, by=by, at=case.wait(minutes=1))


def test_a_national_recommendation_is_sent_and_answered(case: Case) -> None:
    recommendation_id = recommend(case, "1", "Home Office", scope="national")
    assert shown(case, "1").lacks == ("The letter to the department is not recorded yet.",)
    send_letter(case, recommendation_id)
    assert shown(case, "1").lacks == ()
    case.wait(days=30)
    send_letter(
        case, recommendation_id, sent_on=case.today - timedelta(days=30), replied_on=case.today, reply="It is done."
    )
    assert shown(case, "1").reply == "It is done."
    assert {Happened.RECOMMENDATION_SENT, Happened.RECOMMENDATION_REPLIED} <= set(case.happened())


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"sent_on": None, "replied_on": 0, "reply": "Yes."}, "sent_on"),
        ({"replied_on": -1, "reply": "Yes."},                 "replied_on"),
        ({"replied_on": 0, "reply": " "},                     "reply"),
        ({"reply": "Yes."},                                   "replied_on"),
        ({"sent_on": 1},                                      "sent_on"),
        ({"sent_on": -9000},                                  "sent_on"),
    ],
)  # fmt: skip
def test_a_letter_that_cannot_be_right_is_refused(case: Case, entry: dict[str, Any], field: str) -> None:
    recommendation_id = recommend(case, "1", "Home Office", scope="national")
    days = {key: case.today + timedelta(days=value) for key, value in entry.items() if isinstance(value, int)}
    with pytest.raises(Invalid) as wrong:
        send_letter(case, recommendation_id, **{**entry, **days})
    assert list(wrong.value.fields) == [field]


def test_a_letter_needs_a_national_recommendation_with_a_department(case: Case) -> None:
    for number, scope, said in (("1", "local", "not a national"), ("2", "national", "no national department")):
        recommendation_id = recommend(case, number, scope=scope)
        with pytest.raises(Invalid, match=said):
            send_letter(case, recommendation_id)


def test_a_department_may_answer_after_the_review_is_closed(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    done(case, act(case, recommend(case, "1")))
    signed_off(case)
    national = recommend(case, "2", "Home Office", scope="national")
    send_letter(case, national)
    case.to(Stage.CLOSED)
    sent_on = shown(case, "2").sent_on
    send_letter(case, national, sent_on=sent_on, replied_on=case.today, reply="It is done.")
    assert shown(case, "2").reply == "It is done."
