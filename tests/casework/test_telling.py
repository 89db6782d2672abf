"""“I told …” settles every duty that it meets, and says why where somebody could not be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dhr_app.casework.telling import TellingEntry, take_back, tell
from dhr_app.casework.telling_about import AboutChoice
from dhr_app.casework.telling_page import telling_page
from dhr_app.database.models import DutyOwed, Event, FamilyMember, Telling
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.facts import IN_TOUCH, Audience
from dhr_app.workflows.roles import Role
from dhr_app.workflows.sentences import sentence
from dhr_app.workflows.stages import Stage
from tests.reviews import BEGAN, Case, County

TODAY = BEGAN.date()


def told(case: Case, **changes: Any) -> int:
    entry = replace(TellingEntry(audiences=("home_office",), channel="letter", told_on=case.today), **changes)
    if "about" not in changes:
        family = ("family",) if entry.family_member_ids else ()
        entry = replace(entry, about=case.owed_to((*entry.audiences, *family)))
    return tell(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def commissioned(county: County) -> Case:
    case = county.review()
    case.relative()
    case.relative(full_name="Ben Harding")
    return case.to(Stage.PANEL)


def test_a_decision_owes_a_word_to_the_home_office_each_family_member_the_notifier_and_the_agencies(
    county: County,
) -> None:
    case = commissioned(county)
    page = telling_page(case.reference, by=county.coordinator, at=case.at)
    assert sorted((duty.sentence, duty.family_number or 0) for duty in page.duties) == [
        (DUTIES["family_told"].sentence, 1),
        (DUTIES["family_told"].sentence, 2),
        (DUTIES["home_office_told"].sentence, 0),
        (DUTIES["agencies_told"].sentence, 0),
        (DUTIES["notifier_told"].sentence, 0),
    ]


def test_one_form_settles_every_duty_it_meets_and_says_how_many(county: County) -> None:
    case = commissioned(county)
    first, _ = telling_page(case.reference, by=county.coordinator, at=case.at).family
    assert told(case, audiences=("home_office", "agencies"), family_member_ids=(first.id,), note="Letter 12") == 3
    assert [duty.audience for duty in case.rows(DutyOwed) if duty.settled_by_id is None].count("family") == 1
    assert told(case, audiences=("home_office",)) == 0


def test_a_telling_before_the_decision_does_not_settle_what_the_decision_owes(county: County) -> None:
    case = commissioned(county)
    before = case.today - timedelta(days=3)
    with pytest.raises(Invalid) as refusal:
        told(case, told_on=before)
    assert "nobody could be told before" in refusal.value.fields["told_on"]
    assert told(case, told_on=before, about=IN_TOUCH) == 0


def test_that_somebody_could_not_be_told_settles_the_duty_with_the_reason(county: County) -> None:
    case = commissioned(county)
    assert told(case, audiences=("notifier",), channel="", why_not="not_traced") == 1
    (row,) = [row for row in case.rows(Telling) if row.audience == "notifier"]
    assert (row.channel, row.why_not) == (None, "not_traced")
    assert [event.kind for event in case.rows(Event)].count("not_told") == 1


def test_somebody_not_to_be_contacted_is_never_told_only_why_not(county: County) -> None:
    case = county.review()
    member_id = case.relative(not_contacted_because="suspect")
    (choice,) = telling_page(case.reference, by=county.coordinator, at=case.at).family
    assert choice.not_to_be_contacted
    with pytest.raises(Invalid) as refusal:
        told(case, audiences=(), family_member_ids=(member_id,))
    assert refusal.value.fields == {
        "audiences": "Family member 1 is not to be contacted: record why they were not told instead."
    }
    told(case, audiences=(), family_member_ids=(member_id,), channel="", why_not="suspect")
    assert len(case.rows(Telling)) == 1


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"audiences": ()}, "audiences", "Choose whom you told."),
        ({"audiences": ("press",)}, "audiences", "Choose from the list."),
        ({"family_member_ids": (uuid4(),)}, "audiences", "Choose from the list."),
        ({"about": ""}, "about", "Say what it was about."),
        ({"about": "extend:7"}, "about", "Choose from the list."),
        ({"told_on": None}, "told_on", "Give the day."),
        ({"told_on": date(2026, 1, 16)}, "told_on", "16 January 2026 has not come yet: check the day."),
        ({"channel": ""}, "channel", "Say how you told them, or that they were not told."),
        ({"channel": "pigeon"}, "channel", "Say how you told them, or that they were not told."),
        ({"channel": "not_told", "why_not": "forgot"}, "why_not", "Choose from the list."),
        ({"channel": "not_told"}, "why_not", "Say why they were not told."),
        ({"why_not": "not_traced"}, "why_not",
         "You said how you told them. If they were not told, choose that; if they were, leave this."),
        ({"channel": "not_told", "why_not": "safety"}, "why_not",
         "This can be so of a family member only: record the others by themselves."),
        ({"audiences": ("family",)}, "why_not",
         "No family member is recorded: say why nobody could be told, or record them first."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    county: County, entry: dict[str, Any], field: str, sentence: str
) -> None:
    case = county.review()
    with pytest.raises(Invalid) as refusal:
        told(case, **entry)
    assert refusal.value.fields == {field: sentence}
    assert case.rows(Telling) == []


def test_nobody_outside_is_told_of_a_void_record(county: County) -> None:
    case = county.review(Stage.VOID)
    with pytest.raises(NotYet) as refusal:
        told(case)
    assert [reason.sentence for reason in refusal.value.reasons] == [
        "This record was entered in error: nobody outside is told of it."
    ]
    assert case.rows(Telling) == []


def test_the_family_is_told_one_by_one_wherever_somebody_of_it_is_recorded(county: County) -> None:
    case = county.review()
    case.relative()
    with pytest.raises(Invalid) as refusal:
        told(case, audiences=(Audience.FAMILY,))
    assert refusal.value.fields == {
        "audiences": "Choose the family members one by one: each is told, or it is said why not."
    }


def test_where_no_family_is_known_it_is_said_why_nobody_was_told(county: County) -> None:
    case = county.review(Stage.PANEL)
    assert told(case, audiences=(Audience.FAMILY,), channel="", why_not="nobody_known") == 1


def test_who_may_record_a_telling(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    entry = TellingEntry(audiences=("agencies",), channel="letter", told_on=case.today, about=IN_TOUCH)
    for role in (Role.STEERING_CHAIR, Role.INDEPENDENT_CHAIR):
        tell(case.reference, entry, by=county.who(role), at=case.wait(minutes=1))
    for role in (Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR, Role.STEERING_MEMBER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            tell(case.reference, entry, by=county.who(role), at=case.wait(minutes=1))
        with pytest.raises(NotAllowed):
            telling_page(case.reference, by=county.who(role), at=case.at)
    with pytest.raises(OutOfReach):
        telling_page(case.reference, by=county.who(Role.ADMINISTRATOR), at=case.at)


def test_what_is_taken_back_is_owed_again_and_answers_nothing(county: County) -> None:
    case = commissioned(county)
    assert told(case) == 1
    row = case.rows(Telling)[-1]
    owed = len(telling_page(case.reference, by=county.coordinator, at=case.at).duties)
    take_back(case.reference, row.id, by=county.coordinator, at=case.wait(minutes=1))
    page = telling_page(case.reference, by=county.coordinator, at=case.at)
    assert len(page.duties) == owed + 1
    assert [one.taken_back for one in page.told] == [True]
    with pytest.raises(Invalid) as refusal:
        take_back(case.reference, row.id, by=county.coordinator, at=case.wait(minutes=1))
    assert refusal.value.fields == {"telling": "This was taken back already."}
    assert told(case) == 1


def test_a_free_telling_taken_back_answers_no_step(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    told(case, audiences=("panel",), about="pause")
    free = next(row for row in case.rows(Telling) if row.audience == "panel" and row.used_by is None)
    assert "panel_told" not in case.needed("pause")
    take_back(case.reference, free.id, by=county.coordinator, at=case.wait(minutes=1))
    assert "panel_told" in case.needed("pause")


def test_one_that_a_step_rests_on_is_kept(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    case.take("pause")
    used = next(row for row in case.rows(Telling) if row.audience == "panel" and row.used_by is not None)
    with pytest.raises(Invalid) as refusal:
        take_back(case.reference, used.id, by=county.coordinator, at=case.wait(minutes=1))
    assert "A step was taken on the strength of this" in refusal.value.fields["telling"]


def choices_of(case: Case) -> dict[str, AboutChoice]:
    page = telling_page(case.reference, by=case.county.coordinator, at=case.at)
    return {one.code: one for one in page.about}


def test_it_is_asked_what_a_telling_was_about_in_the_words_of_the_steps(county: County) -> None:
    case = commissioned(county)
    offered = choices_of(case)
    assert list(offered) == ["commission:2", "transfer", "withdraw", "pause", "extend", "replace_chair", IN_TOUCH]
    assert offered["commission:2"].words == (
        "The review was commissioned, 17 January 2026: still to be told the Home Office, the family, "
        "whoever notified the death and the agencies"
    )
    assert offered["extend"].words == "“Extend a date”, a step to come: first tell the Home Office and the family"
    told(case, audiences=("home_office", "agencies", "notifier"))
    for member in case.rows(FamilyMember):
        told(case, audiences=(), family_member_ids=(member.id,))
    assert "commission:2" not in choices_of(case)
    case.take("pause")
    assert "resume" in choices_of(case)
    assert "pause" not in choices_of(case)


def test_a_telling_counts_for_the_step_that_it_was_about_and_for_no_other(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    case.relative()
    for step in ("extend", "withdraw", "pause", "replace_chair", "transfer"):
        assert "family_told" in case.needed(step)
    case.tell("family", about="extend")
    assert "family_told" not in case.needed("extend")
    for step in ("withdraw", "pause", "replace_chair", "transfer"):
        assert "family_told" in case.needed(step)
    case.tell("home_office", about="withdraw")
    assert "home_office_told" in case.needed("extend")
    case.tell("home_office", about="extend")
    case.move("extend")
    rows = {(row.audience, row.about): row.used_by for row in case.rows(Telling)}
    assert rows["family", "extend"] == rows["home_office", "extend"] == case.row.moves_made
    assert rows["home_office", "withdraw"] is None  # it waits for its own step
    assert "family_told" in case.needed("extend")


def test_keeping_in_touch_answers_no_step_and_settles_nothing(county: County) -> None:
    case = commissioned(county)
    owed = len(telling_page(case.reference, by=county.coordinator, at=case.at).duties)
    for audience in ("home_office", "panel", "agencies", "family"):
        assert case.tell(audience, about=IN_TOUCH) == 0
    assert len(telling_page(case.reference, by=county.coordinator, at=case.at).duties) == owed
    assert {"home_office_told", "family_told", "panel_told", "agencies_told"} <= set(case.needed("withdraw"))


def test_what_was_told_of_one_decision_settles_nothing_of_another(county: County) -> None:
    case = county.review(Stage.NOT_REVIEWED)
    case.take("reconsider")
    first, second = (one for one in choices_of(case).values() if one.seq)
    assert (first.about, second.about) == ("decide_not_to_review", "reconsider")
    assert case.tell("home_office", about=second.code) == 1
    assert choices_of(case)[first.code].audiences >= {Audience.HOME_OFFICE}
    assert case.tell("home_office", about=first.code) == 1


def test_a_copy_is_sent_to_the_commissioner_once_whichever_step_it_was_for(county: County) -> None:
    case = county.review(Stage.PUBLICATION)
    assert "commissioner_sent_copy" in case.needed("publish")
    case.tell("commissioner", about=IN_TOUCH)
    assert "commissioner_sent_copy" in case.needed("publish")
    assert case.tell("commissioner") == 1  # the clearance owes it
    assert "commissioner_sent_copy" not in case.needed("publish")
    assert "commissioner_sent_copy" not in case.needed("withhold")


def test_one_recorded_before_it_was_asked_what_it_was_about_counts_for_whichever_step_comes_next(
    county: County,
) -> None:
    case = county.review(Stage.PANEL, seats=True)
    with county.house.transaction(by=county.coordinator, at=case.wait(minutes=1)) as session:
        for audience in ("panel", "home_office"):
            session.add(Telling(review_id=case.row.id, audience=audience, channel="letter", told_on=case.today))
    assert "panel_told" not in case.needed("pause")
    assert "panel_told" not in case.needed("withdraw")
    assert "home_office_told" not in case.needed("extend")
    case.take("pause")
    assert "panel_told" in case.needed("withdraw")
    assert "home_office_told" not in case.needed("extend")


def test_the_timeline_says_what_somebody_was_told_of(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.tell("panel", about="pause")
    case.tell("agencies", about=IN_TOUCH)
    told_of = case.events("told")[-2:]
    assert [sentence(Happened(one.kind), one.details) for one in told_of] == [
        "Told the review panel about “Put on hold”",
        "Told the agencies",
    ]
