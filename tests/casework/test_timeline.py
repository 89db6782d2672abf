"""A review told in sentences, latest first, without opening anything."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dhr_app.casework import timeline
from dhr_app.casework.timeline import TimelineEntry, timeline_page
from dhr_app.database.models import Draft, Event
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.roles import Role
from dhr_app.workflows.sentences import ON_TIMELINE
from dhr_app.workflows.stages import Stage
from tests import drafts
from tests.reviews import MAIN_WAY, Case, County


def told(case: Case) -> tuple[TimelineEntry, ...]:
    return timeline_page(case.reference, by=case.county.coordinator, at=case.at).entries


def test_it_tells_every_move_in_the_order_of_the_days(county: County) -> None:
    entries = told(county.review(Stage.CLOSED))
    happened = [MOVES[name].happened for name in MAIN_WAY]
    assert [entry.text for entry in reversed(entries) if entry.text in happened] == happened
    assert [entry.on for entry in entries] == sorted((entry.on for entry in entries), reverse=True)


def test_it_tells_everything_that_belongs_on_it_and_nothing_else(county: County) -> None:
    case = county.review(Stage.CLOSED)
    events = case.rows(Event)
    assert {entry.id for entry in told(case)} == {row.id for row in events if row.kind in ON_TIMELINE}
    assert all(entry.text for entry in told(case))


def test_no_name_stands_in_it(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.relative(full_name="Grace Harding")
    case.take("decide_not_to_review")
    case.tell("family")
    assert "Harding" not in " ".join(entry.text for entry in told(case))
    assert "amily member 1" in " ".join(entry.text for entry in told(case))


def test_it_says_who_recorded_each_thing_and_when(county: County) -> None:
    case = county.review(Stage.SCOPING)
    case.wait(days=5)
    entry = told(case)[0]
    assert entry.by == county.coordinator.name
    assert entry.recorded_on < case.today


def test_a_refusal_stays_off_it(county: County) -> None:
    case = county.review(Stage.SCOPING)
    before = told(case)
    with pytest.raises(Exception, match="cannot be done yet"):
        case.move("commission")
    assert told(case) == before


def test_pages_follow_each_other_without_gap_or_repetition(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    case = county.review(Stage.SEMINAR)
    whole = told(case)
    monkeypatch.setattr(timeline, "PAGE", 7)
    found: list[TimelineEntry] = []
    start = None
    for _ in range(20):
        page = timeline_page(case.reference, from_entry=start, by=county.coordinator, at=case.at)
        found += page.entries
        start = page.older
        if start is None:
            break
    assert tuple(found) == whole


def test_a_place_that_is_not_of_this_review_starts_at_the_beginning(county: County) -> None:
    case, other = county.review(Stage.SCOPING), county.review(Stage.PANEL)
    elsewhere = told(other)[0].id
    for start in (elsewhere, uuid4()):
        page = timeline_page(case.reference, from_entry=start, by=county.coordinator, at=case.at)
        assert page.entries == told(case)


@pytest.mark.parametrize(("role", "refusal"), [(Role.AGENCY_CONTRIBUTOR, NotAllowed), (Role.ADMINISTRATOR, OutOfReach)])
def test_whoever_may_not_see_the_review_does_not_see_its_timeline(
    county: County, role: Role, refusal: type[Exception]
) -> None:
    case = county.review(seats=True)
    with pytest.raises(refusal):
        timeline_page(case.reference, by=county.who(role), at=case.at)


def test_what_it_tells_of_a_draft_leads_to_that_draft_for_whoever_reads_it(county: County) -> None:
    case, chair = county.review(Stage.PANEL, seats=True), county.who(Role.INDEPENDENT_CHAIR)
    drafts.hand_in(case, chair)
    drafts.hand_in(case, chair, kind="executive_summary", shared=True)
    overview, summary = (
        f"/reviews/{case.reference}/drafts#draft-{row.id}"
        for row in sorted(case.rows(Draft), key=lambda row: row.added_at)
    )

    def leading(role: Role) -> set[str]:
        page = timeline_page(case.reference, by=county.who(role), at=case.at)
        return {entry.leads_to for entry in page.entries} - {""}

    assert leading(Role.COORDINATOR) == leading(Role.INDEPENDENT_CHAIR) == {overview, summary}
    assert leading(Role.PANEL_MEMBER) == {summary}  # nothing else stands on the panel’s page
