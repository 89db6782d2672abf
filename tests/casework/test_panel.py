"""Agencies take seats on the review panel and leave it; nobody sits on it who chairs the review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from dhr_app.casework import panel
from dhr_app.casework.panel_page import panel_page, seat_page
from dhr_app.casework.timeline import timeline_page
from dhr_app.database.models import PanelSeat
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.panels import appoint, end, take_seat
from tests.reviews import Case, County


@pytest.fixture
def case(bare_county: County) -> Case:
    """A review that has just been commissioned."""
    return bare_county.review(Stage.PANEL)


def correct(case: Case, seat_id: UUID, version: int | None = None, **changes: Any) -> None:
    page = seat_page(case.reference, seat_id, by=case.county.coordinator, at=case.at)
    panel.correct_seat(
        case.reference, seat_id, replace(page.entry, **changes), version or page.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def leave(case: Case, seat_id: UUID, to_on: date | None) -> None:
    panel.end_seat(case.reference, seat_id, to_on, by=case.county.coordinator, at=case.wait(minutes=1))


def refused(case: Case, **entry: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        take_seat(case, **entry)
    return dict(refusal.value.fields)


def test_a_seat_is_read_again_and_the_trail_names_the_agency(case: Case) -> None:
    seat_id = take_seat(case)
    page = seat_page(case.reference, seat_id, by=case.county.coordinator, at=case.at)
    assert (page.line.agency, page.line.representative, page.line.specialist) == (
        "Barset Refuge and Outreach", "Ruth Dale, manager", True,
    )  # fmt: skip
    correct(case, seat_id, representative="Ruth Dale, director")
    leave(case, seat_id, case.today)
    told = [entry.text for entry in timeline_page(case.reference, by=case.county.coordinator, at=case.at).entries[:3]]
    assert told == [
        "Barset Refuge and Outreach left the review panel",
        "The panel seat of Barset Refuge and Outreach was corrected",
        "Barset Refuge and Outreach took a seat on the review panel",
    ]


def test_only_a_specialist_service_that_still_sits_on_the_panel_answers_the_question(case: Case) -> None:
    def asked() -> bool:
        return "specialist_on_panel" in case.needed("begin_report")

    take_seat(case, "Probation", brings="agency")
    assert asked()
    seat_id = take_seat(case)
    assert not asked()
    leave(case, seat_id, case.today)
    assert asked()
    correct(case, seat_id, to_on=None)
    assert not asked()


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"agency_id": None}, "agency_id", "Choose an agency from the list."),
        ({"agency_id": uuid4()}, "agency_id",
         "This agency is not known to the partnership: choose from the list."),
        ({"brings": "cake"}, "brings", "Choose from the list."),
        ({"not_involved": ""}, "not_involved", "Choose from the list."),
        ({"representative": " "}, "representative", "Give the name and post of whoever sits for the agency."),
        ({"from_on": None}, "from_on", "Give the day from which it sits on the panel."),
        ({"from_on": date(2027, 1, 1)}, "from_on", "1 January 2027 has not come yet: check the day."),
        ({"from_on": date(2011, 1, 1)}, "from_on", "There were no reviews before 13 April 2011: check the year."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    case: Case, entry: dict[str, Any], field: str, sentence: str
) -> None:
    assert refused(case, **entry) == {field: sentence}
    assert case.rows(PanelSeat) == []


def test_an_agency_that_had_ended_by_then_has_no_seat(case: Case) -> None:
    assert refused(case, agency_id=case.county.agency("Barchester CCG")) == {
        "agency_id": "Barchester Clinical Commissioning Group ended on 30 June 2022: choose its successor."
    }


def test_an_agency_has_a_seat_once_for_each_thing_it_brings(case: Case) -> None:
    seat_id = take_seat(case)
    assert refused(case, representative="Somebody Else") == {
        "agency_id": "Barset Refuge and Outreach has this seat already: correct it, or end it first."
    }
    take_seat(case, brings="agency")
    leave(case, seat_id, case.today)
    take_seat(case, representative="Somebody Else")


def test_whoever_chairs_the_review_sits_on_it_for_nobody(case: Case) -> None:
    chair = appoint(case, organisation="Probation")
    assert refused(case, representative="septimus hale, adviser") == {
        "representative": "Septimus Hale chairs this review. "
        "Nobody is the independent chair and sits for an agency of the review."
    }
    assert refused(case, agency_id=case.county.agency("Probation")) == {
        "agency_id": "Septimus Hale, who chairs this review, comes from Probation Service, Barsetshire."
    }
    end(case, chair)
    take_seat(case, "Probation", representative="Septimus Hale, adviser")


def test_a_seat_ends_once_not_before_it_began_and_not_in_the_future(case: Case) -> None:
    seat_id = take_seat(case)
    for to_on in (None, case.today - timedelta(days=1), case.today + timedelta(days=2)):
        with pytest.raises(Invalid) as refusal:
            leave(case, seat_id, to_on)
        assert set(refusal.value.fields) == {"to_on"}
    leave(case, seat_id, case.today)
    with pytest.raises(Invalid):
        leave(case, seat_id, case.today)
    with pytest.raises(Invalid) as refusal:
        correct(case, seat_id, to_on=case.today - timedelta(days=1))
    assert refusal.value.fields == {"to_on": "This is before the seat began."}


def test_the_second_to_save_is_shown_both_texts(case: Case) -> None:
    seat_id = take_seat(case)
    correct(case, seat_id, 1, not_involved="no")
    with pytest.raises(Stale) as stale:
        correct(case, seat_id, 1, not_involved="not_known")
    assert (stale.value.theirs, stale.value.yours) == ({"not_involved": "no"}, {"not_involved": "not_known"})


def test_the_chair_of_the_review_gives_seats_too_and_others_only_see_them(case: Case) -> None:
    seat_id = take_seat(case)
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    entry = panel.SeatEntry(case.county.agency("Probation"), "agency", "Ann Hall, manager", "yes", case.today)
    panel.take_seat(case.reference, entry, by=chair, at=case.wait(minutes=1))
    for by in (case.seat(Role.PANEL_MEMBER), case.seat(Role.REPORT_AUTHOR), case.county.chair):
        page = panel_page(case.reference, by=by, at=case.at)
        assert (len(page.seats), page.may_seat) == (2, False)
        with pytest.raises(NotAllowed):
            panel.end_seat(case.reference, seat_id, case.today, by=by, at=case.wait(minutes=1))
    with pytest.raises(NotAllowed):
        panel_page(case.reference, by=case.seat(Role.AGENCY_CONTRIBUTOR), at=case.at)


def test_a_seat_of_another_review_is_out_of_reach(case: Case) -> None:
    seat_id = take_seat(case)
    other = case.county.review(Stage.PANEL)
    with pytest.raises(OutOfReach):
        seat_page(other.reference, seat_id, by=case.county.coordinator, at=other.at)
    with pytest.raises(OutOfReach):
        leave(other, seat_id, other.today)


def test_no_seat_is_given_before_the_review_is_commissioned(bare_county: County) -> None:
    with pytest.raises(NotYet):
        take_seat(bare_county.review(Stage.SCOPING))


def test_the_page_asks_the_database_as_often_for_ten_seats_as_for_one(case: Case) -> None:
    asked: list[str] = []
    event.listen(case.county.house.database.engine, "before_cursor_execute", lambda *args: asked.append(str(args[2])))

    def count() -> int:
        asked.clear()
        panel_page(case.reference, by=case.county.coordinator, at=case.at)
        return len(asked)

    end(case, appoint(case))
    take_seat(case)
    for_one = count()
    appoint(case, holder="Lettice Boyce")
    for name in ("Police", "Probation", "Adult Social Care", "NHS Barsetshire", "Fire and Rescue"):
        take_seat(case, name, brings="agency")
        take_seat(case, name, brings="other", representative=f"Expert of {name}")
    assert count() == for_one
