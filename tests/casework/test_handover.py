"""Handing a review over: begun, its list filled in, acknowledged, given up, and used by the transfer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import handover, handover_page
from dhr_app.casework.handover import HandoverEntry, ItemEntry, ReceiptEntry
from dhr_app.database.models import Agency, Event, Handover, HandoverItem
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import handovers
from tests.handovers import RECEIVER, THIRD, a_third, acknowledge, begin, fill_in, handed_over, page, running
from tests.records import stated_before
from tests.reviews import Case, County

ALREADY = "The review is being handed over to Silverbridge Community Safety Partnership already: correct that, or give it up first."  # fmt: skip  # noqa: E501
NOT_YET_COME = "1 January 2031 has not come yet: check the day."


@pytest.fixture
def case(county: County) -> Case:
    """A review that is being scoped."""
    return county.review(Stage.SCOPING)


def correct(case: Case, handover_id: UUID, version: int | None = None, **changes: Any) -> None:
    shown = handover_page.open_handover(case.reference, handover_id, by=case.county.coordinator, at=case.at)
    entry = HandoverEntry(**{**vars(shown.entry), **changes})
    version = shown.version if version is None else version
    handover.correct(case.reference, handover_id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))


def told(case: Case) -> list[tuple[str, object]]:
    return [(one.kind, one.details.get("label")) for one in case.events("handover")]


def missing(case: Case) -> set[str]:
    return set(case.needed("transfer")) & {"receiver_acknowledged", "handed_over_by_list"}


class TestBeginning:
    def test_opens_a_list_of_three_lines(self, case: Case, county: County) -> None:
        assert page(case).running is None
        begin(case)
        shown = running(case)
        assert shown.receiver == "Silverbridge Community Safety Partnership"
        assert [(one.kind, one.entry) for one in shown.items] == [
            (kind, ItemEntry("open", None, "")) for kind in ("papers", "actions", "family_contact")
        ]
        assert shown.missing == ("papers", "actions", "family_contact")
        assert missing(case) == {"receiver_acknowledged", "handed_over_by_list"}
        (event,) = [one for one in case.rows(Event) if one.kind == Happened.HANDOVER_BEGUN]
        assert event.agency_id == county.agency(RECEIVER)

    @pytest.mark.parametrize(
        ("receiver", "sentence"),
        [
            (None, "Choose the partnership that receives the review."),
            ("Police", "Choose the partnership that receives the review."),
            ("Barsetshire CSP", "The review is already led by this partnership: choose another."),
        ],
    )
    def test_names_another_partnership_that_leads_reviews(
        self, case: Case, receiver: str | None, sentence: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            begin(case, receiver)
        assert refusal.value.fields == {"receiver_id": sentence}
        assert case.rows(Handover) == []

    def test_is_refused_to_a_partnership_nobody_knows_or_that_has_ended(self, case: Case, county: County) -> None:
        with pytest.raises(Invalid):
            handover.begin(case.reference, uuid4(), by=county.coordinator, at=case.at)
        with county.house.transaction(by=county.coordinator, at=case.wait(minutes=1)) as session:
            session.get_one(Agency, county.agency(RECEIVER)).to_on = date(2024, 3, 31)
        with pytest.raises(Invalid) as refusal:
            begin(case)
        assert refusal.value.fields == {
            "receiver_id": "Silverbridge Community Safety Partnership ended on 31 March 2024: choose its successor."
        }

    def test_is_refused_while_one_runs(self, case: Case) -> None:
        begin(case)
        with pytest.raises(Invalid) as refusal:
            begin(case)
        assert refusal.value.fields == {"receiver_id": ALREADY}
        assert len(case.rows(Handover)) == 1

    @pytest.mark.parametrize("stage", [Stage.NOTIFICATION, Stage.CLOSED, Stage.NOT_REVIEWED, Stage.WITHDRAWN])
    def test_is_possible_wherever_a_transfer_starts(self, county: County, stage: Stage) -> None:
        case = county.review(stage)
        handed_over(case)
        assert missing(case) == set()

    @pytest.mark.parametrize("stage", [Stage.TRANSFERRED, Stage.VOID])
    def test_is_refused_where_there_is_nothing_to_hand_over_any_more(self, county: County, stage: Stage) -> None:
        case = county.review(stage)
        with pytest.raises(NotYet) as refusal:
            begin(case)
        assert "it cannot be handed over from there" in refusal.value.reasons[0].sentence
        assert not page(case).may_change


class TestTheList:
    def test_says_line_by_line_what_was_handed_over(self, case: Case) -> None:
        begin(case)
        fill_in(case, "papers", ItemEntry("handed_over", case.today, "Twelve papers"))
        fill_in(case, "actions", ItemEntry("there_is_none", None, "None agreed so early"))
        assert running(case).missing == ("family_contact",)
        assert "handed_over_by_list" in missing(case)
        fill_in(case, "family_contact", ItemEntry("there_is_none"))
        assert missing(case) == {"receiver_acknowledged"}
        assert told(case)[1:] == [
            (Happened.HANDOVER_LISTED, "papers"), (Happened.HANDOVER_LISTED, "open actions"),
            (Happened.HANDOVER_LISTED, "contact with the family"),
        ]  # fmt: skip

    def test_is_corrected_and_then_still_to_be_handed_over_again(self, case: Case) -> None:
        handed_over(case)
        fill_in(case, "papers", ItemEntry("open", None, "Thirteen papers, not gone yet"))
        assert running(case).items[0].entry == ItemEntry("open", None, "Thirteen papers, not gone yet")
        assert missing(case) == {"handed_over_by_list"}

    @pytest.mark.parametrize(
        ("entry", "fields"),
        [
            (ItemEntry("handed_over", None, " "),
             {"handed_on": "Give the day on which it was handed over.", "what": "Say what was handed over."}),
            (ItemEntry("handed_over", date(2031, 1, 1), "Papers"), {"handed_on": NOT_YET_COME}),
            (ItemEntry("handed_over", date(2001, 1, 1), "Papers"),
             {"handed_on": "There were no reviews before 13 April 2011: check the year."}),
            (ItemEntry("there_is_none", date(2026, 1, 5)),
             {"handed_on": "There is a day only where something was handed over: leave it empty, or say that it was."}),
            (ItemEntry("lost"), {"state": "Choose from the list."}),
        ],
    )  # fmt: skip
    def test_refuses_a_line_that_cannot_be_right_beside_its_field(
        self, case: Case, entry: ItemEntry, fields: dict[str, str]
    ) -> None:
        begin(case)
        with pytest.raises(Invalid) as refusal:
            fill_in(case, "papers", entry)
        assert refusal.value.fields == fields
        assert running(case).items[0].entry == ItemEntry()

    def test_tells_whoever_saves_second_both_texts(self, case: Case) -> None:
        begin(case)
        fill_in(case, "papers", ItemEntry("open", None, "Twelve papers"))
        with pytest.raises(Stale) as stale:
            fill_in(case, "papers", ItemEntry("open", None, "Eleven papers"), version=1)
        assert (stale.value.theirs, stale.value.yours) == ({"what": "Twelve papers"}, {"what": "Eleven papers"})

    def test_of_another_review_is_out_of_reach(self, case: Case, county: County) -> None:
        begin(case)
        item = running(case).items[0]
        other = county.review()
        with pytest.raises(OutOfReach):
            handover.fill_in(other.reference, item.id, ItemEntry(), 1, by=county.coordinator, at=case.at)
        with pytest.raises(OutOfReach):
            handover_page.open_item(other.reference, item.id, by=county.coordinator, at=case.at)


class TestTheReceiver:
    def test_says_that_it_has_the_review_and_that_is_corrected_or_taken_back(self, case: Case, county: County) -> None:
        begin(case)
        said = ReceiptEntry(case.today, "Frank Gresham, coordinator")
        acknowledge(case, said)
        assert running(case).receipt == said
        assert missing(case) == {"handed_over_by_list"}
        acknowledge(case, ReceiptEntry(case.today - timedelta(days=1), "Frank Gresham, coordinator"))
        acknowledge(case, ReceiptEntry())
        assert running(case).receipt == ReceiptEntry()
        assert "receiver_acknowledged" in missing(case)
        assert [kind for kind, _ in told(case)[1:]] == [
            Happened.HANDOVER_ACKNOWLEDGED, Happened.HANDOVER_CHANGED, Happened.HANDOVER_CHANGED,
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("entry", "fields"),
        [
            (ReceiptEntry(),
             {"acknowledged_on": "Give the day on which they said that they have the review.",
              "acknowledged_by": "Say who said so: their name and post."}),
            (ReceiptEntry(date(2026, 1, 16), " "), {"acknowledged_by": "Say who said so: their name and post."}),
            (ReceiptEntry(None, "Frank Gresham"),
             {"acknowledged_on": "Give the day on which they said that they have the review."}),
            (ReceiptEntry(date(2031, 1, 1), "Frank Gresham"), {"acknowledged_on": NOT_YET_COME}),
        ],
    )  # fmt: skip
    def test_says_it_on_a_day_and_by_somebody(self, case: Case, entry: ReceiptEntry, fields: dict[str, str]) -> None:
        begin(case)
        with pytest.raises(Invalid) as refusal:
            acknowledge(case, entry)
        assert refusal.value.fields == fields
        assert running(case).receipt == ReceiptEntry()

    def test_is_told_both_texts_where_somebody_saved_first(self, case: Case) -> None:
        begin(case)
        acknowledge(case, ReceiptEntry(case.today, "Frank Gresham"))
        with pytest.raises(Stale) as stale:
            acknowledge(case, ReceiptEntry(case.today, "Sophy Gresham"), version=1)
        assert stale.value.theirs == {"acknowledged_by": "Frank Gresham"}

    def test_was_another_one_and_is_corrected_once_its_word_is_taken_back(self, case: Case, county: County) -> None:
        third = a_third(county)
        handover_id = begin(case)
        acknowledge(case)
        with pytest.raises(Invalid) as refusal:
            correct(case, handover_id, receiver_id=third)
        assert refusal.value.fields == {
            "receiver_id": "This partnership acknowledged it on 16 January 2026: take that back first."
        }
        acknowledge(case, ReceiptEntry())
        correct(case, handover_id, receiver_id=third)
        assert running(case).receiver == "Plumstead Community Safety Partnership"
        with pytest.raises(Invalid):
            correct(case, handover_id, receiver_id=county.agency("Barsetshire CSP"))
        with pytest.raises(Invalid):
            correct(case, handover_id, receiver_id=None)


class TestGivingUp:
    def test_ends_it_and_another_may_begin(self, case: Case) -> None:
        handed_over(case)
        first = running(case)
        correct(case, first.id, given_up_on=case.today)
        assert missing(case) == {"receiver_acknowledged", "handed_over_by_list"}
        assert told(case)[-1] == (Happened.HANDOVER_GIVEN_UP, None)
        assert page(case).running is None
        (earlier,) = page(case).earlier
        assert (earlier.id, earlier.items) == (first.id, first.items)
        begin(case)
        with pytest.raises(Invalid) as refusal:
            correct(case, first.id, given_up_on=None)
        assert refusal.value.fields == {"receiver_id": ALREADY}

    def test_was_a_mistake_and_it_goes_on_as_it_stood(self, case: Case) -> None:
        handed_over(case)
        shown = running(case)
        correct(case, shown.id, given_up_on=case.today)
        for change in (
            lambda: handover.fill_in(
                case.reference, shown.items[0].id, ItemEntry(), 2, by=case.county.coordinator, at=case.at
            ),
            lambda: handover.acknowledge(
                case.reference, shown.id, ReceiptEntry(), 3, by=case.county.coordinator, at=case.at
            ),
        ):
            with pytest.raises(NotYet) as refusal:
                change()
            assert "was given up on 16 January 2026: let it go on first" in refusal.value.reasons[0].sentence
        correct(case, shown.id, given_up_on=None)
        assert missing(case) == set()

    @pytest.mark.parametrize("day", [date(2031, 1, 1), date(2001, 1, 1)])
    def test_is_on_a_day_that_can_be_right(self, case: Case, day: date) -> None:
        handover_id = begin(case)
        with pytest.raises(Invalid) as refusal:
            correct(case, handover_id, given_up_on=day)
        assert set(refusal.value.fields) == {"given_up_on"}

    def test_tells_whoever_saves_second_both_texts(self, case: Case) -> None:
        handover_id = begin(case)
        correct(case, handover_id, given_up_on=case.today)
        with pytest.raises(Stale) as stale:
            correct(case, handover_id, version=1, given_up_on=case.today - timedelta(days=1))
        assert set(stale.value.yours) == {"given_up_on"}


class TestTheTransfer:
    def test_uses_it_up_and_what_it_rested_on_stands(self, case: Case) -> None:
        case.take("transfer")
        (shown,) = page(case).earlier
        assert shown.used
        assert page(case).running is None
        assert not page(case).may_transfer
        for change in (
            lambda: correct(case, shown.id, given_up_on=case.today),
            lambda: handover.acknowledge(
                case.reference, shown.id, ReceiptEntry(), shown.version, by=case.county.coordinator, at=case.at
            ),
            lambda: handover.fill_in(
                case.reference, shown.items[0].id, ItemEntry(), 2, by=case.county.coordinator, at=case.at
            ),
        ):
            with pytest.raises(NotYet) as refusal:
                change()
            assert refusal.value.reasons[0].sentence == (
                "The review was transferred on this list: it is not changed any more."
            )

    def test_goes_to_whom_the_review_is_being_handed_over(self, case: Case, county: County) -> None:
        third = a_third(county)
        case.settle("transfer")
        with pytest.raises(Invalid) as refusal:
            case.move("transfer", receiver_id=third)
        assert refusal.value.fields == {
            "receiver_id": "The review is being handed over to Silverbridge Community Safety Partnership: "
            "choose that, or correct the handing-over."
        }
        assert case.move("transfer") is Stage.TRANSFERRED

    def test_leaves_one_that_was_given_up_as_it_stood(self, case: Case) -> None:
        given_up = begin(case)
        correct(case, given_up, given_up_on=case.today)
        case.take("transfer")
        assert {row.id: row.used_by is not None for row in case.rows(Handover)}[given_up] is False
        assert [one.id == given_up for one in page(case).earlier] == [False, True]

    def test_brought_back_by_a_correction_wants_a_new_one(self, case: Case) -> None:
        case.take("transfer")
        case.take("correct_stage", target=Stage.SCOPING)
        assert missing(case) == {"receiver_acknowledged", "handed_over_by_list"}
        handed_over(case)
        assert missing(case) == set()

    def test_rests_on_what_was_stated_before_there_was_a_list(self, case: Case) -> None:
        stated_before(case, "receiver_acknowledged", "handed_over_by_list")
        assert missing(case) == set()
        case.tell("family", about="transfer")
        assert case.move("transfer") is Stage.TRANSFERRED


class TestThePage:
    def test_says_what_the_list_must_not_forget(self, case: Case) -> None:
        case.relative()
        case.relative(full_name="Somebody Else", not_contacted_because="suspect")
        assert (page(case).relatives, page(case).actions_open) == (1, 0)

    def test_offers_every_partnership_that_leads_reviews_but_ours(self, case: Case, county: County) -> None:
        third = a_third(county)
        offered = handover_page.receivers(case.reference, by=county.coordinator, at=case.at)
        assert set(offered) == {third, county.agency(RECEIVER)}
        assert county.agency(THIRD) == third

    def test_is_for_the_coordinator_to_change_and_the_steering_chair_to_read(self, county: County) -> None:
        case = county.review(Stage.PANEL, seats=True)
        handed_over(case)
        read = handover_page.handover_page(case.reference, by=county.chair, at=case.at)
        assert (read.may_change, read.running is not None) == (False, True)
        handover_id = running(case).id
        refused: list[Person] = [county.chair, county.who(Role.INDEPENDENT_CHAIR), county.who(Role.REPORT_AUTHOR)]
        for who in refused:
            with pytest.raises(NotAllowed):
                handover.begin(case.reference, county.agency(RECEIVER), by=who, at=case.at)
            with pytest.raises(NotAllowed):
                handover_page.open_handover(case.reference, handover_id, by=who, at=case.at)
        with pytest.raises(NotAllowed):
            handover_page.handover_page(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)
        with pytest.raises(OutOfReach):
            handover_page.handover_page("DHR-2026-999", by=county.coordinator, at=case.at)

    def test_seals_what_goes_with_the_review(self, case: Case) -> None:
        handovers.handed_over(case)
        assert all(row.what_ct is None or b"Twelve papers" not in row.what_ct for row in case.rows(HandoverItem))
        assert [row.what_ct is not None for row in case.rows(HandoverItem)].count(True) == 1
