"""A death is notified, and its notification corrected as more becomes known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import notification
from dhr_app.casework.notification import NotificationEntry, correct_notification, notify, open_notification
from dhr_app.casework.people import PersonEntry, add_person, correct_person, open_people, remove_person
from dhr_app.database.models import Conflict, Deadline, Event, Notification
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import BEGAN, Case, County, row_counts

DEATH = date(2026, 1, 12)
TODAY = BEGAN.date()
VICTIM = PersonEntry(full_name="Ada Harding", died_on="2026-01-12")
LATER = TODAY + timedelta(days=1)

NOT_COME = "16 January 2026 has not come yet: check the day."
NO_SUCH_DAY = "Give a year, a month and year, or a whole date that exists."
CHOOSE = "Choose from the list."


def told(
    county: County, victims: tuple[PersonEntry, ...] = (VICTIM,), rule_set: str = "dhr-2016", **entry: Any
) -> Case:
    reference = notify(NotificationEntry(**entry), victims, rule_set, by=county.coordinator, at=BEGAN)
    return Case(county, reference, BEGAN + timedelta(hours=1))


def refused(county: County, victims: tuple[PersonEntry, ...] = (VICTIM,), **entry: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        told(county, victims, **entry)
    return dict(refusal.value.fields)


def correct(case: Case, **changes: Any) -> None:
    page = open_notification(case.reference, by=case.county.coordinator, at=case.at)
    entry = replace(page.entry, **changes)
    correct_notification(case.reference, entry, page.version, by=case.county.coordinator, at=case.wait(minutes=1))


def decision_due(case: Case) -> Deadline:
    (row,) = [row for row in case.rows(Deadline) if row.rule == "decision_due" and row.ended_on is None]
    return row


def test_a_notification_of_which_nothing_is_known_is_taken(bare_county: County) -> None:
    case = told(bare_county, (PersonEntry(),))
    assert case.reference == "DHR-2026-001"
    assert case.stage is Stage.NOTIFICATION
    assert case.rows(Deadline) == []


def test_references_count_up_within_a_year_and_are_never_used_again(bare_county: County) -> None:
    assert [told(bare_county).reference for _ in range(2)] == ["DHR-2026-001", "DHR-2026-002"]


class TestTheSameFormSentTwice:
    """It makes one review, and answers with the same reference."""

    def again(self, county: County, once: UUID, *, by: Person | None = None, rule_set: str = "dhr-2016") -> str:
        return notify(NotificationEntry(), (VICTIM,), rule_set, once=once, by=by or county.coordinator, at=BEGAN)

    def test_makes_one_review_which_has_the_mark_of_the_form(self, bare_county: County) -> None:
        once = uuid4()
        reference = self.again(bare_county, once)
        before = row_counts(bare_county.house)
        assert self.again(bare_county, once) == reference
        assert row_counts(bare_county.house) == before
        assert Case(bare_county, reference, BEGAN).row.id == once

    def test_is_another_review_on_another_form(self, bare_county: County) -> None:
        made = [self.again(bare_county, uuid4()) for _ in range(2)]
        assert made == ["DHR-2026-001", "DHR-2026-002"]

    def test_was_refused_the_first_time_and_can_be_put_right(self, bare_county: County) -> None:
        once = uuid4()
        with pytest.raises(Invalid):
            self.again(bare_county, once, rule_set="")
        assert self.again(bare_county, once) == "DHR-2026-001"

    def test_tells_nothing_to_somebody_out_of_whose_reach_the_review_is(self, county: County) -> None:
        once = uuid4()
        reference = self.again(county, once)
        with county.house.transaction(by=county.chair, at=BEGAN) as session:
            session.add(Conflict(review_id=once, account_id=county.coordinator.id))
        with pytest.raises(OutOfReach):
            self.again(county, once, by=county.coordinator)
        events = Case(county, reference, BEGAN).rows(Event)
        assert [one.details for one in events if one.kind == "refused"] == [
            {"what": "review.notify", "reasons": ["out_of_reach"]}
        ]


def test_what_was_entered_is_read_again(county: County) -> None:
    entered = NotificationEntry(
        lead_partnership_id=county.agency("Barsetshire CSP"), notifier_agency_id=county.agency("Police"),
        aware_on=TODAY, police_told_on=TODAY, found_on="2026-01-13", suspected_suicide="yes", criminal_state="charged",
        inquest_state="opened", kinds=("familial_homicide", "parricide"),
        features={"stalking": "yes", "separation": "no"},
        parallel_reviews=("iopc",), cause_of_death="fall", place_of_death="residential", officer="DCI Slope",
        crime_number="46/1", safeguarding="Two children", account="Found by a neighbour.",
    )  # fmt: skip
    case = told(county, **vars(entered))
    assert open_notification(case.reference, by=county.coordinator, at=case.at).entry == entered


def test_a_feature_not_known_is_told_apart_from_one_that_was_not_there(county: County) -> None:
    case = told(county, features={"stalking": "not_known", "separation": "no"})
    assert open_notification(case.reference, by=county.coordinator, at=case.at).entry.features == {"separation": "no"}


def test_several_victims_are_recorded_in_the_order_given_each_with_a_day_of_their_own(county: County) -> None:
    case = told(county, (VICTIM, PersonEntry(full_name="Ben Harding", died_on="2026"), PersonEntry()))
    page = open_people(case.reference, by=county.coordinator, at=case.at)
    assert [(one.label, one.entry.died_on) for one in page.people] == [
        ("Victim 1", "2026-01-12"), ("Victim 2", "2026"), ("Victim 3", ""),
    ]  # fmt: skip


def test_the_time_to_decide_counts_from_the_day_the_partnership_became_aware(county: County) -> None:
    due = decision_due(told(county, aware_on=TODAY))
    assert (due.anchor_on, due.first_due_on) == (TODAY, date(2026, 2, 15))


def test_only_a_coordinator_notifies(county: County) -> None:
    for role in set(Role) - {Role.COORDINATOR}:
        with pytest.raises(NotAllowed):
            notify(NotificationEntry(), (VICTIM,), "dhr-2016", by=county.who(role), at=BEGAN)


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"aware_on": LATER},                    "aware_on",         NOT_COME),
        ({"police_told_on": LATER},              "police_told_on",   NOT_COME),
        ({"found_on": "2026-02"},                "found_on",         "This has not come yet: check the day."),
        ({"found_on": "2026-13"},                "found_on",         NO_SUCH_DAY),
        ({"found_on": "2026-01-11"},             "found_on",
         "The finding cannot be before the death: check both days."),
        ({"found_on": "2025"},                   "found_on",
         "The finding cannot be before the death: check both days."),
        ({"aware_on": date(2026, 1, 11)},        "aware_on",
         "The partnership cannot have been aware before the death: check both days."),
        ({"aware_on": TODAY, "police_told_on": date(2026, 1, 14)}, "police_told_on",
         "The partnership is aware from the day the police told it at the latest: check both days."),
        ({"kinds": ("accident",)},               "kinds",            CHOOSE),
        ({"features": {"weather": "yes"}},       "features",         "Choose yes, no or not known for each."),
        ({"features": {"stalking": "perhaps"}},  "features",         "Choose yes, no or not known for each."),
        ({"parallel_reviews": ("inquiry",)},     "parallel_reviews", CHOOSE),
        ({"notifier_kind": "press"},             "notifier_kind",    CHOOSE),
        ({"suspected_suicide": "perhaps"},       "suspected_suicide", CHOOSE),
        ({"criminal_state": "guilty"},           "criminal_state",   CHOOSE),
        ({"inquest_state": "soon"},              "inquest_state",    CHOOSE),
        ({"cause_of_death": "age"},              "cause_of_death",   CHOOSE),
        ({"place_of_death": "moon"},             "place_of_death",   CHOOSE),
        ({"lead_partnership_id": uuid4()},       "lead_partnership_id",
         "This is not known to the partnership: choose one from the list."),
        ({"notifier_agency_id": uuid4()},        "notifier_agency_id",
         "This is not known to the partnership: choose one from the list."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    county: County, entry: dict[str, Any], field: str, sentence: str
) -> None:
    assert refused(county, **entry) == {field: sentence}


def test_only_a_partnership_leads_a_review(county: County) -> None:
    assert set(refused(county, lead_partnership_id=county.agency("Police"))) == {"lead_partnership_id"}


def test_a_notification_needs_a_kind_of_review_and_somebody_who_died(county: County) -> None:
    assert refused(county, (), rule_set="")["rule_set"] == "Choose the kind of review."
    assert refused(county, ()) == {"victims": "Record at least one person who died; the name can follow."}


def test_the_second_person_who_died_has_their_own_errors(county: County) -> None:
    assert set(refused(county, (VICTIM, PersonEntry(died_on="2027")))) == {"victim_2_died_on"}


def test_nothing_is_kept_of_a_notification_that_was_refused(bare_county: County) -> None:
    refused(bare_county, aware_on=LATER)
    assert told(bare_county).reference == "DHR-2026-001"


def test_every_kind_of_review_is_offered_by_its_name(county: County) -> None:
    offered = notification.kinds_of_review()
    assert offered["dhr-2016"] == "Domestic Homicide Review"
    assert list(offered)[-1] == "contribution"


def test_correcting_the_aware_day_starts_the_time_to_decide_again_from_the_right_day(county: County) -> None:
    case = told(county, aware_on=TODAY)
    correct(case, aware_on=date(2026, 1, 13))
    assert decision_due(case).first_due_on == date(2026, 2, 13)
    assert len(case.rows(Deadline)) == 2


def test_correcting_something_else_leaves_the_time_to_decide_alone(county: County) -> None:
    case = told(county, aware_on=TODAY)
    before = decision_due(case).id
    correct(case, officer="DI Thorne", lead_partnership_id=county.agency("Barsetshire CSP"))
    assert decision_due(case).id == before
    assert case.row.lead_partnership_id == county.agency("Barsetshire CSP")


def test_the_aware_day_can_be_corrected_but_not_taken_away(county: County) -> None:
    case = told(county, aware_on=TODAY)
    with pytest.raises(Invalid) as refusal:
        correct(case, aware_on=None)
    assert set(refusal.value.fields) == {"aware_on"}


def test_a_correction_is_checked_like_a_notification(county: County) -> None:
    with pytest.raises(Invalid) as refusal:
        correct(told(county), found_on="2026-01-11")
    assert set(refusal.value.fields) == {"found_on"}


def test_whoever_saves_second_is_told_both_texts_and_nothing_is_lost(county: County) -> None:
    case = told(county, officer="DCI Slope", features={"stalking": "yes"})
    page = open_notification(case.reference, by=county.coordinator, at=case.at)
    correct(case, officer="DI Thorne")
    yours = replace(page.entry, officer="DS Arabin")
    with pytest.raises(Stale) as stale:
        correct_notification(case.reference, yours, page.version, by=county.coordinator, at=case.wait(minutes=1))
    assert (stale.value.theirs, stale.value.yours) == ({"officer": "DI Thorne"}, {"officer": "DS Arabin"})
    assert open_notification(case.reference, by=county.coordinator, at=case.at).entry.officer == "DI Thorne"


def test_whoever_may_see_a_notification_may_not_change_it_unless_a_coordinator(county: County) -> None:
    case = told(county)
    page = open_notification(case.reference, by=county.chair, at=case.at)
    assert not page.may_change
    with pytest.raises(NotAllowed):
        correct_notification(case.reference, page.entry, page.version, by=county.chair, at=case.at)


def test_a_notification_is_out_of_reach_of_whoever_has_no_seat_and_is_kept_from_whoever_has_no_need(
    county: County,
) -> None:
    case = told(county)
    with pytest.raises(OutOfReach):
        open_notification(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)
    with pytest.raises(OutOfReach):
        open_notification("DHR-2026-999", by=county.coordinator, at=case.at)
    with pytest.raises(NotAllowed):
        open_notification(case.reference, by=county.who(Role.AUDITOR), at=case.at)


def test_a_review_that_was_voided_takes_no_more_corrections(county: County) -> None:
    case = county.review(Stage.VOID)
    with pytest.raises(NotYet):
        correct(case, officer="DI Thorne")


class TestTheDayThatIsAlsoTheDayOfADeath:
    """It would give the exact day of the death away, so it is sealed, and only its month stands in clear."""

    def test_is_sealed_and_no_deadline_tells_it(self, county: County) -> None:
        case = told(county, aware_on=DEATH)
        (row,) = case.rows(Notification)
        assert (row.aware_on, row.aware_month) == (None, "2026-01")
        assert row.aware_on_ct is not None
        assert (decision_due(case).anchor_on, decision_due(case).first_due_on) == (None, date(2026, 2, 12))
        assert case.facts().aware_recorded
        assert open_notification(case.reference, by=county.coordinator, at=case.at).entry.aware_on == DEATH

    def test_is_sealed_as_well_where_it_is_the_day_of_the_finding(self, county: County) -> None:
        (row,) = told(county, aware_on=TODAY, found_on=TODAY.isoformat()).rows(Notification)
        assert row.aware_on is None

    def test_stands_in_clear_where_only_the_month_of_the_death_is_known(self, county: County) -> None:
        (row,) = told(county, (PersonEntry(died_on="2026-01"),), aware_on=TODAY).rows(Notification)
        assert (row.aware_on, row.aware_on_ct) == (TODAY, None)

    def test_is_sealed_when_the_day_of_the_finding_is_entered_later(self, county: County) -> None:
        case = told(county, aware_on=TODAY)
        correct(case, found_on=TODAY.isoformat())
        (row,) = case.rows(Notification)
        assert (row.aware_on, decision_due(case).anchor_on) == (None, None)

    def test_is_sealed_when_the_day_of_a_death_is_entered_later_and_opened_again_when_it_was_wrong(
        self, county: County
    ) -> None:
        case = told(county, (PersonEntry(died_on="2026-01"),), aware_on=TODAY)
        (shown,) = open_people(case.reference, by=county.coordinator, at=case.at).people
        entry = replace(shown.entry, died_on=TODAY.isoformat())
        correct_person(case.reference, shown.id, entry, shown.version, by=county.coordinator, at=case.wait(minutes=1))
        (row,) = case.rows(Notification)
        assert (row.aware_on, decision_due(case).anchor_on) == (None, None)
        correct_person(
            case.reference, shown.id, shown.entry, shown.version + 1, by=county.coordinator, at=case.wait(minutes=1)
        )
        (row,) = case.rows(Notification)
        assert (row.aware_on, row.aware_on_ct, decision_due(case).anchor_on) == (TODAY, None, TODAY)

    def test_is_sealed_while_a_second_victim_who_died_on_it_is_recorded(self, county: County) -> None:
        case = told(county, aware_on=TODAY)
        second = PersonEntry(died_on=TODAY.isoformat())
        person_id = add_person(case.reference, second, by=county.coordinator, at=case.wait(minutes=1))
        assert decision_due(case).anchor_on is None
        remove_person(case.reference, person_id, by=county.coordinator, at=case.wait(minutes=1))
        assert decision_due(case).anchor_on == TODAY

    def test_is_never_the_day_of_an_event(self, county: County) -> None:
        case = told(county, aware_on=DEATH)
        assert DEATH not in {event.happened_on for event in case.rows(Event)}
