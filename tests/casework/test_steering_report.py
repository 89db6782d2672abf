"""The steering report against a small county counted by hand, and what a day that cannot be reported gets."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework import plan_parts
from dhr_app.casework.action_progress import MovedEntry, move_date
from dhr_app.casework.seminar import hold_seminar, remove_seminar
from dhr_app.casework.seminar_checks import SeminarEntry
from dhr_app.casework.slips import Deferral
from dhr_app.casework.steering_json import as_json
from dhr_app.casework.steering_report import Report, report_for, steering_report
from dhr_app.database.models import Action, Conflict, Standing
from dhr_app.workflows.errors import Invalid, NotAllowed
from dhr_app.workflows.lateness import LOOK_AGAIN, REPORTED, Band
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, OPERATOR
from tests.planning import act, done, recommend, signed_off
from tests.queries import asked_by
from tests.reviews import BEGAN, Case, County


def report(day: date) -> Report:
    return steering_report(day, at=NOW)


def count(day: date, key: str) -> tuple[int, int, int]:
    (one,) = [one for one in report(day).counts if one.key == key]
    return one.in_quarter, one.earlier, one.in_all


def line_of(case: Case, day: date):
    found = report(day)
    (line,) = [line for line in (*found.reviews, *found.ended) if line.reference == case.reference]
    return line


def test_a_review_is_told_as_it_stood_at_the_end_of_each_day(bare_county: County) -> None:
    case = bare_county.review()  # 15 January at ten
    (request,) = case.ask("Police")
    case.wait(days=5)
    case.take("begin_scoping")  # 20 January
    case.wait(days=10)
    case.answer(request)  # 30 January
    first = line_of(case, date(2026, 1, 15))
    assert (first.stage, first.since, first.waits_for) == (Stage.NOTIFICATION, date(2026, 1, 15), "agency")
    asked = line_of(case, date(2026, 1, 20))
    assert (asked.stage, asked.since, asked.waits_for) == (Stage.SCOPING, date(2026, 1, 20), "agency")
    assert asked.agencies == ("Barsetshire Police",)
    assert (asked.next_what, asked.next_on, asked.days_late) == ("Scoping return", date(2026, 1, 29), 0)
    assert line_of(case, date(2026, 1, 29)).days_late == 0
    late = line_of(case, date(2026, 3, 1))
    assert (late.next_what, late.days_late, late.waits_for) == ("Decision whether to review", 14, "partnership")


def test_a_day_ends_in_london_in_summer_too(bare_county: County) -> None:
    before_midnight = datetime(2026, 5, 31, 22, 59, tzinfo=UTC)
    bare_county.review(at=before_midnight)
    bare_county.review(at=before_midnight + timedelta(minutes=2))
    assert len(report(date(2026, 5, 31)).reviews) == 1
    assert len(report(date(2026, 6, 1)).reviews) == 2


def test_steps_are_counted_by_the_day_they_happened_and_late_entries_apart(bare_county: County) -> None:
    bare_county.review(Stage.PANEL)  # commissioned on 17 January
    late = bare_county.review(Stage.SCOPING)
    late.settle("commission")
    late.wait(days=80)
    late.move("commission", decided_on=date(2026, 1, 30))  # told only in April
    assert count(date(2026, 1, 31), "notified") == (2, 0, 2)
    assert count(date(2026, 1, 31), "commissioned") == (1, 0, 1)
    assert count(date(2026, 4, 30), "commissioned") == (0, 1, 2)
    assert count(date(2026, 4, 30), "notified") == (0, 0, 2)


def test_a_void_review_was_never_notified(bare_county: County) -> None:
    bare_county.review()
    bare_county.review(Stage.VOID)
    assert count(date(2026, 6, 3), "notified")[2] == 1


def test_the_steps_of_one_review_at_each_stage_are_counted(county: County) -> None:
    found = {one.key: one.in_all for one in report(date(2026, 6, 3)).counts}
    assert found == {
        "notified": 11,  # of twelve one is void
        "commissioned": 6, "not_reviewed": 1, "submitted": 4, "published": 2, "closed": 1,
        "learning_shared": found["learning_shared"], "actions_done": found["actions_done"],
        "actions_signed_off": found["actions_signed_off"],
    }  # fmt: skip


def test_a_seminar_counts_once_however_many_reviews_it_was_about_and_not_once_removed(county: County) -> None:
    one, other = county.review(Stage.SEMINAR), county.review(Stage.CLOSED)
    before = count(date(2026, 6, 3), "learning_shared")[2]
    about = (one.reference, other.reference)
    entry = SeminarEntry("Orders that are broken", "in_person", date(2026, 5, 5), about)
    seminar_id = hold_seminar(entry, by=county.coordinator, at=NOW - timedelta(days=1))
    assert count(date(2026, 6, 3), "learning_shared")[2] == before + 1
    remove_seminar(seminar_id, by=county.coordinator, at=NOW)
    assert count(date(2026, 6, 3), "learning_shared")[2] == before
    assert count(date(2026, 6, 2), "learning_shared")[2] == before + 1


@pytest.fixture
def planned(county: County) -> Case:
    case = county.review(Stage.CHAIR_REPORT)
    case.at = datetime(2026, 2, 2, 10, tzinfo=UTC)
    of = recommend(case)
    for target_on in (date(2026, 2, 10), date(2026, 4, 1), date(2026, 9, 1)):
        act(case, of, target_on=target_on)
    act(case, of, when="not_yet", target_on=None, owner_id=None)
    return case


def bands(day: date) -> dict[str, dict[str, int]]:
    found = report(day).agencies
    assert all(len(line.overdue) == line.late + line.bands[LOOK_AGAIN] for line in found)
    return {line.agency: {band: number for band, number in line.bands.items() if number} for line in found}


def test_actions_are_told_as_they_stood(county: County, planned: Case) -> None:
    nobody = {"No agency yet": {Band.UNDATED: 1}}
    assert bands(date(2026, 2, 1)) == {}
    assert bands(date(2026, 2, 2)) == {"Barsetshire Police": {Band.SOON: 1, Band.LATER: 2}, **nobody}
    first, second, *_ = sorted(planned.rows(Action), key=lambda row: row.number)
    planned.at = datetime(2026, 4, 3, 10, tzinfo=UTC)
    done(planned, first.id, on=date(2026, 4, 2))
    moved(planned, second.id, date(2026, 4, 20))
    planned.wait(days=10)
    signed_off(planned)
    assert bands(date(2026, 4, 2))["Barsetshire Police"] == {Band.LATE: 1, Band.LATE_SHORT: 1, Band.LATER: 1}
    assert bands(date(2026, 4, 3))["Barsetshire Police"] == {REPORTED: 1, Band.SOON: 1, Band.LATER: 1}
    assert bands(date(2026, 4, 13))["Barsetshire Police"] == {Band.SOON: 1, Band.LATER: 1}
    assert count(date(2026, 4, 13), "actions_done") == (1, 0, 1)
    assert count(date(2026, 4, 13), "actions_signed_off") == (1, 0, 1)
    assert count(date(2026, 4, 2), "actions_done") == (0, 0, 0)


def moved(case: Case, action_id, to_on: date) -> None:
    by = case.county.coordinator
    part = plan_parts.action_part(case.reference, action_id, by=by, at=case.at)
    entry = MovedEntry("by_a_date", to_on, None, "larger")
    move_date(case.reference, action_id, entry, part.version, by=by, at=case.wait(minutes=1))


def test_slips_say_what_moved_from_when_to_when_and_why(county: County, planned: Case) -> None:
    first = min(planned.rows(Action), key=lambda row: row.number)
    planned.at = datetime(2026, 3, 3, 10, tzinfo=UTC)
    moved(planned, first.id, date(2026, 3, 9))
    planned.wait(days=1)
    planned.take("extend", new_date=date(2027, 3, 3), decided_on=date(2026, 3, 4))
    planned.wait(days=1)
    planned.take("pause", decided_on=date(2026, 3, 5), review_by=date(2026, 5, 5))
    planned.wait(days=30)
    planned.take("resume", decided_on=date(2026, 4, 4))
    found = [slip for slip in line_of(planned, date(2026, 4, 30)).slips if slip.kind != "met_late"]
    assert [slip.days for slip in found] == [27, (date(2027, 3, 3) - found[1].was).days, 30]
    assert [(slip.kind, slip.on, slip.to, slip.reason) for slip in found] == [
        ("action_date", date(2026, 3, 3), date(2026, 3, 9), "larger"),
        ("extension", date(2026, 3, 4), date(2027, 3, 3), "complexity"),
        ("hold", date(2026, 3, 5), date(2026, 4, 4), "inquest"),
    ]
    assert (found[0].what, found[0].was) == ("Action 1/1", date(2026, 2, 10))
    assert found[0].reason_words == "The work turned out to be larger"
    assert found[1].was is not None
    held = line_of(planned, date(2026, 3, 20))
    lasting = held.slips[-1]
    assert (held.on_hold, held.waits_for, lasting.to, lasting.days) == (True, "on_hold", None, 16)  # 5 to 20 March


def test_a_hold_ends_where_the_review_leaves_its_way(county: County) -> None:
    case = county.review(Stage.PANEL)
    case.take("pause")
    case.wait(days=9)
    case.take("withdraw")
    (slip,) = [slip for slip in line_of(case, date(2026, 6, 3)).slips if slip.kind != "met_late"]
    assert (slip.kind, slip.to) == ("hold", case.today)


def test_a_decision_that_is_put_off_is_late_all_the_same_and_each_deferral_is_a_slip(bare_county: County) -> None:
    case = bare_county.review(Stage.SCOPING)
    case.settle("commission")  # all is ready
    case.at = datetime(2026, 2, 20, 10, tzinfo=UTC)
    case.take("defer", review_by=date(2026, 3, 20), awaited=("post_mortem",), decided_on=case.today)
    case.wait(days=28)
    case.take("defer", review_by=date(2026, 5, 1), awaited=("inquest",), decided_on=case.today)
    between, after = line_of(case, date(2026, 3, 1)), line_of(case, date(2026, 4, 1))
    assert (between.deferral, after.deferral) == (
        Deferral(date(2026, 3, 20), "the post-mortem"),
        Deferral(date(2026, 5, 1), "the inquest"),
    )
    assert (between.days_late, between.next_what) == (14, "Decision whether to review")
    assert [(slip.kind, slip.to, slip.reason, slip.reason_words) for slip in after.slips] == [
        ("deferral", date(2026, 3, 20), "post_mortem", "Awaiting the post-mortem"),
        ("deferral", date(2026, 5, 1), "inquest", "Awaiting the inquest"),
    ]
    case.wait(days=20)
    case.take("commission")
    decided = line_of(case, date(2026, 5, 1))
    assert decided.deferral is None
    assert (decided.slips[-1].kind, decided.slips[-1].days) == ("met_late", (case.today - date(2026, 2, 15)).days)
    assert line_of(case, date(2026, 4, 1)) == after


def test_each_late_action_stands_under_its_agency_and_ongoing_work_is_never_called_late(
    county: County, planned: Case
) -> None:
    of = recommend(planned, "2")
    act(planned, of, when="ongoing", target_on=None, look_again_on=date(2026, 3, 1))
    police, nobody = report(date(2026, 5, 1)).agencies
    assert [(one.reference, one.label, one.due_on, one.days, one.look_again) for one in police.overdue] == [
        (planned.reference, "1/1", date(2026, 2, 10), 80, False),
        (planned.reference, "1/2", date(2026, 4, 1), 30, False),
        (planned.reference, "2/1", date(2026, 3, 1), 61, True),
    ]
    assert (police.late, police.bands[LOOK_AGAIN], nobody.overdue) == (2, 1, ())


def test_what_was_recorded_before_it_was_kept_who_owes_a_date_says_what_it_said(bare_county: County) -> None:
    case = bare_county.review()
    case.ask("Police")
    assert line_of(case, date(2026, 1, 15)).agencies == ("Barsetshire Police",)
    with bare_county.house.database.transaction(by=OPERATOR, at=NOW) as session:
        for row in session.scalars(select(Standing).where(Standing.review_id == case.row.id)):
            row.owed_by = row.owed_agencies = row.met_late = None
    line = line_of(case, date(2026, 1, 15))
    assert (line.waits_for, line.agencies, line.slips) == ("partnership", (), ())


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 6, 4), "4 June 2026 has not come yet: choose 3 June 2026 or an earlier day."),
        (date(2026, 1, 14), "Nothing was recorded here before 15 January 2026: choose that day or a later one."),
    ],
)
def test_a_day_that_cannot_be_reported_gets_a_sentence(bare_county: County, day: date, sentence: str) -> None:
    bare_county.review()
    with pytest.raises(Invalid) as refusal:
        report(day)
    assert refusal.value.fields == {"as_at": sentence}


def test_where_there_is_no_review_there_is_nothing_to_report(bare_county: County) -> None:
    with pytest.raises(Invalid) as refusal:
        report(date(2026, 6, 3))
    assert refusal.value.fields == {"as_at": "No review is recorded here yet, so there is nothing to report."}


def test_a_review_barred_by_a_conflict_is_left_out_and_nothing_says_so(county: County, planned: Case) -> None:
    with county.house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.add(Conflict(review_id=planned.row.id, account_id=county.chair.id))
    found = report_for(date(2026, 6, 3), by=county.chair, at=NOW)
    assert planned.reference not in json.dumps(as_json(found))
    assert "barred" not in as_json(found)
    assert found.agencies == ()
    assert planned.reference in json.dumps(as_json(report(date(2026, 6, 3))))


def test_it_is_for_those_who_may_see_the_overview(county: County) -> None:
    assert report_for(date(2026, 6, 3), by=county.who(Role.STEERING_MEMBER), at=NOW).reviews
    with pytest.raises(NotAllowed):
        report_for(date(2026, 6, 3), by=county.who(Role.AGENCY_CONTRIBUTOR), at=NOW)


def test_it_asks_as_often_for_many_reviews_as_for_few(county: County, planned: Case) -> None:
    few = asked_by(county.house, lambda: report(date(2026, 6, 3)))
    for number in range(5):
        county.review(at=BEGAN + timedelta(days=number)).ask("Police")
    assert (
        asked_by(county.house, lambda: report(date(2026, 6, 3))) == few <= 22
    )  # of which 15 hold it against protected names


def test_its_json_has_the_keys_that_others_read(county: County, planned: Case) -> None:
    found = as_json(report(date(2026, 6, 3)))
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {"as_at", "quarter", "partnership", "reviews", "counts", "actions"}
    assert set(found["quarter"]) == {"from", "to"}
    assert set(found["reviews"][0]) == {
        "reference", "public_name", "kind", "stage", "since", "next", "waits_for", "agencies", "on_hold", "deferred",
        "slips",
    }  # fmt: skip
    assert set(found["counts"]["notified"]) == {"label", "in_quarter", "earlier", "in_all", "means"}
    assert set(found["actions"][0]) == {"agency", "open", "overdue", REPORTED, LOOK_AGAIN, *Band}
    assert set(found["actions"][0]["overdue"][0]) == {"reference", "action", "due", "days", "look_again"}
