"""The list of reviews: in order, filtered, a page at a time, and only what one may reach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dhr_app.casework import case_list as module
from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.case_list import CaseList, Filters, Place, case_list
from dhr_app.database.models import Conflict
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import BEGAN, County


def listed(county: County, filters: Filters | None = None, *, by: Person | None = None, **where: object) -> CaseList:
    return case_list(filters or Filters(), by=by or county.coordinator, at=NOW, **where)  # type: ignore[arg-type]


def references(page: CaseList) -> list[str]:
    return [line.reference for line in page.lines]


def some(county: County, number: int) -> list[str]:
    """Reviews notified on the same day, so that only the reference tells their order."""
    return [county.notified(aware_on=BEGAN.date() - timedelta(days=each // 2)).reference for each in range(number)]


def test_it_is_in_order_of_the_next_date_those_without_one_last(county: County) -> None:
    lines = listed(county).lines
    assert len(lines) == 12
    dates = [line.next_on or date.max for line in lines]
    assert dates == sorted(dates)
    assert lines[-1].next_on is None


def test_nothing_is_opened_and_the_same_number_of_statements_is_asked_whatever_the_size(bare_county: County) -> None:
    asked = []
    for number in (1, 5):
        some(bare_county, number)
        by = bare_county.coordinator
        with count_queries(bare_county.house) as statements:
            listed(bare_county, by=by)
        asked.append(len(statements))
    assert asked == [1, 1]


class TestPages:
    @pytest.fixture(autouse=True)
    def short_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "PAGE", 3)

    def test_going_on_shows_every_review_once_and_going_back_the_same_pages(self, bare_county: County) -> None:
        made = some(bare_county, 8)
        pages = [listed(bare_county)]
        while pages[-1].after is not None:
            pages.append(listed(bare_county, after=pages[-1].after))
        assert [len(page.lines) for page in pages] == [3, 3, 2]
        assert sorted(reference for page in pages for reference in references(page)) == sorted(made)
        back = listed(bare_county, before=pages[2].before)
        assert references(back) == references(pages[1])
        assert references(listed(bare_county, before=back.before)) == references(pages[0])

    def test_the_ends_lead_nowhere_further(self, bare_county: County) -> None:
        some(bare_county, 8)
        first, last = listed(bare_county), listed(bare_county, last=True)
        assert (first.before, last.after) == (None, None)
        assert first.after is not None
        assert last.before is not None
        assert len(last.lines) == 3

    def test_a_page_that_just_fits_has_no_next_one(self, bare_county: County) -> None:
        some(bare_county, 3)
        assert listed(bare_county).after is None

    def test_an_empty_list_has_no_pages(self, bare_county: County) -> None:
        assert listed(bare_county) == CaseList((), None, None)

    def test_a_review_entered_meanwhile_repeats_and_hides_no_other(self, bare_county: County) -> None:
        made = some(bare_county, 6)
        first = listed(bare_county)
        bare_county.notified(aware_on=date(2025, 12, 2))  # now the first of all
        second = listed(bare_county, after=first.after)
        assert sorted(references(first) + references(second)) == sorted(made)


@pytest.mark.parametrize("text", ["", "2026-02-30_DHR-2026-001", "yesterday", "_"])
def test_a_place_that_is_none_is_none(text: str) -> None:
    assert Place.parse(text) is None


def test_a_place_is_read_as_it_was_written() -> None:
    place = Place(date(2026, 2, 15), "DHR-2026-014")
    assert Place.parse(str(place)) == place


class TestFilters:
    def test_by_stage(self, county: County) -> None:
        for stage in Stage:
            assert {line.stage for line in listed(county, Filters(stage=stage.value)).lines} == {stage}

    def test_by_kind(self, county: County) -> None:
        local = county.notified(rule_set="local-review").reference
        assert references(listed(county, Filters(kind="local-review"))) == [local]

    def test_late_ones_only(self, county: County) -> None:
        county.notified(aware_on=date(2026, 1, 15))
        late = listed(county, Filters(late=True)).lines
        assert late
        assert all(line.late and line.next_on and line.next_on < NOW.date() for line in late)
        assert not any(
            line.late for line in listed(county).lines if line.reference not in {one.reference for one in late}
        )

    def test_on_hold_only(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.take("pause")
        (line,) = listed(county, Filters(on_hold=True)).lines
        assert (line.reference, line.on_hold_since) == (case.reference, case.today)

    def test_an_unknown_stage_narrows_nothing(self, county: County) -> None:
        assert len(listed(county, Filters(stage="limbo")).lines) == 12


class TestReach:
    @pytest.mark.parametrize("role", [Role.INDEPENDENT_CHAIR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR])
    def test_by_a_seat_one_sees_the_reviews_one_sits_on(self, county: County, role: Role) -> None:
        case = county.review(Stage.PANEL)
        assert references(listed(county, by=county.who(role))) == []
        at_first = case.at
        case.at = NOW - timedelta(days=1)
        case.seat(role)
        assert references(listed(county, by=county.who(role))) == [case.reference]
        assert at_first < case.at

    @pytest.mark.parametrize("role", [Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER, Role.AUDITOR])
    def test_the_steering_group_and_the_auditor_see_all(self, county: County, role: Role) -> None:
        assert len(listed(county, by=county.who(role)).lines) == 12

    def test_the_administrator_sees_none(self, county: County) -> None:
        with pytest.raises(NotAllowed):
            listed(county, by=county.who(Role.ADMINISTRATOR))

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_MEMBER])
    def test_a_conflict_of_interest_hides_the_review(self, county: County, role: Role) -> None:
        case, barred = county.review(Stage.PANEL), county.who(role)
        with county.house.transaction(by=county.coordinator, at=NOW) as session:
            session.add(Conflict(review_id=case.row.id, account_id=barred.id))
        assert case.reference not in references(listed(county, by=county.who(role)))
        assert len(listed(county, by=county.who(role)).lines) == 11


class TestWithoutTheReviewsOwnPage:
    """An agency contributor reaches a review’s scoping page only: what is late there is not theirs to see."""

    @pytest.fixture
    def contributor(self, county: County) -> Person:
        """Somebody with a seat for the Police on a late review."""
        county.review(Stage.SCOPING).seat(Role.AGENCY_CONTRIBUTOR)
        return county.who(Role.AGENCY_CONTRIBUTOR)

    def test_no_date_is_told(self, county: County, contributor: Person) -> None:
        found = listed(county, by=contributor)
        (line,) = found.lines
        (known,) = (each for each in listed(county).lines if each.reference == line.reference)
        assert known.late
        assert (line.may_see, line.next_on, line.next_what, line.late) == (False, None, "", False)
        assert (line.stage, line.lead) == (known.stage, known.lead)
        assert not found.shows_dates

    def test_the_filter_for_late_ones_does_not_tell_it_either(self, county: County, contributor: Person) -> None:
        assert listed(county, Filters(late=True), by=contributor).lines == ()

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_MEMBER, Role.AUDITOR])
    def test_whoever_sees_every_review_is_told_every_date(self, county: County, role: Role) -> None:
        found = listed(county, by=county.who(role))
        assert found.shows_dates
        assert all(line.may_see for line in found.lines)

    def test_a_panel_member_is_told_the_dates_of_their_own(self, county: County) -> None:
        county.review(Stage.PANEL).seat(Role.PANEL_MEMBER)
        (line,) = listed(county, by=county.who(Role.PANEL_MEMBER)).lines
        assert line.may_see
        assert line.next_on
