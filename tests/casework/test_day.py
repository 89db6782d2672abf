"""The coordinator’s day: what is late, what comes this week, who has to be told, who is silent, what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.day import Day, what_needs_you
from dhr_app.casework.family import FamilyMemberEntry, add_family_member, correct_family_member
from dhr_app.casework.membership import join
from dhr_app.casework.scoping import close_as_no_reply, escalate
from dhr_app.database.models import Conflict
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import drafts
from tests.planning import act, done, recommend
from tests.reporting import refuse, report
from tests.reviews import County


def on(county: County, day: date) -> Day:
    return what_needs_you(by=county.coordinator, at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC))


def test_nothing_needs_anybody_where_there_is_no_review(bare_county: County) -> None:
    assert on(bare_county, date(2026, 6, 3)).nothing


def test_a_date_comes_up_a_week_ahead_and_is_late_the_day_after(bare_county: County) -> None:
    case = bare_county.review()  # the decision is due on 15 February
    shown = {day: on(bare_county, date(2026, 2, day)) for day in (7, 8, 15, 16, 20)}
    assert shown[7].nothing
    assert [line.reference for line in shown[8].this_week] == [case.reference]
    assert shown[15].late == ()
    assert [line.days_late for line in shown[16].late] == [1]
    assert [(line.days_late, line.what) for line in shown[20].late] == [(5, "Decision whether to review")]
    assert shown[20].this_week == ()


def test_everybody_still_to_be_told_is_listed_until_they_are(bare_county: County) -> None:
    case = bare_county.review(Stage.NOT_REVIEWED)
    assert {line.audience for line in on(bare_county, case.today).owed} == {
        "home_office", "family", "notifier", "agencies",
    }  # fmt: skip
    case.tell("home_office", "notifier", "agencies")
    owed = on(bare_county, case.today).owed
    assert [line.audience for line in owed] == ["family"]
    assert on(bare_county, owed[0].due_on + timedelta(days=3)).owed[0].days_late == 3


def test_somebody_not_to_be_contacted_until_a_day_is_looked_at_again_on_that_day(bare_county: County) -> None:
    case = bare_county.review()
    until = case.today + timedelta(days=30)
    entry = FamilyMemberEntry("Amelia Roper", not_contacted_because="police_request", not_contacted_until=until)
    member = add_family_member(case.reference, entry, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, until - timedelta(days=1)).barred == ()
    (line,) = on(bare_county, until).barred
    assert (line.reference, line.number, line.until) == (case.reference, 1, until)
    case.wait(days=31)
    free = replace(entry, not_contacted_because="", not_contacted_until=None)
    correct_family_member(case.reference, member, free, 1, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, case.today).barred == ()


def test_a_silent_agency_is_listed_from_the_day_after_its_date_until_it_is_settled(bare_county: County) -> None:
    case = bare_county.review()
    (request,) = case.ask("Police")  # on 15 January, due on 29 January
    assert on(bare_county, date(2026, 1, 29)).silent == ()
    (line,) = on(bare_county, date(2026, 1, 30)).silent
    assert (line.agency, line.days_late, line.escalated_on) == ("Barsetshire Police", 1, None)
    case.wait(days=20)
    escalate(case.reference, request.id, case.today, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, case.today).silent[0].escalated_on == case.today
    close_as_no_reply(case.reference, request.id, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, case.today).silent == ()


def test_a_statement_that_waits_for_somebody_says_for_whom(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    first = case.state("specialist_on_panel", "could_not_be_done")
    second = case.state("agreed_to_correct")
    waiting = {line.condition: line.awaits for line in on(bare_county, case.today).waiting}
    assert waiting == {
        "specialist_on_panel": "the steering group chair’s acceptance",
        "agreed_to_correct":   "a second person’s agreement",
    }  # fmt: skip
    case.accept(first)
    case.agree(second)
    assert on(bare_county, case.today).waiting == ()


def test_an_agency_that_asks_for_longer_is_listed_until_it_is_answered(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    action_id = act(case, recommend(case, "4"))
    report(case, action_id, "need_longer")
    (line,) = on(bare_county, case.today).wishes
    assert (line.label, line.agency, line.wanted_on) == ("4/1", "Barsetshire Police", date(2026, 12, 31))
    refuse(case, action_id)
    assert on(bare_county, case.today).wishes == ()
    report(case, action_id, "need_longer")
    done(case, action_id)
    assert on(bare_county, case.today).wishes == ()


def test_what_an_agency_was_asked_and_cannot_see_belongs_to_nobody_until_it_has_a_seat(bare_county: County) -> None:
    case = bare_county.review()
    case.ask("Police")
    assert on(bare_county, case.today).nobodys == ()
    contributor = bare_county.who(Role.AGENCY_CONTRIBUTOR)
    (line,) = on(bare_county, case.today).nobodys
    assert (line.agency, line.what, line.references) == ("Barsetshire Police", "Scoping return", (case.reference,))
    assert line.give_seat == f"/reviews/{case.reference}/members?agency={bare_county.agency('Police')}"
    join(case.reference, contributor.id, by=bare_county.coordinator, at=case.wait(minutes=1))
    assert on(bare_county, case.today).nobodys == ()


def test_it_asks_the_same_number_of_statements_however_many_reviews_there_are(county: County) -> None:
    by = county.coordinator
    asked = []
    for _ in range(2):
        with count_queries(county.house) as statements:
            what_needs_you(by=by, at=datetime(2026, 6, 3, 8, tzinfo=UTC))
        asked.append(len(statements))
        for _ in range(3):
            county.notified()
    assert asked[0] == asked[1] <= 12  # one for each list of the page; work that belongs to nobody takes four


def test_the_newest_draft_of_each_document_is_listed_until_one_has_opened_it(county: County) -> None:
    case, chair = county.review(Stage.PANEL, seats=True), county.who(Role.INDEPENDENT_CHAIR)

    def listed() -> list[tuple[str, str]]:
        found = what_needs_you(by=county.coordinator, at=case.wait(minutes=1)).drafts
        return [(line.name, line.added_by) for line in found if line.reference == case.reference]

    for _ in range(2):
        drafts.hand_in(case, chair)
    drafts.hand_in(case, chair, kind="other", title="Timeline")
    drafts.hand_in(case, chair, kind="other", title="Terms")
    drafts.hand_in(case, county.coordinator, kind="action_plan")  # who hands one in knows it
    names = ["overview report, draft 2", "other document 1, draft 1", "other document 2, draft 1"]
    assert listed() == [(name, chair.name) for name in names]
    drafts.read(case, 2, chair)
    assert len(listed()) == 3  # that somebody else opened it does not help
    drafts.read(case, 2, county.coordinator)
    assert [name for name, _ in listed()] == names[1:]
    drafts.hand_in(case, chair)
    assert [name for name, _ in listed()] == [*names[1:], "overview report, draft 3"]
    assert not on(county, case.today).nothing
    case.to(Stage.WITHDRAWN)
    assert listed() == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
def test_it_is_the_coordinator_s_alone(county: County, role: Role) -> None:
    with pytest.raises(NotAllowed):
        what_needs_you(by=county.who(role), at=datetime(2026, 6, 3, 8, tzinfo=UTC))


def test_a_review_that_a_conflict_of_interest_bars_does_not_appear(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    case.ask("Probation")
    case.state("specialist_on_panel", "could_not_be_done")
    report(case, act(case, recommend(case, "4")), "need_longer")
    with bare_county.house.transaction(by=bare_county.chair, at=case.at) as session:
        session.add(Conflict(review_id=case.row.id, account_id=bare_county.coordinator.id))
    assert on(bare_county, date(2026, 6, 3)).nothing
