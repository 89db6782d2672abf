"""The coordinator’s day: what is late, what comes this week, who has to be told, who is silent, what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dhr_app.casework import day as module
from dhr_app.casework import waiting_things
from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.day import Day, what_needs_you
from dhr_app.casework.family import FamilyMemberEntry, add_family_member, correct_family_member
from dhr_app.casework.notification import correct_notification, open_notification
from dhr_app.casework.reminding import remind
from dhr_app.casework.scoping import close_as_no_reply, escalate
from dhr_app.database.models import Conflict, Statement
from dhr_app.workflows import reminders as r
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import drafts
from tests.planning import act, done, recommend
from tests.reporting import refuse, report
from tests.reviews import County
from tests.seating import join


def on(county: County, day: date) -> Day:
    return what_needs_you(by=county.coordinator, at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC))


def test_nothing_needs_anybody_where_there_is_no_review(bare_county: County) -> None:
    assert on(bare_county, date(2026, 6, 3)).nothing


def test_a_date_comes_up_a_week_ahead_and_is_late_the_day_after(bare_county: County) -> None:
    case = bare_county.review()  # the decision is due on 15 February
    shown = {day: on(bare_county, date(2026, 2, day)) for day in (7, 8, 15, 16, 20)}
    assert shown[7].nothing
    assert [line.reference for line in shown[8].under(r.THIS_WEEK)] == [case.reference]
    assert shown[15].under(r.LATE) == ()
    assert [line.days_late for line in shown[16].under(r.LATE)] == [1]
    assert [(line.days_late, line.what) for line in shown[20].under(r.LATE)] == [(5, "Decision whether to review")]
    assert shown[20].under(r.THIS_WEEK) == ()


def test_a_death_whose_day_of_awareness_is_missing_is_listed_until_it_is_entered(bare_county: County) -> None:
    case = bare_county.review(aware_on=None, without_a_day=True)
    (line,) = on(bare_county, case.today).under(r.UNDATED)
    assert (line.reference, line.path) == (case.reference, f"/reviews/{case.reference}/notification")
    assert f"{line.what} {line.when}" == (
        "The day we became aware of the death is not entered: without it no date can be kept"
    )
    mail = remind(bare_county.house, case.today, dry_run=True, at=case.at)
    assert "The day we became aware of the death is not entered" in mail.digests[0].body
    contribution = bare_county.notified(rule_set="contribution", without_a_day=True)  # nothing counts from that day
    assert [one.reference for one in on(bare_county, contribution.today).under(r.UNDATED)] == [case.reference]
    page = open_notification(case.reference, by=bare_county.coordinator, at=case.wait(minutes=1))
    entry = replace(page.entry, aware_on=case.today)
    correct_notification(case.reference, entry, page.version, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, case.today).under(r.UNDATED) == ()


def test_a_hold_is_listed_once_its_day_comes_and_no_longer_once_it_is_kept(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    case.take("pause")
    case.wait(days=63)  # it was to be looked at again after sixty
    (line,) = on(bare_county, case.today).under(r.HOLDS)
    assert (line.reference, line.days_late > 0) == (case.reference, True)
    case.take("keep_hold")
    assert on(bare_county, case.today).under(r.HOLDS) == ()
    case.wait(days=90)
    assert on(bare_county, case.today).under(r.HOLDS)


def test_everybody_still_to_be_told_is_listed_until_they_are(bare_county: County) -> None:
    case = bare_county.review(Stage.NOT_REVIEWED)
    whom = {"home_office", "family", "notifier", "agencies"}
    owed = on(bare_county, case.today).under(r.TO_TELL)
    assert {line.path for line in owed} == {
        f"/reviews/{case.reference}/told?whom={one}&about=decide_not_to_review:2" for one in whom
    }
    case.tell("home_office", "notifier", "agencies")
    (left,) = on(bare_county, case.today).under(r.TO_TELL)
    assert "whom=family" in left.path
    assert left.due_on is not None
    assert on(bare_county, left.due_on + timedelta(days=3)).under(r.TO_TELL)[0].days_late == 3


def test_the_members_of_a_family_are_one_line_that_counts_them(bare_county: County) -> None:
    case = bare_county.review(Stage.SCOPING)
    case.relative()
    case.relative()
    case.to(Stage.PANEL)
    (line,) = [line for line in on(bare_county, case.today).under(r.TO_TELL) if "whom=family" in line.path]
    assert line.times == 2


def test_somebody_not_to_be_contacted_until_a_day_is_looked_at_again_on_that_day(bare_county: County) -> None:
    case = bare_county.review()
    until = case.today + timedelta(days=30)
    entry = FamilyMemberEntry("Amelia Roper", not_contacted_because="police_request", not_contacted_until=until)
    member = add_family_member(case.reference, entry, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, until - timedelta(days=1)).under(r.CONTACT) == ()
    (line,) = on(bare_county, until).under(r.CONTACT)
    assert (line.reference, line.what) == (case.reference, "Family member 1")
    assert "until 14 February 2026" in line.when
    case.wait(days=31)
    free = replace(entry, not_contacted_because="", not_contacted_until=None)
    correct_family_member(case.reference, member, free, 1, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, case.today).under(r.CONTACT) == ()


def test_a_silent_agency_is_listed_from_the_day_after_its_date_until_it_is_settled(bare_county: County) -> None:
    case = bare_county.review()
    (request,) = case.ask("Police")  # on 15 January, due on 29 January
    assert on(bare_county, date(2026, 1, 29)).under(r.SILENT) == ()
    (line,) = on(bare_county, date(2026, 1, 30)).under(r.SILENT)
    assert (line.what, line.days_late, line.more) == ("Scoping return of Barsetshire Police", 1, "not escalated yet")
    case.wait(days=20)
    escalate(case.reference, request.id, case.today, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, case.today).under(r.SILENT)[0].more == "escalated on 4 February 2026"
    close_as_no_reply(case.reference, request.id, by=bare_county.coordinator, at=case.at)
    assert on(bare_county, case.today).under(r.SILENT) == ()


def test_a_statement_that_waits_for_somebody_says_for_whom(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    first = case.state("specialist_on_panel", "could_not_be_done")
    second = case.state("agreed_to_correct")
    waiting = {line.path.rpartition("/")[2]: line.what for line in on(bare_county, case.today).under(r.AGREEMENT)}
    assert waiting == {
        "specialist_on_panel":
            "“A specialist domestic abuse service sits on the review panel”: the steering group chair’s acceptance",
        "agreed_to_correct": "“A second person agrees to the corrected stage”: a second person’s agreement",
    }  # fmt: skip
    case.accept(first)
    case.agree(second)
    assert on(bare_county, case.today).under(r.AGREEMENT) == ()


def test_a_statement_that_nobody_can_settle_any_more_is_neither_listed_nor_mailed(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    case.state("specialist_on_panel", "could_not_be_done")
    assert on(bare_county, case.today).under(r.AGREEMENT)
    case.take("withdraw")
    assert [row.used_by for row in case.rows(Statement) if row.condition == "specialist_on_panel"][-1:] == [None]
    assert on(bare_county, case.today).under(r.AGREEMENT) == ()
    mail = remind(bare_county.house, case.today, dry_run=True, at=case.wait(days=7))
    assert "/conditions/specialist_on_panel" not in "".join(one.body for one in mail.digests)


def test_the_rules_of_undated_deaths_are_not_read_once_for_each(bare_county: County) -> None:
    for _ in range(2):
        case = bare_county.notified(without_a_day=True)
    with count_queries(bare_county.house) as statements:
        assert len(on(bare_county, case.today).under(r.UNDATED)) == 2
    reads = [one for one in statements if "rule_set.content" in one]
    assert len(reads) == 1  # once for all that ask
    assert not [one for one in reads if "notification" in one]


def test_actions_without_an_owner_that_read_the_same_are_a_line_and_a_link_each(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    found = [act(case, recommend(case, number), owner_id=None) for number in ("Health.a", "Health.b")]
    lines = [line for line in on(bare_county, case.today).under(r.NOBODYS) if not line.links]
    assert {line.what for line in lines} == {"Action 1 of a recommendation"}
    assert {line.path for line in lines} == {f"/reviews/{case.reference}/plan#a-{one}" for one in found}
    assert [line.times for line in lines] == [1, 1]


def test_an_agency_that_asks_for_longer_is_listed_until_it_is_answered(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    action_id = act(case, recommend(case, "4"))
    report(case, action_id, "need_longer")
    (line,) = on(bare_county, case.today).under(r.LONGER)
    assert line.what == "Action 4/1: the request for longer of Barsetshire Police"
    assert "asked for 31 December 2026" in line.more
    assert line.path == f"/reviews/{case.reference}/plan/actions/{action_id}/longer"
    refuse(case, action_id)
    assert on(bare_county, case.today).under(r.LONGER) == ()
    report(case, action_id, "need_longer")
    done(case, action_id)
    assert on(bare_county, case.today).under(r.LONGER) == ()


def test_what_an_agency_was_asked_and_cannot_see_belongs_to_nobody_until_it_has_a_seat(bare_county: County) -> None:
    case = bare_county.review()
    case.ask("Police")
    assert on(bare_county, case.today).under(r.NOBODYS) == ()
    contributor = bare_county.who(Role.AGENCY_CONTRIBUTOR)
    (line,) = on(bare_county, case.today).under(r.NOBODYS)
    assert (line.what, line.reference) == ("Scoping return of Barsetshire Police", case.reference)
    assert line.path == f"/reviews/{case.reference}/members?agency={bare_county.agency('Police')}"
    join(case.reference, contributor.id, by=bare_county.coordinator, at=case.wait(minutes=1))
    assert on(bare_county, case.today).under(r.NOBODYS) == ()


def test_what_belongs_to_nobody_in_several_reviews_leads_to_the_plan_of_each(bare_county: County) -> None:
    cases = [bare_county.review(Stage.PANEL) for _ in range(2)]
    for case in cases:
        act(case, recommend(case, "1"))
        act(case, recommend(case, "2"))
    (line,) = [one for one in on(bare_county, cases[-1].today).under(r.NOBODYS) if one.links]
    assert line.what == "4 actions of Barsetshire Police, where nobody has an account here,"
    paths = [f"/reviews/{case.reference}/plan" for case in cases]
    assert [link.path for link in line.links] == paths
    mail = remind(bare_county.house, cases[-1].today, dry_run=True, at=cases[-1].at).digests[0]
    assert all(f"{bare_county.house.settings.site_url}{path}\n" in mail.body for path in paths)


def test_it_asks_the_same_number_of_statements_however_many_reviews_there_are(county: County) -> None:
    by = county.coordinator
    asked = []
    for _ in range(2):
        with count_queries(county.house) as statements:
            what_needs_you(by=by, at=datetime(2026, 6, 3, 8, tzinfo=UTC))
        asked.append(len(statements))
        for _ in range(3):
            case = county.notified(without_a_day=True)
            case.ask("Police", "Probation")
            case.relative(not_contacted_because="police_request", not_contacted_until=date(2026, 6, 1))
    # One or two for each kind of thing, four for the dates and what stops them, one each for what two confirm, for
    # emergencies, for updates promised to a family and for the bank holidays that were added; one each for the days
    # that were changed, for emergencies nobody looked at, for mail that failed and for agencies that are behind; two
    # for meetings, those of the week and those that have passed.
    assert asked[0] == asked[1] <= 35


def test_the_newest_draft_of_each_document_is_listed_until_one_has_opened_it(county: County) -> None:
    case, chair = county.review(Stage.PANEL, seats=True), county.who(Role.INDEPENDENT_CHAIR)

    def listed() -> list[tuple[str, str]]:
        found = what_needs_you(by=county.coordinator, at=case.wait(minutes=1)).under(r.DRAFTS)
        return [(line.what, line.more) for line in found if line.reference == case.reference]

    for _ in range(2):
        drafts.hand_in(case, chair)
    drafts.hand_in(case, chair, kind="other", title="Timeline")
    drafts.hand_in(case, chair, kind="other", title="Terms")
    drafts.hand_in(case, county.coordinator, kind="action_plan")  # who hands one in knows it
    names = ["Other document 1, draft 1", "Other document 2, draft 1", "Overview report, draft 2"]
    assert listed() == [(name, f"by {chair.name}") for name in names]
    drafts.read(case, 2, chair)
    assert len(listed()) == 3  # that somebody else opened it does not help
    drafts.read(case, 2, county.coordinator)
    assert [name for name, _ in listed()] == names[:2]
    with county.house.reading() as session:  # what one has read or handed in is not even fetched for them
        fetched = list(waiting_things.drafts(session, reader=county.coordinator.id))
    assert [one.what for one in fetched if one.reference == case.reference] == names[:2]
    drafts.hand_in(case, chair)
    assert [name for name, _ in listed()] == [*names[:2], "Overview report, draft 3"]
    assert not on(county, case.today).nothing
    case.to(Stage.WITHDRAWN)
    assert listed() == []


def test_a_draft_is_in_the_next_morning_s_mail_without_the_name_of_whoever_handed_it_in(county: County) -> None:
    case, chair = county.review(Stage.PANEL, seats=True), county.who(Role.INDEPENDENT_CHAIR)
    drafts.hand_in(case, chair)
    at = case.wait(days=1)
    found = remind(county.house, case.today, at=at)
    (mail,) = [one for one in found.digests if one.person.role is Role.COORDINATOR]
    (line,) = [one for one in mail.lines if one.section == r.DRAFTS and one.reference == case.reference]
    assert f"{line.what} was handed in on" in mail.body
    assert line.path in mail.body
    assert chair.name not in mail.body
    drafts.read(case, 1, county.coordinator)
    later = remind(county.house, case.today + timedelta(days=7), dry_run=True, at=case.wait(days=7))
    assert line.path not in "".join(one.body for one in later.digests)


def test_a_section_shows_the_first_so_many_and_counts_all(bare_county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    for _ in range(3):
        bare_county.notified()
    (section,) = on(bare_county, date(2026, 2, 17)).sections
    assert (section.heading, len(section.lines), section.count) == (r.LATE, 2, 3)


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
